"""The worklist as FHIR: a Group of people for each gap, and for each person a DetectedIssue.

An entry of the worklist enters, a resource leaves; the members of a Group leave one after the other, so that
ten million of them never stand in memory. An issue is preliminary: a clinician has yet to look.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from corrin.answers.text.layout import capital
from corrin.exports.fhir.coordinates import Coordinates
from corrin.exports.fhir.elements import Json, own, pruned
from corrin.exports.population.printing import line

STATUS = "preliminary"
"""The status of a DetectedIssue that nobody has confirmed."""
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Words:
    """A gap as it is told: its id and its label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the worklist: the worst gap, why, what comes next, the other open gaps, and the facts.

    Shape: `facts` have `finding`, `text` and `place`; `severity` is FHIR's word, if there is one.
    """

    patient: str
    gap: Words
    reason: str
    action: str
    severity: str | None
    others: tuple[str, ...]
    facts: tuple[Mapping[str, str], ...]


def issue(coordinates: Coordinates, entry: Entry, as_of: str) -> Json:
    """What is to be looked at in one person, why, on which facts, and what is recommended."""
    more = f" Also open: {'; '.join(entry.others)}." if entry.others else ""
    return pruned(
        {
            "resourceType": "DetectedIssue",
            "id": sha256(f"{entry.gap.id}|{entry.patient}".encode()).hexdigest()[:32],
            "status": STATUS,
            "code": own(coordinates, "gap", entry.gap.id, entry.gap.label),
            "severity": entry.severity,
            "patient": person(entry.patient),
            "identifiedDateTime": as_of,
            "evidence": [{"code": [{"text": _fact(coordinates, one)}]} for one in entry.facts],
            "detail": f"{capital(entry.reason)}.{more}",
            "mitigation": [{"action": {"text": entry.action}}] if entry.action else [],
        }
    )


def group_parts(coordinates: Coordinates, gap: Words, number: int, members: Iterable[str]) -> Iterator[str]:
    """A Group of the people for whom a gap is open, as pieces of one line of NDJSON.

    Shape: `number` is how many `members` there are; with nobody the Group is there, and empty.
    """
    head = line(
        {
            "resourceType": "Group",
            "id": f"{coordinates.id}-{gap.id}"[:64],
            "type": "person",
            "actual": True,
            "code": own(coordinates, "gap", gap.id, gap.label),
            "name": gap.label,
            "quantity": number,
        }
    )
    yield head[:-1]
    before = ',"member":['
    for member in members:
        yield f"{before}{line({'entity': person(member)})}"
        before = ","
    yield "]}\n" if number else "}\n"


def person(patient: str) -> Json:
    """Whom it is about: a reference where the id may stand in one, else the id as an identifier."""
    if _ID.fullmatch(patient):
        return {"reference": f"Patient/{patient}"}
    return {"identifier": {"value": patient}}


def _fact(coordinates: Coordinates, fact: Mapping[str, str]) -> str:
    """A fact as a person reads it, and where it stood."""
    finding = coordinates.guideline.declared.findings.get(fact["finding"])
    label = finding.label if finding else fact["finding"]
    said = label if fact["text"] == label else f"{label}: {fact['text']}"
    return f"{said} ({fact['place']})" if fact.get("place") else said
