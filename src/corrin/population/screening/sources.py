"""What can be screened: a FHIR bulk export, an OMOP CDM, a table; and which of them lies there.

A path or an address enters, a `Source` leaves, which every process can be handed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corrin import findings
from corrin.errors import InputError, Problem, UsageError
from corrin.guideline.model import Guideline
from corrin.intake import omop, rows
from corrin.intake.declared import NONE, Parts
from corrin.intake.omop import sitemap
from corrin.population import dictionary
from corrin.population.extracting import patients
from corrin.population.extracting.patients import Lines, Room, Share
from corrin.population.screening.shares import Part, Source
from corrin.population.tally import Tally
from corrin.records import Record

FHIR, OMOP, TABLE = "fhir", "omop", "table"
FORMS = (FHIR, OMOP, TABLE)

_THERE = (
    "Name the folder of a FHIR R4 bulk export, an OMOP CDM (a folder, a DuckDB file, postgresql://...),"
    " or a CSV or Parquet file."
)
PATIENTS = 15_000
"""Patients of a CDM or a table that make one share."""


@dataclass(frozen=True, slots=True)
class Export:
    """A FHIR bulk export whose lines were cut out."""

    lines: Lines
    room: Room
    complete: Parts = NONE

    def records(self, part: Part, rules: Guideline, tally: Tally) -> Iterator[tuple[str | None, Record]]:
        """The patients whose lines meet in this share; one that cannot be read is counted."""
        share, wanted = Share(*part, self.room), findings.codes(rules)
        for key, joined in patients.joined(self.lines, share, wanted, self.complete):
            yield from patients.counted(key, joined, tally)


@dataclass(frozen=True, slots=True)
class Cdm:
    """An OMOP CDM, wherever it lies, and how the site's own concepts are to be read."""

    where: str
    site_map: Path | None
    complete: Parts = NONE

    def records(self, part: Part, rules: Guideline, tally: Tally) -> Iterator[tuple[str | None, Record]]:
        """The persons of one share."""
        wanted = findings.codes(rules)
        known = sitemap.load(self.site_map, wanted) if self.site_map else sitemap.EMPTY
        watch = dictionary.read(rules).watch
        read = omop.read(
            self.where, wanted, part, site_map=known, tally=tally, complete=self.complete, watch=watch
        )
        for record in read:
            yield None, record


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV or Parquet file of findings or results, and what its columns are called."""

    path: Path
    columns: Path | None
    complete: Parts = NONE

    def records(self, part: Part, rules: Guideline, tally: Tally) -> Iterator[tuple[str | None, Record]]:
        """The patients of one share."""
        named = rows.load(self.columns) if self.columns else rows.Columns()
        wanted, complete = findings.codes(rules), self.complete
        for record in rows.read(self.path, wanted, part, columns=named, tally=tally, complete=complete):
            yield None, record


def form(where: str, asked: str | None) -> str:
    """Which of the forms lies there: what was asked for, else what its content says.

    Errors: `UsageError` for a form that there is not, `InputError` where nothing lies.
    """
    if "://" not in where and not Path(where).exists():
        raise InputError(Problem(where, "is not there", _THERE))
    if asked is not None:
        if asked not in FORMS:
            raise UsageError(Problem("--format", f"{asked!r} is no form", f"Say one of {', '.join(FORMS)}."))
        return asked
    if omop.recognises(where):
        return OMOP
    return TABLE if rows.recognises(where) else FHIR


def shares_of(
    where: str, source: str, names: Path | None, jobs: int, complete: Parts = NONE
) -> tuple[Source, int]:
    """A CDM or a table as something that can be shared out, and into how many shares.

    Errors: `InputError` where it is none, or cannot be reached.
    """
    made: Source = Cdm(where, names, complete) if source == OMOP else Table(Path(where), names, complete)
    count: Callable[[str], int | None] = omop.count if source == OMOP else rows.count
    return made, max(jobs, -(-(count(where) or 0) // PATIENTS))
