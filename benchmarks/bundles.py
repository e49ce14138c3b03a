"""Synthetic FHIR Bundles of a wanted size: one patient with the problem, among ordinary results, medicines and conditions."""

import json
import random

AS_OF = "2026-11-22"
UCUM = "http://unitsofmeasure.org"
ORDINARY = (
    ("2093-3", "mg/dL", 120, 280),
    ("8480-6", "mm[Hg]", 100, 170),
    ("29463-7", "kg", 50, 110),
    ("6690-2", "10*3/uL", 4, 11),
    ("2160-0", "mg/dL", 0.6, 1.4),
    ("718-7", "g/dL", 11, 16),
    ("787-2", "fL", 82, 99),
    ("2823-3", "mmol/L", 3.5, 5),
)
"""Results that any chart holds; the last four speak of findings."""


def observation(code: str, value: float, unit: str, day: str, number: int = 0) -> dict:
    """A final laboratory result, in the shape that US Core servers send."""
    return {
        "resourceType": "Observation",
        "id": f"9c8bcccd-f95d-456d-95e0-{number:012}",
        "meta": {"versionId": "1", "lastUpdated": f"{day}T15:00:00.000+00:00"},
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                        "display": "Laboratory",
                    }
                ]
            }
        ],
        "code": {
            "coding": [{"system": "http://loinc.org", "code": code, "display": "a result"}],
            "text": "a result",
        },
        "subject": {"reference": "urn:uuid:p"},
        "encounter": {"reference": f"urn:uuid:e{number // 8}"},
        "effectiveDateTime": f"{day}T09:00:00+00:00",
        "issued": f"{day}T15:00:00.000+00:00",
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
    }


def coded(kind: str, key: str, system: str, code: str, **more: object) -> dict:
    """A condition, a medicine or a visit with one code."""
    return {
        "resourceType": kind,
        key: {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": "urn:uuid:p"},
        **more,
    }


def visit(day: str, number: int) -> list[dict]:
    """A visit: eight results, the visit itself and its claim, which this guideline does not read."""
    return [
        coded(
            "Encounter",
            "type",
            "http://snomed.info/sct",
            "185345009",
            id=f"e{number}",
            status="finished",
            period={"start": day, "end": day},
        ),
        {
            "resourceType": "Claim",
            "status": "active",
            "use": "claim",
            "patient": {"reference": "urn:uuid:p"},
            "created": day,
            "item": [
                {
                    "sequence": n,
                    "productOrService": {"text": "a result"},
                    "encounter": [{"reference": f"urn:uuid:e{number}"}],
                }
                for n in range(8)
            ],
        },
    ]


def billed(day: str, number: int) -> list[dict]:
    """What a whole export holds of a visit beside its results: bills, vaccines, reports, procedures."""
    reference = [{"reference": f"urn:uuid:e{number}"}]
    lines = [
        {
            "sequence": n,
            "encounter": reference,
            "servicedPeriod": {"start": day, "end": day},
            "productOrService": {
                "coding": [{"system": "http://snomed.info/sct", "code": "430193006"}],
                "text": "a service",
            },
            "adjudication": [
                {
                    "category": {"coding": [{"system": "https://example.org/adjudication", "code": code}]},
                    "amount": {"value": 10.5, "currency": "USD"},
                }
                for code in ("coinsurance", "eligible", "deductible", "benefit")
            ],
        }
        for n in range(4)
    ]
    bill = {
        "resourceType": "ExplanationOfBenefit",
        "status": "active",
        "use": "claim",
        "patient": {"reference": "urn:uuid:p"},
        "created": day,
        "item": lines,
    }
    vaccine = coded(
        "Immunization",
        "vaccineCode",
        "http://hl7.org/fhir/sid/cvx",
        "140",
        status="completed",
        occurrenceDateTime=day,
    )
    report = coded(
        "DiagnosticReport",
        "code",
        "http://loinc.org",
        "58410-2",
        status="final",
        effectiveDateTime=day,
        result=reference * 8,
    )
    procedure = coded(
        "Procedure", "code", "http://snomed.info/sct", "430193006", status="completed", performedDateTime=day
    )
    return [bill, vaccine, report, procedure]


def bundle(size: int, seed: int = 1, *, whole: bool = False) -> bytes:
    """A Bundle of at most `size` bytes: weak legs, metformin, 98 pmol/L, and everything else ordinary.

    All of it results and visits, as a laboratory or a prefetch sends; or a `whole` export, bills included.
    """
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
    length, number = len(json.dumps(resources)) + 300, 0
    while True:
        day = f"20{chance.randint(10, 26)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}"
        some = visit(day, number) + (billed(day, number) if whole else [])
        for code, unit, low, high in ORDINARY:
            number += 1
            some.append(observation(code, round(chance.uniform(low, high), 1), unit, day, number))
        for resource in some:
            length += len(json.dumps(resource)) + 48
            if length > size:
                return written(resources)
            resources.append(resource)


def written(resources: list[dict]) -> bytes:
    """The resources as the entries of a collection."""
    entries = [
        {"fullUrl": "urn:uuid:p" if index == 0 else f"urn:uuid:{index}", "resource": resource}
        for index, resource in enumerate(resources)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
