"""Answers and what is written of them, for the tests of this folder."""

import json
from functools import cache

from tests.conftest import ROOT

from corrin import api
from corrin.exports import fhir

AS_OF = "2026-11-22"
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))


def case(**findings) -> dict:
    return {"case": 1, "as_of": AS_OF, "findings": findings}


def plan(source, profile="uk", subject="p1") -> dict:
    return fhir.care_plan(api.assess(source, AS_OF, profile), subject)


@cache
def every_plan() -> tuple[dict, ...]:
    """The CarePlans of all examples under both profiles."""
    return tuple(plan(path, profile) for path in EXAMPLES for profile in ("uk", "us"))


def contained(care_plan: dict, kind: str) -> list[dict]:
    return [one for one in care_plan["contained"] if one["resourceType"] == kind]


def group(care_plan: dict) -> dict:
    (only,) = contained(care_plan, "RequestGroup")
    return only


def leaves(action: dict):
    if "action" in action:
        for one in action["action"]:
            yield from leaves(one)
    else:
        yield action


def notes(care_plan: dict) -> str:
    return "\n".join(one["text"] for one in care_plan["note"])


def parameters(*data: dict, subject="Patient/p1", **more) -> str:
    given = [{"name": "subject", "valueString": subject}] if subject else []
    given += [{"name": name, **value} for name, value in more.items()]
    given += [{"name": "data", "resource": one} for one in data]
    return json.dumps({"resourceType": "Parameters", "parameter": given})
