"""Lines of an export, plain and nasty, and what is made of them."""

import json
from pathlib import Path

from corrin import findings, guideline
from corrin.intake.bulk import Search
from corrin.intake.bulk.blocks import Part
from corrin.intake.bulk.cutting import Cut, cut
from corrin.population import dictionary

GUIDELINE = guideline.load()
SEARCH = Search(findings.codes(GUIDELINE), dictionary.read(GUIDELINE).watch)
LOINC = "http://loinc.org"


def patient(name: str = "a", **more) -> dict:
    return {"resourceType": "Patient", "id": name, "birthDate": "1950-01-01", "gender": "female"} | more


def result(name: str = "a", code: str = "2132-9", value: float = 100, **more) -> dict:
    return {
        "resourceType": "Observation",
        "id": f"{name}-{code}",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": f"Patient/{name}"},
        "effectiveDateTime": "2026-11-01",
        "valueQuantity": {
            "value": value,
            "unit": "pg/mL",
            "code": "pg/mL",
            "system": "http://unitsofmeasure.org",
        },
    } | more


def visit(name: str = "a") -> dict:
    return {
        "resourceType": "Encounter",
        "id": "e",
        "status": "finished",
        "subject": {"reference": f"Patient/{name}"},
    }


def ndjson(*resources: dict) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in resources)


def write(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}.ndjson").write_bytes(data)
    return folder


def kept(folder: Path, data: bytes, *, whole: bool = False):
    """The lines that are kept of some bytes, and what was seen."""
    path = folder / "export.ndjson"
    path.write_bytes(data)
    seen = Cut(Part(path, path.name))
    return list(cut(seen, SEARCH, whole=whole)), seen
