"""A thousand synthetic charts of people who do not have the problem, as FHIR Bundles.

Each is one of the kinds that make a careless rule cry out: folic acid with methotrexate, pregnancy, a wheelchair for
years, an old incontinence code, a cancer cured long ago, an elderly person on a proton-pump inhibitor. Made from a seed.
"""

import random
from collections.abc import Iterator

AS_OF = "2026-11-22"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
CORRIN = "https://corrin.example/findings"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def coded(system: str, code: str) -> dict:
    return {"coding": [{"system": system, "code": code}]}


def condition(code: dict, clinical: str, onset: str, recorded: str, abated: str | None = None) -> dict:
    ended = {"abatementDateTime": abated} if abated else {}
    return {
        "resourceType": "Condition",
        "code": code,
        "clinicalStatus": coded(CLINICAL, clinical),
        "verificationStatus": coded(VERIFICATION, "confirmed"),
        "onsetDateTime": onset,
        "recordedDate": recorded,
        "subject": {"reference": "Patient/p"},
        **ended,
    }


def medicine(code: str, authored: str, dose: dict | None = None) -> dict:
    dosage = (
        {
            "dosageInstruction": [
                {
                    "doseAndRate": [{"doseQuantity": dose}],
                    "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                }
            ]
        }
        if dose
        else {}
    )
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": coded(RXNORM, code),
        "authoredOn": authored,
        "subject": {"reference": "Patient/p"},
        **dosage,
    }


def result(code: str, value: float, unit: str, taken: str) -> dict:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded(LOINC, code),
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
        "effectiveDateTime": taken,
        "subject": {"reference": "Patient/p"},
    }


def methotrexate_with_folic_acid(chance: random.Random) -> tuple[int, list[dict]]:
    taken = f"2026-{chance.randint(7, 11):02}-{chance.randint(1, 20):02}"
    return chance.randint(30, 80), [
        medicine("6851", taken),
        medicine(
            "4511", taken, {"value": 5, "unit": "mg", "code": "mg", "system": "http://unitsofmeasure.org"}
        ),
    ]


def pregnant(chance: random.Random) -> tuple[int, list[dict]]:
    recorded = f"2026-{chance.randint(6, 11):02}-15"
    return chance.randint(19, 42), [
        condition(coded(SNOMED, "77386006"), "active", recorded, recorded),
        medicine(
            "4511",
            recorded,
            {"value": 400, "unit": "ug", "code": "ug", "system": "http://unitsofmeasure.org"},
        ),
    ]


def wheelchair_for_years(chance: random.Random) -> tuple[int, list[dict]]:
    year = chance.randint(1995, 2023)
    return chance.randint(20, 85), [
        condition(coded(SNOMED, "282145008"), "active", f"{year}-05-01", f"{year}-06-01")
    ]


def old_incontinence_code(chance: random.Random) -> tuple[int, list[dict]]:
    year = chance.randint(1998, 2024)
    return chance.randint(40, 90), [
        condition(coded(SNOMED, "165232002"), "active", f"{year}-03-01", f"{year}-03-04")
    ]


def cancer_cured_long_ago(chance: random.Random) -> tuple[int, list[dict]]:
    year = chance.randint(1990, 2015)
    cancer = condition(
        coded(CORRIN, "cancer_history"), "resolved", f"{year}-02-01", f"{year}-02-02", f"{year + 2}-02-01"
    )
    return chance.randint(40, 90), [cancer]


def elderly_on_acid_suppression(chance: random.Random) -> tuple[int, list[dict]]:
    return chance.randint(66, 95), [medicine("7646", f"2026-{chance.randint(1, 10):02}-10")]


KINDS = (
    methotrexate_with_folic_acid,
    pregnant,
    wheelchair_for_years,
    old_incontinence_code,
    cancer_cured_long_ago,
    elderly_on_acid_suppression,
)


def noise(chance: random.Random) -> list[dict]:
    """What any chart holds beside: blood pressure tablets, haemoglobin, creatinine, a healed fracture."""
    extra = [
        medicine("29046", "2026-05-02"),
        result("718-7", chance.choice([13.1, 14.0, 14.8]), "g/dL", f"2026-{chance.randint(6, 11):02}-03"),
        result("2160-0", chance.choice([0.7, 0.9, 1.1]), "mg/dL", f"2026-{chance.randint(6, 11):02}-03"),
        condition(coded(SNOMED, "125605004"), "resolved", "2011-01-01", "2011-01-01", "2011-03-01"),
    ]
    return chance.sample(extra, chance.randint(0, len(extra)))


def charts(number: int = 1000, seed: int = 20261122) -> Iterator[tuple[str, dict]]:
    """The kind of each chart, and the Bundle."""
    chance = random.Random(seed)
    for index in range(number):
        kind = KINDS[index % len(KINDS)]
        age, resources = kind(chance)
        patient = {
            "resourceType": "Patient",
            "id": "p",
            "birthDate": f"{2026 - age - 1}-{chance.randint(1, 12):02}-11",
            "gender": "female" if kind is pregnant else chance.choice(["male", "female"]),
        }
        entries = [
            {"fullUrl": f"Patient/{i}" if i == 0 else f"urn:x:{i}", "resource": resource}
            for i, resource in enumerate([patient, *resources, *noise(chance)])
        ]
        entries[0]["fullUrl"] = "Patient/p"
        yield kind.__name__, {"resourceType": "Bundle", "type": "collection", "entry": entries}
