"""The noise of real records is there, in the data and by name in the truth."""

import json
import re
from collections import Counter
from decimal import Decimal

import pytest
from tests.synthesis.conftest import records, truth, write

from corrin import findings, guideline
from corrin.synthesis.people.results import kinds


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Three thousand patients as FHIR: enough for what is rare."""
    folder = tmp_path_factory.mktemp("crowd") / "fhir"
    write(folder, patients=3000, processes=2)
    return folder


def resources(folder, kind):
    for path in sorted(folder.glob(f"{kind}*.ndjson")):
        yield from map(json.loads, path.read_bytes().splitlines())


def test_every_kind_of_noise_among_results_is_met_and_named(crowd):
    named = Counter(
        one.partition(": ")[2] for row in truth(crowd).values() for one in row["noise"].split("; ") if one
    )
    assert set(kinds()) <= set(named)
    assert {"refuted", "family", "planned", "stopped", "draft"} <= set(named)


def test_b12_comes_in_five_units_and_more_spellings(crowd):
    codes = {each.code for each in guideline.load().declared.codes if each.finding == "serum_b12"} | {
        "serum_b12"
    }
    spelt = {
        one["valueQuantity"].get("unit")
        for one in resources(crowd, "Observation")
        if "valueQuantity" in one and codes & {each["code"] for each in one["code"].get("coding", ())}
    }
    assert {"pg/mL", "ng/L", "pmol/L", "pg/ml"} <= spelt
    assert len(spelt) > 8
    assert None in spelt


def test_comparators_flags_words_and_missing_units_are_sent(crowd):
    observations = list(resources(crowd, "Observation"))
    assert {one["valueQuantity"].get("comparator") for one in observations if "valueQuantity" in one} >= {
        None,
        "<",
        ">",
    }
    assert any("interpretation" in one for one in observations)
    assert any(one.get("valueString") == "haemolysed" for one in observations)
    assert any("component" in one for one in observations)
    assert any("hasMember" in one for one in observations)
    assert any("effectiveDateTime" not in one for one in observations)
    assert any(len(one.get("effectiveDateTime", "")) == 7 for one in observations)
    assert {one["status"] for one in observations} >= {"final", "amended", "preliminary", "entered-in-error"}


def test_codes_are_escaped_here_and_there(crowd):
    raw = b"".join(path.read_bytes() for path in crowd.glob("Observation*.ndjson"))
    assert re.search(rb'"code":"\\u00[0-9a-f]{2}', raw)


def test_conditions_are_refuted_and_entered_in_error_and_unconfirmed(crowd):
    said = {one["verificationStatus"]["coding"][0]["code"] for one in resources(crowd, "Condition")}
    assert said >= {"confirmed", "refuted", "entered-in-error", "unconfirmed"}


def test_medicines_are_inside_beside_and_elsewhere(crowd):
    requests = list(resources(crowd, "MedicationRequest"))
    assert any("contained" in one for one in requests)
    assert any(
        one.get("medicationReference", {}).get("reference", "").startswith("Medication/") for one in requests
    )
    assert any("medicationCodeableConcept" in one for one in requests)
    assert {one["status"] for one in requests} >= {"active", "stopped", "draft", "entered-in-error"}
    assert list(resources(crowd, "MedicationStatement"))
    assert list(resources(crowd, "Procedure"))


def test_a_specimen_is_a_word_or_a_resource_within_and_some_concepts_are_words_alone(crowd):
    specimens = [one["specimen"] for one in resources(crowd, "Observation") if "specimen" in one]
    assert {"Serum", "Urine"} <= {one.get("display") for one in specimens}
    assert {"reference": "#specimen"} in specimens
    assert any("coding" not in one["code"] for one in resources(crowd, "Observation"))


def test_people_die_are_merged_are_children_and_have_no_birth_date(crowd):
    people = list(resources(crowd, "Patient"))
    assert any("deceasedDateTime" in one for one in people)
    assert any(one.get("link", [{}])[0].get("type") == "replaced-by" for one in people)
    assert any("birthDate" not in one for one in people)
    assert any(len(one.get("birthDate", "")) == 4 for one in people)
    assert any(one.get("birthDate", "") > "2010" for one in people)
    assert not any("name" in one for one in people)


def test_a_panel_gives_the_same_finding_as_the_result_alone(crowd):
    laid = guideline.load()
    panels = [one for one in resources(crowd, "Observation") if "component" in one]
    name = panels[0]["subject"]["reference"].partition("/")[2]
    events = [event for event in records(crowd, "fhir")[name].events if "component" in event.where]
    assert events
    assert events[0].quantity
    value = panels[0]["component"][0]["valueQuantity"]["value"]
    assert Decimal(str(value)) in {event.quantity.value for event in events}
    assert findings.codes(laid)
