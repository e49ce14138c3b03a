"""What is missing and what would flip a verdict, checked by brute force: every value told, the whole path run."""

import json
from datetime import date, timedelta

import pytest
from tests.conftest import ROOT

import corrin
from corrin import guideline
from corrin.answers.suppose.dependants import Dependants
from corrin.answers.suppose.supposing import Supposing

MODEL = guideline.load()
MAIN = [verdict.id for verdict in MODEL.verdicts.values() if verdict.main]
TODAY = date(2026, 11, 22)

NUMBERS = {
    "serum_b12": [100, 180, 265, 350, 400, 1200],
    "active_b12": [20, 50, 90],
    "mma": [100, 300, 500],
    "mma_upper_limit": [200, 300, 450],
    "egfr": [50, 90],
    "haemoglobin": [70, 120],
    "folic_acid_daily_dose": [50, 500],
    "age_years": [10, 40, 70],
    "b12_doses_given": [0, 3, 6, 20],
}
AGO = (0, 1, 3, 5, 14, 28, 29, 35, 40, 70, 100, 130, 400)

PATIENTS = [
    ROOT / "examples" / "nitrous-oxide.json",
    ROOT / "examples" / "loading-overdue.json",
    ROOT / "examples" / "weak-legs-on-metformin.json",
    ROOT / "tests" / "patients" / "p04" / "patient.json",
]


def values(finding) -> list:
    """Everything a case file could say of a finding, as far as any limit can tell."""
    if finding.kind == "yes-no":
        return [True, False]
    if finding.kind == "word":
        return list(finding.values)
    if finding.kind == "date":
        return [(TODAY - timedelta(days=days)).isoformat() for days in AGO]
    numbers = NUMBERS.get(finding.id, [1, 100])
    whole = finding.unit in {"a", "1"}
    return numbers if whole else [{"value": number, "unit": finding.unit} for number in numbers]


def verdicts(case: dict) -> dict:
    answer = corrin.assess(case)
    return {name: answer.verdicts[name] for name in MAIN}


def told(case: dict, finding: str, value) -> dict:
    return {**case, "findings": {**case["findings"], finding: value}}


def brute_force(case: dict, findings: list) -> dict:
    """Finding -> verdict -> the words it takes when the finding is told otherwise."""
    before = verdicts(case)
    found: dict[str, dict[str, set]] = {}
    for finding in findings:
        for value in values(finding):
            after = verdicts(told(case, finding.id, value))
            for name in MAIN:
                if after[name] != before[name]:
                    found.setdefault(finding.id, {}).setdefault(name, set()).add(after[name])
    return found


@pytest.fixture(params=PATIENTS, ids=lambda path: path.parent.name + "/" + path.name)
def case(request) -> dict:
    return {"as_of": "2026-11-22", **json.loads(request.param.read_text("utf-8"))}


def test_what_is_missing_is_exactly_what_would_change_a_main_verdict(case):
    unknown = [
        one for one in MODEL.declared.findings.values() if one.asked and case["findings"].get(one.id) is None
    ]
    expected = brute_force(case, unknown)
    missing = {
        one.id: {name: set(words) for name, words in one.would_change.items()}
        for one in corrin.assess(case).missing
    }
    assert missing == expected


def test_the_smallest_change_flips_and_where_none_is_named_none_does(case):
    declared = MODEL.declared.findings
    known = [declared[name] for name, value in case["findings"].items() if value is not None]
    flips = brute_force(case, [one for one in known if not one.person])
    changes = {one.verdict: one for one in corrin.assess(case).changes}
    for name in MAIN:
        words = {finding: found.get(name, set()) - {"unknown"} for finding, found in flips.items()}
        able = {finding for finding, some in words.items() if some}
        if name not in changes:
            assert not able, name
            continue
        assert changes[name].becomes in words[changes[name].finding]
        if declared[changes[name].finding].kind in {"yes-no", "word"}:
            assert not any(declared[finding].kind in {"number", "date"} for finding in able), name


def test_what_is_missing_stands_with_the_cheapest_first():
    answer = corrin.assess({"case": 1, "as_of": "2026-11-22", "findings": {"leg_weakness": True}})
    costs = [one.cost for one in answer.missing]
    assert costs == sorted(costs, key=("ask", "examine", "sample", "scan").index)
    assert {"ask", "examine", "sample"} <= set(costs)


def test_a_level_just_above_the_limit_is_nearer_to_deficient_than_any_word():
    answer = corrin.assess(
        {
            "case": 1,
            "as_of": "2026-11-22",
            "findings": {"age_years": 50, "leg_weakness": True, "serum_b12": {"value": 185, "unit": "pg/mL"}},
        }
    )
    change = next(one for one in answer.changes if one.verdict == "b12_status")
    assert (change.finding, change.from_, change.to, change.becomes) == (
        "serum_b12",
        "185 pg/mL",
        "below 180 pg/mL",
        "deficient",
    )


@pytest.mark.parametrize("level", [90, 150, 179, 180, 240, 264, 266, 300, 349])
def test_the_smallest_change_of_a_level_is_the_nearest_that_flips(level):
    """By brute force, a level at a time outwards: the first other status that is met."""
    case = {"age_years": 50, "leg_weakness": True}

    def told_level(value: int):
        quantity = {"value": value, "unit": "pg/mL"}
        return corrin.assess({"case": 1, "as_of": "2026-11-22", "findings": {**case, "serum_b12": quantity}})

    answer = told_level(level)
    now = answer.verdicts["b12_status"]
    outwards = (value for step in range(1, 400) for value in (level - step, level + step) if value > 0)
    nearest = next(word for value in outwards if (word := told_level(value).verdicts["b12_status"]) != now)
    change = next(one for one in answer.changes if one.verdict == "b12_status")
    assert (change.finding, change.becomes) == ("serum_b12", nearest)


def test_who_somebody_is_is_not_supposed_to_change():
    answer = corrin.assess(
        {"case": 1, "as_of": "2026-11-22", "findings": {"age_years": 14, "leg_weakness": True}}
    )
    assert not [one for one in answer.changes if one.finding == "age_years"]


SUPPOSING = Supposing(MODEL)
DEPENDANTS = Dependants(MODEL.declared.findings)


def supposed(finding: str, row: dict) -> list[str]:
    return [one.words for one in SUPPOSING.else_(MODEL.declared.findings[finding], row, TODAY)]


def after(finding: str, value, row: dict) -> dict:
    return dict(DEPENDANTS.after(MODEL.declared.findings[finding], value, row))


def test_a_number_is_supposed_in_bands_between_all_the_limits_on_it():
    assert supposed("serum_b12", {}) == [
        "below 180 pg/mL",
        "180 to 350 pg/mL",
        "above 350 pg/mL",
    ]


def test_a_ceiling_that_spans_two_bands_may_still_be_either():
    assert "below 180 pg/mL" in supposed("serum_b12", {"serum_b12": (None, 199_999)})


def test_an_mma_is_also_supposed_on_each_side_of_the_laboratorys_own_limit():
    row = {"mma_upper_limit": (318_000, 318_000)}
    assert "above 271 and at most 318 nmol/L" in supposed("mma", row)
    assert after("mma", (318_001, 400_000), row)["mma_over_limit"] == "yes"
    assert after("mma", (271_001, 318_000), row)["mma_over_limit"] == "no"
    assert (
        after("mma_upper_limit", (200_000, 200_000), {"mma": (300_000, 300_000)})["mma_over_limit"] == "yes"
    )
    assert (
        after("mma_upper_limit", (None, 400_000), {"mma": (300_000, 300_000)})["mma_over_limit"]
        == "straddles"
    )


def test_a_date_is_supposed_in_days_ago_that_the_tables_can_tell_apart():
    assert supposed("weakness_onset", {}) == ["0 to 28 days ago", "at least 29 days ago"]


def test_months_since_the_last_dose_follow_from_its_day():
    bands = SUPPOSING.else_(MODEL.declared.findings["last_b12_dose"], {}, date(2026, 4, 30))
    two_months = next(one for one in bands if one.columns["months_since_last_dose"] == (2_000, 2_000))
    # On 30 April two months are completed since 28 February (61 days), three since 31 January (89 days).
    assert two_months.words == "61 to 88 days ago"


def test_a_brisk_knee_is_a_brisk_reflex_and_no_longer_one_when_it_is_not():
    assert after("knee_reflexes", "brisk", {}) == {"knee_reflexes": "brisk", "hyperreflexia": "yes"}
    row = {"knee_reflexes": "brisk", "hyperreflexia": "yes"}
    assert after("knee_reflexes", "normal", row) == {"knee_reflexes": "normal", "hyperreflexia": None}
    also_ankles = {**row, "ankle_reflexes": "brisk"}
    assert "hyperreflexia" not in after("knee_reflexes", "normal", also_ankles)


def test_a_normal_examination_answers_for_the_signs_that_nobody_gave():
    changed = after("neurological_examination", "normal", {"romberg_positive": "yes"})
    assert changed["loss_of_vibration_sense"] == "no"
    assert "romberg_positive" not in changed


def test_a_new_level_may_be_the_lowest_and_is_none_that_could_not_be_read():
    row = {
        "serum_b12": (400_000, 400_000),
        "serum_b12_lowest": (300_000, 300_000),
        "serum_b12_refused": "yes",
    }
    assert after("serum_b12", (None, 179_999), row)["serum_b12_lowest"] == (None, 179_999)
    assert after("serum_b12", (350_001, None), row)["serum_b12_lowest"] == (300_000, 300_000)
    assert after("serum_b12", (350_001, None), row)["serum_b12_refused"] == "no"
