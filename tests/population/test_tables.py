"""A table screened: whose columns are all there is of a person; and no text of a result in what may be shared."""

import io
import json

import pytest
from rich.console import Console
from tests.bulk.lines import ndjson, patient, result, write
from tests.population.test_screening import counted, rows, screen

from corrin.cli.console import tell
from corrin.cli.population.screen import say
from corrin.errors import InputError, UsageError

TABLE = (
    "patient,age_years [a],sex,serum_b12 [pmol/L],serum_b12 date\n"
    "p1,71,female,98,2026-11-20\n"
    "p2,44,male,300,2027-11-20\n"
    "p3,,,ask Xylo ` Quux whether,2026-11-20\n"
)


def table(folder, text: str = TABLE):
    path = folder / "sheet.csv"
    path.write_text(text, "utf-8")
    return path


def test_the_sex_that_a_column_says_stands_in_the_worklist_and_the_measures(tmp_path):
    screen(table(tmp_path), tmp_path / "out", below=0)
    said = {name: row["sex"] for name, row in rows(tmp_path / "out").items()}
    assert said == {"p1": "female", "p2": "male", "p3": None}
    measures = json.loads((tmp_path / "out" / "measures.json").read_text("utf-8"))
    groups = {one["group"]: one["people"] for one in measures["gaps"][0]["by"]["sex"]}
    assert groups == {"female": 1, "male": 1, "not recorded": 1}


def test_of_what_is_not_there_it_is_said_what_may_be(tmp_path):
    with pytest.raises(InputError, match=r"results.csv: is not there. .* FHIR .* OMOP .* CSV"):
        screen(tmp_path / "results.csv", tmp_path / "out")


def test_a_columns_file_for_a_fhir_export_is_refused(tmp_path):
    names = tmp_path / "columns.toml"
    names.write_text('[columns]\nid = "patient"\n', "utf-8")
    with pytest.raises(UsageError, match="this is a FHIR export"):
        screen(write(tmp_path / "fhir", all=ndjson(patient("a"))), tmp_path / "out", names=names)


def left(out) -> list[int | None]:
    attrition = json.loads((out / "attrition.json").read_text("utf-8"))
    return [one["left"] for one in attrition["people"]]


def test_of_three_people_no_file_that_may_be_shared_says_how_many_or_of_which_sex_age_or_site(tmp_path):
    screen(table(tmp_path), tmp_path / "out")
    assert left(tmp_path / "out") == [None] * 5
    measures = json.loads((tmp_path / "out" / "measures.json").read_text("utf-8"))
    assert measures["people"] is None
    assert [one["by"] for one in measures["gaps"] + measures["verdicts"]] == [
        {"age_band": [], "sex": [], "site": []}
    ] * len(measures["gaps"] + measures["verdicts"])
    said = json.loads((tmp_path / "out" / "measures.fhir.json").read_text("utf-8"))
    reports = [one["resource"] for one in said["entry"] if one["resource"]["resourceType"] == "MeasureReport"]
    assert reports
    assert not any("stratifier" in group for report in reports for group in report["group"])
    screen(table(tmp_path), tmp_path / "out", below=0)
    assert left(tmp_path / "out")[:3] == [3, 3, 3]


def test_five_who_are_alive_are_not_told_by_those_who_died(tmp_path):
    """25 people, 20 of whom died: 25 - 20 would be five, and so would those alive, of whom none was merged."""
    people = [patient(f"p{one}", deceasedBoolean=one < 20) for one in range(25)]
    screen(write(tmp_path / "in", Patient=ndjson(*people)), tmp_path / "out")
    assert left(tmp_path / "out")[:3] == [None, None, None]


def test_options_about_lines_are_refused_for_rows_and_nothing_is_written(tmp_path):
    with pytest.raises(UsageError, match=r"(?s)--strict: stops at a line.*--full-parse: reads the lines"):
        screen(table(tmp_path), tmp_path / "out", strict=True, whole=True)
    assert not (tmp_path / "out").exists()


def test_an_age_is_as_good_as_a_birth_date(tmp_path):
    screen(table(tmp_path), tmp_path / "out")
    assert counted(tmp_path / "out", "patients") == {
        "read": 3,
        "without a birth date": 1,
        "with events after the day of the answer": 1,
    }


def test_the_terminal_says_what_lies_after_the_day_of_the_answer_and_which_columns_are_left_out(tmp_path):
    names = tmp_path / "columns.toml"
    names.write_text(
        '[columns]\nid = "patient"\nb12 = "serum_b12 [pmol/L]"\ntaken = "serum_b12 date"\n', "utf-8"
    )
    path = table(tmp_path, "id,b12,taken,weight\na,98,2027-01-01,70\n")
    out = io.StringIO()
    say(Console(file=out, width=200), screen(path, tmp_path / "out", names=names))
    said = out.getvalue()
    assert "1 patient, 0 on the worklist." in said
    assert "1 patient with events after the day of the answer, which do not count: see ingest.json." in said
    assert "1 column left out: see ingest.json." in said
    assert counted(tmp_path / "out", "columns not read") == {"weight": 1}


def test_a_narrow_terminal_breaks_a_sentence_between_words_and_a_file_gets_it_whole():
    sentence, out = (
        "22 patients with events after the day of the answer, which do not count: see ingest.json.",
        io.StringIO(),
    )
    tell(
        Console(file=out, width=40, force_terminal=True, color_system=None, soft_wrap=True),
        sentence,
        indent=2,
    )
    lines = out.getvalue().splitlines()
    assert all(line.startswith("  ") and len(line) <= 40 for line in lines)
    assert " ".join(line.strip() for line in lines) == sentence
    plain = io.StringIO()
    tell(Console(file=plain, width=40, soft_wrap=True), sentence)
    assert plain.getvalue() == sentence + "\n"


def shared(out) -> str:
    """Everything that a screening writes and that may leave the house, or is of counts and places alone."""
    names = ("ingest.json", "report.html", "measures.json", "measures.fhir.json", "attrition.json")
    return "".join((out / name).read_text("utf-8") for name in names)


def test_no_text_of_a_cell_stands_in_what_is_counted(tmp_path):
    screen(table(tmp_path, TABLE + "p4,zyxwv,,300,2026-11-20\n"), tmp_path / "out")
    assert counted(tmp_path / "out", "refused") == {
        "serum_b12: no number in `...`. Write a number and its unit.": 1,
        "age_years: no number in `...`. Write a number and its unit.": 1,
    }
    for word in ("Xylo", "Quux", "zyxwv"):
        assert word not in shared(tmp_path / "out")


def test_no_text_of_an_observation_stands_in_what_is_counted(tmp_path):
    told = ("ask Xylo ` Quux", "98 ask Xylo", "98 pg/dL/24h", "98,5 Quux", "98 Give it in Xylo")
    lines = [result("a", id=f"r{n}", valueString=text) for n, text in enumerate(told)]
    for line in lines:
        del line["valueQuantity"]
    screen(write(tmp_path / "fhir", all=ndjson(patient("a"), *lines)), tmp_path / "out")
    for word in ("Xylo", "Quux"):
        assert word not in shared(tmp_path / "out")
    refused = counted(tmp_path / "out", "refused")
    assert sum(refused.values()) == len(told)
    assert sum("the unit `pg/dL/24h` is not read here. Give it in pg/mL" in what for what in refused) == 1
