"""What a made-up source holds all of, and when symptoms began."""

import json
from collections import Counter
from datetime import date

import pytest
from tests.synthesis.conftest import ENOUGH, truth, write

from corrin import findings, guideline, intake
from corrin.intake import omop, rows
from corrin.readings import plain
from corrin.synthesis import FORMS, shares

AS_OF = date(2026, 11, 22)
MEDICINES = frozenset({"medicines"})


def declared(folder, form: str, laid):
    """The findings row of every patient of a folder whose source declares that all medicines are there."""
    wanted = findings.codes(laid)
    if form == "omop":
        records = omop.read(folder, wanted, complete=MEDICINES)
    elif form == "csv":
        records = rows.read(folder / "patients.csv", wanted, complete=MEDICINES)
    else:
        lines = b"".join(path.read_bytes() for path in sorted(folder.glob("*.ndjson")))
        records = intake.read(lines, "export", wanted, MEDICINES)
    return {one.patient.id: findings.derive(one, laid, AS_OF).row for one in records}


@pytest.mark.parametrize("form", FORMS)
def test_where_all_medicines_are_written_silence_is_meant_as_no(form, tmp_path):
    """Each built patient: the row holds, and every medicine that nobody mentions is a no, here and in the truth."""
    laid = guideline.load()
    write(tmp_path / form, form=form, complete=MEDICINES)
    told = declared(tmp_path / form, form, laid)
    medicines = [
        one.id for one in laid.declared.findings.values() if one.absent_when_complete == ("medicines",)
    ]
    assert len(medicines) > 10
    built = {name: row for name, row in truth(tmp_path / form).items() if row["kind"] != "ordinary"}
    for name, row in built.items():
        assert row["row"] in plain.decide(laid, told[name]).held, row["about"]
        for medicine in medicines:
            assert row[medicine] == told[name][medicine], (row["about"], medicine)
    said = json.loads((tmp_path / form / "truth" / "coverage.json").read_text("utf-8"))
    assert said["unreachable"]["FA9"] == "all of a kind are here: what is not said of them is a no"


def test_neurological_symptoms_say_when_they_began_and_not_always_to_the_day(tmp_path):
    """Four in five say it, one in eight of all as a month, one in twenty as a year; the first is asked after."""
    write(tmp_path / "fhir", patients=3000, processes=2)
    told = shares.read(guideline.load()).onsets
    laid = guideline.load()
    of = {(one.system, one.code) for one in laid.declared.codes if one.finding in told.of}
    codes = {code for _, code in of}
    lengths, asked = Counter(), Counter()
    for path in sorted((tmp_path / "fhir").glob("*.ndjson")):
        for resource in map(json.loads, path.read_bytes().splitlines()):
            said = {one["code"] for one in resource.get("code", {}).get("coding", ())}
            ordinary = int(resource.get("subject", {}).get("reference", "-0").rpartition("-")[2]) > ENOUGH
            if ordinary and resource["resourceType"] == "Condition" and said & codes:
                lengths[len(resource.get("onsetDateTime", "")[:10])] += 1
            if ordinary and told.finding in said:
                asked[len(resource["valueDateTime"])] += 1
    whole = lengths.total()
    assert whole > 100
    assert set(lengths) == set(asked) | {0} == {0, 4, 7, 10}
    assert lengths[0] / whole == pytest.approx(0.2, abs=0.08)
    assert lengths[7] / whole == pytest.approx(0.12, abs=0.08)
    assert lengths[10] > lengths[0] + lengths[4] + lengths[7]
