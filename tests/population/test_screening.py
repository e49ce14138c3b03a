"""A population screened from end to end: nobody is dropped, and everybody is told what they would be told alone."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from tests.bulk.lines import GUIDELINE, ndjson, patient, result, write
from tests.conftest import SHARED
from tests.population import screens
from tests.population.people import person
from typer.testing import CliRunner

from corrin import api, intake, synthesis
from corrin.cli import app as command_line
from corrin.cli.population.screen import say
from corrin.errors import CorrinError, InputError, UsageError
from corrin.population import screening
from corrin.population.digest import Digest, words
from corrin.population.gathering import LEFT_BEHIND
from corrin.population.screening import Order, sources
from corrin.population.screening.trouble import database
from corrin.population.tally import Tally

AS_OF = date(2026, 11, 22)
LEG = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "https://corrin.example/findings", "code": "leg_weakness"}]},
    "valueBoolean": True,
    "effectiveDateTime": "2026-11-01",
}


def weak(name: str) -> dict:
    return LEG | {"id": f"leg-{name}", "subject": {"reference": f"Patient/{name}"}}


def screen(export, out, **more):
    return screening.screen(Order(str(export), out, AS_OF, **more))


def rows(out, table: str = "worklist") -> dict[str, dict]:
    with duckdb.connect() as base:
        cursor = base.execute(f"SELECT * FROM '{out}/{table}.parquet'")
        names = [one[0] for one in cursor.description]
        return {
            row["patient"]: row for row in (dict(zip(names, each, strict=True)) for each in cursor.fetchall())
        }


def ingest(out) -> dict:
    return json.loads((out / "ingest.json").read_text("utf-8"))


def counted(out, subject: str) -> dict[str, int]:
    return {entry["what"]: entry["number"] for entry in ingest(out).get(subject, [])}


@pytest.fixture(scope="session")
def export(tmp_path_factory):
    """A made-up population as an export, lean: every row and edge of the guideline, and the noise of records."""
    out = tmp_path_factory.mktemp("export") / "fhir"
    synthesis.synthesise(synthesis.Order(900, 5, out, "fhir", 0, processes=1), GUIDELINE)
    return out


@pytest.fixture(scope="session")
def screened(export, tmp_path_factory):
    out = tmp_path_factory.mktemp("screened") / "out"
    screen(export, out)
    return out


@pytest.fixture(scope="session")
def told(export) -> dict[str, object]:
    """What `assess` says of each patient of an export, read as one NDJSON the plain way."""
    lines = b"".join(path.read_bytes() for path in sorted(export.glob("*.ndjson")))
    return {answer.findings.patient.id: answer for answer in api.assess_all(lines, AS_OF)}


def test_each_patient_is_told_the_same_alone_and_in_the_crowd(told, screened):
    """The verdicts of the crowd, hashed, are those of the patients one by one."""
    one_by_one, crowd = Digest(GUIDELINE), Digest(GUIDELINE)
    for name, answer in told.items():
        one_by_one.said(name, answer.verdicts)
    people = rows(screened, "people")
    for name, row in rows(screened, "verdicts").items():
        row.pop("patient")
        ended = bool(people[name]["died"]) or people[name]["replaced_by"] is not None
        crowd.row(name, row, ended=ended)
    assert one_by_one.patients == 900
    assert str(one_by_one) == str(crowd)


def test_the_worklist_says_of_each_gap_what_assess_says(told, screened):
    verdict = GUIDELINE.verdicts["care_gap"]
    listed = rows(screened)
    for name, row in listed.items():
        said = told[name].verdicts[verdict.id]
        outside = (
            verdict.id in told[name].assessment.not_applicable
            or told[name].verdicts["scope"] == "out-of-scope"
        )
        for key in verdict.keys:
            state = row[key.replace("-", "_")]
            assert state == said[key] or (outside and state == "not-applicable"), (name, key)
    assert {row["gap"] for row in listed.values()} >= set(verdict.keys)


def test_the_facts_behind_a_row_are_among_those_that_assess_used(told, screened):
    for name, row in rows(screened).items():
        used = {(one.finding, one.printed) for one in told[name].used}
        for fact in json.loads(row["facts"] or "[]"):
            texts = {text for finding, text in used if finding == fact["finding"]}
            assert not texts or fact["text"] in texts, (name, fact)


def test_the_clock_of_the_worklist_is_the_clock_of_assess(told, screened):
    """The shortest time since the onset; and the fewest days left that any onset allows that is known."""
    ran = {name: told[name].plan.clock for name in rows(screened) if told[name].plan.clock is not None}
    listed = rows(screened)
    for name, clock in ran.items():
        assert listed[name]["days"] == clock.days.least, name
        left = clock.days_left.most if clock.days_left.least is None else clock.days_left.least
        assert listed[name]["days_left"] == left, name
    assert any(clock.days.most is None for clock in ran.values())
    assert any(clock.days.least == clock.days.most for clock in ran.values())


def test_the_worst_come_first_and_the_dead_not_at_all(screened):
    order = [gap.id for gap in screening_order()]
    places = [
        order.index(row["gap"]) if row["gap"] else len(order)
        for row in sorted(rows(screened).values(), key=lambda row: row["rank"])
    ]
    assert places == sorted(places)
    people = rows(screened, "people")
    gone = {name for name, one in people.items() if one["died"] or one["replaced_by"]}
    assert gone
    assert not gone & set(rows(screened))
    assert set(rows(screened)) | gone == set(people)


def screening_order():
    from corrin.population import dictionary

    return dictionary.read(GUIDELINE).gaps


def test_reading_every_line_gives_the_same_tables(export, screened, tmp_path):
    screen(export, tmp_path / "out", whole=True)
    for table in ("findings", "verdicts", "worklist"):
        assert rows(tmp_path / "out", table) == rows(screened, table), table


@pytest.mark.shared
def test_a_hundred_synthea_patients_are_told_the_same_alone_and_in_the_crowd(tmp_path):
    """Real shapes, with references as URNs: 27 of the hundred have died."""
    import gzip

    folder = SHARED / "fhir_synthea_100"
    screen(folder, tmp_path / "out")
    lines = b"".join(gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.gz")))
    people, said = rows(tmp_path / "out", "people"), rows(tmp_path / "out", "verdicts")
    compared = 0
    for answer in api.assess_all(lines, AS_OF):
        row = said[answer.findings.patient.id]
        row.pop("patient")
        if not people[answer.findings.patient.id]["died"]:
            assert dict(answer.verdicts) == words(GUIDELINE, row)
            compared += 1
    assert compared == 73


ORDER = {
    "resourceType": "MedicationRequest",
    "id": "mr",
    "status": "active",
    "intent": "order",
    "authoredOn": "2026-10-01",
    "medicationReference": {"reference": "Medication/m1"},
    "subject": {"reference": "https://ehr.example/fhir/Patient/spread"},
}
DRUG = {
    "resourceType": "Medication",
    "id": "m1",
    "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "A10BA02"}]},
}
URINE = {
    "resourceType": "Specimen",
    "id": "s",
    "type": {"text": "urine"},
    "subject": {"reference": "Patient/urine"},
}
STU3 = {
    "resourceType": "Procedure",
    "id": "p",
    "status": "completed",
    "notDone": True,
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "53442002"}]},
    "subject": {"reference": "Patient/stu3"},
}


@pytest.fixture(scope="session")
def odd(tmp_path_factory):
    """An export in which something is odd about every patient."""
    folder = tmp_path_factory.mktemp("odd")
    nameless = result("nameless")
    del nameless["subject"]
    people = ("spread", "urine", "stu3", "=1+1")
    write(
        folder / "in",
        Patient=ndjson(*map(patient, people), patient("twins"), patient("twins", birthDate="1980-05-05")),
        Observation=ndjson(
            *(weak("=1+1"), result("=1+1"), weak("spread") | {"subject": {"reference": "urn:uuid:spread"}}),
            *(result("spread"), result("urine") | {"specimen": {"reference": "Specimen/s"}}, result("twins")),
            *(result("ghost"), weak("ghost"), nameless),
        )
        + b'{"resourceType":"Observation","x"\n',
        MedicationRequest=ndjson(ORDER),
        Medication=ndjson(DRUG),
        Specimen=ndjson(URINE),
        Procedure=ndjson(STU3),
    )
    screen(folder / "in", folder / "out")
    return folder / "out"


def test_a_patient_spread_over_files_and_kinds_of_reference_is_one(odd):
    """A level of 100 pg/mL and weak legs, metformin by a reference: start treatment now (S28)."""
    listed = rows(odd)["spread"]
    assert listed["neurological_untreated"] == "open"
    assert listed["next_action"] == "Start B12 treatment now"
    assert "Serum B12 100 pg/mL (2026-11-01)" in listed["reason"]
    assert rows(odd, "findings")["spread"]["metformin"] == "yes"


def test_somebody_of_whom_nothing_is_known_is_not_told_that_all_is_well(odd):
    """Nothing but a procedure of another version of FHIR, which is not read: cannot tell."""
    listed = rows(odd)["stu3"]
    states = {listed[gap.name] for gap in screening_order()}
    assert "closed" not in states
    assert (listed["neurological_untreated"], listed["gap"]) == ("unknown", None)


def test_a_urine_sample_in_a_file_of_its_own_is_no_serum_level(odd):
    """The specimen decides what a result is of, wherever it stands."""
    assert rows(odd, "findings")["urine"]["serum_b12_low"] is None


def test_two_patients_with_one_id_and_two_birth_dates_have_none(odd):
    assert rows(odd)["twins"]["age_low"] is None
    assert any("two dates of birth" in what for what in counted(odd, "ignored"))


def test_a_reference_to_nobody_is_still_a_patient_and_counted(odd):
    """A deficient level is not dropped because the Patient resource is missing."""
    assert rows(odd)["ghost"]["neurological_untreated"] == "open"
    assert counted(odd, "patients")["without a Patient resource"] == 1


def test_a_result_that_names_nobody_is_counted(odd):
    assert counted(odd, "of nobody") == {"Observation that names no patient": 1}


def test_another_version_of_fhir_is_counted_with_its_reason(odd):
    assert any("another FHIR version" in what for what in counted(odd, "ignored"))


def test_facts_keep_file_and_line(odd):
    places = {fact["finding"]: fact["place"] for fact in json.loads(rows(odd)["spread"]["facts"])}
    assert places == {
        "serum_b12": "Observation.ndjson: line 4: valueQuantity",
        "leg_weakness": "Observation.ndjson: line 3: valueBoolean",
        "symptom_on_record": "Observation.ndjson: line 3: valueBoolean",
    }


def test_a_torn_line_is_counted_shown_and_kept_apart(odd):
    assert ingest(odd)["broken"] == [
        {"what": "no JSON object", "number": 1, "where": ["Observation.ndjson: line 10"]}
    ]
    (kept,) = (odd / "broken.ndjson").read_text("utf-8").splitlines()
    assert json.loads(kept)["where"] == "Observation.ndjson: line 10"


def test_no_text_of_the_list_is_a_formula_to_a_spreadsheet(odd):
    assert ",'=1+1," in (odd / "worklist.csv").read_text("utf-8")


def test_a_result_that_names_nobody_is_the_only_patients(tmp_path):
    level = result("a")
    del level["subject"]
    write(tmp_path / "in", Patient=ndjson(patient("a")), Observation=ndjson(level))
    screen(tmp_path / "in", tmp_path / "out")
    assert rows(tmp_path / "out", "findings")["a"]["serum_b12_low"] == 100_000


def test_one_line_that_cannot_be_read_is_one_line(tmp_path, capsys):
    write(
        tmp_path / "in",
        Patient=ndjson(patient("a")),
        Observation=ndjson(result("a")) + b'{"resourceType":"Observation","x"\n',
    )
    say(Console(width=80), screen(tmp_path / "in", tmp_path / "out"))
    said = capsys.readouterr().out
    assert said.startswith("1 patient, ")
    assert "\n1 line that cannot be read: see ingest.json." in said


def test_another_version_of_fhir_is_said_where_a_person_looks(tmp_path, capsys):
    """Read past in silence, such an export would look like one in which nobody is ill."""
    write(
        tmp_path / "in",
        Patient=ndjson(patient("stu3")),
        Procedure=ndjson(STU3, STU3 | {"id": "q"}),
    )
    say(Console(width=80), screen(tmp_path / "in", tmp_path / "out"))
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "another FHIR version" in one]
    assert line.startswith("2 resources or elements of another FHIR version")
    (reason,) = counted(tmp_path / "out", "ignored")
    assert reason == "FHIR R4 has no notDone here; this is another FHIR version"


def test_nobody_whose_results_do_not_exclude_deficiency_is_left_out(tmp_path):
    """S25: a mildly raised MMA makes it probable; S22: 133 and 700 pg/mL of one day could be anything."""
    mildly = result("probable") | {
        "id": "mma",
        "code": {"coding": [{"system": "http://loinc.org", "code": "13964-2"}]},
        "valueQuantity": {"value": 350, "unit": "nmol/L"},
    }
    write(
        tmp_path / "in",
        Patient=ndjson(*map(patient, ("probable", "two", "well"))),
        Observation=ndjson(
            result("probable") | {"valueQuantity": {"value": 265, "unit": "pg/mL"}},
            mildly,
            *(
                result("two") | {"id": f"two-{value}", "valueQuantity": {"value": value, "unit": "pg/mL"}}
                for value in (133, 700)
            ),
            result("well") | {"valueQuantity": {"value": 700, "unit": "pg/mL"}},
        ),
    )
    screen(tmp_path / "in", tmp_path / "out")
    gaps = {name: row["gap"] for name, row in rows(tmp_path / "out").items()}
    assert gaps == {"probable": "not-excluded-untreated", "two": "not-excluded-untreated", "well": None}
    listed = (tmp_path / "out" / "worklist.csv").read_text("utf-8")
    assert "350 nmol/L" in listed
    assert "Serum B12 133 pg/mL" in listed
    assert ",well," not in listed


def test_strict_stops_at_a_torn_line_and_hands_nothing_over(tmp_path):
    write(tmp_path / "in", Patient=ndjson(patient("a")) + b"torn\n")
    with pytest.raises(InputError, match=r"Patient\.ndjson: line 2: no JSON object"):
        screen(tmp_path / "in", tmp_path / "out", strict=True)
    assert [one.name for one in (tmp_path / "out").iterdir()] == [".work"]


def test_an_export_without_a_patient_is_refused(tmp_path):
    write(tmp_path / "in", Observation=ndjson(result("a")))
    with pytest.raises(InputError, match="holds no Patient"):
        screen(tmp_path / "in", tmp_path / "out")


def test_an_export_of_which_nothing_can_be_read_says_so_line_by_line(tmp_path):
    write(tmp_path / "in", Patient=b"\x00\x01\n<html>\n")
    with pytest.raises(InputError) as refused:
        screen(tmp_path / "in", tmp_path / "out")
    assert [problem.where.rpartition("/")[2] for problem in refused.value.problems] == [
        "in",
        "Patient.ndjson: line 1",
        "Patient.ndjson: line 2",
    ]


def test_a_folder_in_which_something_else_lies_is_left_alone(tmp_path):
    write(tmp_path / "in", Patient=ndjson(patient("a")))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(UsageError, match="is not empty, and no screening wrote it"):
        screen(tmp_path / "in", tmp_path / "out")
    with pytest.raises(UsageError, match="is a file"):
        screen(tmp_path / "in", tmp_path / "out" / "thesis.txt")
    assert (tmp_path / "out" / "thesis.txt").read_text("utf-8") == "years of work"


def test_a_folder_that_is_made_is_the_owners_alone(odd):
    assert (odd.stat().st_mode & 0o777, (odd / ".work").stat().st_mode & 0o777) == (0o700, 0o700)


def test_a_folder_may_be_called_what_sql_would_stumble_over_or_takes_for_a_pattern(tmp_path):
    for name in ("it's", "out [1]*?"):
        write(
            tmp_path / name / "in", Patient=ndjson(patient("a"), patient("b")), Observation=ndjson(weak("a"))
        )
        for _ in range(2):
            screen(tmp_path / name / "in", tmp_path / name / "out")
        assert set(rows_of(tmp_path / name / "out")) == {"a", "b"}
        assert (tmp_path / name / "out" / "report.html").read_text("utf-8").endswith("</html>")
    compared = (
        Path(sys.executable).with_name("corrin"),
        "compare",
        *[tmp_path / one / "out" for one in ("it's", name)],
    )
    subprocess.run(compared, check=True, capture_output=True)


def rows_of(out):
    import pyarrow.parquet as pq

    return pq.read_table(out / "worklist.parquet").column("patient").to_pylist()


def test_a_second_run_reads_only_what_changed(tmp_path):
    write(
        tmp_path / "in",
        Patient=ndjson(patient("a"), patient("b")),
        Observation=ndjson(result("a", value=400)),
    )
    screen(tmp_path / "in", tmp_path / "out")
    assert ingest(tmp_path / "out")["reused"] == 0
    write(tmp_path / "in", Observation=ndjson(result("a", value=100), weak("a")))
    screen(tmp_path / "in", tmp_path / "out")
    assert ingest(tmp_path / "out")["reused"] == 1
    assert rows(tmp_path / "out")["a"]["neurological_untreated"] == "open"


def test_a_run_that_breaks_off_hands_over_nothing_and_leaves_the_last_one(tmp_path, monkeypatch):
    write(tmp_path / "in", Patient=ndjson(patient("a"), patient("b")), Observation=ndjson(result("a")))
    screen(tmp_path / "in", tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    write(tmp_path / "in", Observation=ndjson(result("b")))
    monkeypatch.setattr("corrin.population.screening.output.tables", full)
    with pytest.raises(OSError, match="No space left"):
        screen(tmp_path / "in", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before
    monkeypatch.undo()
    screen(tmp_path / "in", tmp_path / "out")
    assert rows(tmp_path / "out", "findings")["b"]["serum_b12_low"] == 100_000


def test_a_level_filed_under_a_record_that_was_merged_away_is_told_with_its_place(tmp_path):
    """The other record looks untested: somebody has to know that its level is filed elsewhere."""
    gone = {"link": [{"type": "replaced-by", "other": {"reference": "Patient/b"}}]}
    people = ndjson(patient("a", **gone), patient("b"), patient("c", **gone))
    done = screen(write(tmp_path / "in", Patient=people, Observation=ndjson(result("a"))), tmp_path / "out")
    assert set(rows(tmp_path / "out")) == {"b"}
    (told,) = [one for one in ingest(tmp_path / "out")["patients"] if one["what"] == LEFT_BEHIND]
    assert (told["number"], told["where"]) == (1, ["Observation.ndjson: line 1: valueQuantity"])
    assert done.tally.total("patients", LEFT_BEHIND) == 1


def test_two_runs_into_one_folder_are_one_too_many(tmp_path):
    """The second would clear away what the first is making; the first goes on as if it had not been there."""
    write(tmp_path / "in", Observation=ndjson(result("b")), Patient=ndjson(patient("b")))

    def again(_step, _done, _all):
        with pytest.raises(UsageError, match=r"out: is being written by another run"):
            screen(tmp_path / "in", tmp_path / "out")

    screening.screen(Order(str(tmp_path / "in"), tmp_path / "out", AS_OF), again)
    assert set(rows(tmp_path / "out")) == {"b"}
    screen(tmp_path / "in", tmp_path / "out")


@pytest.mark.parametrize(
    ("error", "said"),
    [("OutOfMemoryException", "ran out of memory"), ("IOException", "cannot write or read its files")],
)
def test_a_database_that_cannot_go_on_is_said_in_words(error, said):
    with pytest.raises(CorrinError, match=said), database():
        raise getattr(duckdb, error)("No space left on device: 98 pmol/L")


def test_the_places_of_a_fault_are_the_same_in_whatever_order_the_shares_are_done():
    one, other, last = Tally(), Tally(), Tally()
    for tally, lines in ((one, (10, 300)), (other, (9, 25)), (last, range(400, 430))):
        for line in lines:
            tally.count("refused", "no unit", f"Observation.ndjson: line {line}: valueQuantity")
    said = []
    for order in ((one, other, last), (last, other, one)):
        whole = Tally()
        for tally in order:
            whole.add(tally)
        said.append(whole.to_dict())
    assert said[0] == said[1]
    (told,) = said[0]["refused"]
    assert [place.split()[2] for place in told["where"]] == ["9:", "10:", "25:", "300:"] + [
        f"{line}:" for line in range(400, 416)
    ]


def test_two_processes_say_what_one_says(export, screened, tmp_path, monkeypatch):
    monkeypatch.setattr("corrin.population.screening.run.SMALL", 0)
    screen(export, tmp_path / "out", jobs=2)
    assert rows(tmp_path / "out", "verdicts") == rows(screened, "verdicts")
    assert rows(tmp_path / "out") == rows(screened)


def test_many_shares_say_what_one_says(export, screened, tmp_path, monkeypatch):
    """Every share finds its own lines and what they point to; shares in which nobody falls are no matter."""
    monkeypatch.setattr("corrin.population.screening.reading.PEOPLE", 300)
    monkeypatch.setattr("corrin.population.screening.run.AT_ONCE", 1)
    screen(export, tmp_path / "out")
    assert rows(tmp_path / "out", "verdicts") == rows(screened, "verdicts")
    assert rows(tmp_path / "out") == rows(screened)


def test_shares_without_anybody_are_no_matter(tmp_path, monkeypatch):
    """Three people in more shares than people, with a medicine that is told elsewhere."""
    monkeypatch.setattr("corrin.population.screening.run.AT_ONCE", 1)
    people = [patient(name) for name in "abc"]
    given = ORDER | {"subject": {"reference": "Patient/b"}}
    folic = {"coding": [{"system": "http://www.whocc.no/atc", "code": "B03BB01"}]}
    medicine = DRUG | {"code": folic}
    level = ndjson(result("a"))
    requests = {"MedicationRequest": ndjson(given), "Medication": ndjson(medicine)}
    write(tmp_path / "in", Patient=ndjson(*people), Observation=level, **requests)
    screen(tmp_path / "in", tmp_path / "one")
    monkeypatch.setattr("corrin.population.screening.reading.SHARE", 400)
    screen(tmp_path / "in", tmp_path / "many")
    assert sum(entry["kept"] for entry in ingest(tmp_path / "many")["files"]) == 6
    found = rows(tmp_path / "many", "findings")
    assert found["b"]["folic_acid"] == "yes"
    assert found["a"]["serum_b12_low"] == 100_000
    assert found == rows(tmp_path / "one", "findings")


def journal(out):
    return out / ".work" / "cuts" / "journal.ndjson"


def test_a_run_that_was_stopped_while_it_read_goes_on_with_what_was_whole(tmp_path):
    """The machine stopped while the journal was being written: its last line is torn."""
    write(tmp_path / "in", Patient=ndjson(patient("a")), Observation=ndjson(result("a")))
    screen(tmp_path / "in", tmp_path / "out")
    before = rows(tmp_path / "out")
    whole = journal(tmp_path / "out").read_text("utf-8")
    first, second = whole.splitlines(keepends=True)
    journal(tmp_path / "out").write_text(first + second[:40], "utf-8")
    screen(tmp_path / "in", tmp_path / "out")
    assert ingest(tmp_path / "out")["reused"] == 1
    assert rows(tmp_path / "out") == before


def test_lines_that_went_missing_are_read_again(tmp_path):
    write(tmp_path / "in", Patient=ndjson(patient("a")), Observation=ndjson(result("a")))
    screen(tmp_path / "in", tmp_path / "out")
    for path in journal(tmp_path / "out").parent.glob("*.lines"):
        path.unlink()
    screen(tmp_path / "in", tmp_path / "out")
    assert ingest(tmp_path / "out")["reused"] == 0
    assert rows(tmp_path / "out", "findings")["a"]["serum_b12_low"] == 100_000


def test_a_file_that_changed_and_kept_its_size_and_its_date_is_read_again(tmp_path):
    """A folder that was unpacked or copied with the dates of its source: the level of last week must not stay."""
    folder = write(tmp_path / "in", Patient=ndjson(patient("b")), Observation=ndjson(result("b", value=900)))
    path = folder / "Observation.ndjson"
    screen(tmp_path / "in", tmp_path / "out")
    date = path.stat().st_mtime_ns
    path.write_bytes(ndjson(result("b", value=100)))
    os.utime(path, ns=(date, date))
    screen(tmp_path / "in", tmp_path / "out")
    assert rows(tmp_path / "out", "findings")["b"]["serum_b12_low"] == 100_000


def test_what_a_changed_file_once_said_is_forgotten_and_thrown_away(tmp_path):
    """Lines of several small files lie together: those of the file that changed count no more."""
    write(tmp_path / "in", Patient=ndjson(patient("a")), Observation=ndjson(result("a", value=100)))
    screen(tmp_path / "in", tmp_path / "out")
    write(tmp_path / "in", Observation=ndjson(result("a", value=400)))
    screen(tmp_path / "in", tmp_path / "out")
    assert rows(tmp_path / "out", "findings")["a"]["serum_b12_low"] == 400_000
    write(tmp_path / "in", Patient=ndjson(patient("a"), patient("b")))
    screen(tmp_path / "in", tmp_path / "out")
    entries = [json.loads(line) for line in journal(tmp_path / "out").read_text("utf-8").splitlines()]
    leaves = {f"{entry['leaf']}.{end}" for _, entry in entries for end in ("arrow", "lines")}
    assert {path.name for path in journal(tmp_path / "out").parent.iterdir()} == {"journal.ndjson", *leaves}


def test_a_form_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(UsageError, match="'hl7' is no form"):
        sources.form(str(tmp_path), "hl7")


@pytest.mark.parametrize("form", ["omop", "csv"])
def test_a_cdm_and_a_table_of_the_same_people_are_screened_too(tmp_path, form):
    """What each is meant to say is held in tests/synthesis; here only that everybody arrives."""
    synthesis.synthesise(synthesis.Order(60, 5, tmp_path / "in", form, 0, processes=1), GUIDELINE)
    where = tmp_path / "in" / "patients.csv" if form == "csv" else tmp_path / "in"
    done = screen(where, tmp_path / "out")
    assert len(rows(tmp_path / "out", "people")) == 60
    assert done.patients == len(rows(tmp_path / "out"))
    shutil.rmtree(tmp_path / "out")


def test_a_line_names_what_could_not_be_used_and_the_sign_that_asks_for_a_test(tmp_path):
    """A28: a level in a unit nobody knows is listed by name. A05, S08: brisk reflexes ask for a test, not the age alone."""
    sent = {"value": 90, "unit": "apples", "date": "2026-11-01"}
    people = [
        *person("unusable", 1, age_years=40, serum_b12=sent, b12_treatment=False, folic_acid=False),
        *person("brisk", 1, age_years=96, hyperreflexia=True, b12_treatment=False, folic_acid=False),
    ]
    listed = rows(screens.screen(people, tmp_path))
    unusable, brisk = listed["unusable-0"], listed["brisk-0"]
    assert unusable["gap"] is None
    assert unusable["reason"] == "a result was sent that could not be used: Serum B12"
    assert unusable["next_action"].startswith("look at the result that could not be read")
    assert brisk["gap"] == "test-indicated-no-result"
    assert GUIDELINE.declared.findings["hyperreflexia"].label in brisk["reason"]
    assert {fact["finding"] for fact in json.loads(brisk["facts"])} >= {"hyperreflexia"}


@pytest.mark.parametrize(
    ("days", "subject", "what"),
    [
        ([], "refused", "serum_b12: dated after today. Send the day of the sample."),
        (["--as-of", "2026-11-22"], "ignored", "it has not happened yet on the day of the answer"),
    ],
    ids=["today", "another day"],
)
def test_a_level_of_a_day_to_come_is_refused_only_where_the_day_is_today(tmp_path, days, subject, what):
    level = {
        "resourceType": "Observation",
        "id": "b12",
        "status": "final",
        "subject": {"reference": "Patient/a"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
        "effectiveDateTime": "2199-01-02",
        "valueQuantity": {"value": 90, "unit": "pg/mL"},
    }
    source = write(tmp_path / "fhir", all=ndjson(patient("a"), level, weak("a")))
    run = CliRunner().invoke(command_line, ["screen", str(source), "--out", str(tmp_path / "out"), *days])
    assert run.exit_code == 0, run.output
    assert counted(tmp_path / "out", subject)[what] == 1
    alone = api.answer(
        next(iter(intake.read((source / "all.ndjson").read_bytes()))),
        api.desk(),
        date.fromisoformat(json.loads((tmp_path / "out" / "screen.json").read_text("utf-8"))["as_of"]),
        present=not days,
    )
    said = rows(tmp_path / "out", "verdicts")["a"]
    assert said["b12_status"] == alone.verdicts["b12_status"]


def test_whoever_died_after_the_day_of_the_screening_is_screened_like_the_living(tmp_path):
    """Like `assess` on that day: a low level of somebody who died later stands on the list, one of the dead does not."""
    people = [
        patient("later") | {"deceasedDateTime": "2026-11-23"},
        patient("before") | {"deceasedDateTime": "2026-11-22"},
    ]
    low = [one(name) for name in ("later", "before") for one in (result, weak)]
    write(tmp_path / "export", Patient=ndjson(*people), Observation=ndjson(*low))
    screen(tmp_path / "export", tmp_path / "out")
    assert set(rows(tmp_path / "out")) == {"later"}
    assert {name: one["died"] for name, one in rows(tmp_path / "out", "people").items()} == {
        "later": 0,
        "before": 1,
    }
    (told,) = [one for one in ingest(tmp_path / "out")["patients"] if one["what"] == "died"]
    assert told["number"] == 1
