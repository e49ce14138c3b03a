"""What the report says, in the order in which it says it: numbers that may be shown, beside their charts.

A folder and its counts enter; a `Contents` for the template leaves. With identifiers nothing is hidden, and
the first of the worklist are named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from corrin.answers.text.layout import capital
from corrin.answers.values import number as graded
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import GRID, Guideline
from corrin.population.dictionary import read as read_gaps
from corrin.population.measures.folder import Screened, engine
from corrin.population.measures.suppression import line
from corrin.population.measures.writing import Numbers
from corrin.population.report import counting, figures, layout, quality
from corrin.population.report.counting import First, Levels
from corrin.population.report.drawing import draw
from corrin.population.report.layout import Layout
from corrin.population.report.quality import Declared, Fault, Shown, Untold

NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and the same as a table: headings, and rows of words and numbers."""

    chart: Markup | None
    heads: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One gap in the order of the worklist: how many have it as their worst, and what comes next for them."""

    label: str
    says: str
    people: Shown
    actions: tuple[tuple[str, Shown], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything the template shows."""

    layout: Layout
    screened: Screened
    numbers: Numbers
    identifiers: bool
    listed: Shown
    funnel: Figure
    levels: Figure
    gaps: Figure
    clock: Figure
    queues: tuple[Queue, ...]
    top: tuple[Mapping[str, Any], ...]
    faults: tuple[Fault, ...]
    why: tuple[Untold, ...]
    declared: tuple[Declared, ...]


def contents(screened: Screened, guideline: Guideline, numbers: Numbers, *, identifiers: bool) -> Contents:
    """Count what the measures do not, hide what may not be shown, and draw."""
    laid = layout.read(guideline)
    below = numbers.measures["suppression"]["below"]
    with engine() as base:
        levels = counting.levels(base, screened, guideline, laid)
        clock = counting.clock(base, screened, laid, numbers.definitions)
        first = counting.first(base, screened)
        top = counting.top(base, screened, laid.top) if identifiers else []
        why = list(counting.reasons(base, screened, numbers.definitions))
    queues, listed = _queues(first, numbers, below)
    return Contents(
        layout=laid,
        screened=screened,
        numbers=numbers,
        identifiers=identifiers,
        listed=listed,
        funnel=_funnel(numbers.attrition["people"]),
        levels=_levels(levels, laid, below),
        gaps=_gaps(numbers),
        clock=_clock(clock, laid, below),
        queues=queues,
        top=tuple(_top(row, guideline) for row in top),
        faults=tuple(quality.faults(screened.ingest, guideline, below)),
        why=tuple(quality.untold(one, guideline, numbers, below) for one in why),
        declared=tuple(quality.declared(screened.ingest, below)),
    )


def hidden(counts: Sequence[int], below: int) -> list[Shown]:
    """The counts of one line whose sum is shown, without what must be hidden."""
    gone = line(counts, below)
    return [None if at in gone else count for at, count in enumerate(counts)]


def _funnel(steps: Sequence[Mapping[str, Any]]) -> Figure:
    said = "; ".join(f"{one['step']}: {_said(one['left'])}" for one in steps)
    rows = tuple((capital(one["step"]), one["left"], one["lost"], capital(one["why"])) for one in steps)
    return Figure(
        draw("funnel", figures.funnel(steps), f"Who is left after each step. {said}."),
        ("Step", "Left", "Lost", "Why"),
        rows,
    )


def _gaps(numbers: Numbers) -> Figure:
    """Each gap by its state, in the guideline's words; what is hidden is one part of its bar, without its
    own.
    """
    roles, say = numbers.measures["roles"], numbers.definitions.gaps[0].say
    states = {
        say[roles["undone"]]: roles["undone"],
        "cannot tell": UNKNOWN,
        say[roles["achieved"]]: roles["achieved"],
        say[roles["excluded"]]: roles["excluded"],
    }
    gaps = [
        (gap["label"], [(name, gap["everybody"]["counts"][word]) for name, word in states.items()])
        for gap in numbers.measures["gaps"]
    ]
    bars = [
        (label, [*told, (NOT_SHOWN, _left(gap["everybody"], [people for _, people in told]))])
        for (label, told), gap in zip(gaps, numbers.measures["gaps"], strict=True)
    ]
    rows = tuple(
        (label, *(people for _, people in told), _rate(gap["everybody"]))
        for (label, told), gap in zip(gaps, numbers.measures["gaps"], strict=True)
    )
    said = [
        f"{label}: {', '.join(f'{_said(people)} {name}' for name, people in told)}" for label, told in gaps
    ]
    return Figure(
        draw("gaps", figures.gaps(bars), f"Each gap by its state. {'; '.join(said)}."),
        ("Gap", *map(capital, states), f"{capital(say[roles['achieved']])}, of those it applies to"),
        rows,
    )


def _rate(group: Mapping[str, Any]) -> str | float | None:
    """The rate; of nobody there is none, and a hidden one is not shown."""
    return "nobody" if group["applicable"] == 0 else group["rate"]


def _left(group: Mapping[str, Any], told: Sequence[Shown]) -> int:
    """How many people are in the states whose numbers are hidden, together."""
    whole = group["initial_population"] or group["people"] or 0
    return whole - sum(people or 0 for people in told) if None in told else 0


def _levels(levels: Levels, laid: Layout, below: int) -> Figure:
    """The levels by band; a step whose number is hidden is not drawn."""
    known = {band.word: levels.bands.get(band.word, 0) for band in laid.bands}
    other = sum(levels.bands.values()) - sum(known.values())
    shown = hidden([*known.values(), other, levels.without], below)
    names = [
        *(f"{band.label}: {band.lies}" for band in laid.bands),
        "In no one band",
        "Never measured, or unusable",
    ]
    drawn: list[tuple[str, int, int]] = []
    for band, people in zip(laid.bands, shown, strict=False):
        steps = levels.steps.get(band.word, {})
        if people is not None:
            gone = line([*steps.values(), known[band.word] - sum(steps.values())], below)
            drawn += [
                (band.label, step, count) for at, (step, count) in enumerate(steps.items()) if at not in gone
            ]
    limits = [(limit / GRID, graded(limit)) for limit in laid.limits]
    said = "; ".join(f"{name}: {_said(people)}" for name, people in zip(names, shown, strict=True))
    unit = laid.drawn.unit
    names_of = [band.label for band in laid.bands]
    spec = figures.levels(drawn, names_of, limits, f"{laid.drawn.label}, {unit}", (laid.step, laid.up_to))
    note = (
        f"Each bar is {laid.step} {unit} wide; the last holds everybody from {laid.up_to} {unit} on. "
        "The latest usable level of each person; one that is only a limit, such as “below 200”, has a band "
        "and no bar." + (" A bar whose number may not be shown is left out." if below else "")
    )
    chart = draw("levels", spec, f"{laid.drawn.label} by band. {said}.") if drawn else None
    return Figure(chart, ("Band", "People"), tuple(zip(names, shown, strict=True)), note)


def _clock(counts: Sequence[int], laid: Layout, below: int) -> Figure:
    starts = laid.days_left
    between = [f"{low} to {high - 1} days" for low, high in pairwise(starts)]
    labels = ["months over", *between, f"{starts[-1]} days and more", "onset not known"]
    bars = list(zip(labels, hidden(counts, below), strict=True))
    said = "; ".join(f"{label}: {_said(people)}" for label, people in bars)
    gaps = " or ".join(gap.label.lower() for gap in laid.clocked)
    drawn = any(people for _, people in bars)
    return Figure(
        draw("clock", figures.clock(bars), f"People by the days left. {said}.") if drawn else None,
        ("Days left", "People"),
        tuple((capital(label), people) for label, people in bars),
        f"People with a gap that is open: {gaps}.",
    )


def _queues(first: First, numbers: Numbers, below: int) -> tuple[tuple[Queue, ...], Shown]:
    """Who comes first; a number that the measures hide is hidden here too, as the worst gap has the same."""
    gaps, role = numbers.measures["gaps"], numbers.measures["roles"]["undone"]
    counts = [*(first.gaps.get(gap["gap"], 0) for gap in gaps), first.none]
    gone = set(line(counts, below))
    gone |= {at for at, gap in enumerate(gaps) if counts[at] and gap["everybody"]["counts"][role] is None}
    while gone and (len(gone) == 1 or sum(counts[at] for at in gone) < below) and len(gone) < len(counts):
        gone.add(min(set(range(len(counts))) - gone, key=lambda at: (counts[at] == 0, counts[at])))
    says = {gap.id: gap.says for gap in numbers.definitions.gaps}
    queues = tuple(
        Queue(
            gap["label"],
            says[gap["gap"]],
            None if at in gone else counts[at],
            _actions(first.actions.get(gap["gap"], {}), below, shown=at not in gone),
        )
        for at, gap in enumerate(gaps)
    )
    return queues, None if len(gaps) in gone else sum(counts[:-1])


def _actions(actions: Mapping[str, int], below: int, *, shown: bool) -> tuple[tuple[str, Shown], ...]:
    counts = hidden(list(actions.values()), below) if shown else [None] * len(actions)
    return tuple(zip(actions, counts, strict=True))


def _top(row: Sequence[Any], guideline: Guideline) -> Mapping[str, Any]:
    names = ("rank", "patient", "site", "sex", "low", "high", "gap", "reason", "action", "days_left")
    told = dict(zip(names, row, strict=True))
    labels = {gap.id: gap.label for gap in read_gaps(guideline).gaps}
    low, high = told["low"], told["high"]
    age = "" if low is None else str(low) if low == high else f"{low} to {high}"
    return told | {"gap": labels[told["gap"]], "years": age}


def _said(people: Shown) -> str:
    return NOT_SHOWN if people is None else f"{people:,}"
