"""What a cell, a row and a table mean, said once for every language that can say and, or, and compare.

A guideline enters with a `Carrier`, a language's way of saying a few small things about one column;
conditions in that language leave. Every condition is *sure*: it is true only when it would stay true whatever
the unknowns turn out to be. Elsewhere it may be false, or null as in CQL. Hence cells are read without `not`:
that a cell fails is a condition of its own, and an open cell is one that neither holds nor fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Literal, Protocol, TypeVar

from corrin.guideline import columns
from corrin.guideline.columns import UNKNOWN, UNPLACED, YES_NO
from corrin.guideline.model import Bound, Cell, Column, Parameter, Row, Table

Term = TypeVar("Term")
End = Literal["low", "high"]
Sign = Literal["<", "<=", ">", ">="]

YES, NO = YES_NO


class Joining(Protocol[Term]):
    """How a language joins conditions."""

    def always(self) -> Term:
        """True for every patient."""
        ...

    def never(self) -> Term:
        """True for no patient."""
        ...

    def every(self, terms: Sequence[Term]) -> Term:
        """True when all of at least two terms are."""
        ...

    def some(self, terms: Sequence[Term]) -> Term:
        """True when one of at least two terms is."""
        ...


class Carrier(Joining[Term], Protocol[Term]):
    """A language in which conditions are said: Python booleans, SQL, Z3 terms, CQL."""

    def known(self, column: Column) -> Term:
        """A word is there, or the number has a bound."""
        ...

    def unknown(self, column: Column) -> Term:
        """No word is there, and the number has no bound."""
        ...

    def among(self, column: Column, words: tuple[str, ...]) -> Term:
        """The column is known and one of these words."""
        ...

    def among_or_unknown(self, column: Column, words: tuple[str, ...]) -> Term:
        """The column is one of these words, or unknown."""
        ...

    def compares(self, column: Column, end: End, sign: Sign, bound: Bound) -> Term:
        """The interval is bounded at this end, and that bound compares so with a literal or parameter."""
        ...


class Denying(Joining[Term], Protocol[Term]):
    """A language in which every condition is true or false, so that it can be denied."""

    def negation(self, term: Term) -> Term:
        """True when the term is false."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Term]):
    """What became of a cell or a row: it surely holds, it surely fails, or, if neither, it is open."""

    holds: Term
    fails: Term


@dataclass(frozen=True, slots=True)
class Arm(Generic[Term]):
    """When `term` is true the column is `word` (None: unknown), as `row` says if it is a row that does."""

    term: Term
    word: str | None
    row: str | None = None


Choice = tuple[tuple[Arm[Term], ...], ...]
"""Ranks of arms: a rank speaks when no arm of a rank before it is true. In a rank, order means nothing."""


def every(carrier: Joining[Term], terms: Sequence[Term]) -> Term:
    """All of any number of terms."""
    if not terms:
        return carrier.always()
    return terms[0] if len(terms) == 1 else carrier.every(terms)


def some(carrier: Joining[Term], terms: Sequence[Term]) -> Term:
    """One of any number of terms."""
    if not terms:
        return carrier.never()
    return terms[0] if len(terms) == 1 else carrier.some(terms)


def cell_holds(carrier: Carrier[Term], column: Column, cell: Cell) -> Term:
    """The cell holds, whatever the unknowns turn out to be."""
    match cell.kind:
        case "any":
            return carrier.always()
        case "known":
            return carrier.known(column)
        case "unknown":
            return carrier.unknown(column)
        case "words":
            say = carrier.among_or_unknown if cell.or_unknown else carrier.among
            return say(column, cell.words)
        case "range":
            return every(carrier, _ends(carrier, column, cell, inside=True))


def cell_fails(carrier: Carrier[Term], column: Column, cell: Cell) -> Term:
    """The cell fails, whatever the unknowns turn out to be."""
    match cell.kind:
        case "any":
            return carrier.never()
        case "known":
            return carrier.unknown(column)
        case "unknown":
            return carrier.known(column)
        case "words":
            others = tuple(word for word in column.values if word not in cell.words)
            return carrier.among(column, others) if others else carrier.never()
        case "range":
            return some(carrier, _ends(carrier, column, cell, inside=False))


def _ends(carrier: Carrier[Term], column: Column, cell: Cell, *, inside: bool) -> list[Term]:
    """For each end of the range, that the whole interval respects it (or else that no part of it does)."""
    terms: list[Term] = []
    if cell.low:
        above: Sign = ">" if cell.low.strict else ">="
        below: Sign = "<=" if cell.low.strict else "<"
        terms.append(carrier.compares(column, *(("low", above) if inside else ("high", below)), cell.low))
    if cell.high:
        below = "<" if cell.high.strict else "<="
        above = ">=" if cell.high.strict else ">"
        terms.append(carrier.compares(column, *(("high", below) if inside else ("low", above)), cell.high))
    return terms


def row_holds(carrier: Carrier[Term], inputs: Sequence[Column], row: Row) -> Term:
    """All cells of the row hold."""
    cells = zip(inputs, row.cells, strict=True)
    return every(carrier, [cell_holds(carrier, *both) for both in cells if both[1].kind != "any"])


def row_fails(carrier: Carrier[Term], inputs: Sequence[Column], row: Row) -> Term:
    """One cell of the row fails. Cells that cannot fail are left out."""
    cells = zip(inputs, row.cells, strict=True)
    return some(carrier, [cell_fails(carrier, *both) for both in cells if _can_fail(*both)])


def _can_fail(column: Column, cell: Cell) -> bool:
    if cell.kind == "words":
        return any(word not in cell.words for word in column.values)
    return cell.kind != "any"


def row_outcome(carrier: Carrier[Term], inputs: Sequence[Column], row: Row) -> Outcome[Term]:
    """Whether the row holds, and whether it fails."""
    return Outcome(row_holds(carrier, inputs, row), row_fails(carrier, inputs, row))


def given(table: Table) -> tuple[str, ...]:
    """The columns that a table gives."""
    return columns.names_given(table.kind, table.id, table.output, table.outputs)


def reads(table: Table) -> tuple[str, ...]:
    """The columns that a table reads, its guard's included."""
    guard = (table.guard.finding,) if table.guard else ()
    return tuple(dict.fromkeys(table.inputs + guard))


def choices(
    carrier: Joining[Term],
    table: Table,
    rows: Mapping[str, Outcome[Term]],
    number_known: Term,
    parameters: Mapping[str, Parameter],
) -> Mapping[str, Choice[Term]]:
    """The arms of each column that a table gives, its guard aside.

    `number_known`: the one input of a `bands` table is known (elsewhere it is not looked at).
    No arm is true: the column is unknown.
    """
    if table.kind == "unique":
        return {table.output: (_row_arms(table.rows, rows),)}
    if table.kind == "bands":
        return {table.output: _band_ranks(carrier, table, rows, number_known, parameters)}
    wholes = {table.name: table.rows}
    parts = {table.flag(word): [row for row in table.rows if row.output == word] for word in table.outputs}
    return {name: _yes_no(carrier, [rows[row.id] for row in read]) for name, read in (wholes | parts).items()}


def _row_arms(table_rows: Sequence[Row], rows: Mapping[str, Outcome[Term]]) -> tuple[Arm[Term], ...]:
    return tuple(
        Arm(rows[row.id].holds, None if row.output == UNKNOWN else row.output, row.id) for row in table_rows
    )


def _yes_no(carrier: Joining[Term], rows: Sequence[Outcome[Term]]) -> Choice[Term]:
    """Yes when a row holds, no when every row fails."""
    yes = Arm(some(carrier, [row.holds for row in rows]), YES)
    no = Arm(every(carrier, [row.fails for row in rows]), NO)
    return ((yes, no),)


def _band_ranks(
    carrier: Joining[Term],
    table: Table,
    rows: Mapping[str, Outcome[Term]],
    number_known: Term,
    parameters: Mapping[str, Parameter],
) -> Choice[Term]:
    """A band when the number lies in one; else two neighbours when all others fail; else unplaced."""
    names = columns.in_order(table.rows, parameters)
    said = columns.band_values(names)
    fails = {row.output: rows[row.id].fails for row in table.rows}
    pairs = zip(pairwise(names), said[len(names) :], strict=False)
    between = [(word, [fails[name] for name in names if name not in pair]) for pair, word in pairs]
    arms = tuple(Arm(every(carrier, others) if others else number_known, word) for word, others in between)
    unplaced = (Arm(number_known, UNPLACED),) if UNPLACED in said else ()
    return (_row_arms(table.rows, rows), arms, unplaced)


def said(
    carrier: Denying[Term], choice: Choice[Term], values: Sequence[str], closed: Term | None
) -> dict[str, Term]:
    """For each word of a column, when the column is it: never, where the table is closed by its guard."""
    terms: dict[str, list[Term]] = {word: [] for word in values}
    silent = [] if closed is None else [carrier.negation(closed)]
    for rank in choice:
        for arm in rank:
            if arm.word is not None:
                terms[arm.word].append(every(carrier, [*silent, arm.term]))
        silent += [carrier.negation(arm.term) for arm in rank]
    return {word: some(carrier, several) for word, several in terms.items()}


def limit(bound: Bound, parameters: Mapping[str, Parameter]) -> int:
    """A bound's number on the grid of its finding, at the values its parameters have."""
    if bound.parameter is not None:
        return parameters[bound.parameter].value
    if bound.literal is None:
        message = "a bound is a literal or a parameter"
        raise ValueError(message)
    return bound.literal
