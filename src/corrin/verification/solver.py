"""The solver, and the few things asked of it: is this possible, and if so, of what simplest patient.

Z3 has no types that hold, so that everything said to it directly is said here or in `readings.smt`.
"""

# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeVar, cast

import z3

Term = z3.BoolRef
Number = z3.ArithRef
Model = z3.ModelRef
Answer = Literal["possible", "impossible", "undecided"]
AnyTerm = TypeVar("AnyTerm", z3.BoolRef, z3.ArithRef)


def version() -> str:
    """The solver and its version."""
    return f"z3 {z3.get_version_string()}"


def substitute(term: AnyTerm, replaced: Sequence[tuple[z3.ExprRef, z3.ExprRef]]) -> AnyTerm:
    """A term with variables replaced; parts without them stay the same term."""
    return cast("AnyTerm", z3.substitute(term, *replaced))


def same(one: z3.ExprRef, other: z3.ExprRef) -> bool:
    """Two terms are one and the same."""
    return bool(one.eq(other))


def equal(one: Number, other: Number | int) -> Term:
    """Two numbers are equal."""
    return cast("Term", one == other)


def multiple(number: Number, of: int) -> Term:
    """The number is a multiple of another."""
    return equal(number % of, 0)


def two_of(terms: Iterable[Term]) -> Term:
    """At least two of the terms."""
    return z3.AtLeast(*terms, 2)


class Solver:
    """One space of states; what was learned from one question serves the next."""

    def __init__(self, constraints: Iterable[Term]) -> None:
        self._solver = z3.SolverFor("QF_LIA")
        self._solver.add(*constraints)

    def ask(self, *terms: Term) -> Answer:
        """Whether there is a state in which all these terms hold."""
        self._solver.push()
        self._solver.add(*terms)
        answer = self._solver.check()
        self._solver.pop()
        if answer == z3.unknown:
            return "undecided"
        return "possible" if answer == z3.sat else "impossible"

    def simplest(self, term: Term, wishes: Iterable[Term]) -> Model:
        """A state in which a possible term holds, and as many wishes as can be, the first ones first."""
        self._solver.push()
        self._solver.add(term)
        granted: list[Term] = []
        for wish in wishes:
            if self._solver.check(*granted, wish) == z3.sat:
                granted.append(wish)
        self._solver.check(*granted)
        model = self._solver.model()
        self._solver.pop()
        return model

    def find(self, *terms: Term) -> Model | None:
        """A state in which all these terms hold; None where there is none."""
        self._solver.push()
        self._solver.add(*terms)
        model = self._solver.model() if self._solver.check() == z3.sat else None
        self._solver.pop()
        return model

    def blamed(self, named: Mapping[str, Term], *terms: Term) -> tuple[str, ...]:
        """Which of the named terms, together, leave no state in which the others hold."""
        self._solver.push()
        self._solver.add(*terms)
        names = {z3.Bool(f"because {name}"): name for name in named}
        for because, name in names.items():
            self._solver.add(z3.Implies(because, named[name]))
        self._solver.check(*names)
        core = {str(one) for one in cast("Iterable[Term]", self._solver.unsat_core())}
        self._solver.pop()
        return tuple(name for because, name in names.items() if str(because) in core)
