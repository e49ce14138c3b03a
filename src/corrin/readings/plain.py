"""The guideline read in the plainest way: every cell of every row, through the algebra, over Python booleans.

A findings row enters, a `Decision` leaves. This is the reading that a reviewer checks; `python` is the same
one made fast, and a test holds the two equal on every state of every table.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from corrin.guideline.model import Bound, Column, Guideline, Parameter, Table
from corrin.readings import algebra
from corrin.readings.algebra import Choice, End, Outcome, Sign

Interval = tuple[int | None, int | None]
"""A closed interval in thousandths of the finding's unit; None is no bound on that side, never on both."""
Value = str | Interval | None
State = Mapping[str, Value]
"""A findings row: column -> word or interval; absent or None is unknown."""

SIGNS: Mapping[Sign, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the tables say about one findings row, and which rows said it.

    Shape:
    `columns`: the word of every column a table gives.
    `held`: the rows that hold, in the order of the pages.
    `open`: for each table, the rows that neither hold nor fail; none where one row answers and has done so.
    `not_applicable`: the tables whose guard failed.
    Unknown: a column that is unknown is absent.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    held: tuple[str, ...] = ()
    open: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    not_applicable: frozenset[str] = frozenset()


class Answer(NamedTuple):
    """What one table says: its columns, the rows that hold, those still open, and whether it applies."""

    columns: Mapping[str, str]
    held: tuple[str, ...]
    open: tuple[str, ...]
    applies: bool = True


NOT_APPLICABLE = Answer({}, (), (), applies=False)


class Booleans:
    """Conditions as Python booleans about one findings row."""

    def __init__(self, row: State, parameters: Mapping[str, Parameter]) -> None:
        self._row = row
        self._parameters = parameters

    def always(self) -> bool:
        """True for every patient."""
        return True

    def never(self) -> bool:
        """True for no patient."""
        return False

    def every(self, terms: Sequence[bool]) -> bool:
        """True when all are."""
        return all(terms)

    def some(self, terms: Sequence[bool]) -> bool:
        """True when one is."""
        return any(terms)

    def known(self, column: Column) -> bool:
        """A word is there, or the number has a bound."""
        return self._row.get(column.id) is not None

    def unknown(self, column: Column) -> bool:
        """No word is there, and the number has no bound."""
        return self._row.get(column.id) is None

    def among(self, column: Column, words: tuple[str, ...]) -> bool:
        """The column is known and one of these words."""
        return self._row.get(column.id) in words

    def among_or_unknown(self, column: Column, words: tuple[str, ...]) -> bool:
        """The column is one of these words, or unknown."""
        return self.unknown(column) or self.among(column, words)

    def compares(self, column: Column, end: End, sign: Sign, bound: Bound) -> bool:
        """The interval is bounded at this end, and that bound compares so."""
        interval = self._row.get(column.id)
        if not isinstance(interval, tuple):
            return False
        number = interval[0 if end == "low" else 1]
        return number is not None and SIGNS[sign](number, algebra.limit(bound, self._parameters))


def decide(guideline: Guideline, row: State) -> Decision:
    """What the guideline says about one findings row, table by table in their order."""
    given = {name for table in guideline.tables for name in algebra.given(table)}
    state: dict[str, Value] = {name: value for name, value in row.items() if name not in given}
    answers: dict[str, Answer] = {}
    for table in guideline.tables:
        answers[table.id] = answer = read(guideline, table, state)
        state.update(answer.columns)
    return Decision(
        columns={column: word for answer in answers.values() for column, word in answer.columns.items()},
        held=tuple(row for answer in answers.values() for row in answer.held),
        open={table: answer.open for table, answer in answers.items() if answer.open},
        not_applicable=frozenset(table for table, answer in answers.items() if not answer.applies),
    )


def read(guideline: Guideline, table: Table, state: State) -> Answer:
    """What one table says, given the columns that it reads."""
    carrier = Booleans(state, guideline.parameters)
    if table.guard and algebra.cell_fails(carrier, guideline.columns[table.guard.finding], table.guard.cell):
        return NOT_APPLICABLE
    columns = [guideline.columns[name] for name in table.inputs]
    rows = {row.id: algebra.row_outcome(carrier, columns, row) for row in table.rows}
    known = len(columns) == 1 and carrier.known(columns[0])
    return speak(table, rows, guideline.parameters, number_known=known)


def speak(
    table: Table,
    rows: Mapping[str, Outcome[bool]],
    parameters: Mapping[str, Parameter],
    *,
    number_known: bool,
) -> Answer:
    """What an applicable table says once it is settled which of its rows hold and which fail."""
    carrier = Booleans({}, parameters)
    said = algebra.choices(carrier, table, rows, number_known, parameters)
    words = {column: _first(choice) for column, choice in said.items()}
    held = tuple(row for row, outcome in rows.items() if outcome.holds)
    open_rows = tuple(row for row, outcome in rows.items() if not outcome.holds and not outcome.fails)
    return Answer(
        columns={column: word for column, word in words.items() if word is not None},
        held=held,
        open=() if table.single and held else open_rows,
    )


def _first(choice: Choice[bool]) -> str | None:
    return next((arm.word for rank in choice for arm in rank if arm.term), None)
