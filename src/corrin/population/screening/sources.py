"""What can be screened: a FHIR bulk export, an OMOP CDM, a table; and which of them lies there.

A path enters, a `Source` leaves, which every process can be handed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from corrin import findings
from corrin.guideline.model import Guideline
from corrin.population.extracting import patients
from corrin.population.extracting.patients import Lines, Share
from corrin.population.screening.shares import Part
from corrin.population.tally import Tally
from corrin.records import Record


@dataclass(frozen=True, slots=True)
class Export:
    """A FHIR bulk export whose lines were cut out."""

    lines: Lines
    memory: str

    def records(self, part: Part, rules: Guideline, tally: Tally) -> Iterator[tuple[str | None, Record]]:
        """The patients whose lines meet in this share; one that cannot be read is counted."""
        for key, joined in patients.joined(self.lines, Share(*part, self.memory), findings.codes(rules)):
            if joined.problems:
                tally.count("patients", "that cannot be read", joined.problems[-1].where)
            if len(joined.records) > 1:
                tally.count("patients", "with an id that others have too", key)
            for problem in joined.problems:
                tally.count("ignored", problem.what, problem.where)
            for name, record in joined.records:
                if not record.patient.where:
                    tally.count("patients", "without a Patient resource", key)
                yield name, record
