"""One call from Python: every kind of source, the day of the answer, profiles, sites, several patients."""

import json
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import ROOT

import corrin
from corrin import api
from corrin.errors import GuidelineError, InputError, UsageError

CASE = {
    "case": 1,
    "as_of": "2026-11-22",
    "findings": {"age_years": 71, "leg_weakness": True, "metformin": True},
}
EXAMPLE = ROOT / "examples" / "weak-legs-on-metformin.json"
BUNDLE = ROOT / "examples" / "subacute-combined-degeneration.bundle.json"


@pytest.mark.parametrize(
    "source",
    [CASE, json.dumps(CASE).encode(), EXAMPLE, str(EXAMPLE)],
    ids=["dictionary", "bytes", "path", "text of a path"],
)
def test_weak_legs_on_metformin_are_to_be_tested_however_they_are_handed_over(source):
    assert corrin.assess(source).verdicts["testing"] == "indicated"


def test_a_bundle_and_the_list_of_its_resources_give_the_same_verdicts():
    bundle = json.loads(BUNDLE.read_bytes())
    resources = [entry["resource"] for entry in bundle["entry"]]
    whole = corrin.assess(bundle, as_of="2026-11-22")
    assert whole.verdicts["b12_status"] == "deficient"
    assert corrin.assess(resources, as_of="2026-11-22").verdicts == whole.verdicts


def test_the_day_may_be_a_date_or_a_text_and_goes_before_that_of_the_case_file():
    assert corrin.assess(CASE, as_of=date(2026, 12, 1)).findings.as_of == date(2026, 12, 1)
    assert corrin.assess(CASE, as_of="2026-12-01").findings.as_of == date(2026, 12, 1)
    assert corrin.assess(CASE).findings.as_of == date(2026, 11, 22)


def test_without_a_day_there_is_no_answer_because_nothing_reads_the_clock():
    with pytest.raises(UsageError, match="no day of the answer"):
        corrin.assess(BUNDLE)


@pytest.mark.parametrize("day", ["22.11.2026", "2026-13-01", "soon"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(UsageError, match="not a day"):
        corrin.assess(CASE, as_of=day)


def test_an_unknown_profile_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="`uk`, `us`"):
        corrin.assess(CASE, profile="fr")


def test_a_site_file_that_is_not_there_is_refused():
    with pytest.raises(GuidelineError, match=r"nowhere\.toml"):
        corrin.assess(CASE, site="nowhere.toml")


def test_a_site_with_a_lower_limit_is_answered_by_it_and_the_answer_says_so(tmp_path: Path):
    site = tmp_path / "site.toml"
    site.write_text('title = "Ours"\n[parameters]\nb12_low = 145\n', "utf-8")
    case = {**CASE, "findings": {**CASE["findings"], "serum_b12": {"value": 160, "unit": "pg/mL"}}}
    assert corrin.assess(case).verdicts["b12_status"] == "deficient"
    ours = corrin.assess(case, site=site)
    assert ours.verdicts["b12_status"] == "borderline"
    assert len(ours.to_dict()["guideline"]["site"]) == 64


def test_a_site_file_that_was_changed_is_read_anew(tmp_path: Path):
    site = tmp_path / "site.toml"
    case = {**CASE, "findings": {**CASE["findings"], "serum_b12": {"value": 160, "unit": "pg/mL"}}}
    for limit, status in ((145, "borderline"), (170, "deficient")):
        site.write_text(f'title = "Ours"\n[parameters]\nb12_low = {limit}\n', "utf-8")
        assert corrin.assess(case, site=site).verdicts["b12_status"] == status


def test_a_site_beyond_the_proved_range_is_refused(tmp_path: Path):
    site = tmp_path / "site.toml"
    site.write_text('title = "Ours"\n[parameters]\nb12_low = 10\n', "utf-8")
    with pytest.raises(GuidelineError, match="b12_low"):
        corrin.assess(CASE, site=site)


def test_input_that_is_no_patient_is_refused():
    with pytest.raises(InputError):
        corrin.assess(b"{")


def test_several_patients_need_the_call_that_answers_for_each():
    path = ROOT / "examples" / "five-patients.csv"
    with pytest.raises(UsageError, match="assess_all"):
        corrin.assess(path, as_of="2026-11-22")
    assert len(list(api.assess_all(path, as_of="2026-11-22"))) == 5


def test_the_american_profile_prints_its_own_course():
    case = {**CASE, "findings": {**CASE["findings"], "serum_b12": {"value": 100, "unit": "pg/mL"}}}
    assert corrin.assess(case, profile="us").plan.doses[0].drug == "cyanocobalamin"
