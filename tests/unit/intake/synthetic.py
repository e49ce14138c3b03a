"""Small FHIR resources for tests, each sound unless something is changed."""

import json
from typing import Any

PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1955-03-14", "gender": "female"}
SUBJECT = {"reference": "Patient/p"}


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def observation(**changed: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded("http://loinc.org", "2132-9"),
        "subject": SUBJECT,
        "effectiveDateTime": "2026-11-10",
        "valueQuantity": {
            "value": 140,
            "unit": "pg/mL",
            "system": "http://unitsofmeasure.org",
            "code": "pg/mL",
        },
        **changed,
    }


def condition(**changed: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        "verificationStatus": coded(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"
        ),
        "code": coded("http://snomed.info/sct", "249945007"),
        "subject": SUBJECT,
        "recordedDate": "2026-11-01",
        **changed,
    }


def medicine(kind: str = "MedicationRequest", **changed: Any) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "6809"),
        "subject": SUBJECT,
        "authoredOn": "2026-10-01",
        **changed,
    }


def bundle(*resources: Any, **more: Any) -> bytes:
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **more}).encode()
