"""To read only what the guideline asks for gives the same answer, line for line, as to read everything."""

import json
from datetime import date

import pytest
from benchmarks.bundles import bundle
from hypothesis import example, given, settings
from tests.conftest import ROOT
from tests.unit.intake.test_nothing_is_lost import bundles

from corrin import api, findings, intake
from corrin.errors import InputError

TODAY = date(2026, 11, 22)
FILES = sorted(
    [*(ROOT / "tests" / "fixtures" / "fhir").glob("*.json"), *(ROOT / "examples").glob("*.json")],
    key=lambda path: path.name,
)


def told(data, wanted=None):
    """Everything that is known of each patient, and the lines that say what was not used."""
    model = api.desk().guideline
    try:
        records = intake.read(data, wanted=wanted)
    except InputError as error:
        return str(error)
    return [findings.derive(record, model, TODAY).to_dict() for record in records]


def same(data):
    wanted = findings.codes(api.desk().guideline)
    assert told(data, wanted) == told(data)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_of_a_file_nothing_is_lost_or_added(path):
    same(path.read_bytes())


def test_of_ordinary_results_only_the_place_is_kept_and_the_answer_is_the_same():
    data = bundle(20_000)
    wanted = findings.codes(api.desk().guideline)
    (record,) = intake.read(data, wanted=wanted)
    assert any(event.quantity is None for event in record.events if event.kind == "observation")
    (whole,) = intake.read(data)
    answers = [api.answer(each, api.desk(), TODAY).to_dict() for each in (record, whole)]
    assert answers[0] == answers[1]


def observed(**more):
    return {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p"}},
            {"resource": {"resourceType": "Observation", "status": "final"} | more},
        ],
    }


WEAK = {"coding": [{"system": "http://snomed.info/sct", "code": "249945007"}]}
ASSERTED = {"coding": [{"code": "ASSERTION"}]}


@settings(max_examples=200, deadline=None)
@given(bundles())
@example(observed(code=ASSERTED, valueCodeableConcept=WEAK))
@example(observed(code={"text": "a panel"}, component=[{"code": WEAK, "valueBoolean": True}]))
@example(observed(code={"text": "a panel"}, hasMember=[{"reference": "Observation/1"}]))
@example(observed(code={"text": "ordinary"}, effectiveDateTime="2026-02-30"))
@example(observed(code={"text": "ordinary"}, dataAbsentReason={"text": "lost"}, valueString="x"))
def test_of_a_changed_bundle_nothing_is_lost_or_added(bundle):
    same(json.dumps(bundle))


def test_an_assertion_of_what_is_wanted_is_wanted():
    row = told(json.dumps(observed(code=ASSERTED, valueCodeableConcept=WEAK)))[0]["row"]
    assert "yes" in row.values()
