"""The guideline read as logic: for every column and every row, a Z3 term about any patient at all.

A guideline enters, an `Encoding` leaves. A worded finding is one Boolean for each of its words, at most one
of them true, unknown when none is. A number is its two bounds, each with a Boolean that says whether it is
there. A table's column is no new variable but a term over findings, so that a finding can be forgotten, or
made otherwise, by putting something else in its place: two patients alike but for one finding share the rest.

Parameters are integers anywhere in their range when `symbolic`, so that what is shown holds for every site.
"""

# Z3 ships without types that hold: what comes back from it is named here, once, and trusted from there on.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import cast

import z3

from corrin.guideline.model import Bound, Column, Guideline, Parameter, Table
from corrin.readings import algebra
from corrin.readings.algebra import End, Outcome, Sign

TRUE = z3.BoolVal(val=True)
FALSE = z3.BoolVal(val=False)

Words = Mapping[str, z3.BoolRef]
"""For each word, when the column is that word."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as an interval: its bounds, and whether each is there; neither is when it is unknown."""

    has_low: z3.BoolRef
    low: z3.ArithRef
    has_high: z3.BoolRef
    high: z3.ArithRef


Finding = Words | Number


def both(*terms: z3.BoolRef) -> z3.BoolRef:
    """All of the terms."""
    return cast("z3.BoolRef", z3.And(*terms))


def either(*terms: z3.BoolRef) -> z3.BoolRef:
    """At least one of the terms."""
    return cast("z3.BoolRef", z3.Or(*terms))


def negation(term: z3.BoolRef) -> z3.BoolRef:
    """Not the term."""
    return cast("z3.BoolRef", z3.Not(term))


class Terms:
    """Conditions as Z3 terms."""

    def __init__(
        self, words: Mapping[str, Words], numbers: Mapping[str, Number], limits: Mapping[str, z3.ArithRef]
    ) -> None:
        self._words = words
        self._numbers = numbers
        self._limits = limits

    def always(self) -> z3.BoolRef:
        """True for every patient."""
        return TRUE

    def never(self) -> z3.BoolRef:
        """True for no patient."""
        return FALSE

    def every(self, terms: Sequence[z3.BoolRef]) -> z3.BoolRef:
        """True when all are."""
        return both(*terms)

    def some(self, terms: Sequence[z3.BoolRef]) -> z3.BoolRef:
        """True when one is."""
        return either(*terms)

    def negation(self, term: z3.BoolRef) -> z3.BoolRef:
        """True when the term is false."""
        return negation(term)

    def known(self, column: Column) -> z3.BoolRef:
        """A word is there, or the number has a bound."""
        if column.kind == "number":
            number = self._numbers[column.id]
            return either(number.has_low, number.has_high)
        return either(*self._words[column.id].values())

    def unknown(self, column: Column) -> z3.BoolRef:
        """No word is there, and the number has no bound."""
        return negation(self.known(column))

    def among(self, column: Column, words: tuple[str, ...]) -> z3.BoolRef:
        """The column is one of these words."""
        return algebra.some(self, [self._words[column.id][word] for word in words])

    def among_or_unknown(self, column: Column, words: tuple[str, ...]) -> z3.BoolRef:
        """The column is none of the other words."""
        others = tuple(word for word in column.values if word not in words)
        return negation(self.among(column, others))

    def compares(self, column: Column, end: End, sign: Sign, bound: Bound) -> z3.BoolRef:
        """The bound is there, and compares so."""
        number = self._numbers[column.id]
        there, at = (number.has_low, number.low) if end == "low" else (number.has_high, number.high)
        return both(there, _compared(at, sign, self._limit(bound)))

    def _limit(self, bound: Bound) -> z3.ArithRef:
        return z3.IntVal(bound.literal) if bound.parameter is None else self._limits[bound.parameter]


def _compared(at: z3.ArithRef, sign: Sign, limit: z3.ArithRef) -> z3.BoolRef:
    match sign:
        case "<":
            return at < limit
        case "<=":
            return at <= limit
        case ">":
            return at > limit
        case ">=":
            return at >= limit


@dataclass(frozen=True, slots=True)
class Witness:
    """A patient, and a site's parameters on the grid, who show that something can be."""

    row: Mapping[str, str | tuple[int | None, int | None]]
    parameters: Mapping[str, int]


class Encoding:
    """A guideline as terms.

    Shape:
    `words`: for each worded column, a finding's or a table's, when it is each word. `numbers`: the numbers.
    `rows`: for each row, when its cells hold and when they fail. `guards`: for each guarded table, when its
    guard fails. `parameters`: each parameter's number. `constraints`: what is so of every patient and site.
    """

    def __init__(self, guideline: Guideline, *, symbolic: bool) -> None:
        self.guideline = guideline
        self.words: dict[str, Words] = {}
        self.numbers: dict[str, Number] = {}
        self.parameters, self.constraints = _parameters(guideline, symbolic=symbolic)
        self.carrier = Terms(self.words, self.numbers, self.parameters)
        self.rows: dict[str, Outcome[z3.BoolRef]] = {}
        self.guards: dict[str, z3.BoolRef] = {}
        self._cones: dict[str, frozenset[str]] = {}
        self.findings = [column.id for column in free(guideline)]
        for name in self.findings:
            self._enter(guideline.columns[name])
        for table in guideline.tables:
            self._decide(table)

    def _enter(self, column: Column) -> None:
        finding = variables(column)
        if isinstance(finding, Number):
            self.numbers[column.id] = finding
        else:
            self.words[column.id] = finding
        self.constraints.append(possible(finding))
        self._cones[column.id] = frozenset({column.id})

    def _decide(self, table: Table) -> None:
        columns = self.guideline.columns
        inputs = [columns[name] for name in table.inputs]
        for row in table.rows:
            self.rows[row.id] = algebra.row_outcome(self.carrier, inputs, row)
        if table.guard:
            guard = columns[table.guard.finding]
            self.guards[table.id] = algebra.cell_fails(self.carrier, guard, table.guard.cell)
        known = self.carrier.known(inputs[0])
        said = algebra.choices(self.carrier, table, self.rows, known, self.guideline.parameters)
        cone = frozenset[str]().union(*(self._cones[name] for name in algebra.reads(table)))
        for column, choice in said.items():
            self.words[column] = algebra.said(
                self.carrier, choice, columns[column].values, self.guards.get(table.id)
            )
            self._cones[column] = cone

    def cone(self, column: str) -> frozenset[str]:
        """The findings that a column can depend on."""
        return self._cones[column]

    def witness(self, model: z3.ModelRef) -> Witness:
        """The patient and the site of a model; what it leaves open is unknown."""
        findings = {name: self.numbers.get(name) or self.words[name] for name in self.findings}
        row = {name: read_back(model, finding) for name, finding in findings.items()}
        site = {name: _integer(model, term) for name, term in self.parameters.items()}
        return Witness({name: value for name, value in row.items() if value is not None}, site)


def encode(guideline: Guideline, *, symbolic: bool = True) -> Encoding:
    """The guideline as terms; its parameters are unknowns when `symbolic`, else they are their values."""
    return Encoding(guideline, symbolic=symbolic)


def free(guideline: Guideline) -> list[Column]:
    """The findings, and whatever else is read that no table of this guideline gives."""
    gives = {name for table in guideline.tables for name in algebra.given(table)}
    read = {name for table in guideline.tables for name in algebra.reads(table)}
    others = [column for column in guideline.columns.values() if column.id not in gives]
    return [column for column in others if column.table is None or column.id in read]


def variables(column: Column) -> Finding:
    """Variables for one finding: a Boolean for each word, or the bounds of a number."""
    name = column.id
    if column.kind == "words":
        return {word: z3.Bool(f"{name}={word}") for word in column.values}
    return Number(
        has_low=z3.Bool(f"{name}.has_low"),
        low=z3.Int(f"{name}.low"),
        has_high=z3.Bool(f"{name}.has_high"),
        high=z3.Int(f"{name}.high"),
    )


def possible(finding: Finding) -> z3.BoolRef:
    """A finding is at most one word; the lower bound of a number is not above the upper."""
    if isinstance(finding, Number):
        bounded = both(finding.has_low, finding.has_high)
        return either(negation(bounded), finding.low <= finding.high)
    pairs = combinations(finding.values(), 2)
    return both(*(negation(both(*pair)) for pair in pairs))


def read_back(model: z3.ModelRef, finding: Finding) -> str | tuple[int | None, int | None] | None:
    """The word or interval that a finding has in a model; None when it is unknown there."""
    if not isinstance(finding, Number):
        return next((word for word, term in finding.items() if _true(model, term)), None)
    low = _integer(model, finding.low) if _true(model, finding.has_low) else None
    high = _integer(model, finding.high) if _true(model, finding.has_high) else None
    return None if low is None and high is None else (low, high)


def _true(model: z3.ModelRef, term: z3.BoolRef) -> bool:
    return z3.is_true(model.eval(term, model_completion=True))


def _integer(model: z3.ModelRef, term: z3.ArithRef) -> int:
    return cast("z3.IntNumRef", model.eval(term, model_completion=True)).as_long()


def _parameters(guideline: Guideline, *, symbolic: bool) -> tuple[dict[str, z3.ArithRef], list[z3.BoolRef]]:
    """Each parameter as a term, and what a site must keep to."""
    parameters: Mapping[str, Parameter] = guideline.parameters
    if not symbolic:
        return {name: z3.IntVal(parameter.value) for name, parameter in parameters.items()}, []
    limits = {name: z3.Int(f"{{{name}}}") for name in parameters}
    within = [
        term
        for name, parameter in parameters.items()
        for term in (limits[name] >= parameter.low, limits[name] <= parameter.high)
    ]
    above = [limits[name] > limits[one.above] for name, one in parameters.items() if one.above]
    return limits, within + above
