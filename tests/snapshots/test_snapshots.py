"""Words that somebody reads, kept as they were when they were looked at: a few answers, and the error messages.

A text that changed on purpose is looked at and then written anew: `UPDATE_SNAPSHOTS=1 pytest tests/snapshots`.
"""

import json
import os
import re
from pathlib import Path

import pytest
from tests.conftest import ROOT

from corrin import api, intake
from corrin.cli import main

HERE = Path(__file__).parent
TODAY = "2026-11-22"

ANSWERS = {
    "weak-legs-on-metformin": 80,
    "red-flag-with-low-b12": 80,
    "folic-acid-with-numb-feet.bundle": 40,
    "loading-overdue": 80,
}


def same_as(name: str, text: str) -> None:
    """Compare with the text that was looked at; write it when asked to."""
    path = HERE / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, f"look at it, then UPDATE_SNAPSHOTS=1 pytest {HERE.name}"


def settled(text: str) -> str:
    """Without what changes with every edit of a page: the rows with their lines, and the hash."""
    text = re.sub(r"\nWhy ─.*?(?=\nFacts ─)", "", text, flags=re.DOTALL)
    return re.sub(r",\s[0-9a-f]{12}\.", ", <hash>.", text)


@pytest.mark.parametrize(("name", "width"), ANSWERS.items())
def test_an_answer_reads_as_it_did_when_it_was_looked_at(name, width):
    (record,) = intake.read(ROOT / "examples" / f"{name}.json")
    text = api.answer(record, api.desk(), api.day(record.as_of or TODAY)).to_text(width)
    same_as(f"{name}-{width}", settled(text))


CASE = {"case": 1, "as_of": TODAY, "findings": {"leg_weakness": True}}


@pytest.mark.parametrize(
    "slip",
    [
        ("no-such-file", ["assess", "nowhere.json"], {}),
        ("broken-json", ["assess", "p.json"], {"p.json": '{"case": 1, "findings": {'}),
        ("no-patient", ["assess", "p.json"], {"p.json": '{"hello": "world"}'}),
        ("unknown-profile", ["assess", "--profile", "fr", "p.json"], {"p.json": json.dumps(CASE)}),
        ("no-date", ["assess", "--as-of", "22.11.2026", "p.json"], {"p.json": json.dumps(CASE)}),
        ("no-site", ["assess", "--site", "nowhere.toml", "p.json"], {"p.json": json.dumps(CASE)}),
        (
            "site-out-of-range",
            ["assess", "--site", "site.toml", "p.json"],
            {"p.json": json.dumps(CASE), "site.toml": 'title = "Ours"\n[parameters]\nb12_low = 10\n'},
        ),
        ("unknown-name", ["explain", "b12_statsu"], {}),
    ],
    ids=lambda slip: slip[0],
)
def test_an_error_says_where_what_and_how_to_mend_it(slip, tmp_path, monkeypatch, capsys):
    name, arguments, files = slip
    for file, text in files.items():
        (tmp_path / file).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    same_as(f"error-{name}", f"{capsys.readouterr().err}exit code {ended.value.code}\n")
