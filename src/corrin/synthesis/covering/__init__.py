"""Patients by construction: one for every row and edge that a format can bring about, and what is left."""

from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from multiprocessing import get_context

from corrin.guideline.model import Guideline
from corrin.synthesis.covering.carrying import FHIR, OMOP, SHEET, Carries
from corrin.synthesis.covering.cover import Cover, Unreachable
from corrin.synthesis.covering.telling import Teller
from corrin.synthesis.people import Synthetic
from corrin.synthesis.people.person import seeded

__all__ = ["FHIR", "OMOP", "SHEET", "Carries", "Covered", "cover"]


@dataclass(frozen=True, slots=True)
class Covered:
    """The patients built by the solver, and the rows and edges that no record of the format brings about."""

    people: tuple[Synthetic, ...]
    unreachable: tuple[Unreachable, ...]
    complete: bool


def cover(guideline: Guideline, as_of: date, carries: Carries, seed: int, most: int) -> Covered:
    """A patient for each row, then for each edge, numbered from 1; no more than `most` of them.

    The solver chooses among many states, and what it was asked before moves its choice: it is asked in a
    process of its own, so that the same order gives the same patients.
    """
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(found, (guideline, as_of, carries, seed, most))


def found(guideline: Guideline, as_of: date, carries: Carries, seed: int, most: int) -> Covered:
    """The same, in this process."""
    covering = Cover(guideline, as_of, carries)
    teller = Teller(guideline, as_of, carries)
    wanted = chain((("row", one) for one in covering.rows()), (("edge", one) for one in covering.edges()))
    people = tuple(
        teller.tell(one, seeded(seed, "cover", one.about), at, kind)
        for at, (kind, one) in enumerate(islice(wanted, most), 1)
    )
    return Covered(people, tuple(covering.unreachable), complete=next(wanted, None) is None)
