"""What a page says is shown is in the answer: statements that no row decides, to those whom they concern."""

from typing import Any

import pytest

import corrin
from corrin import guideline
from corrin.answers import Answer

LEVEL = {"value": 410, "unit": "pg/mL", "date": "2026-11-20"}
OLD = {"value": 100, "unit": "pg/mL", "date": "2025-11-21"}


def answer(**findings: Any) -> Answer:
    return corrin.assess({"case": 1, "as_of": "2026-11-22", "findings": findings})


def remarks(**findings: Any) -> list[str]:
    return [one.id for one in answer(**findings).remarks]


def test_weak_legs_are_said_to_be_something_b12_can_cause():
    assert "S01" in remarks(leg_weakness=True)
    assert "S01" not in remarks(paraesthesia=True)


def test_urgency_comes_with_those_who_ask_for_it_and_those_who_warn():
    assert "S02" in remarks(leg_weakness=True)
    assert "S02" not in remarks(fatigue=True)


def test_both_figures_stand_beside_a_normal_level():
    text = answer(leg_weakness=True, serum_b12=LEVEL).to_text()
    assert "54 %" in text
    assert "about 6 %" in text


def test_no_figure_stands_beside_a_low_one():
    assert "S11" not in remarks(serum_b12={"value": 179, "unit": "pg/mL", "date": "2026-11-20"})


def test_ethnicity_is_weighed_beside_any_level_and_nowhere_else():
    assert "A25" in remarks(serum_b12=LEVEL)
    assert "A25" not in remarks(leg_weakness=True)


def test_a_remark_names_its_sources():
    shown = answer(leg_weakness=True).to_dict()["remarks"]
    assert shown[0]["sources"] == ["merck-scd", "briani-2013"]


def test_nobody_who_died_is_remarked_upon():
    dead = {"resourceType": "Patient", "id": "p", "deceasedBoolean": True}
    assert corrin.assess([dead], as_of="2026-11-22").remarks == ()


def test_a_deficient_level_beyond_its_window_shows_how_old_it_is():
    text = " ".join(answer(leg_weakness=True, serum_b12=OLD).to_text().split())
    assert "Serum B12 100 pg/mL (21 Nov 2025, 366 days old)" in text


def test_one_on_the_last_day_of_its_window_does_not():
    text = answer(leg_weakness=True, serum_b12={**OLD, "date": "2025-11-22"}).to_text()
    assert "days old" not in text


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ({"distal_onset": True}, "Began at the far end of the legs."),
        ({"nerve_conduction_slowed": True}, "Nerve conduction is slowed (supportive only)."),
        (
            {"knee_reflexes": "brisk", "ankle_reflexes": "absent", "extensor_plantars": True},
            "The mixed pattern: brisk knees, absent ankle jerks, upgoing plantars",
        ),
    ],
)
def test_the_pattern_is_named(findings, words):
    assert words in " ".join(answer(**findings).to_text().split())


ORDERS = {"start", "stop", "take", "give", "treat", "refer", "go", "do", "look", "examine", "request"}


def test_no_verdict_is_an_order():
    said = [words for verdict in guideline.load().verdicts.values() for words in verdict.say.values()]
    assert [words for words in said if ORDERS & {part.split()[0] for part in words.split(": ")}] == []
