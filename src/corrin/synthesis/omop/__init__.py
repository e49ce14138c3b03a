"""A made-up patient as rows of the OMOP CDM 5.4, in one CSV file for each table.

A `Synthetic` enters, rows leave, with the few concepts they use. Concept ids are local (2,000,000,001
on): the codes are those of the guideline's value sets, and the numbers say nothing outside this folder.
"""

from collections.abc import Iterator, Mapping
from random import Random

from corrin.guideline.model import Guideline
from corrin.synthesis import covering
from corrin.synthesis.omop.concepts import Concepts
from corrin.synthesis.omop.rows import COLUMNS, Rows, header
from corrin.synthesis.people import Synthetic
from corrin.synthesis.shares import Shares

__all__ = ["Cdm"]

Line = tuple[str, bytes]


class Cdm:
    """Prints patients as rows of the tables of a CDM."""

    carries = covering.OMOP
    suffix = ".csv"

    def __init__(self, guideline: Guideline, shares: Shares, *, filled: bool) -> None:
        """`filled` adds visits and measurements that nobody asks for."""
        self.concepts = Concepts(guideline)
        self.shares = shares
        self.filled = filled
        self.headers: Mapping[str, bytes] = {table: header(table) for table in COLUMNS}

    def name(self, one: Synthetic) -> str:
        """What the format calls a patient: the person_id."""
        return str(int((one.patient.id or "").rpartition("-")[2]))

    def joined(self, _kind: str) -> bool:
        """Each table is one file."""
        return True

    def lines(self, one: Synthetic, rng: Random) -> Iterator[Line]:
        """The rows of one person."""
        rows = Rows(self.concepts, self.shares, rng, int(self.name(one)))
        yield rows.person(one.patient)
        yield from rows.death(one.patient)
        corrected = {event.identity for event in one.events if event.status == "corrected"}
        for event in one.events:
            if event.status == "corrected" or not event.identity or event.identity not in corrected:
                yield from rows.event(event)
        if self.filled:
            yield from rows.filler()

    def common(self) -> Iterator[Line]:
        """The vocabulary, and the sites."""
        yield from self.concepts.lines()
        for site in range(int(self.shares.people["sites"])):
            yield "care_site", f"{site + 1},site-{site + 1},site-{site + 1}\n".encode()
