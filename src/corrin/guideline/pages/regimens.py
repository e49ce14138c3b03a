"""Regimens and timelines: the tables with fixed columns, where doses and milestones stand on the page."""

import re
from collections.abc import Callable, Mapping

from corrin.errors import Problems, Refusal
from corrin.guideline.model import Column, Course, Milestone, Regimen, Step, Timeline
from corrin.guideline.pages.blocks import Grid, GridRow, Section
from corrin.guideline.pages.cells import WORD
from corrin.guideline.pages.statements import Citations
from corrin.guideline.pages.tables import check_row_id, only_grid

REGIMEN_HEADER = "row | regimen | drug | dose | route | loading | end of loading | maintenance | because"
TIMELINE_HEADER = "row | milestone | finding | months | display | because"
WEEK = 7

_N = r"(\d+)"
_MAINTENANCE = re.compile(rf"every {_N}(?:-{_N})? months?")
_END = re.compile(rf"no further improvement|{_N} doses|-")
_MONTHS = re.compile(r"-|\d+(?:\.\d+)?")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def _every(days: int) -> tuple[tuple[int, ...], int, int | None]:
    return (0,), days, None


def _every_so_often(days: int, doses: int) -> tuple[tuple[int, ...], int, int | None]:
    return (0,), days, doses


def _weekly(times: int, weeks: int) -> tuple[tuple[int, ...], int, int | None]:
    if not 1 <= times <= WEEK:
        raise Refusal(f"{times} times a week", "Write 1 to 7 times a week.")
    return tuple(each * WEEK // times for each in range(times)), WEEK, weeks


def _daily(days: int) -> tuple[tuple[int, ...], int, int | None]:
    return (0,), 1, days


def _about(days: int, _most: int, weeks: int, _longest: int) -> tuple[tuple[int, ...], int, int | None]:
    return (0,), days, -(-weeks * WEEK // days)


_STEPS: tuple[tuple[re.Pattern[str], Callable[..., tuple[tuple[int, ...], int, int | None]]], ...] = (
    (re.compile(rf"every {_N} days"), _every),
    (re.compile(rf"every {_N} days for {_N} doses"), _every_so_often),
    (re.compile(rf"{_N} times a week for {_N} weeks"), _weekly),
    (re.compile(rf"daily for {_N} days"), _daily),
    (re.compile(rf"every {_N}-{_N} days for {_N}-{_N} weeks"), _about),
)


def read_steps(text: str) -> tuple[Step, ...]:
    """The steps of a loading course. Where a phrase gives a span, the shorter ones are laid out.

    >>> read_steps("3 times a week for 2 weeks")[0].offsets
    (0, 2, 4)

    Errors: a `Refusal` for a phrase that is none of the five.
    """
    return () if text == "-" else tuple(_step(phrase) for phrase in text.split("; then "))


def _step(phrase: str) -> Step:
    for pattern, shape in _STEPS:
        found = pattern.fullmatch(phrase)
        if found:
            numbers = [int(number) for number in found.groups()]
            if 0 in numbers:
                raise Refusal(f"`{phrase}` has a zero in it", "Write at least 1.")
            offsets, period, repeats = shape(*numbers)
            return Step(phrase, offsets, period, repeats)
    raise Refusal(
        f"`{phrase}` is no way of giving doses",
        "Write `every N days`, `every N days for M doses`, `N times a week for M weeks`, `daily for N days` "
        "or `every A-B days for M-N weeks`, steps joined by `; then `.",
    )


def read_regimen(section: Section, regimens: list[str], citations: Citations) -> Regimen | None:
    """A Regimen table; `regimens` are the words that some column can say."""
    grid = _fixed(section, REGIMEN_HEADER, citations.problems)
    if not grid:
        return None
    courses = [_course(row, regimens, citations) for row in grid.rows]
    names = [course.regimen for course in courses if course]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        citations.problems.refuse(
            section.place, f"two courses for `{twice}`", "One profile offers one course each."
        )
    return Regimen(
        section.name, first_paragraph(section), tuple(each for each in courses if each), section.place
    )


def _fixed(section: Section, header: str, problems: Problems) -> Grid | None:
    if not re.fullmatch(WORD, section.name):
        problems.refuse(
            section.place,
            f"`{section.name}` is no name of a {section.kind}",
            f"Write `## {section.kind}: name`.",
        )
        problems.lose(*section.names)
    grid = only_grid(section, problems)
    if grid and grid.header == tuple(header.split(" | ")):
        return grid
    if grid:
        problems.refuse(
            grid.place,
            f"the header `{' | '.join(grid.header)}` is not that of a {section.kind}",
            f"Write `| {header} |`.",
        )
    problems.lose(*section.names)
    return None


def first_paragraph(section: Section) -> str:
    """The text that explains a section."""
    return " ".join(line.text.strip() for line in section.paragraphs[0]) if section.paragraphs else ""


def _course(row: GridRow, regimens: list[str], citations: Citations) -> Course | None:
    identity, regimen, drug, dose, route, loading, end, maintenance, because = row.cells
    where, problems = f"{row.place} row {identity}", citations.problems
    before = len(problems.found)
    check_row_id(identity, row.place, problems)
    if regimen not in regimens and not problems.lost:
        problems.miss(where, regimen, "regimen that a table can choose", regimens)
    for name, cell in (("drug", drug), ("dose", dose), ("route", route)):
        if cell in {"", "-"}:
            problems.refuse(where, f"no {name}", "Doses stand on the page; a plan is made of nothing else.")
    steps = _steps(loading, where, problems)
    if not _END.fullmatch(end):
        problems.refuse(
            where, f"`{end}` ends no loading", "Write `no further improvement`, `N doses` or `-`."
        )
    span = _MAINTENANCE.fullmatch(maintenance)
    if not span and maintenance != "-":
        problems.refuse(
            where, f"`{maintenance}` is no maintenance", "Write `every N months` or `every N-M months`."
        )
    cited = citations.read(because, where)
    citations.check_numbers(_FIGURE.findall(f"{dose} {loading} {end} {maintenance}"), cited, where)
    if len(problems.found) > before:
        return None
    months = (int(span[1]), int(span[2] or span[1])) if span else None
    return Course(
        identity, regimen, drug, dose, route, steps, loading, end, maintenance, months,
        cited.statements, row.place, cited.inferred, cited.unverified,
    )  # fmt: skip


def _steps(text: str, where: str, problems: Problems) -> tuple[Step, ...]:
    try:
        return read_steps(text)
    except Refusal as refusal:
        problems.take(where, refusal)
        return ()


def read_timeline(section: Section, columns: Mapping[str, Column], citations: Citations) -> Timeline | None:
    """A Timeline table, its milestones in the order in which they stand."""
    grid = _fixed(section, TIMELINE_HEADER, citations.problems)
    if not grid:
        return None
    milestones = tuple(_milestone(row, columns, citations) for row in grid.rows)
    return Timeline(section.name, first_paragraph(section), milestones, section.place)


def _milestone(row: GridRow, columns: Mapping[str, Column], citations: Citations) -> Milestone:
    identity, milestone, finding, months, display, because = row.cells
    where, problems = f"{row.place} row {identity}", citations.problems
    check_row_id(identity, row.place, problems)
    column = columns.get(finding)
    if finding != "-" and (not column or column.table is not None):
        raw = [name for name, each in columns.items() if each.table is None]
        problems.miss(where, finding, "finding", raw)
    if not _MONTHS.fullmatch(months):
        problems.refuse(
            where, f"`{months}` is no number of months", "Write `3.5`, or `-` when none is published."
        )
    cited = citations.read(because, where)
    citations.check_numbers(_FIGURE.findall(months), cited, where)
    return Milestone(
        identity, milestone, None if finding == "-" else finding, "" if months == "-" else months,
        "" if display == "-" else display, cited.statements, row.place, cited.inferred, cited.unverified,
    )  # fmt: skip
