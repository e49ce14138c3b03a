"""The five patients that the page is looked at with, as a record system would ask about them, and their cards as they are kept in docs/.

`python -m tests.hooks.shown` writes the cards anew; look at them before they are kept.
"""

import json
import re

from tests.burden.charts import LOINC, SNOMED, coded, condition, result
from tests.conftest import ROOT
from tests.hooks.requests import FOLIC_ACID, LOW_B12, METFORMIN, NUMB_FEET, WEAK_LEGS, prefetch, request, send
from tests.service.calling import Calls

FOLDER = ROOT / "docs" / "screenshots"
BABINSKI = condition(coded(SNOMED, "246586009"), "active", "2026-11-01", "2026-11-01")
INCONTINENT = condition(coded(SNOMED, "165232002"), "active", "2026-11-20", "2026-11-20")
RAISED_MMA = {
    **result("13964-2", 1, "umol/L", "2026-11-20"),
    "code": coded(LOINC, "13964-2"),
    "valueQuantity": {
        "comparator": ">",
        "value": 1,
        "unit": "umol/L",
        "system": "http://unitsofmeasure.org",
        "code": "umol/L",
    },
}

PATIENTS = {
    "empty": (),
    "stop": (
        WEAK_LEGS,
        NUMB_FEET,
        BABINSKI,
        METFORMIN,
        {**FOLIC_ACID, "status": "active"},
        LOW_B12,
        RAISED_MMA,
    ),
    "untested": (WEAK_LEGS, METFORMIN),
    "refused": (NUMB_FEET, result("2132-9", 98, "mcg/dL", "2026-11-20")),
    "red-flag": (WEAK_LEGS, INCONTINENT, result("2132-9", 110, "pg/mL", "2026-11-20")),
}


def cards(name: str) -> str:
    """What the service answers when the chart of one of them is opened, without what every edit of a page changes."""
    answered = send(Calls(), request(parts=prefetch(*PATIENTS[name]))).json()
    return settled(json.dumps(answered, ensure_ascii=False, indent=1) + "\n")


def settled(text: str) -> str:
    """Without the ids, which are made from the content, and the hash of the guideline."""
    text = re.sub(r"(Guideline [\w.]+, )[0-9a-f]{12}", r"\1<hash>", text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>", text)


if __name__ == "__main__":
    for name in PATIENTS:
        (FOLDER / f"{name}.card.json").write_text(cards(name), "utf-8")
