"""Third worst is an alert nobody needed: a thousand charts without the problem, and a budget of cards."""

from collections import Counter

import pytest
from tests.burden.charts import AS_OF, KINDS, charts

import corrin

BUDGET = {"critical": 0, "warning": 0, "info": 0}
"""Cards allowed over the thousand charts. None of these people has a feature that asks for B12."""


@pytest.fixture(scope="module")
def cards() -> dict[str, Counter]:
    counted: dict[str, Counter] = {kind.__name__: Counter() for kind in KINDS}
    for kind, bundle in charts():
        counted[kind][corrin.assess(bundle, as_of=AS_OF).verdicts["card"]] += 1
    return counted


def test_the_cards_of_a_thousand_charts_stay_within_the_budget(cards, capsys):
    with capsys.disabled():
        print()
        for kind, levels in cards.items():
            print(f"  {kind:32}", dict(levels))
    total = sum(cards.values(), Counter())
    assert sum(total.values()) == 1000
    for level, allowed in BUDGET.items():
        assert total[level] <= allowed, f"{total[level]} cards of level {level}"


def test_a_current_red_flag_in_such_a_chart_is_still_a_critical_card():
    """The budget is not kept by being deaf: the same old code, recorded this week, fires."""
    _, bundle = next(item for item in charts(12) if item[0] == "old_incontinence_code")
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Condition":
            entry["resource"] |= {"onsetDateTime": "2026-11-20", "recordedDate": "2026-11-20"}
    assert corrin.assess(bundle, as_of=AS_OF).verdicts["card"] == "critical"
