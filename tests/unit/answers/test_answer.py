"""An answer as JSON: the published shape, complete, deterministic, and never reassuring about what was not asked."""

import json
from datetime import date

import jsonschema
import pytest
from tests.conftest import ROOT

import corrin
from corrin import api, guideline, intake
from corrin.answers import schema

MODEL = guideline.load()
EXAMPLES = sorted((ROOT / "examples").iterdir())
TODAY = date(2026, 11, 22)


def answered(**findings) -> corrin.api.Answer:
    return corrin.assess({"case": 1, "as_of": "2026-11-22", "findings": findings})


def answers(path):
    return [api.answer(record, api.desk(), TODAY) for record in intake.read(path)]


def test_the_published_schema_is_the_one_the_nouns_and_verdicts_ask_for():
    mend = "run: corrin lock"
    assert schema.FILE.read_text("utf-8") == schema.text(MODEL), mend


def test_the_schema_is_a_schema_and_has_every_verdict_with_its_values():
    published = json.loads(schema.FILE.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    verdicts = published["properties"]["verdicts"]["properties"]
    assert set(verdicts) == set(MODEL.verdicts)
    for name, verdict in MODEL.verdicts.items():
        if verdict.kind == "one":
            assert verdicts[name]["enum"] == [*verdict.values, "unknown"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_answer_has_the_published_shape(path):
    published = json.loads(schema.FILE.read_text("utf-8"))
    for answer in answers(path):
        jsonschema.validate(
            json.loads(answer.to_json()), published, format_checker=jsonschema.FormatChecker()
        )


def test_an_answer_that_lacks_a_key_does_not_have_the_published_shape():
    published = json.loads(schema.FILE.read_text("utf-8"))
    lacking = {key: value for key, value in answered(leg_weakness=True).to_dict().items() if key != "missing"}
    with pytest.raises(jsonschema.ValidationError, match="missing"):
        jsonschema.validate(lacking, published)


def test_the_same_patient_gives_the_same_text_on_one_line():
    path = ROOT / "examples" / "nitrous-oxide.json"
    first, second = (answers(path)[0].to_json() for _ in range(2))
    assert first == second
    assert "\n" not in first
    assert json.loads(first) == answers(path)[0].to_dict()


def test_every_row_that_fired_says_where_it_stands_and_on_what_it_rests():
    said = answered(leg_weakness=True, metformin=True, age_years=71).to_dict()
    assert set(said["why"]) == set(said["fired"])
    for row, why in said["why"].items():
        assert why["statements"], row
        assert why["sources"], row
        page, line = why["place"].split(":")
        assert row in (ROOT / "guideline" / page).read_text("utf-8").splitlines()[int(line) - 1]
    assert (
        said["why"]["T4"]["findings"] == ["leg_weakness", "metformin"]
        or "metformin" in said["why"]["T4"]["findings"]
    )


def test_every_fact_used_says_where_it_stood():
    said = answered(
        leg_weakness=True, serum_b12={"value": 98, "unit": "pmol/L", "date": "2026-11-20"}
    ).to_dict()
    (level,) = (one for one in said["used"] if one["finding"] == "serum_b12")
    assert level == {
        "finding": "serum_b12",
        "value": "132.8 pg/mL",
        "printed": "98 pmol/L",
        "where": "findings.serum_b12",
        "beyond_window": None,
    }


def test_a_result_that_counts_beyond_its_window_says_how_old_it_is():
    said = answered(
        leg_weakness=True, serum_b12={"value": 98, "unit": "pmol/L", "date": "2024-06-05"}
    ).to_dict()
    ages = {one["finding"]: one["beyond_window"] for one in said["used"]}
    assert ages["serum_b12"] == 900
    assert ages["leg_weakness"] is None


def test_a_value_that_was_refused_is_listed_and_the_rest_is_answered():
    said = answered(leg_weakness=True, serum_b12={"value": 98, "date": "2026-11-20"}).to_dict()
    (refused,) = said["refused"]
    assert refused["finding"] == "serum_b12"
    assert refused["reason"]
    assert said["verdicts"]["b12_status"] == "undetermined"
    assert said["verdicts"]["neurological"] == "yes"


def test_a_red_flag_is_present_absent_or_not_asked_and_the_three_are_kept_apart():
    answer = answered(leg_weakness=True, saddle_anaesthesia=True, fever=False)
    said = answer.to_dict()
    assert [one["id"] for one in said["red_flags"]] == ["cauda-equina"]
    assert "sudden_onset" in said["red_flags_not_asked"]
    assert not {"saddle_anaesthesia", "fever"} & set(said["red_flags_not_asked"])
    assert answer.red_flags_asked["fever"] == "no"


def test_a_member_of_a_list_says_which_row_statement_and_finding_put_it_there():
    (flag,) = answered(saddle_anaesthesia=True).to_dict()["red_flags"]
    (because,) = flag["because"]
    assert because["findings"] == ["saddle_anaesthesia"]
    assert because["statements"] == ["A02"]
    assert flag["words"].startswith("saddle numbness")


def test_without_an_onset_the_clock_is_null_and_the_onset_is_not_invented():
    assert answered(leg_weakness=True).to_dict()["clock"] is None


def test_the_clock_says_what_is_left_of_three_months():
    clock = answered(leg_weakness=True, neurological_onset="2026-09-10").to_dict()["clock"]
    assert clock["days"] == {"least": 73, "most": 73}
    assert clock["three_months_on"] == {"earliest": "2026-12-10", "latest": "2026-12-10"}
    assert clock["days_left"] == {"least": 18, "most": 18}


LOW_SUSPICION = {
    "age_years": 45,
    "leg_weakness": False,
    "serum_b12": {"value": 500, "unit": "pg/mL", "date": "2026-11-01"},
    "clinical_suspicion": "low",
    "b12_before_sample": False,
    "nitrous_oxide": False,
}


def test_unlikely_without_an_mma_is_said_to_be_without_it():
    answer = answered(**LOW_SUSPICION)
    assert answer.verdicts["b12_status"] == "unlikely"
    assert "mma" in answer.said_without["b12_status"]
    assert "without methylmalonic acid (MMA)" in " ".join(answer.to_text().split())


def test_unlikely_with_a_normal_mma_is_not_said_to_be_without_one():
    answer = answered(**LOW_SUSPICION, mma={"value": 150, "unit": "nmol/L", "date": "2026-11-01"})
    assert answer.verdicts["b12_status"] == "unlikely"
    assert "mma" not in answer.said_without.get("b12_status", ())


def test_sources_that_differ_about_a_row_that_held_are_shown_with_what_each_says():
    differences = {
        one.id: one for one in answered(leg_weakness=True, metformin=True, age_years=71).differences
    }
    assert len(differences["C4"].sides) > 1
    assert set(differences["C4"].rows) <= set(answered(leg_weakness=True, metformin=True, age_years=71).fired)
    assert "C16" not in differences


BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "p1",
                "birthDate": "1955-03-14",
                "deceasedBoolean": True,
            }
        },
        {
            "resource": {
                "resourceType": "Observation",
                "status": "final",
                "subject": {"reference": "Patient/p1"},
                "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
                "effectiveDateTime": "2026-11-20",
                "valueQuantity": {"value": 100, "unit": "pg/mL", "code": "pg/mL"},
            }
        },
    ],
}


def test_for_somebody_who_died_nothing_is_said_or_recommended_and_there_is_no_card():
    answer = corrin.assess(BUNDLE, as_of="2026-11-22")
    said = answer.to_dict()
    assert said["patient"] == {"id": "p1", "died": True, "replaced_by": None}
    assert said["verdicts"]["card"] == "none"
    assert {word for word in said["verdicts"].values() if isinstance(word, str)} == {"none", "unknown"}
    assert (said["actions"], said["next_tests"], said["missing"], said["fired"]) == ([], [], [], [])
    assert said["plan"]["doses"] == []
    assert "This person has died" in answer.to_text()
    jsonschema.validate(said, json.loads(schema.FILE.read_text("utf-8")))


def test_a_level_filed_under_a_record_that_was_merged_is_pointed_to():
    """Nothing is said of a record that is no more, so whoever reads it is told that the other lacks the level."""
    merged = json.loads(json.dumps(BUNDLE))
    person = merged["entry"][0]["resource"]
    del person["deceasedBoolean"]
    person["link"] = [{"type": "replaced-by", "other": {"reference": "Patient/q"}}]
    said = corrin.assess(merged, as_of="2026-11-22").to_text()
    assert "merged into q" in said
    assert "What is filed here is not looked at there" in " ".join(said.split())
    del merged["entry"][1]
    assert "What is filed here" not in corrin.assess(merged, as_of="2026-11-22").to_text()


def test_the_same_bundle_of_somebody_alive_has_a_card():
    alive = json.loads(json.dumps(BUNDLE))
    del alive["entry"][0]["resource"]["deceasedBoolean"]
    assert corrin.assess(alive, as_of="2026-11-22").verdicts["card"] != "none"


def test_an_answer_says_which_guideline_gave_it():
    said = answered(leg_weakness=True).to_dict()["guideline"]
    assert said == {"version": MODEL.version, "hash": MODEL.hash, "profile": "uk", "site": None}
