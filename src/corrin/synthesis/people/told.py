"""What a source says of one finding: by a verified code of its value sets, or under the finding's own id.

A finding and what is meant enter, an `Event` leaves. No code stands here: they are those of the guideline.
"""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from corrin.guideline.declared import CodeEntry, Conversion, Finding
from corrin.guideline.model import Guideline
from corrin.records import Code, Event, Quantity, When

OWN = "corrin"
"""The system of findings that are sent by their own ids."""

DRUGS = frozenset({"rxnorm", "atc"})
PROCEDURES = "procedures"
"""The part of a record whose completeness would answer no: the finding is an operation."""

STATED: Mapping[str, tuple[str, frozenset[str]]] = {
    "present": ("condition", frozenset({"snomed", "icd10cm", "hpo"})),
    "ever": ("condition", frozenset({"snomed", "icd10cm"})),
    "family": ("family", frozenset({"snomed", "icd10cm"})),
    "allergy": ("allergy", frozenset({"snomed", "rxnorm", "atc"})),
    "taken": ("medicine", frozenset({"rxnorm", "atc"})),
    "current": ("medicine", frozenset({"rxnorm", "atc"})),
    "given": ("medicine", DRUGS | {"snomed"}),
    "order": ("order", frozenset({"loinc"})),
    "result": ("observation", frozenset({"loinc"})),
}
"""How a source says that something is so, by what counts for it: the kind of event, and the code systems."""


class Vocabulary:
    """The codes and units of one guideline, by finding."""

    def __init__(self, guideline: Guideline) -> None:
        self.findings = guideline.declared.findings
        self.codes: dict[str, tuple[CodeEntry, ...]] = {}
        self.units: dict[str, tuple[Conversion, ...]] = {}
        for finding in self.findings.values():
            if finding.counts in STATED and finding.asked:
                self.codes[finding.id] = self._entries(guideline, finding)
            if finding.kind == "number":
                self.units[finding.id] = tuple(
                    each for each in guideline.declared.conversions if each.assay == finding.assay
                )

    def _entries(self, guideline: Guideline, finding: Finding) -> tuple[CodeEntry, ...]:
        _, systems = STATED[finding.counts]
        sets = {finding.id, *finding.codes}
        words = finding.words or {}
        strong = {word for word, said in words.items() if said} & {"strong"}
        return tuple(
            each
            for each in guideline.declared.codes
            if each.finding in sets
            and each.system in systems
            and (each.means == "strong" if finding.strength else each.means in {"", *strong})
        )

    def kind(self, finding: Finding, code: Code) -> str:
        """The kind of event that says it: an operation is a procedure, and so is a coded injection."""
        kind = STATED[finding.counts][0]
        operation = kind == "condition" and PROCEDURES in finding.absent_when_complete
        injection = kind == "medicine" and code.system not in DRUGS
        return "procedure" if code.system == "snomed" and (operation or injection) else kind

    def coded(self, rng: Random, finding: Finding) -> Code | None:
        """A verified code for the finding, if there is one."""
        entries = self.codes.get(finding.id)
        if not entries:
            return None
        entry = entries[int(rng.random() * len(entries))]
        return Code(entry.system, entry.code)


def answer(
    finding: Finding, when: When | None, said: str | None = None, quantity: Quantity | None = None
) -> Event:
    """The finding by its own id: yes, no, a word, or a number."""
    word = None if said in {None, "yes", "no"} else said
    return Event(
        "observation",
        (Code(OWN, finding.id),),
        "",
        finding.label,
        quantity=quantity,
        word=word,
        start=when,
        end=when,
        status="final",
        polarity="absent" if said == "no" else "present",
    )


def dated(finding: Finding, day: When, when: When) -> Event:
    """A finding that is a date."""
    return Event(
        "observation",
        (Code(OWN, finding.id),),
        "",
        finding.label,
        date=day,
        start=when,
        end=when,
        status="final",
    )


def number(steps: int, grid: int) -> Decimal:
    """Steps of the grid as they are written."""
    return (Decimal(steps) / grid).normalize() if steps % grid else Decimal(steps // grid)
