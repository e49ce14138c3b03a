"""Shapes of the resources that fill an export, after US Core, with places to fill.

A dictionary of codes and ranges enters, resources with `@id@`, `@patient@`, `@when@`, `#value#` leave.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

Resource = dict[str, Any]
Ranged = tuple[Resource, float, float]

CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
TERMS = "http://terminology.hl7.org/CodeSystem/"
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM, CVX = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/cvx"
UCUM = "http://unitsofmeasure.org"
SPAN = 3650
"""Days over which visits are spread."""
OPEN_MINUTES = 540
_OPENING = 8 * 60
_VISIT = 30
_HOUR = 60
_EPOCH = date(1970, 1, 1).toordinal()
_SITES = 12


def moments(day: int, minute: int) -> tuple[bytes, bytes, bytes]:
    """The beginning and the end of a visit, and its day."""
    on = date.fromordinal(_EPOCH + day).isoformat()
    first, last = _OPENING + minute, _OPENING + minute + _VISIT
    clock = "{}T{:02}:{:02}:00+00:00".format
    begins, ends = clock(on, *divmod(first, _HOUR)), clock(on, *divmod(last, _HOUR))
    return begins.encode(), ends.encode(), on.encode()


def coding(system: str, code: str, display: str = "") -> Resource:
    """One code, with what it is called when that is known."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(system: str, code: str, display: str = "", text: str = "") -> Resource:
    """A concept of one code."""
    said = text or display
    return {"coding": [coding(system, code, display)]} | ({"text": said} if said else {})


def narrative(text: str) -> Resource:
    """What a person reads."""
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{text}</p></div>'}


class Shapes:
    """Resources of each type; `prefix` stands before every address."""

    def __init__(self, shares: Mapping[str, Any], prefix: str) -> None:
        self.shares = shares
        self.prefix = prefix

    def ref(self, kind: str, name: str, display: str = "") -> Resource:
        """A reference, relative or absolute."""
        where = f"{self.prefix}{name}" if self.prefix.startswith("urn:") else f"{self.prefix}{kind}/{name}"
        return {"reference": where} | ({"display": display} if display else {})

    def variants(self, kind: str, notes: Sequence[str]) -> Iterator[Ranged]:
        """Every variant of a type, with the range of its number."""
        if kind == "DocumentReference":
            yield from ((self._note(note), 0, 0) for note in notes)
            return
        shape, listed = {
            "Encounter": (self._encounter, "encounter"),
            "vital": (self._vital, "vital"),
            "Claim": (self._claim, "encounter"),
            "ExplanationOfBenefit": (self._benefit, "encounter"),
            "Procedure": (self._procedure, "procedure"),
            "Condition": (self._condition, "condition"),
            "MedicationRequest": (self._medicine, "medicine"),
            "Immunization": (self._vaccine, "vaccine"),
            "AllergyIntolerance": (self._allergy, "medicine"),
            "ServiceRequest": (self._request, "panel"),
            "CarePlan": (self._care, "encounter"),
        }[kind]
        for one in self.shares[listed]:
            yield shape(one), one.get("low", 50), one.get("high", 900)

    def panels(self, notes: Sequence[str]) -> Iterator[tuple[Resource, list[Ranged]]]:
        """Each report with its results."""
        for at, panel in enumerate(self.shares["panel"]):
            results = [(self._result(one), one["low"], one["high"]) for one in panel["result"]]
            yield self._report(panel, notes[at]), results

    def _base(self, kind: str, profile: str, subject: str = "subject") -> Resource:
        meta = {"versionId": "1", "lastUpdated": "@end@", "profile": [CORE + profile]}
        return {"resourceType": kind, "id": "@id@", "meta": meta, subject: self.ref("Patient", "@patient@")}

    def _performer(self, kind: str = "Practitioner") -> Resource:
        return self.ref(kind, f"{kind.lower()}-1", "A clinic" if kind == "Organization" else "A clinician")

    def _encounter(self, one: Mapping[str, str]) -> Resource:
        return self._base("Encounter", "encounter") | {
            "text": narrative(f"{one['display']}, @day@"),
            "identifier": [{"use": "official", "system": "urn:example:encounters", "value": "@encounter@"}],
            "status": "finished",
            "class": coding(f"{TERMS}v3-ActCode", "AMB"),
            "type": [concept(SNOMED, one["code"], one["display"])],
            "participant": [
                {
                    "type": [concept(f"{TERMS}v3-ParticipationType", "PPRF", "primary performer")],
                    "period": {"start": "@when@", "end": "@end@"},
                    "individual": self._performer(),
                }
            ],
            "period": {"start": "@when@", "end": "@end@"},
            "location": [{"location": self.ref("Location", "location-1", "A clinic")}],
            "serviceProvider": self._performer("Organization"),
        }

    def _observation(self, one: Mapping[str, Any], category: str, profile: str) -> Resource:
        return self._base("Observation", profile) | {
            "text": narrative(f"{one['display']}: @value@ {one['unit']}"),
            "status": "final",
            "category": [concept(f"{TERMS}observation-category", category, category)],
            "code": concept(LOINC, one["code"], one["display"]),
            "encounter": self.ref("Encounter", "@encounter@"),
            "effectiveDateTime": "@when@",
            "issued": "@end@",
            "performer": [self._performer()],
            "valueQuantity": {"value": "#value#", "unit": one["unit"], "system": UCUM, "code": one["unit"]},
        }

    def _vital(self, one: Mapping[str, Any]) -> Resource:
        return self._observation(one, "vital-signs", "vital-signs")

    def _result(self, one: Mapping[str, Any]) -> Resource:
        limits = {
            "low": {"value": one["low"], "unit": one["unit"]},
            "high": {"value": one["high"], "unit": one["unit"]},
        }
        return self._observation(one, "laboratory", "observation-lab") | {"referenceRange": [limits]}

    def _report(self, panel: Mapping[str, Any], note: str) -> Resource:
        return self._base("DiagnosticReport", "diagnosticreport-lab") | {
            "text": narrative(panel["display"]),
            "status": "final",
            "category": [concept(f"{TERMS}v2-0074", "LAB", "Laboratory")],
            "code": concept(LOINC, panel["code"], panel["display"]),
            "encounter": self.ref("Encounter", "@encounter@"),
            "effectiveDateTime": "@when@",
            "issued": "@end@",
            "performer": [self._performer("Organization")],
            "result": [
                self.ref("Observation", f"@r{at}@", one["display"]) for at, one in enumerate(panel["result"])
            ],
            "presentedForm": [{"contentType": "text/plain", "data": note}],
        }

    def _note(self, note: str) -> Resource:
        return self._base("DocumentReference", "documentreference") | {
            "status": "current",
            "type": {"text": "Progress note"},
            "category": [{"text": "Clinical note"}],
            "date": "@end@",
            "author": [self._performer()],
            "custodian": self._performer("Organization"),
            "content": [{"attachment": {"contentType": "text/plain", "language": "en", "data": note}}],
            "context": {
                "encounter": [self.ref("Encounter", "@encounter@")],
                "period": {"start": "@when@", "end": "@end@"},
            },
        }

    def _bill(self, kind: str, one: Mapping[str, str]) -> Resource:
        product = concept(SNOMED, one["code"], one["display"])
        return self._base(kind, kind.lower(), "patient") | {
            "status": "active",
            "type": concept(f"{TERMS}claim-type", "professional"),
            "use": "claim",
            "billablePeriod": {"start": "@when@", "end": "@end@"},
            "created": "@end@",
            "provider": self._performer("Organization"),
            "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "A payer"}}],
            "item": [
                {
                    "sequence": 1,
                    "productOrService": product,
                    "encounter": [self.ref("Encounter", "@encounter@")],
                    "net": {"value": "#value#", "currency": "USD"},
                }
            ],
        }

    def _claim(self, one: Mapping[str, str]) -> Resource:
        return self._bill("Claim", one) | {
            "priority": concept(f"{TERMS}processpriority", "normal"),
            "total": {"value": "#value#", "currency": "USD"},
        }

    def _benefit(self, one: Mapping[str, str]) -> Resource:
        bill = self._bill("ExplanationOfBenefit", one)
        bill["insurance"] = [{"focal": True, "coverage": {"display": "A payer"}}]
        money = [
            {
                "category": concept(f"{TERMS}adjudication", code),
                "amount": {"value": "#value#", "currency": "USD"},
            }
            for code in ("submitted", "copay", "eligible", "deductible", "benefit")
        ]
        bill["item"] = [
            bill["item"][0]
            | {"sequence": at, "locationCodeableConcept": {"text": "A clinic"}, "adjudication": money}
            for at in (1, 2, 3, 4)
        ]
        return bill | {
            "identifier": [{"system": "urn:example:claims", "value": "@claim@"}],
            "insurer": {"display": "A payer"},
            "claim": self.ref("Claim", "@claim@"),
            "outcome": "complete",
            "careTeam": [{"sequence": 1, "provider": self._performer(), "role": {"text": "Primary"}}],
            "total": [
                {"category": concept(f"{TERMS}adjudication", "submitted"), "amount": {"value": "#value#"}}
            ],
            "payment": {"amount": {"value": "#value#", "currency": "USD"}},
        }

    def _procedure(self, one: Mapping[str, str]) -> Resource:
        return self._base("Procedure", "procedure") | {
            "text": narrative(one["display"]),
            "status": "completed",
            "code": concept(SNOMED, one["code"], one["display"]),
            "encounter": self.ref("Encounter", "@encounter@"),
            "performedPeriod": {"start": "@when@", "end": "@end@"},
        }

    def _condition(self, one: Mapping[str, str]) -> Resource:
        return self._base("Condition", "condition-encounter-diagnosis") | {
            "text": narrative(one["display"]),
            "clinicalStatus": concept(f"{TERMS}condition-clinical", "resolved"),
            "verificationStatus": concept(f"{TERMS}condition-ver-status", "confirmed"),
            "category": [concept(f"{TERMS}condition-category", "encounter-diagnosis")],
            "code": concept(SNOMED, one["code"], one["display"]),
            "encounter": self.ref("Encounter", "@encounter@"),
            "onsetDateTime": "@when@",
            "abatementDateTime": "@end@",
            "recordedDate": "@when@",
        }

    def _medicine(self, one: Mapping[str, str]) -> Resource:
        return self._base("MedicationRequest", "medicationrequest") | {
            "text": narrative(one["display"]),
            "status": "completed",
            "intent": "order",
            "category": [concept(f"{TERMS}medicationrequest-category", "community")],
            "medicationCodeableConcept": concept(RXNORM, one["code"], one["display"]),
            "encounter": self.ref("Encounter", "@encounter@"),
            "authoredOn": "@when@",
            "requester": self._performer(),
            "dosageInstruction": [
                {"sequence": 1, "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}
            ],
        }

    def _vaccine(self, one: Mapping[str, str]) -> Resource:
        return self._base("Immunization", "immunization", "patient") | {
            "status": "completed",
            "vaccineCode": concept(CVX, one["code"], one["display"]),
            "encounter": self.ref("Encounter", "@encounter@"),
            "occurrenceDateTime": "@when@",
            "primarySource": True,
        }

    def _allergy(self, one: Mapping[str, str]) -> Resource:
        return self._base("AllergyIntolerance", "allergyintolerance", "patient") | {
            "clinicalStatus": concept(f"{TERMS}allergyintolerance-clinical", "active"),
            "verificationStatus": concept(f"{TERMS}allergyintolerance-verification", "confirmed"),
            "code": concept(RXNORM, one["code"], one["display"]),
            "recordedDate": "@when@",
        }

    def _request(self, one: Mapping[str, Any]) -> Resource:
        return self._base("ServiceRequest", "servicerequest") | {
            "status": "completed",
            "intent": "order",
            "code": concept(LOINC, one["code"], one["display"]),
            "encounter": self.ref("Encounter", "@encounter@"),
            "authoredOn": "@when@",
            "requester": self._performer(),
        }

    def _care(self, one: Mapping[str, str]) -> Resource:
        return self._base("CarePlan", "careplan") | {
            "text": narrative(f"Plan made at: {one['display']}"),
            "status": "completed",
            "intent": "order",
            "category": [{"text": "Assessment and plan"}],
            "encounter": self.ref("Encounter", "@encounter@"),
            "period": {"start": "@when@", "end": "@end@"},
        }
