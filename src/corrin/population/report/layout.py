"""What the report draws and how much of it: population.toml, [report]; and the bands of the level it draws.

The guideline enters; a frozen `Layout` leaves. No number or name of the guideline stands here.
"""

from dataclasses import dataclass

from corrin.answers.text.layout import capital
from corrin.answers.values import number
from corrin.errors import GuidelineError, Problem
from corrin.guideline.declared import Finding
from corrin.guideline.model import Bound, Cell, Guideline
from corrin.plans.dictionary import Section
from corrin.population.dictionary import PAGE, Gap
from corrin.population.dictionary import read as read_gaps
from corrin.population.measures.definitions import whole, wholes


@dataclass(frozen=True, slots=True)
class BandOf:
    """A band of the level: its word, what it is called, and where it lies."""

    word: str
    label: str
    lies: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The report as the guideline wants it; `limits` are on the grid, `step` and `up_to` in the finding's
    unit.

    `column` says in which band a person is, `days_left` are the first days of the bars of the clock.
    """

    title: str
    drawn: Finding
    column: str
    bands: tuple[BandOf, ...]
    limits: tuple[int, ...]
    step: int
    up_to: int
    top: int
    days_left: tuple[int, ...]
    clocked: tuple[Gap, ...]


def read(guideline: Guideline) -> Layout:
    """The layout of a guideline.

    Errors: a `GuidelineError` for a finding that no bands table reads, and for a missing entry.
    """
    page = Section(guideline, "", guideline.population, PAGE).section("report")
    finding = guideline.declared.findings[page.among("drawn", guideline.declared.findings)]
    table = next((t for t in guideline.tables if t.kind == "bands" and t.inputs == (finding.id,)), None)
    if table is None:
        raise GuidelineError(
            Problem(f"{PAGE}, report.drawn", "has no bands", "Draw what a bands table reads.")
        )
    words = guideline.words.get(table.output, {})
    bands = tuple(
        BandOf(
            row.output,
            capital(words.get(row.output, row.output.replace("-", " "))),
            _lies(guideline, row.cells[0], finding.unit),
        )
        for row in table.rows
    )
    bounds = [bound for row in table.rows for bound in (row.cells[0].low, row.cells[0].high) if bound]
    return Layout(
        title=page.text("title"),
        drawn=finding,
        column=table.output,
        bands=bands,
        limits=tuple(sorted({_at(guideline, bound) for bound in bounds})),
        step=whole(guideline, "report", "step"),
        up_to=whole(guideline, "report", "up_to"),
        top=whole(guideline, "report", "top"),
        days_left=wholes(guideline, "report", "days_left"),
        clocked=tuple(gap for gap in read_gaps(guideline).gaps if gap.clock),
    )


def _lies(guideline: Guideline, cell: Cell, unit: str) -> str:
    """Where a band lies, in numbers, as `below 42 pg/mL`."""
    low, high = (None if bound is None else number(_at(guideline, bound)) for bound in (cell.low, cell.high))
    if low is not None and high is not None:
        return f"{low} to {high} {unit}"
    bound, other = (cell.high, "below") if low is None else (cell.low, "above")
    if bound and not bound.strict:
        other = "at most" if low is None else "at least"
    return f"{other} {high if low is None else low} {unit}"


def _at(guideline: Guideline, bound: Bound) -> int:
    """A limit on the grid, as this profile and site have it."""
    if bound.parameter:
        return guideline.parameters[bound.parameter].value
    return bound.literal or 0
