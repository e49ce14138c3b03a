"""The FHIR that leaves: valid for others, nested as the guideline nests, and honest about what it is."""

import json
from dataclasses import replace

import pytest
from tests.fhir_service.validators import VALIDATORS, fhir_resources, fhircraft, npm_fhir
from tests.fhir_service.writing import (
    AS_OF,
    EXAMPLES,
    case,
    contained,
    every_plan,
    group,
    leaves,
    notes,
    plan,
)

from corrin import api, guideline
from corrin.errors import GuidelineError, Problem
from corrin.exports import fhir
from corrin.exports.fhir import coordinates

GUIDELINE = guideline.load()

DEFICIENT = case(
    age_years=71,
    leg_weakness=True,
    neurological_examination="abnormal",
    loss_of_vibration_sense=True,
    serum_b12={"value": 98, "unit": "pmol/L", "date": "2026-11-20"},
)


@pytest.mark.parametrize("validate", [fhir_resources, npm_fhir])
def test_every_care_plan_is_valid_for_others(validate):
    validate(*every_plan())


def test_a_care_plan_with_all_kinds_of_requests_holds_the_invariants_of_fhir():
    fhircraft(plan(EXAMPLES[0].parent / "below-the-analyser.bundle.json", "us"))


@pytest.mark.deep
def test_every_care_plan_holds_the_invariants_of_fhir():
    fhircraft(*every_plan())


@pytest.mark.parametrize("validate", VALIDATORS)
@pytest.mark.parametrize(
    "resource",
    [
        fhir.plan_definition(GUIDELINE),
        fhir.questionnaire(GUIDELINE),
        fhir.capability_statement(GUIDELINE, "http://127.0.0.1:8000/fhir", "0.1.0"),
        fhir.operation_outcome([Problem("Bundle.entry[0]", "no resource", "Mend it.")]),
        fhir.response(GUIDELINE, json.loads((EXAMPLES[0].parent / "nitrous-oxide.json").read_text("utf-8"))),
    ],
    ids=lambda one: one["resourceType"],
)
def test_everything_else_is_valid_for_others(validate, resource):
    validate(resource)


@pytest.mark.parametrize("care_plan", every_plan(), ids=range(len(every_plan())))
def test_each_contained_resource_is_referred_to_and_each_reference_leads_somewhere(care_plan):
    ids = [one["id"] for one in care_plan["contained"]]
    assert len(ids) == len(set(ids))
    text = json.dumps(care_plan)
    assert all(f'"reference": "#{one}"' in text for one in ids)
    for action in group(care_plan).get("action", []):
        for leaf in leaves(action):
            assert leaf["resource"]["reference"].removeprefix("#") in ids


@pytest.mark.parametrize("care_plan", every_plan(), ids=range(len(every_plan())))
def test_nothing_is_an_order_before_somebody_signs_it(care_plan):
    for one in (care_plan, *care_plan["contained"]):
        assert one["status"] in {"draft", "preliminary"}
        assert one.get("intent", "proposal") == "proposal"


def test_the_next_tests_stand_below_the_action_that_asks_for_them():
    care_plan = plan(DEFICIENT)
    asked = {one["id"]: one for one in group(care_plan)["action"]}
    below = [leaf["resource"]["reference"] for leaf in leaves(asked["request-tests"])]
    requests = contained(care_plan, "ServiceRequest")
    assert below == [f"#{one['id']}" for one in requests]
    antibody = next(one for one in requests if one["id"] == "intrinsic-factor-antibody")
    assert antibody["code"]["coding"] == [{"system": "http://loinc.org", "code": "31444-3"}]
    count = next(one for one in requests if one["id"] == "full-blood-count")
    assert count["code"] == {"text": "full blood count"}  # no verified code: words alone


def test_loading_doses_are_dated_and_the_drug_has_its_code_its_dose_and_its_route():
    (medicine,) = contained(plan(DEFICIENT), "MedicationRequest")
    assert medicine["medicationCodeableConcept"]["coding"][0]["code"] == "B03BA03"
    (dosage,) = medicine["dosageInstruction"]
    assert dosage["text"] == "1 mg hydroxocobalamin, intramuscular, every 2 days until no further improvement"
    assert dosage["timing"]["event"][:3] == ["2026-11-22", "2026-11-24", "2026-11-26"]
    assert dosage["route"] == {"text": "intramuscular"}
    (rate,) = dosage["doseAndRate"]
    assert rate["doseQuantity"] == {
        "value": 1,
        "unit": "mg",
        "system": "http://unitsofmeasure.org",
        "code": "mg",
    }


def test_maintenance_is_a_rhythm_that_begins_when_the_window_opens():
    care_plan = plan(DEFICIENT | {"findings": DEFICIENT["findings"] | {
        "b12_treatment": True, "b12_treatment_stopped": False, "no_further_improvement": True,
        "improved_since_start": True, "b12_treatment_started": "2026-01-10", "last_b12_dose": "2026-10-01",
        "regimen_given": "neuro",
    }})  # fmt: skip
    (medicine,) = contained(care_plan, "MedicationRequest")
    (dosage,) = medicine["dosageInstruction"]
    assert dosage["timing"]["repeat"] == {
        "boundsPeriod": {"start": "2026-12-01"},
        "frequency": 1,
        "period": 2,
        "periodUnit": "mo",
    }


def test_a_course_that_another_source_puts_beside_is_offered_as_one_of_two():
    care_plan = plan(DEFICIENT, "us")
    start = next(one for one in group(care_plan)["action"] if one["id"] == "start-treatment")
    assert start["selectionBehavior"] == "exactly-one"
    assert [one["title"] for one in start["action"]] == ["cyanocobalamin", "hydroxocobalamin"]
    chosen, beside = contained(care_plan, "MedicationRequest")
    assert chosen["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["code"] == "ug"
    assert "timing" not in beside["dosageInstruction"][0]


def test_a_red_flag_is_urgent_and_stands_as_an_issue_with_its_source():
    care_plan = plan(EXAMPLES[0].parent / "red-flag-with-low-b12.json")
    assert group(care_plan)["priority"] == "stat"
    issues = [one["detail"] for one in contained(care_plan, "DetectedIssue")]
    assert any(one.startswith("Red flags: ") and "NG127" in one for one in issues)


def test_a_refused_unit_is_named_in_the_care_plan():
    said = notes(plan(case(leg_weakness=True, serum_b12={"value": 98, "unit": "furlongs"})))
    assert "Not used: Serum B12" in said


def test_what_is_not_known_is_told_as_not_known():
    care_plan = plan(case(leg_weakness=True))
    assert "Folic acid: cannot tell" in care_plan["description"]
    assert "Not known, and could change the answer" in notes(care_plan)


def test_where_sources_differ_both_the_question_and_the_choice_are_told():
    said = notes(plan(case(leg_weakness=True)))
    assert "Sources differ: Is a test for weak legs tied to a risk factor" in said
    assert "Taken here:" in said


def test_for_somebody_who_died_nothing_is_recommended_and_that_is_said():
    bundle = json.loads((EXAMPLES[0].parent.parent / "tests/fixtures/fhir/deceased.json").read_text("utf-8"))
    care_plan = plan(bundle)
    assert [one["resourceType"] for one in care_plan["contained"]] == ["RequestGroup"]
    assert "action" not in group(care_plan)
    assert "nothing is recommended" in notes(care_plan)


def test_every_action_cites_its_sources():
    for care_plan in every_plan():
        for action in group(care_plan).get("action", []):
            assert "documentation" in action or "resource" in action
    definition = fhir.plan_definition(GUIDELINE)
    for table in definition["action"]:
        for action in table["action"]:
            assert action["documentation"]
            assert action["condition"][0]["expression"]["expression"].startswith("row ")


def test_the_plan_definition_shows_all_thirteen_source_attributes():
    attributes = fhir.attributes(GUIDELINE)
    assert len(attributes) == 13
    said = {one.id: one.says for one in attributes}
    assert said["race"] == said["ethnicity"] == "not used"
    assert said["date-of-birth"].startswith("used: Age")
    definition = fhir.plan_definition(GUIDELINE)
    assert len(definition["extension"]) == 13
    assert (definition["status"], definition["experimental"]) == ("draft", True)


def test_an_attribute_is_derived_from_what_the_tables_read():
    fewer = replace(GUIDELINE, tables=tuple(one for one in GUIDELINE.tables if "age_years" not in one.inputs))
    said = {one.id: one.says for one in fhir.attributes(fewer)}
    assert said["date-of-birth"] == "not used"


def test_every_question_is_a_finding_that_is_asked_and_every_asked_finding_a_question():
    items = [item for one in fhir.questionnaire(GUIDELINE)["item"] for item in one["item"]]
    asked = {one.id for one in GUIDELINE.declared.findings.values() if one.asked}
    assert {one["linkId"] for one in items} == asked
    by_id = {one["linkId"]: one for one in items}
    assert by_id["leg_weakness"]["type"] == "boolean"
    assert [one["valueCoding"]["code"] for one in by_id["knee_reflexes"]["answerOption"]] == [
        "absent",
        "reduced",
        "normal",
        "brisk",
    ]
    units = [one["valueCoding"]["code"] for one in by_id["serum_b12"]["extension"]]
    assert {"pg/mL", "pmol/L"} <= set(units)
    assert by_id["neurological_onset"]["type"] == "date"


CASES = [path for path in EXAMPLES if "bundle" not in path.name]


@pytest.mark.parametrize("path", CASES, ids=lambda one: one.stem)
def test_a_case_file_answers_the_form_as_it_answers_by_itself(path):
    given = json.loads(path.read_text("utf-8"))
    response = fhir.response(GUIDELINE, given, "p1")
    by_itself, by_form = api.assess(given, AS_OF), api.assess(response, AS_OF)
    less = set(fhir.unsaid(given))
    known = {name for name, answer in given["findings"].items() if answer is not None}
    assert set(response_ids(response)) == known
    if not less:
        assert by_form.findings.row == by_itself.findings.row
        assert by_form.verdicts == by_itself.verdicts
    else:  # the day of a sample, or a laboratory's word, has no place in the form: what it has is the same
        same = {
            name: value for name, value in by_itself.findings.row.items() if not name.startswith(tuple(less))
        }
        assert {name: by_form.findings.row.get(name) for name in same if name in given["findings"]} == {
            name: value for name, value in same.items() if name in given["findings"]
        }


def response_ids(response: dict) -> list[str]:
    return [one["linkId"] for one in response["item"]]


def test_a_quantity_without_a_unit_in_the_form_is_refused_by_name():
    response = fhir.response(GUIDELINE, case(leg_weakness=True, serum_b12={"value": 98}), "p1")
    answer = api.assess(response, AS_OF)
    (refused,) = answer.refused
    assert refused.finding == "serum_b12"
    assert "unit" in refused.reason
    assert answer.verdicts["b12_status"] == "undetermined"


def with_services(**sections) -> guideline.Guideline:
    return replace(GUIDELINE, hash=repr(sections), services={**GUIDELINE.services, **sections})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"recommended": "advice"}, "services.toml, fhir.recommended: names 'advice'"),
        ({"codes": {"tests": {"mma": {"finding": "mma", "system": "loinc", "code": "1-1"}}, "drugs": {}}}, "is no verified code"),
        ({"codes": {"tests": {"x-ray": {}}, "drugs": {}}}, "services.toml, x-ray: asked for by no row"),
        ({"carries": {"tests": ["dance"], "doses": []}}, "services.toml, tests: names 'dance'"),
        ({"priorities": {"emergency": "now"}}, "names 'now'"),
        ({"goals": [{"text": "a", "because": ["S99"]}]}, "cites ['S99']"),
    ],
)  # fmt: skip
def test_a_word_or_a_code_that_the_guideline_does_not_have_is_refused(change, said):
    with pytest.raises(GuidelineError) as caught:
        coordinates.read(with_services(fhir={**GUIDELINE.services["fhir"], **change}))
    assert said in str(caught.value)


def test_without_the_dictionary_nothing_is_exported():
    with pytest.raises(GuidelineError, match=r"services.toml: the file is missing"):
        coordinates.read(replace(GUIDELINE, hash="none", services={}))
