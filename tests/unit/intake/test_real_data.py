"""Charts and examples as they come: no error, and what was passed over is printed."""

from collections import Counter

import pytest
from tests.conftest import ROOT

from corrin import intake


def passed_over(records) -> Counter:
    return Counter(line.reason for record in records for line in record.ignored)


@pytest.mark.shared
def test_one_whole_chart_of_a_megabyte(shared):
    (record,) = intake.read(shared / "fhir_synthea_bundle.json.gz")
    kinds = Counter(event.kind for event in record.events)
    print(kinds, passed_over([record]))
    assert (kinds["condition"], kinds["procedure"], kinds["medicine"]) == (12, 12, 7)
    assert not [event for event in record.events if event.unreadable]
    assert all("carries nothing this guideline reads" in reason for reason in passed_over([record]))


@pytest.mark.shared
def test_a_hundred_charts_as_lines(shared):
    folder = shared / "fhir_synthea_100"
    for kind, number in (("Condition", 857), ("MedicationRequest", 863)):
        records = intake.read(folder / f"{kind}.ndjson.gz")
        print(kind, passed_over(records))
        assert sum(len(record.events) for record in records) == number
    assert len(intake.read(folder / "Patient.ndjson.gz")) == 100


@pytest.mark.shared
def test_each_observation_of_a_hundred_charts_leaves_events(shared):
    records = intake.read(shared / "fhir_synthea_100" / "Observation.ndjson.gz")
    print(passed_over(records))
    assert {event.status for record in records for event in record.events} == {"final"}
    assert not [event for record in records for event in record.events if event.unreadable]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").iterdir()), ids=lambda path: path.name)
def test_every_example_is_read_and_nothing_of_it_is_passed_over(path):
    records = intake.read(path)
    assert len(records) == (5 if path.suffix == ".csv" else 1)
    assert all(record.events for record in records)
    assert passed_over(records) == Counter()
