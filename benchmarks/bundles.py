"""Synthetic FHIR Bundles of a wanted size: one patient with the problem, among ordinary results, medicines and conditions."""

import json
import random

AS_OF = "2026-11-22"
UCUM = "http://unitsofmeasure.org"
ORDINARY = (
    ("2093-3", "mg/dL"),
    ("8480-6", "mm[Hg]"),
    ("29463-7", "kg"),
    ("6690-2", "10*3/uL"),
    ("2160-0", "mg/dL"),
    ("718-7", "g/dL"),
)


def observation(code: str, value: float, unit: str, day: str) -> dict:
    """A final laboratory result, in the shape that US Core servers send."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                    }
                ]
            }
        ],
        "code": {
            "coding": [{"system": "http://loinc.org", "code": code, "display": "a result"}],
            "text": "a result",
        },
        "subject": {"reference": "urn:uuid:p"},
        "effectiveDateTime": f"{day}T09:00:00+00:00",
        "issued": f"{day}T15:00:00.000+00:00",
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
    }


def coded(kind: str, key: str, system: str, code: str, **more: object) -> dict:
    """A condition or a medicine with one code."""
    return {
        "resourceType": kind,
        key: {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": "urn:uuid:p"},
        **more,
    }


def bundle(size: int, seed: int = 1) -> bytes:
    """A Bundle of about `size` bytes: weak legs, metformin, 98 pmol/L, and everything else ordinary."""
    chance = random.Random(seed)
    clinical = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    }
    resources = [
        {"resourceType": "Patient", "id": "p", "birthDate": "1955-04-02", "gender": "female"},
        coded(
            "Condition",
            "code",
            "http://snomed.info/sct",
            "249945007",
            clinicalStatus=clinical,
            onsetDateTime="2026-09-10",
            recordedDate="2026-11-01",
        ),
        coded(
            "MedicationRequest",
            "medicationCodeableConcept",
            "http://www.nlm.nih.gov/research/umls/rxnorm",
            "6809",
            status="active",
            intent="order",
            authoredOn="2025-12-01",
        ),
        observation("14685-2", 98, "pmol/L", "2026-11-20"),
    ]
    length = len(json.dumps(resources))
    while length < size:
        code, unit = chance.choice(ORDINARY)
        resource = observation(
            code,
            round(chance.uniform(1, 200), 1),
            unit,
            f"20{chance.randint(10, 26)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        )
        resources.append(resource)
        length += len(json.dumps(resource)) + 60
    entries = [
        {"fullUrl": "urn:uuid:p" if index == 0 else f"urn:uuid:{index}", "resource": resource}
        for index, resource in enumerate(resources)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
