"""Hook requests as record systems send them, written from what is known of real ones; every patient is invented."""

from tests.burden.charts import LOINC, RXNORM, SNOMED, coded, condition, medicine, result
from tests.service.calling import Calls

INSTANCE = "0b5f3c1e-6f0a-4a57-9f0e-2d7c5a1b9e44"
NEEDED = ("patient", "results", "recent", "conditions", "requests")
KEYS = (
    *NEEDED,
    "statements",
    "administrations",
    "dispenses",
    "orders",
    "procedures",
    "allergies",
    "family",
    "answers",
)
SERVICES = {
    "patient-view": "corrin-patient-view",
    "order-select": "corrin-order-select",
    "order-sign": "corrin-order-sign",
}
UCUM = "http://unitsofmeasure.org"

PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1955-02-03", "gender": "female"}
WEAK_LEGS = condition(coded(SNOMED, "249945007"), "active", "2026-09-10", "2026-09-11")
NUMB_FEET = condition(coded(SNOMED, "91019004"), "active", "2026-10-01", "2026-10-02")
METFORMIN = medicine("6809", "2026-01-05")
LOW_B12 = result("14685-2", 98, "pmol/L", "2026-11-20")
FOLIC_ACID = {
    **medicine("4511", "2026-11-22", {"value": 5, "unit": "mg", "system": UCUM, "code": "mg"}),
    "id": "draft-1",
    "status": "draft",
}
B12_INJECTION = {
    "resourceType": "MedicationRequest",
    "id": "draft-2",
    "status": "draft",
    "intent": "order",
    "medicationCodeableConcept": coded(RXNORM, "5514"),
    "subject": {"reference": "Patient/p"},
    "dosageInstruction": [{"route": {"text": "intramuscular"}}],
}
B12_TEST = {
    "resourceType": "ServiceRequest",
    "id": "draft-3",
    "status": "draft",
    "intent": "order",
    "code": coded(LOINC, "2132-9"),
    "subject": {"reference": "Patient/p"},
}


def searchset(*resources, following=None):
    link = {"link": [{"relation": "next", "url": following}]} if following else {}
    entries = {"entry": [{"resource": one, "search": {"mode": "match"}} for one in resources]}
    return {"resourceType": "Bundle", "type": "searchset", **link, **entries}


def outcome():
    issue = {"severity": "error", "code": "exception", "diagnostics": "the search failed"}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def prefetch(*resources, without=(), **given):
    """Each resource under the key that asks for its type; a key without one is null: looked up, and nothing found."""
    keys = {
        "Patient": "patient",
        "Observation": "results",
        "Condition": "conditions",
        "MedicationRequest": "requests",
        "MedicationStatement": "statements",
        "MedicationAdministration": "administrations",
        "ServiceRequest": "orders",
        "Procedure": "procedures",
        "AllergyIntolerance": "allergies",
    }
    found = {key: [] for key in KEYS}
    for one in resources:
        found[keys[one["resourceType"]]].append(one)
    parts = {key: searchset(*ones) if ones else None for key, ones in found.items() if key not in without}
    return parts | {"patient": PATIENT} | given if "patient" not in without else parts | given


def request(hook="patient-view", parts=None, drafts=None, selections=None, **more):
    context = {"userId": "Practitioner/1", "patientId": "p", "encounterId": "e"}
    if drafts is not None:
        context["draftOrders"] = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": one} for one in drafts],
        }
    if hook == "order-select" and drafts is not None:
        chosen = [f"{one['resourceType']}/{one['id']}" for one in drafts if "id" in one]
        context["selections"] = chosen if selections is None else selections
    return {
        "hook": hook,
        "hookInstance": INSTANCE,
        "context": context,
        "prefetch": prefetch() if parts is None else parts,
        **more,
    }


def send(calls: Calls, body, service=None, **more):
    service = service or SERVICES[body["hook"]]
    return calls.post(f"/cds-services/{service}", json=body, **more)


def card(calls: Calls, body):
    answer = send(calls, body)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["cards"]
    return one


def no_card(calls: Calls, body) -> bool:
    answer = send(calls, body)
    assert answer.status_code == 200, answer.text
    return answer.json() == {"cards": []}


def told(answer, status):
    """The places an OperationOutcome names, once its status is as expected."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    return " ".join(issue["diagnostics"] for issue in body["issue"])
