"""Charts as small SVG: milestones of recovery with today's line, and results over time with their limits.

An `Answer` and settled facts enter; SVG text leaves. Fill and stroke are attributes (a printer of PDF sees no
style sheet inside an SVG); classes let a screen change them in the dark. What a chart shows stands beside it
as a list as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import pairwise

from corrin.answers import Answer
from corrin.answers.text.layout import capital
from corrin.answers.values import day, number, value
from corrin.findings.facts import Fact
from corrin.findings.settling.elapsed import day as calendar_day
from corrin.plans.plan import Milestone

WIDTH = 360
LEFT = 8
RIGHT = 352
STEP = 36
HEAD = 22
TALL = 170
TOP, BOTTOM = 16, 140
LETTER = 12
DAYS_A_MONTH = 30.44
INK, PALE, MARK, LIMIT = "#1b2733", "#cfd8e0", "#1f5fa8", "#8a3b00"


@dataclass(frozen=True, slots=True)
class Point:
    """One result: its day, its interval on the grid, as a person reads it and as it was printed."""

    on: date
    low: int | None
    high: int | None
    words: str
    printed: str

    @property
    def level(self) -> int:
        """Where it is drawn: its middle, or the one end that is known."""
        low = self.high if self.low is None else self.low
        high = self.low if self.high is None else self.high
        return ((low or 0) + (high or 0)) // 2


@dataclass(frozen=True, slots=True)
class Series:
    """The results of one finding over time, with the limits that a table has for it."""

    label: str
    unit: str
    points: tuple[Point, ...]
    limits: tuple[int, ...]


def series(answer: Answer, finding: str, facts: Iterable[Fact]) -> Series:
    """The dated, usable results of a finding, the oldest first."""
    declared = answer.desk.guideline.declared.findings[finding]
    points = [
        Point(
            calendar_day(fact.last_day),
            fact.low,
            fact.high,
            value(declared, (fact.low, fact.high)),
            fact.text,
        )
        for fact in facts
        if fact.finding == finding and fact.use == "usable" and (fact.low, fact.high) != (None, None)
        if fact.last_day is not None
    ]
    ordered = tuple(sorted(points, key=lambda point: point.on))
    return Series(declared.label, declared.unit, ordered, _limits(answer, finding))


def results(found: Series) -> str:
    """The results as points on a line, each with its number; limits as dashed lines."""
    days = [point.on.toordinal() for point in found.points]
    first, last = min(days), max(days)
    highest = max([point.level for point in found.points] + list(found.limits)) * 1.15 or 1

    def at(point: Point) -> tuple[float, float]:
        x = LEFT + 34 + (RIGHT - LEFT - 100) * (point.on.toordinal() - first) / max(last - first, 1)
        return x, BOTTOM - (BOTTOM - TOP) * point.level / highest

    parts = [_line(LEFT, BOTTOM, RIGHT, BOTTOM, PALE)]
    lines = [BOTTOM - (BOTTOM - TOP) * limit / highest for limit in found.limits]
    for index, (limit, y) in enumerate(zip(found.limits, lines, strict=True)):
        close = any(0 < y - line < LETTER for line in lines[index:])
        parts += [
            _line(LEFT, y, RIGHT, y, LIMIT, dashed=True),
            _text(RIGHT, y + (LETTER - 2 if close else -3), number(limit), LIMIT, "end"),
        ]
    for one, other in pairwise(found.points):
        parts.append(_line(*at(one), *at(other), MARK))
    for point in found.points:
        x, y = at(point)
        parts.append(f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{MARK}"/>')
        parts.append(_text(x, _clear(y - 8, lines), _short(point), INK, "middle"))
    for point in (found.points[0], found.points[-1]):
        parts.append(_text(at(point)[0], BOTTOM + 15, day(point.on), INK, "middle"))
    said = "; ".join(f"{day(point.on)}: {point.words}" for point in found.points)
    return _svg(TALL, f"{found.label} over time. {said}.", parts)


def _clear(y: float, lines: Iterable[float]) -> float:
    """The foot of a number above a point, raised until no limit runs through it."""
    for line in sorted(lines, reverse=True):
        if y - LETTER < line <= y + 2:
            y = line - 4
    return y


def recovery(answer: Answer) -> str:
    """Each milestone against the months since the start of treatment, with a line for today."""
    milestones = answer.plan.recovery
    months = max((float(one.months) for one in milestones if one.months), default=1.0)
    scale = (RIGHT - LEFT - 20) / months
    tall = HEAD + STEP * len(milestones) + 24
    parts: list[str] = []
    today = _months_so_far(answer.findings.as_of, milestones)
    for index, one in enumerate(milestones):
        parts += _milestone(one, HEAD + STEP * index, scale)
    if today is not None and today <= months:
        x = LEFT + scale * today
        parts.append(_line(x, HEAD - 4, x, tall - 18, LIMIT, dashed=True))
        parts.append(_text(max(x, LEFT), HEAD - 9, "today", LIMIT, "" if x < WIDTH / 2 else "end"))
    parts += [
        _text(LEFT, tall - 4, "treatment begins", INK),
        _text(RIGHT, tall - 4, f"{months:g} months", INK, "end"),
    ]
    said = "; ".join(f"{one.milestone}: {one.display}{_reached(one)}" for one in milestones)
    return _svg(tall, f"Milestones of recovery in one reported case. {said}.", parts)


def _milestone(one: Milestone, y: float, scale: float) -> list[str]:
    x = LEFT + scale * float(one.months) if one.months else LEFT + 4
    fill = MARK if one.reached else "#ffffff"
    kind = "mark" if one.reached else "hole"
    return [
        _text(LEFT + 7, y + 10, f"{capital(one.milestone)}{_reached(one)}", INK),
        _line(LEFT, y + 22, x, y + 22, PALE, thick=5),
        (
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y + 22:.1f}" r="5" fill="{fill}" stroke="{MARK}" '
            f'stroke-width="2"/>'
        ),
    ]


def _months_so_far(today: date, milestones: Iterable[Milestone]) -> float | None:
    """How far treatment has come, worked out from a milestone that has both months and a day."""
    for one in milestones:
        if one.months and one.by and one.by.earliest:
            began = one.by.earliest - timedelta(days=float(one.months) * DAYS_A_MONTH)
            return max((today - began).days, 0) / DAYS_A_MONTH
    return None


def _reached(one: Milestone) -> str:
    return {True: " ✓ reached", False: ": not yet", None: ""}[one.reached]


def _limits(answer: Answer, finding: str) -> tuple[int, ...]:
    """The ends of the bands that a table lays over a finding."""
    guideline = answer.desk.guideline
    found: dict[int, None] = {}
    for table in guideline.tables:
        if table.kind != "bands" or table.inputs != (finding,):
            continue
        for row in table.rows:
            for bound in (row.cells[0].low, row.cells[0].high):
                if bound and bound.parameter:
                    found[guideline.parameters[bound.parameter].value] = None
                elif bound and bound.literal is not None:
                    found[bound.literal] = None
    return tuple(sorted(found))


def _short(point: Point) -> str:
    """A number as the table beside the chart has it."""
    if point.low is None:
        return f"<{number(point.level + 1)}"
    if point.high is None:
        return f">{number(point.level - 1)}"
    return number(point.low) + (f" to {number(point.high)}" if point.low != point.high else "")


def _line(  # noqa: PLR0913, PLR0917 - two ends and how it looks
    x1: float, y1: float, x2: float, y2: float, colour: str, thick: float = 1.5, *, dashed: bool = False
) -> str:
    kind = {PALE: "pale", MARK: "line", LIMIT: "limit"}.get(colour, "ink")
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{thick}"{dash}/>'
    )


def _text(x: float, y: float, text: str, colour: str, anchor: str = "") -> str:
    kind = "limit-text" if colour == LIMIT else "ink-text"
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="12" '
        f'font-family="sans-serif"{placed}>{escape(text)}</text>'
    )


def _svg(tall: float, said: str, parts: Iterable[str]) -> str:
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {tall:g}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(said)}</title>{''.join(parts)}</svg>"
    )
