"""A patient for every row of every table, and for every edge of every bands table, found by the solver.

A guideline enters, states of the findings leave, each with the row that has to hold; rows that no record
can bring about are named, with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from corrin.guideline.model import GRID, Bound, Cell, Guideline, Parameter, Row, Table
from corrin.readings import algebra, smt
from corrin.synthesis.covering.carrying import Carries
from corrin.synthesis.covering.sayable import REFUSED, Sayable
from corrin.synthesis.people.person import Value
from corrin.verification.solver import Solver, Term, equal
from corrin.verification.states import every

State = Mapping[str, Value]
BESIDE = ("just below", "at", "just above")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A state of the findings in which a row has to hold; an edge also says how its number is printed."""

    row: str
    state: State
    about: str = ""
    finding: str = ""
    printed: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A row or an edge that no record of the format can bring about."""

    row: str
    about: str
    reason: str


class Cover:
    """Finds states in one guideline, for one day and one format."""

    def __init__(self, guideline: Guideline, as_of: date, carries: Carries) -> None:
        self.guideline = guideline
        self.encoding = smt.encode(guideline, symbolic=False)
        self.sayable = Sayable(guideline, self.encoding, as_of, carries)
        self.solver = Solver([*self.encoding.constraints, *self.sayable.terms.values()])
        self.free = Solver(self.encoding.constraints)
        self.others: dict[str, tuple[dict[str, Value | None], Term]] = {}
        self.unreachable: list[Unreachable] = []

    def rows(self) -> Iterator[Wanted]:
        """One state for each row."""
        for table in self.guideline.tables:
            for row in table.rows:
                state = self._state(table, row, row.id)
                if state is not None:
                    yield Wanted(row.id, state, f"{table.id}, row {row.id}")

    def edges(self) -> Iterator[Wanted]:
        """At, just below and just above every limit of every bands table, in both units of a pair."""
        for table in self.guideline.tables:
            if table.kind == "bands":
                for bound in _bounds(table):
                    yield from self._edge(table, bound)

    def _edge(self, table: Table, bound: Bound) -> Iterator[Wanted]:
        name = table.inputs[0]
        finding = self.guideline.declared.findings.get(name)
        parameter = self.guideline.parameters.get(bound.parameter or "")
        limit = parameter.value if parameter else bound.literal or 0
        whole = finding is None or not finding.assay or finding.counts not in {"result", "daily-dose"}
        for side, sign in zip(BESIDE, (-1, 0, 1), strict=True):
            value = limit + sign * (GRID if whole else 1)
            row = _holds(table, value, self.guideline.parameters)
            unit = self.guideline.columns[name].unit
            about = f"{table.id}: {name} {side} {limit / GRID:g} {unit}"
            number = self.encoding.numbers[name]
            fixed = every(
                [number.has_low, number.has_high, equal(number.low, value), equal(number.high, value)]
            )
            state = self._state(table, row, about, fixed) if row else None
            if row is None or state is None:
                continue
            yield Wanted(row.id, state, about)
            if parameter and parameter.pair is not None:
                printed = parameter.pair + sign * GRID // 10
                about = f"{table.id}: {name} {side} {parameter.pair / GRID:g} {parameter.pair_unit}"
                yield Wanted(row.id, state, about, name, printed, parameter.pair_unit)

    def _state(self, table: Table, row: Row, about: str, *more: Term) -> State | None:
        """The findings of a patient for whom the row holds; of as many as can be nothing is known."""
        closed = self.encoding.guards.get(table.id)
        wanted = [
            self.encoding.rows[row.id].holds,
            *more,
            *([smt.negation(closed)] if closed is not None else []),
        ]
        others, forgotten = self._forgotten(table)
        model = self.solver.find(*wanted, forgotten)
        if model is None:
            others, model = {}, self.solver.find(*wanted)
        if model is None:
            self.unreachable.append(Unreachable(row.id, about, self._why(wanted)))
            return None
        findings = {name: self._finding(name) for name in self.encoding.findings if name not in others}
        read = {name: smt.read_back(model, finding) for name, finding in findings.items()}
        return {name: value for name, value in (others | read).items() if value is not None}

    def _finding(self, name: str) -> smt.Finding:
        return self.encoding.numbers.get(name) or self.encoding.words[name]

    def _forgotten(self, table: Table) -> tuple[dict[str, Value | None], Term]:
        """Nothing is known of what the table does not depend on, and none of its results was refused."""
        if table.id not in self.others:
            self.others[table.id] = self._nothing(table)
        return self.others[table.id]

    def _nothing(self, table: Table) -> tuple[dict[str, Value | None], Term]:
        seen = set[str]().union(*(self.encoding.cone(name) for name in algebra.reads(table)))
        size = -1
        while size != len(seen):
            size = len(seen)
            for tied in self.sayable.tied:
                if not tied.isdisjoint(seen):
                    seen |= tied
        findings = self.guideline.declared.findings
        others: dict[str, Value | None] = {
            name: "no"
            if findings[name].take == REFUSED or self.sayable.carries.silent(findings[name])
            else None
            for name in self.encoding.findings
            if name not in seen
        }
        terms = [
            self.encoding.words[name]["no"] if said else self.sayable.unknown(name)
            for name, said in others.items()
        ]
        return others, every(terms)

    def _why(self, wanted: list[Term]) -> str:
        if self.free.find(*wanted) is None:
            return "no state of the findings at all"
        return "; ".join(self.free.blamed(self.sayable.terms, *wanted))


def _bounds(table: Table) -> list[Bound]:
    """Every limit of a bands table, once."""
    found: dict[tuple[int | None, str | None], Bound] = {}
    for row in table.rows:
        for cell in row.cells:
            for bound in (cell.low, cell.high):
                if bound is not None:
                    found.setdefault((bound.literal, bound.parameter), bound)
    return list(found.values())


def _holds(table: Table, value: int, parameters: Mapping[str, Parameter]) -> Row | None:
    """The row of a bands table in whose range a number lies."""
    return next((row for row in table.rows if _within(row.cells[0], value, parameters)), None)


def _within(cell: Cell, value: int, parameters: Mapping[str, Parameter]) -> bool:
    if cell.kind != "range":
        return False

    def limit(bound: Bound) -> int:
        return parameters[bound.parameter].value if bound.parameter else bound.literal or 0

    low = cell.low is None or (value > limit(cell.low) if cell.low.strict else value >= limit(cell.low))
    high = cell.high is None or (value < limit(cell.high) if cell.high.strict else value <= limit(cell.high))
    return low and high
