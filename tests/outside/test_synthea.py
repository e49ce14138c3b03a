"""A hundred synthetic patients and one whole bundle of a megabyte, made by others: real shapes, no B12 in any of them."""

import gzip
import json
from collections import Counter, defaultdict
from datetime import date

import pytest

import corrin
from corrin import findings, guideline, intake

pytestmark = pytest.mark.shared
AS_OF = "2026-11-22"


@pytest.fixture(scope="module")
def hundred(shared):
    """One Bundle for each patient of the export."""
    resources = defaultdict(list)
    for path in sorted((shared / "fhir_synthea_100").glob("*.ndjson.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            resource = json.loads(line)
            patient = (
                resource["id"]
                if resource["resourceType"] == "Patient"
                else resource["subject"]["reference"].split(":")[-1]
            )
            resources[patient].append(resource)
    return [
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in some],
        }
        for some in resources.values()
    ]


def reasons(answers) -> Counter:
    """Why things were read and not used, over all answers."""
    return Counter(ignored["reason"] for answer in answers for ignored in answer.to_dict()["ignored"])


def test_a_hundred_patients_are_assessed_and_none_is_reassured_or_alarmed(hundred, capsys):
    answers = [corrin.assess(bundle, as_of=AS_OF) for bundle in hundred]
    assert len(answers) == 100
    with capsys.disabled():
        for verdict in ("scope", "testing", "b12_status", "urgency", "card"):
            print(f"\n  {verdict:12}", dict(Counter(answer.verdicts[verdict] for answer in answers)), end="")
        print("\n  read and not used:", *reasons(answers).most_common(8), sep="\n    ")
    for answer in answers:
        assert answer.verdicts["b12_status"] in {"untested", "unknown"}, "none of them has a B12 result"
        assert answer.verdicts["testing"] not in {"not-prompted", "done"}, (
            "nobody was asked about any feature"
        )
        assert answer.verdicts["card"] != "critical"


def test_every_resource_of_an_export_becomes_a_fact_or_is_listed(hundred):
    model = guideline.load()
    for bundle in hundred:
        (record,) = intake.read(bundle)
        known = findings.derive(record, model, date.fromisoformat(AS_OF))
        settled = findings.settle(record, model, date.fromisoformat(AS_OF))
        places = [record.patient.where, *(fact.where for fact in settled.facts)]
        places += [entry.where for entry in (*known.ignored, *known.refused)]
        listed = {where.split(".resource")[0] for where in places}
        assert {f"Bundle.entry[{index}]" for index, _ in enumerate(bundle["entry"])} <= listed


def test_a_whole_bundle_of_a_megabyte_is_assessed_with_what_was_ignored(shared, capsys):
    answer = corrin.assess(
        gzip.decompress((shared / "fhir_synthea_bundle.json.gz").read_bytes()), as_of=AS_OF
    )
    assert answer.verdicts["b12_status"] == "untested"
    assert "metformin" in answer.verdicts["risk_factors"]
    ignored = reasons([answer])
    with capsys.disabled():
        print("\n  read and not used:", *ignored.most_common(6), sep="\n    ")
    assert sum(ignored.values()) > 100
