"""The command line: what it prints, where, and with which exit code."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT

from corrin.cli import main
from corrin.cli.exits import MEANING

EXAMPLE = str(ROOT / "examples" / "weak-legs-on-metformin.json")
BUNDLE = str(ROOT / "examples" / "subacute-combined-degeneration.bundle.json")
FIVE = str(ROOT / "examples" / "five-patients.csv")


@pytest.fixture
def corrin(capsys, monkeypatch):
    """Run a command; its exit code, standard output, and standard error."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(*arguments: str):
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


def test_help_names_every_command_and_exit_code(corrin):
    code, out, _ = corrin("--help")
    assert code == 0
    for command in ("check", "lock", "prove", "assess", "explain"):
        assert command in out
    for number in MEANING:
        assert re.search(rf"^ {number}  \w", out, re.MULTILINE)


def test_a_patient_is_assessed_as_text(corrin):
    code, out, err = corrin("assess", EXAMPLE)
    assert (code, err) == (0, "")
    assert "RED FLAGS" in out
    assert "has not been validated" in out


def test_json_is_one_object_a_line_one_patient_each(corrin):
    code, out, _ = corrin("assess", "--as-of", "2026-11-22", "--format", "json", EXAMPLE, FIVE)
    lines = out.splitlines()
    assert code == 0
    assert len(lines) == 6
    assert all(json.loads(line)["as_of"] == "2026-11-22" for line in lines)


def test_standard_input_is_a_file_too(monkeypatch):
    ran = subprocess.run(
        [sys.executable, "-m", "corrin", "assess", "--format", "json", "-"],
        input=Path(EXAMPLE).read_bytes(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["verdicts"]["testing"] == "indicated"


def run(*arguments: str, to=subprocess.PIPE, **environment: str):
    return subprocess.run(
        [sys.executable, "-m", "corrin", *arguments],
        stdout=to,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
    )


def test_where_the_surroundings_speak_ascii_no_letter_is_lost():
    ran = run("assess", EXAMPLE, PYTHONIOENCODING="ascii")
    assert ran.returncode == 0, ran.stderr
    assert "Patient, 71 years, female · vitamin B12" in ran.stdout.decode("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_said_in_words():
    with Path("/dev/full").open("w") as full:
        ran = run("assess", EXAMPLE, to=full)
    said = ran.stderr.decode("utf-8")
    assert ran.returncode == 2
    assert "output" in said
    assert "no space left" in said
    assert "Traceback" not in said


def test_a_full_disk_is_said_in_the_systems_words_not_in_a_librarys(monkeypatch, corrin):
    """A writer of tables says 28 in a sentence with brackets; what a person needs is the word for 28."""

    def full(*_args, **_more):
        raise OSError(28, "Error writing bytes to file. Detail: [errno 28] No space left on device")

    monkeypatch.setattr("corrin.cli.app", full)
    code, _, said = corrin("screen", "export", "--out", "out")
    assert code == 2
    assert "cannot be written: no space left on device" in said
    assert "[" not in said


def test_a_file_without_a_day_is_answered_as_of_today(corrin):
    _, out, _ = corrin("assess", "--format", "json", BUNDLE)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", json.loads(out)["as_of"])


def test_a_refused_value_does_not_change_the_exit_code(corrin, tmp_path):
    path = tmp_path / "p.json"
    path.write_text(
        '{"case": 1, "as_of": "2026-11-22", "findings": {"leg_weakness": true, "serum_b12": {"value": 98}}}',
        "utf-8",
    )
    code, out, err = corrin("assess", str(path))
    assert (code, err) == (0, "")
    assert "Refused" in out


def test_an_unreadable_file_is_said_on_standard_error_and_the_others_are_answered(corrin, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    code, out, err = corrin("assess", "--format", "json", str(broken), EXAMPLE)
    assert code == 3
    assert len(out.splitlines()) == 1
    assert "broken.json" in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_unreadable(corrin):
    code, _, err = corrin("assess", "nowhere.json")
    assert code == 3
    assert "nowhere.json" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess"],
        ["assess", "--format", "xml", EXAMPLE],
        ["assess", "--profile", "fr", EXAMPLE],
        ["assess", "--as-of", "yesterday", EXAMPLE],
        ["explain", "B99"],
        ["asess", EXAMPLE],
    ],
    ids=" ".join,
)
def test_a_command_line_that_cannot_be_carried_out_ends_with_2(corrin, arguments):
    code, out, err = corrin(*arguments)
    assert code == 2
    assert out == ""
    assert err


def test_a_site_file_that_cannot_be_placed_ends_with_4(corrin, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text('title = "Ours"\n[parameters]\nb12_lwo = 145\n', "utf-8")
    code, _, err = corrin("assess", "--site", str(site), EXAMPLE)
    assert code == 4
    assert "Did you mean `b12_low`?" in err


def test_a_site_file_that_is_not_there_is_said_once(corrin):
    code, _, err = corrin("assess", EXAMPLE, "--site", "nowhere.toml")
    assert code == 4
    assert err.count("error") == 1
    assert "there is no such file" in err


def test_check_ends_with_1_when_it_found_something(corrin, monkeypatch):
    from corrin.errors import Problem
    from corrin.verification import check
    from corrin.verification.check import CheckReport

    found = CheckReport((Problem("1-suspect.md:3", "a short row", "Fill it."),), None, None, (), "", 0.1)
    monkeypatch.setattr(check, "run", lambda: found)
    code, out, _ = corrin("check")
    assert code == 1
    assert "a short row" in out


def test_explain_shows_a_row_with_its_limit_statement_address_and_examples(corrin):
    code, out, _ = corrin("explain", "B1")
    said = " ".join(out.split())
    assert code == 0
    assert "serum_b12 is < {b12_low} (b12_low is 180 pg/mL)" in said
    assert "S21" in said
    assert "https://www.nice.org.uk/guidance/ng239" in said
    assert "just below the lower limit" in said
    assert re.search(r"2-diagnose\.md:\d+", said)


def test_explain_takes_a_name_in_small_letters(corrin):
    assert corrin("explain", "b1") == corrin("explain", "B1")


def test_a_source_without_an_address_is_cited_without_a_hole(corrin):
    _, out, _ = corrin("explain", "A19")
    assert "Corrin, 2026. Our own choice" in " ".join(out.split("\n"))


def test_explain_follows_the_profile(corrin):
    _, out, _ = corrin("explain", "--profile", "us", "neuro_due")
    assert "1 month" in out or "1 mo" in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("S27", "a statement"),
        ("serum_b12", "a finding"),
        ("b12_status", "a verdict"),
        ("b12_low", "a parameter"),
        ("serum-b12-band", "a table"),
        ("C1", "where sources differ"),
        ("nice-ng239", "a source"),
        ("UK1", "a course"),
    ],
)
def test_explain_knows_every_kind_of_name(corrin, name, said):
    code, out, _ = corrin("explain", name)
    assert code == 0
    assert said in out


def test_explain_says_of_a_certificate_whether_the_row_is_proved(tmp_path):
    from corrin import guideline
    from corrin.cli import explaining

    model = guideline.load()
    certificate = tmp_path / "certificate.json"

    def told() -> str:
        return " ".join(line.strip() for _, line in explaining.lines(model, "B1", certificate, 200))

    assert "no certificate here" in told()
    proof = {
        "guideline": {"hash": "another"},
        "obligations": [
            {"about": "serum-b12-band", "of": "", "result": "holds"},
            {"about": "serum-b12-band", "of": "B1", "result": "fails"},
            {"about": "serum-b12-band", "of": "B2", "result": "holds"},
        ],
    }
    certificate.write_text(json.dumps({"proofs": [proof]}), "utf-8")
    assert "of another guideline" in told()
    proof["guideline"]["hash"] = model.hash
    certificate.write_text(json.dumps({"proofs": [proof]}), "utf-8")
    assert "1 of 2 obligations" in told()


@pytest.mark.parametrize(("no_color", "painted"), [("", True), ("1", False)])
def test_colour_respects_no_color(no_color, painted):
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "FORCE_COLOR": "1",
        "COLUMNS": "80",
        "TERM": "xterm",
    }
    environment.pop("NO_COLOR", None)
    if no_color:
        environment["NO_COLOR"] = no_color
    ran = subprocess.run(
        [sys.executable, "-m", "corrin", "assess", EXAMPLE],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", ran.stdout)) is painted


def test_the_version_names_the_code_and_the_guideline(corrin):
    code, out, _ = corrin("--version")
    assert code == 0
    assert re.match(r"corrin \d+\.\d+\.\d+, guideline \d{4}\.\d+ [0-9a-f]{12}", out)


def test_help_does_not_load_the_solver_or_a_database():
    code = (
        "import sys\nfrom corrin.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'z3', 'duckdb', 'sqlglot', 'msgspec'} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert ran.stderr.strip() == "[]"


def test_completion_offers_the_commands():
    ran = subprocess.run(
        [sys.executable, "-m", "corrin"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "_CORRIN_COMPLETE": "complete_bash",
            "COMP_WORDS": "corrin a",
            "COMP_CWORD": "1",
        },
    )
    assert "assess" in ran.stdout
