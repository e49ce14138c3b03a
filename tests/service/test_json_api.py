"""One patient in, one answer out: the same that the command line prints; bad input by its place."""

import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from tests.conftest import ROOT
from tests.service.calling import JSON, Calls

from corrin.service.config import Config, Rules

CASE = {"case": 1, "findings": {"age_years": 71, "leg_weakness": True}}
UCUM = "http://unitsofmeasure.org"


def bundle(*quantities: dict, day: str = "2026-11-20", subject: str = "Patient/p") -> bytes:
    """A patient with weak legs and serum B12 as given."""
    results = [
        {
            "resource": {
                "resourceType": "Observation",
                "id": f"o{number}",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "14685-2"}]},
                "subject": {"reference": subject},
                "effectiveDateTime": f"{day}T09:00:00Z",
                "valueQuantity": quantity,
            }
        }
        for number, quantity in enumerate(quantities)
    ]
    patient = {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1955-04-02"}}
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [patient, *results]}).encode()


def ask(calls, body, path="/assess", **headers):
    return calls.post(path, content=body, headers=JSON | headers)


@pytest.mark.parametrize(
    "name", ["weak-legs-on-metformin.json", "subacute-combined-degeneration.bundle.json"]
)
def test_the_answer_is_what_the_command_line_prints(calls, name):
    command = [sys.executable, "-m", "corrin", "assess", "--format", "json", "--as-of", "2026-11-22"]
    file = ROOT / "examples" / name
    printed = subprocess.run(
        [*command, file], capture_output=True, check=True, cwd=ROOT, env={"PYTHONPATH": "src"}
    )
    answer = ask(calls, file.read_bytes(), "/assess?as_of=2026-11-22")
    assert answer.status_code == 200
    assert answer.content == printed.stdout


def test_the_day_is_that_of_the_address_then_the_case_then_the_clock(calls):
    dated = CASE | {"as_of": "2026-01-02"}
    assert ask(calls, json.dumps(dated), "/assess?as_of=2026-03-04").json()["as_of"] == "2026-03-04"
    assert ask(calls, json.dumps(dated)).json()["as_of"] == "2026-01-02"
    assert ask(calls, json.dumps(CASE)).json()["as_of"] == "2026-11-22"


def test_the_profile_is_that_of_the_address_then_the_configuration():
    calls = Calls(Config(guideline=Rules(profile="us")))
    assert ask(calls, json.dumps(CASE)).json()["guideline"]["profile"] == "us"
    assert ask(calls, json.dumps(CASE), "/assess?profile=uk").json()["guideline"]["profile"] == "uk"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("profile=xy", "query: profile"),
        ("as_of=yesterday", "query: as_of"),
        ("as_of=20261122", "query: as_of"),
        ("serum_b12=98", "query"),
        ("profile=uk&profile=us", "query"),
    ],
)
def test_an_address_holds_a_day_and_a_profile_and_nothing_of_a_patient(calls, query, where):
    answer = ask(calls, json.dumps(CASE), f"/assess?{query}")
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["where"] == where
    assert query.split("=")[1] not in answer.text.replace("2026-11-22", "").replace("uk, us", "")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_either_end_of_the_calendar_is_refused(calls, day):
    assert ask(calls, json.dumps(CASE), f"/assess?as_of={day}").status_code == 422
    assert ask(calls, json.dumps(CASE | {"as_of": day})).status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        (b"", 400, "neither a JSON object nor a list"),
        (b"age_years,leg_weakness\n71,yes\n", 400, "neither a JSON object nor a list"),
        (b"\x1f\x8b\x08\x00", 400, "neither a JSON object nor a list"),
        (b'{"case": 1', 400, "malformed JSON at line 1, column 11"),
        (b'{"case": 1, "findings": {"age_years": "\xff"}}', 400, "not UTF-8"),
        (b"{}", 422, "neither a resource nor a case file"),
        (b"[]", 422, "an empty list"),
        (b'{"case": 2, "findings": {}}', 422, "the version of the case file"),
        (b'{"case": 1}', 422, "an object of findings is needed"),
        (b'[{"case": 1, "findings": {}}, {"case": 1, "findings": {}}]', 422, "speaks of 2 patients"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b'{"case": 1, "findings": {}, "as_of": "2026-02-30"}', 422, "no day of the calendar"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(calls, body, status, what):
    answer = ask(calls, body)
    assert answer.status_code == status
    problem = answer.json()["problems"][0]
    assert problem["where"].startswith("body")
    assert what in problem["what"]
    assert problem["mend"]


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        ({"value": 140}, "no unit. "),
        ({"value": 140, "unit": "mg/L", "system": UCUM, "code": "mg/L"}, "mg/L"),
        ({"value": 140, "unit": "pg/mL", "system": UCUM, "code": "pmol/L"}, "the unit is printed"),
        ({"value": 140, "unit": "glasses"}, "glasses"),
    ],
)
def test_a_unit_that_is_missing_wrong_or_unlisted_is_refused_by_name_and_never_a_number(
    calls, quantity, reason
):
    answer = ask(calls, bundle(quantity)).json()
    (refused,) = answer["refused"]
    assert refused["finding"] == "serum_b12"
    assert reason in refused["reason"]
    assert refused["where"] == "Bundle.entry[1].resource.valueQuantity"
    assert answer["verdicts"]["b12_status"] == "undetermined"


def test_a_result_of_tomorrow_has_not_happened(calls):
    answer = ask(calls, bundle({"value": 98, "unit": "pmol/L"}, day="2026-11-23")).json()
    assert {
        "where": "Bundle.entry[1].resource.valueQuantity",
        "reason": answer["ignored"][0]["reason"],
    } in answer["ignored"]
    assert "not happened yet" in answer["ignored"][0]["reason"]
    assert answer["verdicts"]["b12_status"] == "untested"


def test_two_results_of_one_moment_that_differ_both_count_and_neither_decides(calls):
    answer = ask(calls, bundle({"value": 98, "unit": "pmol/L"}, {"value": 300, "unit": "pmol/L"})).json()
    places = {one["where"] for one in answer["used"] if one["finding"] == "serum_b12"}
    assert places == {f"Bundle.entry[{number}].resource.valueQuantity" for number in (1, 2)}
    assert answer["verdicts"]["b12_status"] == "undetermined"


def test_the_same_body_has_the_same_answer(calls):
    body = bundle({"value": 98, "unit": "pmol/L"})
    assert ask(calls, body).content == ask(calls, body).content


def test_the_document_of_the_api_holds_the_schema_of_an_answer(calls):
    document = calls.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    schema = {"$ref": "#/components/schemas/Answer", "components": document["components"]}
    answer = ask(calls, (ROOT / "examples" / "red-flag-with-low-b12.json").read_bytes())
    assert not list(Draft202012Validator(schema).iter_errors(answer.json()))
    assert list(Draft202012Validator(schema).iter_errors(answer.json() | {"more": 1}))


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*.json")), ids=lambda file: file.name)
def test_every_example_is_of_the_shape_that_the_document_says(calls, file):
    document = calls.get("/openapi.json").json()
    shape = document["paths"]["/assess"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema = shape | {"components": document["components"]}
    sent = json.loads(file.read_text("utf-8"))
    faults = [error.message for error in Draft202012Validator(schema).iter_errors(sent)]
    assert not faults


def test_without_a_day_a_result_dated_after_today_is_refused_and_on_an_earlier_day_it_is_to_come(calls):
    body = bundle({"value": 98, "unit": "pmol/L"}, day="2026-11-30")
    (refused,) = ask(calls, body).json()["refused"]
    assert (refused["finding"], refused["reason"]) == (
        "serum_b12",
        "dated after today. Send the day of the sample.",
    )
    earlier = ask(calls, body, "/assess?as_of=2026-11-22").json()
    assert earlier["refused"] == []
    assert [one["reason"] for one in earlier["ignored"]] == [
        "it has not happened yet on the day of the answer"
    ]
