"""What else a finding could be: every word, or band of numbers or dates, that the tables can tell apart.

A guideline enters once; for one patient, suppositions leave: what a finding is supposed to be, in words, and
every column that changes with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from corrin.answers.suppose.dependants import Dependants, Known
from corrin.answers.values import Interval, Value, count, interval
from corrin.findings.settling import elapsed
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Bound, Guideline, Table
from corrin.plans.dates import Count, add_days, add_months
from corrin.readings import algebra

YES_NO = ("yes", "no")
DATE = "date"


@dataclass(frozen=True, slots=True)
class Supposition:
    """A finding supposed to be something: in words, how far from what is known, and what changes with it."""

    finding: str
    words: str
    distance: float
    columns: Known


class Supposing:
    """The bands of every number and the dependants of every finding, found once for many patients."""

    def __init__(self, guideline: Guideline) -> None:
        self._findings = guideline.declared.findings
        self._read = {column for table in guideline.tables for column in _reads(table)}
        self._starts = {column: _starts(guideline, column) for column in self._read}
        self._dependants = Dependants(self._findings)

    def findings(self) -> Iterable[Finding]:
        """The findings that a person can be asked, or a laboratory tell, in the order of the dictionary."""
        return (finding for finding in self._findings.values() if finding.asked)

    def known(self, finding: Finding, row: Known) -> bool:
        """Something is known of the finding."""
        return any(row.get(column) is not None for column in self._columns(finding))

    def else_(self, finding: Finding, row: Known, as_of: date) -> list[Supposition]:
        """Everything else that the finding could be, for this patient."""
        if finding.kind == DATE:
            return self._dates(finding, row, as_of)
        if finding.kind == "number":
            return self._numbers(finding, row)
        words = YES_NO if finding.kind == "yes-no" else finding.values
        return [
            Supposition(finding.id, word, 1.0, self._dependants.after(finding, word, row))
            for word in words
            if word != row.get(finding.id)
        ]

    def now(self, supposition: Supposition, row: Known) -> str:
        """What is known now of a finding that is supposed to be otherwise, in words."""
        finding = self._findings[supposition.finding]
        columns = self._columns(finding)
        for column in columns:
            known = row.get(column)
            if isinstance(known, tuple):
                words = interval(known, self._findings[column].unit)
                return f"{words} ago" if finding.kind == DATE else words
        return str(row.get(finding.id))

    def _columns(self, finding: Finding) -> list[str]:
        """The columns by which the tables see a finding: itself, or what is counted since its date."""
        if finding.kind != DATE:
            return [finding.id]
        return [one.id for one in self._findings.values() if one.since == finding.id and one.id in self._read]

    def _numbers(self, finding: Finding, row: Known) -> list[Supposition]:
        starts = self._starts.get(finding.id, frozenset()) | self._dependants.limits(finding, row)
        known = _interval(row.get(finding.id))
        return [
            Supposition(
                finding.id,
                interval(band, finding.unit),
                _distance(known, band),
                self._dependants.after(finding, band, row),
            )
            for band in _bands(starts)
            if not _inside(known, band) and _plausible(finding, band)
        ]

    def _dates(self, finding: Finding, row: Known, as_of: date) -> list[Supposition]:
        columns = [self._findings[column] for column in self._columns(finding)]
        agos = sorted({ago for one in columns for ago in self._days_ago(one, as_of)} | {0})
        suppositions: list[Supposition] = []
        for first, after in pairwise([*agos, None]):
            if first is None:
                continue
            span = Count(first, None if after is None else after - 1)
            changed = {one.id: _counted(one, span, as_of) for one in columns}
            if any(not _inside(_interval(row.get(one.id)), _interval(changed[one.id])) for one in columns):
                far = min(
                    _distance(_interval(row.get(one.id)), _interval(changed[one.id])) for one in columns
                )
                suppositions.append(Supposition(finding.id, f"{count(span)} ago", far, changed))
        return suppositions

    def _days_ago(self, counted: Finding, as_of: date) -> list[int]:
        """The days ago from which on a count since a date is in its next band."""
        starts = [-(-start // GRID) for start in self._starts[counted.id]]
        if counted.measure == "days":
            return starts
        return [_first_ago(months, as_of) for months in starts]


def _reads(table: Table) -> tuple[str, ...]:
    return (*table.inputs, table.guard.finding) if table.guard else table.inputs


def _starts(guideline: Guideline, column: str) -> frozenset[int]:
    """Where the bands of a number begin, all limits that the tables set on it taken together."""
    starts: set[int] = set()
    for table in guideline.tables:
        for row in table.rows:
            for name, cell in zip(table.inputs, row.cells, strict=True):
                if name == column and cell.kind == "range":
                    starts |= _edges(guideline, cell.low, cell.high)
    return frozenset(starts)


def _edges(guideline: Guideline, low: Bound | None, high: Bound | None) -> set[int]:
    parameters = guideline.parameters
    edges = {algebra.limit(low, parameters) + low.strict} if low else set[int]()
    return edges | ({algebra.limit(high, parameters) + (not high.strict)} if high else set[int]())


def _bands(starts: Iterable[int]) -> list[Interval]:
    ends = [None, *sorted(starts), None]
    return [
        (low, None if after is None else after - 1)
        for low, after in pairwise(ends)
        if (low, after) != (None, None)
    ]


def _interval(value: Value) -> Interval | None:
    return value if isinstance(value, tuple) else None


def _inside(known: Interval | None, band: Interval | None) -> bool:
    """What is known already lies in the band, so that supposing it would change nothing."""
    if known is None or band is None:
        return False
    low = band[0] is None or (known[0] is not None and known[0] >= band[0])
    return low and (band[1] is None or (known[1] is not None and known[1] <= band[1]))


def _distance(known: Interval | None, band: Interval | None) -> float:
    """How far a number would have to move, as a part of itself; nothing when it may be there already."""
    if known is None or band is None:
        return 1.0
    if known[1] is not None and band[0] is not None and known[1] < band[0]:
        return (band[0] - known[1]) / max(abs(known[1]), 1)
    if known[0] is not None and band[1] is not None and known[0] > band[1]:
        return (known[0] - band[1]) / max(abs(known[0]), 1)
    return 0.0


def _plausible(finding: Finding, band: Interval) -> bool:
    if finding.plausible is None:
        return True
    low, high = finding.plausible
    return (band[1] is None or band[1] >= low) and (band[0] is None or band[0] <= high)


def _counted(counted: Finding, ago: Count, as_of: date) -> Interval:
    if counted.measure == "days":
        return _grid(ago)
    return _grid(Count(_months(ago.least, as_of), _months(ago.most, as_of)))


def _grid(days: Count) -> Interval:
    return (
        None if days.least is None else days.least * GRID,
        None if days.most is None else days.most * GRID,
    )


def _months(ago: int | None, as_of: date) -> int | None:
    return None if ago is None else elapsed.months(add_days(as_of, -ago), as_of)


def _first_ago(months: int, as_of: date) -> int:
    """The fewest days ago on which so many months are completed."""
    ago = (as_of - add_months(as_of, -months)).days
    while elapsed.months(add_days(as_of, 1 - ago), as_of) >= months:
        ago -= 1
    return ago
