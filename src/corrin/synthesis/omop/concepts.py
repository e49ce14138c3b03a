"""The concepts of a made-up CDM: codes of the value sets, findings by their own ids, units, and products.

A guideline enters, concept ids leave. They are local: the CDM reserves numbers from two thousand million
on for that.
"""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from corrin.guideline.model import Guideline
from corrin.intake.omop import terms
from corrin.records import Code

FIRST = 2_000_000_001
_DRUGS = terms.DRUG_SYSTEMS
_LOCAL = "Synthetic"
_UNITS = "UCUM"
_CLASSES = {
    "snomed": "Clinical Finding",
    "loinc": "Lab Test",
    "icd10cm": "5-char billing code",
    "hpo": "Phenotype",
}
_VOCABULARIES = {short: name for name, short in terms.VOCABULARIES.items()}
ALLERGY, VITAL = "Allergy to", "A vital sign"


class Concept(NamedTuple):
    """One row of the table concept, without its id."""

    name: str
    domain: str
    vocabulary: str
    kind: str
    code: str


class Concepts:
    """Local ids of everything that rows of one guideline's findings speak of."""

    def __init__(self, guideline: Guideline) -> None:
        self.known: dict[Concept, int] = {}
        self.ids: dict[Code, int] = {}
        self.products: dict[int, int] = {}
        self.units: dict[str, int] = {}
        findings = guideline.declared.findings
        for entry in guideline.declared.codes:
            self._coded(Code(entry.system, entry.code), findings[entry.finding].label)
        for each in findings.values():
            own = Concept(each.label, "Observation", _VOCABULARIES["corrin"], "Question", each.id)
            self.ids[Code("corrin", each.id)] = self._add(own)
        for unit in dict.fromkeys(
            one.spellings[0] for one in guideline.declared.conversions if one.spellings[0]
        ):
            self.units[unit] = self._add(Concept(unit, "Unit", _UNITS, "Unit", unit))
        self.allergy = self._add(Concept(ALLERGY, "Observation", _LOCAL, "Observable Entity", ALLERGY))
        self.vital = self._add(Concept(VITAL, "Measurement", _LOCAL, "Clinical Observation", VITAL))

    def _coded(self, code: Code, label: str) -> None:
        if code in self.ids:
            return
        drug = code.system in _DRUGS
        kind = "Ingredient" if drug else _CLASSES[code.system]
        number = self._add(
            Concept(label, "Drug" if drug else "", _VOCABULARIES[code.system], kind, code.code)
        )
        self.ids[code] = number
        if drug:
            product = f"{label}, product of {code.code}"
            self.products[number] = self._add(Concept(product, "Drug", _LOCAL, "Clinical Drug", product))

    def _add(self, concept: Concept) -> int:
        return self.known.setdefault(concept, FIRST + len(self.known))

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """The rows of the vocabulary's tables."""
        for concept, number in self.known.items():
            standard = "" if concept.vocabulary == _VOCABULARIES["icd10cm"] else "S"
            yield "concept", _row(number, *concept[:4], standard, concept.code)
        for ingredient, product in self.products.items():
            yield "concept_ancestor", _row(ingredient, product, 1, 1)


def _row(*cells: object) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()
