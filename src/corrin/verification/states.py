"""Every patient at once, and a second copy of the patient in whom one finding changed.

A guideline enters; terms about any column, row or condition leave. A `Change` says how the second state
differs from the first and gives any term as it stands there: what does not depend on the finding stays the
same term, so that the solver never sees it twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from corrin.errors import GuidelineError, Problem, Refusal, did_you_mean
from corrin.guideline.model import Cell, Guideline, Table
from corrin.guideline.pages.cells import read_cell
from corrin.readings import algebra, smt
from corrin.verification.solver import AnyTerm, Number, Term, equal, substitute

UNKNOWN = "unknown"
FALSE = smt.FALSE
TRUE = smt.TRUE


@dataclass(frozen=True, slots=True)
class Change:
    """How the second state differs: variables replaced, and what must hold between the two."""

    finding: str
    replaced: tuple[tuple[Term | Number, Term | Number], ...]
    given: Term

    def after(self, term: AnyTerm) -> AnyTerm:
        """The same term, about the second state."""
        return substitute(term, self.replaced)


class States:
    """All states of a guideline's findings."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.encoding = smt.encode(guideline)
        self.table_of = {row.id: table for table in guideline.tables for row in table.rows}

    @cached_property
    def defaults(self) -> Term:
        """Every parameter has its own value."""
        numbers = self.encoding.parameters
        return every(
            equal(numbers[name], parameter.value) for name, parameter in self.guideline.parameters.items()
        )

    def holds(self, row: str) -> Term:
        """The row holds, in a table that applies."""
        return smt.both(self.applies(self.table_of[row]), self.encoding.rows[row].holds)

    def applies(self, table: Table) -> Term:
        """The guard of the table does not fail."""
        closed = self.encoding.guards.get(table.id)
        return TRUE if closed is None else smt.negation(closed)

    def a_row_holds(self, table: Table) -> Term:
        """One of its rows holds, whether or not the table applies."""
        return some(self.encoding.rows[row.id].holds for row in table.rows)

    def known(self, column: str) -> Term:
        """Something is known of a finding or an output."""
        return self.encoding.carrier.known(self.guideline.columns[column])

    def is_one_of(self, column: str, *words: str) -> Term:
        """A column is one of these words; `unknown` is a word here."""
        said = self.encoding.words[column]
        terms = [said[word] for word in words if word in said]
        return some([*terms, *([smt.negation(self.known(column))] if UNKNOWN in words else [])])

    def all_hold(self, condition: Mapping[str, str], where: str) -> Term:
        """Columns or verdicts, each as its cell says."""
        return every(self._holds(name, text, where) for name, text in condition.items())

    def _holds(self, name: str, text: str, where: str) -> Term:
        columns = self.guideline.columns
        try:
            name = column_of(self.guideline, name)
            cell = read_cell(text, columns[name], self.guideline.parameters)
        except Refusal as refusal:
            raise GuidelineError(Problem(where, refusal.what, refusal.mend)) from None
        return algebra.cell_holds(self.encoding.carrier, columns[name], cell)

    def forgotten(self, finding: str) -> Change:
        """Nothing is known of the finding any more."""
        number = self.encoding.numbers.get(finding)
        flags = [number.has_low, number.has_high] if number else self.encoding.words[finding].values()
        return Change(finding, tuple((flag, FALSE) for flag in flags), TRUE)

    def turned(self, finding: str, before: str, after: str) -> Change:
        """The finding was one word and becomes another."""
        words = self.encoding.words[finding]
        replaced = tuple((flag, TRUE if word == after else FALSE) for word, flag in words.items())
        return Change(finding, replaced, self.is_one_of(finding, before))

    def widened(self, finding: str) -> Change:
        """The number is known less exactly: the interval before lies within the interval after."""
        one, two, change = self._otherwise(finding)
        low = follows(two.has_low, smt.both(one.has_low, two.low <= one.low))
        high = follows(two.has_high, smt.both(one.has_high, two.high >= one.high))
        return replace(change, given=smt.both(change.given, low, high))

    def moved(self, finding: str, *, up: bool) -> Change:
        """The number lies higher, or lower; before and after, every table that reads it can place it."""
        one, two, change = self._otherwise(finding)
        below, above = (one, two) if up else (two, one)
        low = follows(below.has_low, smt.both(above.has_low, below.low <= above.low))
        high = follows(above.has_high, smt.both(below.has_high, below.high <= above.high))
        placed = every(self._placed(finding, cell) for cell in self._ranges_of(finding))
        return replace(change, given=smt.both(change.given, low, high, placed, change.after(placed)))

    def _otherwise(self, finding: str) -> tuple[smt.Number, smt.Number, Change]:
        """A number, a second copy of it, and the change from one to the other; both are known."""
        one = self.encoding.numbers[finding]
        two = smt.variables(replace(self.guideline.columns[finding], id=f"{finding}, changed"))
        assert isinstance(two, smt.Number)  # noqa: S101 - the second copy of a number is a number
        pairs = (
            (one.has_low, two.has_low),
            (one.low, two.low),
            (one.has_high, two.has_high),
            (one.high, two.high),
        )
        known = [smt.either(number.has_low, number.has_high) for number in (one, two)]
        return one, two, Change(finding, pairs, smt.both(smt.possible(two), *known))

    def _ranges_of(self, finding: str) -> list[Cell]:
        reading = [table for table in self.guideline.tables if finding in table.inputs]
        cells = (row.cells[table.inputs.index(finding)] for table in reading for row in table.rows)
        return [cell for cell in cells if cell.kind == "range"]

    def _placed(self, finding: str, cell: Cell) -> Term:
        carrier, column = self.encoding.carrier, self.guideline.columns[finding]
        return smt.either(
            algebra.cell_holds(carrier, column, cell), algebra.cell_fails(carrier, column, cell)
        )


def alone(guideline: Guideline, table: Table) -> Guideline:
    """One table of a guideline, over any inputs at all, reachable or not."""
    names = {*algebra.reads(table), *algebra.given(table)}
    columns = {name: column for name, column in guideline.columns.items() if name in names}
    return replace(guideline, tables=(table,), columns=columns)


def column_of(guideline: Guideline, name: str) -> str:
    """The column that a finding, an output or a verdict stands in.

    Errors: a `Refusal` for a name that is none of these.
    """
    verdict = guideline.verdicts.get(name)
    if name in guideline.columns:
        return name
    if verdict is None or len(verdict.columns) != 1:
        known = [*guideline.columns, *guideline.verdicts]
        raise Refusal(f"`{name}` is no finding, output or verdict", did_you_mean(name, known))
    return verdict.columns[0]


def every(terms: Iterable[Term]) -> Term:
    """All of any number of terms."""
    return smt.both(*terms)


def some(terms: Iterable[Term]) -> Term:
    """One of any number of terms."""
    return smt.either(*terms)


def follows(when: Term, then: Term) -> Term:
    """The second wherever the first."""
    return smt.either(smt.negation(when), then)
