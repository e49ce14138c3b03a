"""Third worst is an alert nobody needed: the charts of tests/burden through all three hooks, and their budget."""

from collections import Counter

import pytest
from tests.burden.charts import RXNORM, charts, coded
from tests.burden.test_alert_burden import BUDGET
from tests.hooks.requests import PATIENT, SERVICES, prefetch, request, send

PARACETAMOL = {
    "resourceType": "MedicationRequest",
    "id": "draft-9",
    "status": "draft",
    "intent": "order",
    "medicationCodeableConcept": coded(RXNORM, "161"),
    "subject": {"reference": "Patient/p"},
}
SOME, ALL = 300, 1000


def bodies(hook, many):
    for _, bundle in charts(many):
        patient, *others = [entry["resource"] for entry in bundle["entry"]]
        parts = prefetch(*others, patient={**PATIENT, **patient})
        yield request(hook, parts, None if hook == "patient-view" else [PARACETAMOL])


@pytest.mark.parametrize("many", [SOME, pytest.param(ALL, marks=pytest.mark.deep)])
@pytest.mark.parametrize("hook", SERVICES)
def test_people_without_the_problem_get_no_more_cards_than_the_budget_allows(calls, hook, many, capsys):
    levels = Counter()
    for body in bodies(hook, many):
        answer = send(calls, body)
        assert answer.status_code == 200, answer.text
        levels.update([one["indicator"] for one in answer.json()["cards"]] or ["none"])
    with capsys.disabled():
        print(f"\n  {hook:14}", dict(levels))
    assert sum(levels.values()) == many
    assert all(levels[level] <= allowed for level, allowed in BUDGET.items())
