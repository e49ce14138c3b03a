"""Orders that are being written: read as ordered now, whatever dates and shapes they are sent with."""

import pytest
from tests.burden.charts import RXNORM, coded
from tests.hooks.requests import (
    B12_INJECTION,
    B12_TEST,
    FOLIC_ACID,
    METFORMIN,
    NUMB_FEET,
    WEAK_LEGS,
    card,
    no_card,
    prefetch,
    request,
    send,
    told,
)

NUMB = prefetch(NUMB_FEET)
HOOKS = ["order-select", "order-sign"]


@pytest.mark.parametrize("hook", HOOKS)
def test_folic_acid_alone_for_numb_feet_is_critical_and_can_be_taken_back(calls, hook):
    one = card(calls, request(hook, NUMB, [FOLIC_ACID]))
    assert one["indicator"] == "critical"
    first = one["suggestions"][0]["actions"][0]
    assert first == {
        "type": "delete",
        "description": first["description"],
        "resourceId": "MedicationRequest/draft-1",
    }


@pytest.mark.parametrize("hook", HOOKS)
def test_b12_in_the_same_order_covers_folic_acid(calls, hook):
    answer = send(calls, request(hook, NUMB, [FOLIC_ACID, B12_INJECTION]))
    assert "critical" not in answer.text
    assert answer.status_code == 200


def test_a_product_of_both_is_read_by_its_ingredients(calls):
    both = {
        **FOLIC_ACID,
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "#m"},
        "contained": [
            {
                "resourceType": "Medication",
                "id": "m",
                "ingredient": [
                    {"itemCodeableConcept": coded(RXNORM, "4511")},
                    {"itemCodeableConcept": coded(RXNORM, "5514")},
                ],
            }
        ],
        "dosageInstruction": [{"route": {"text": "intramuscular"}}],
    }
    answer = send(calls, request("order-sign", NUMB, [both]))
    assert answer.status_code == 200
    assert "Folic acid without B12" not in answer.text


@pytest.mark.parametrize(
    "change",
    [
        {"authoredOn": "2014-09-17"},
        {"authoredOn": None},
        {"intent": "proposal"},
        {"status": None},
        {"category": {"text": "outpatient"}},
        {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": "2027-01-01"}}}}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_draft_is_of_this_moment_however_it_is_sent(calls, change):
    draft = {key: value for key, value in {**FOLIC_ACID, **change}.items() if value is not None}
    assert card(calls, request("order-sign", NUMB, [draft]))["indicator"] == "critical"


def test_a_draft_that_was_entered_in_error_is_none(calls):
    draft = {**FOLIC_ACID, "status": "entered-in-error"}
    assert "critical" not in send(calls, request("order-sign", NUMB, [draft])).text


@pytest.mark.parametrize("hook", HOOKS)
def test_the_card_is_not_repeated_once_the_test_is_ordered(calls, hook):
    untested = prefetch(WEAK_LEGS, METFORMIN)
    assert card(calls, request(parts=untested))["indicator"] == "info"
    assert no_card(calls, request(hook, untested, [B12_TEST]))
    ordered = prefetch(WEAK_LEGS, METFORMIN, {**B12_TEST, "status": "active", "authoredOn": "2026-11-21"})
    assert no_card(calls, request(parts=ordered))


def test_a_test_that_is_ordered_is_not_suggested_again(calls):
    count = {**B12_TEST, "id": "fbc", "code": {"text": "Full blood count"}}
    one = card(calls, request("order-sign", prefetch(WEAK_LEGS, METFORMIN), [count]))
    labels = [each["label"] for each in one["suggestions"]]
    assert "Order: serum B12" in labels
    assert "Order: full blood count" not in labels


NO_DRUG_YET = {key: value for key, value in FOLIC_ACID.items() if key != "medicationCodeableConcept"}


@pytest.mark.parametrize(
    ("drafts", "selections"),
    [
        ([], []),
        ([FOLIC_ACID], []),
        ([NO_DRUG_YET], None),
        ([NO_DRUG_YET], ["MedicationRequest/another"]),
        ([FOLIC_ACID, {**NO_DRUG_YET, "id": "draft-9"}], ["MedicationRequest/draft-9"]),
    ],
    ids=[
        "nothing at all",
        "nothing chosen",
        "no drug",
        "no drug, chosen by another name",
        "the one without a drug",
    ],
)
def test_before_anything_is_chosen_there_is_nothing_to_say(calls, drafts, selections):
    assert no_card(calls, request("order-select", {}, drafts, selections))


@pytest.mark.parametrize(
    "selection",
    ["draft-1", "MedicationRequest/draft-1/_history/2", "urn:uuid:7", "MedicationRequest/another"],
    ids=["its id alone", "with a version", "its address in the Bundle", "a name of none of the drafts"],
)
def test_an_order_that_was_chosen_by_another_name_is_not_nothing_to_say(calls, selection):
    body = request("order-select", NUMB, [FOLIC_ACID], [selection])
    body["context"]["draftOrders"]["entry"][0]["fullUrl"] = "urn:uuid:7"
    assert card(calls, body)["indicator"] == "critical"


@pytest.mark.parametrize("hook", HOOKS)
def test_an_order_hook_without_its_orders_is_refused(calls, hook):
    assert "context.draftOrders" in told(send(calls, request(hook)), 400)


def test_a_draft_for_somebody_else_contradicts_the_context(calls):
    draft = {**FOLIC_ACID, "subject": {"reference": "Patient/q"}}
    assert "context.draftOrders.entry[0]" in told(send(calls, request("order-sign", NUMB, [draft])), 422)


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    "orders", [[], {"resourceType": "List"}, "none", None, {"resourceType": "Bundle", "entry": 3}]
)
def test_orders_that_are_no_bundle_are_refused(calls, hook, orders):
    body = request(hook, NUMB, [FOLIC_ACID])
    body["context"]["draftOrders"] = orders
    assert "context.draftOrders" in told(send(calls, body), 400)


def test_a_draft_that_only_points_to_its_medicine_is_not_nothing_to_say(calls):
    draft = {key: value for key, value in FOLIC_ACID.items() if key != "medicationCodeableConcept"}
    for reference in ("Medication/m1", "urn:uuid:4f1e2a3c-0000-4000-8000-000000000001"):
        draft["medicationReference"] = {"display": "a tablet", "reference": reference}
        for hook in HOOKS:
            answer = send(calls, request(hook, prefetch(), [draft]))
            assert "context.draftOrders: points to a medicine" in told(answer, 412)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_draft_that_points_to_a_medicine_beside_it_is_read(calls, hook):
    draft = {key: value for key, value in FOLIC_ACID.items() if key != "medicationCodeableConcept"}
    body = request(hook, NUMB, [{**draft, "medicationReference": {"reference": "urn:uuid:7"}}])
    medicine = {"resourceType": "Medication", "code": FOLIC_ACID["medicationCodeableConcept"]}
    body["context"]["draftOrders"]["entry"].append({"fullUrl": "urn:uuid:7", "resource": medicine})
    assert card(calls, body)["indicator"] == "critical"
    empty = prefetch()
    assert no_card(calls, {**body, "prefetch": empty})


@pytest.mark.parametrize("status", ["stopped", "on-hold", "cancelled"])
@pytest.mark.parametrize("hook", HOOKS)
def test_an_order_that_stops_b12_is_no_cover_for_folic_acid(calls, hook, status):
    one = card(calls, request(hook, NUMB, [FOLIC_ACID, {**B12_INJECTION, "status": status}]))
    assert one["indicator"] == "critical"
    assert "Folic acid without B12" in one["summary"]
