"""The same order gives the same bytes; a patient is the same in any crowd; nothing is ever half-written."""

import errno
import json
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.fhir_service.validators import fhir_resources, fhircraft
from tests.synthesis.conftest import ENOUGH, SEED, records, truth, write

from corrin import findings, guideline, synthesis
from corrin.cli import main
from corrin.errors import UsageError
from corrin.synthesis import shares, writing
from corrin.synthesis.fhir import filler


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", list(synthesis.FORMS))
def test_the_same_order_gives_the_same_bytes_on_one_process_or_two(form, tmp_path, populations):
    write(tmp_path / "again", form=form, processes=2)
    one, two = contents(populations[form][0]), contents(tmp_path / "again")
    one.pop("truth/truth.parquet")
    two.pop("truth/truth.parquet")
    assert one == two


def test_another_seed_gives_other_ordinary_patients(tmp_path, populations):
    write(tmp_path / "other", form="csv", seed=SEED + 1)
    assert contents(tmp_path / "other")["patients.csv"] != contents(populations["csv"][0])["patients.csv"]


def lines_of(folder: Path, patient: str) -> Counter[bytes]:
    """Every line that is about a patient."""
    address = f'"Patient/{patient}"'.encode()
    own = f'"id":"{patient}"'.encode()
    found = Counter()
    for path in folder.glob("*.ndjson"):
        for line in path.read_bytes().splitlines():
            if address in line or (path.name == "Patient.ndjson" and own in line):
                found[line] += 1
    return found


@pytest.mark.parametrize("number", [1, 300, 655, 700])
def test_a_patient_is_the_same_however_many_there_are(number, tmp_path, populations):
    write(tmp_path / "fewer", patients=700)
    name = f"synthetic-{number:06}"
    alone = lines_of(tmp_path / "fewer", name)
    assert alone
    assert alone == lines_of(populations["fhir"][0], name)


def test_the_people_are_the_same_in_every_format(populations):
    told = [list(truth(populations[form][0]).values()) for form in ("fhir", "omop")]
    for one, other in zip(*told, strict=True):
        assert {key: one[key] for key in one if key != "patient"} == {
            key: other[key] for key in other if key != "patient"
        }


def sample(folder: Path, every: int) -> list[dict]:
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.ndjson"))
        for line in path.read_bytes().splitlines()[::every]
    ]


def test_what_the_guideline_reads_is_valid_fhir_for_another_implementer(populations):
    sent = sample(populations["fhir"][0], 53)
    assert {one["resourceType"] for one in sent} >= {
        "Patient",
        "Observation",
        "Condition",
        "MedicationRequest",
    }
    fhir_resources(*sent)


@pytest.mark.deep
def test_what_fills_an_export_is_valid_fhir_as_well(tmp_path, populations):
    write(tmp_path / "full", patients=30, size=30_000)
    sent = [*sample(tmp_path / "full", 23), *sample(populations["fhir"][0], 17)]
    assert len({one["resourceType"] for one in sent}) > 15
    fhir_resources(*sent)
    fhircraft(
        *{one["resourceType"]: one for one in sent if one["resourceType"] != "FamilyMemberHistory"}.values()
    )


@pytest.mark.parametrize(
    ("references", "begins"), [("absolute", "https://ehr.example/fhir/Patient/"), ("urn", "urn:uuid:")]
)
def test_references_are_absolute_or_urns_when_asked_for(references, begins, tmp_path):
    write(tmp_path / "out", patients=40, references=references)
    conditions = [
        json.loads(line) for line in (tmp_path / "out" / "Condition.000.ndjson").read_bytes().splitlines()
    ]
    assert conditions
    assert all(one["subject"]["reference"].startswith(f"{begins}synthetic-") for one in conditions)
    assert len(records(tmp_path / "out", "fhir")) == 40


def test_a_full_export_is_as_large_as_it_was_asked_to_be_and_mostly_of_no_interest(tmp_path):
    written, _ = write(tmp_path / "full", patients=100, size=100_000)
    assert 80_000 < sum(written.bytes.values()) / 100 < 120_000
    codes = {code for system, code in findings.codes(guideline.load()) if system != "corrin"}
    for line in (tmp_path / "full" / "Encounter.000.ndjson").read_bytes().splitlines():
        told = json.loads(line)
        assert told["type"][0]["coding"][0]["code"] not in codes


def test_nothing_that_fills_an_export_is_asked_for_by_the_guideline(tmp_path):
    told = shares.read(guideline.load())
    wanted = {code for _, code in findings.codes(guideline.load())}
    made = synthesis.writing.fhir.Export(told, 200_000, "relative")
    assert made.filler
    lines = made.filler.lines(shares_rng(), b"synthetic-000001", 60, 20_000)

    def codes(of):
        if isinstance(of, dict):
            yield from ([of["code"]] if isinstance(of.get("code"), str) else [])
            for value in of.values():
                yield from codes(value)
        elif isinstance(of, list):
            for value in of:
                yield from codes(value)

    assert not {code for _, line in lines for code in codes(json.loads(line))} & wanted


def shares_rng():
    from corrin.synthesis.people.person import seeded

    return seeded("a test")


def test_a_place_to_fill_keeps_its_quotes_only_where_it_is_a_text():
    made = filler.template({"resourceType": "X", "id": "@id@", "note": "of @day@, 5%", "value": "#value#"})
    slots = [b"a", b"", b"", b"", b"", b"2026-01-01", b"7.5", b"", *([b""] * 8)]
    assert json.loads(made.line % made.fill(slots)[:-1]) == {
        "resourceType": "X",
        "id": "a",
        "note": "of 2026-01-01, 5%",
        "value": 7.5,
    }


@pytest.mark.parametrize(
    ("changed", "where", "what"),
    [
        ({"patients": 0}, "--patients", "fewer than one patient"),
        ({"size": -1}, "--bytes-per-patient", "a negative number"),
        ({"form": "hl7"}, "--format", "none that is written"),
        ({"references": "guid"}, "--references", "none that is written"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused_before_anything_is_written(
    changed, where, what, tmp_path
):
    with pytest.raises(UsageError) as refused:
        write(tmp_path / "out", **changed)
    assert refused.value.problems[0].where == where
    assert what in refused.value.problems[0].what
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_not_written_over(tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_an_empty_folder_may_be_named(tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", patients=2, form="csv")
    assert (tmp_path / "out" / "patients.csv").is_file()


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.Truth, "parquet", full)
    with pytest.raises(UsageError) as refused:
        write(tmp_path / "out", patients=2)
    assert "no room to write it" in refused.value.problems[0].what
    assert "Nothing was left behind" in refused.value.problems[0].mend
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_may_grow_no_further_ends_the_command_in_words(tmp_path):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [
        sys.executable,
        "-m",
        "corrin",
        "synth",
        "--patients",
        "600",
        "--lean",
        "--out",
        tmp_path / "out",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, preexec_fn=small, check=False)
    assert done.returncode == 2, done.stderr
    assert "there is no room to write it" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote_and_what_it_covers(tmp_path, capsys):
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as ended:
        main(
            [
                "synth",
                "--patients",
                str(ENOUGH),
                "--seed",
                "3",
                "--lean",
                "--format",
                "csv",
                "--out",
                str(out),
            ]
        )
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (0, "")
    assert f"Wrote {ENOUGH} patients" in said.out
    assert "Nobody in it exists" in said.out
    assert "548 of 562 rows" in said.out


def test_the_command_refuses_in_words(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["synth", "--patients", "0", "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert "Ask for 1 or more" in capsys.readouterr().err
