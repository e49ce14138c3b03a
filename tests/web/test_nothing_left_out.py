"""What the answer says stands on the page, on paper and in the text for the record: nothing is left out on the way to the eye."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from tests.web.patients import ALL, RED_FLAG, STOP, case

import corrin
from corrin.answers import Answer
from corrin.answers.values import day, span
from corrin.exports import chart_text
from corrin.exports.sheet import Sheet, fragment
from corrin.plans.dates import Span


def level(value, unit, day, comparator=""):
    sign = {"comparator": comparator} if comparator else {}
    return {**sign, "value": value, "unit": unit, "date": day}


TREATED = {
    "age_years": 71,
    "leg_weakness": True,
    "loss_of_proprioception": True,
    "neurological_onset": "2026-03",
    "b12_treatment": True,
    "b12_treatment_started": "2026-06-10",
    "last_b12_dose": "2026-08-20",
    "b12_doses_given": 9,
    "regimen_given": "neuro",
    "symptoms_worse": True,
    "proximal_power_better": True,
    "plantar_flexion_better": False,
    "serum_b12": [level(98, "pmol/L", "2026-06-01"), level(1476, "pmol/L", "2026-09-01", ">")],
}
BETWEEN_DOSES = {"age_years": 60, "leg_weakness": True, "b12_treatment": True, "last_b12_dose": "2026-10-15"}
UNLIKELY = {
    "age_years": 40,
    "fatigue": True,
    "clinical_suspicion": "low",
    "neurological_examination": "normal",
    "serum_b12": level(600, "pg/mL", "2026-11-01"),
    "b12_treatment": False,
    "b12_before_sample": False,
    "pregnant": False,
    "nitrous_oxide": False,
}
PATIENTS = {**ALL, "treated": TREATED, "between-doses": BETWEEN_DOSES, "unlikely": UNLIKELY}
ASKED = [(name, profile) for name in PATIENTS for profile in ("uk", "us")]


def answer(name: str, profile: str) -> Answer:
    return corrin.assess(case(PATIENTS[name]), profile=profile)


def plain(text: str) -> str:
    """Words as they are read, without tags, signs or line breaks."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split()).casefold().replace("*", "")


def lists(given: Answer) -> Iterator[str]:
    """Every entry of every list that is told: actions, tests, cautions, reviews, risk factors, red flags."""
    for heading in given.desk.wording.lists:
        yield from (one.words for one in given.members(heading.verdict) if one.id not in heading.hide)
    yield from (one.words for one in given.members(given.desk.wording.red_flags))


def late(given: Answer, on: Span) -> bool:
    return on.latest is not None and on.latest < given.findings.as_of


def dated(given: Answer) -> Iterator[str]:
    """Every day of the plan that is told."""
    plan = given.plan
    if plan.next_due and not plan.doses:
        yield f"{plan.next_due.stage or 'next'} dose {'was ' if late(given, plan.next_due.on) else ''}due {span(plan.next_due.on)}"
    yield from (span(dose.on) for dose in plan.doses)
    for one in plan.reviews:
        yield f"{one.label} {'was due ' if late(given, one.on) else ''}{span(one.on)}"
    if plan.clock:
        yield "since onset"


def flags(given: Answer) -> Iterator[str]:
    """What was asked and is absent, and what nobody asked."""
    asked = given.red_flags_asked.items()
    yield from (given.desk.wording.named(one) for one, word in asked if word != "yes")


def beside(given: Answer) -> Iterator[str]:
    """What stands behind the answer: what is missing, what would change it, who says otherwise, what to read with it."""
    named = given.desk.wording.named
    yield from (named(one.id) for one in given.missing)
    yield from (f"if {named(one.finding)} were {one.to}" for one in given.changes)
    for one in given.differences:
        yield from (f"{one.id}: ", plain(one.choice), *(plain(side.says) for side in one.sides))
    yield from (plain(one.text) for one in given.remarks)
    yield from (one.reason.replace("`", "") for one in given.refused)
    yield from (f"(said without {named(tests[0])}" for tests in given.said_without.values())
    if given.plan.regimen:
        yield from (f"{one.drug} {one.dose} {one.route}" for one in given.plan.regimen.beside)
    yield from (one.display for one in given.plan.recovery)


KINDS = {"lists": lists, "dated": dated, "flags": flags, "beside": beside}


def missing(said: Iterator[str], text: str) -> list[str]:
    found = plain(text).replace("“", "").replace("”", "")
    return [one for one in said if plain(one).replace("`", "") not in found]


@pytest.mark.parametrize(("name", "profile"), ASKED)
@pytest.mark.parametrize("paper", [False, True], ids=["screen", "paper"])
def test_everything_that_is_answered_is_shown(name, profile, paper):
    given = answer(name, profile)
    shown = str(fragment(Sheet(given), paper=paper))
    above = shown.partition("Missing, and what would change")[0]
    for kind in ("flags", "dated") if name == "empty" else ("lists", "flags", "dated"):
        assert not missing(KINDS[kind](given), above), (
            f"{kind}: not in sight, only below the folds or nowhere"
        )
    if name != "empty":
        assert not missing(beside(given), shown)


@pytest.mark.parametrize(("name", "profile"), ASKED)
def test_everything_to_be_acted_upon_is_in_the_text_for_the_record(name, profile):
    given = answer(name, profile)
    text = chart_text.text(Sheet(given))
    for kind in ("lists", "dated", "flags"):
        assert not missing(KINDS[kind](given), text), kind
    assert day(given.findings.as_of) in text


def test_between_them_these_patients_have_something_of_every_kind():
    answers = [answer(*one) for one in ASKED]
    for one in ("missing", "changes", "differences", "remarks", "refused", "said_without"):
        assert any(getattr(given, one) for given in answers), one
    for one in ("next_due", "reviews", "clock", "doses", "recovery"):
        assert any(getattr(given.plan, one) for given in answers), one
    assert any(given.plan.next_due and not given.plan.doses for given in answers)
    assert any(given.plan.regimen and given.plan.regimen.beside for given in answers)
    for verdict in ("next_tests", "cautions", "review", "risk_factors", "red_flags", "actions"):
        assert any(given.members(given.desk.guideline.verdicts[verdict]) for given in answers), verdict


@pytest.mark.parametrize("paper", [False, True], ids=["screen", "paper"])
def test_the_patient_and_the_day_stand_above_the_answer(paper):
    shown = plain(fragment(Sheet(corrin.assess(case(STOP, patient="bed 7"))), paper=paper))
    assert shown.startswith("bed 7, 71 years")
    assert "22 nov 2026" in shown[:80]


def test_milestones_are_drawn_and_listed_as_this_patient_has_reached_them():
    text = plain(fragment(Sheet(answer("treated", "uk"))))
    chart, _, table = text.partition("milestones milestone")
    assert "power of hips and thighs ✓ reached" in chart
    assert "pushing the foot down (plantar flexion): not yet" in chart
    assert re.search(r"power of hips and thighs first reached", table)
    assert re.search(r"use of the hands next not known", table)
    assert re.search(r"by about 3\.5 months: 25 sep 2026 not yet", table)


def test_a_red_flag_stands_before_the_level_in_the_text_as_well():
    lines = chart_text.text(Sheet(corrin.assess(case(RED_FLAG)))).splitlines()
    assert lines[1].startswith("URGENCY: Emergency")
    assert lines[2].startswith("Red flags, present: ")
