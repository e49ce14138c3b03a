"""What the how-tos about populations show, run as it stands there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from tests.conftest import ROOT

from corrin import guideline, synthesis

HOW_TO = ROOT / "docs" / "how-to"


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of a language in one of the how-tos."""
    return re.findall(rf"```{language}\n(.*?)```", (HOW_TO / name).read_text("utf-8"), re.DOTALL)


def corrin(line: str, folder: Path) -> str:
    """One command as a reader types it, in a folder; what it prints."""
    command = line.removeprefix("$ ").partition("#")[0].partition(">")[0]
    program, *arguments = shlex.split(command)
    assert program == "corrin"
    done = subprocess.run(
        [sys.executable, "-m", "corrin", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_rehearsal_of_a_limit_says_what_the_page_shows(tmp_path):
    [site], [console], [shown] = (blocks("rehearse-a-limit.md", one) for one in ("toml", "console", "text"))
    (tmp_path / "rehearsal.toml").write_text(site, "utf-8")
    [made_up] = re.findall(r"`(corrin synth [^`]+)`", (HOW_TO / "rehearse-a-limit.md").read_text("utf-8"))
    corrin(made_up, tmp_path)
    said = [corrin(line, tmp_path) for line in console.splitlines()]
    for part in shown.strip().split("\n\n"):
        heading, *lines = part.splitlines()
        assert heading in said[-1]
        assert all(line in said[-1] for line in lines)


@pytest.fixture
def cdm(tmp_path) -> Path:
    """The CDM that the page reads, made up, small."""
    order = synthesis.Order(120, 1, tmp_path / "build" / "cdm", "omop", 0, processes=1)
    synthesis.synthesise(order, guideline.load())
    return tmp_path


def test_the_facts_of_a_cdm_and_the_script_give_the_worklist_of_a_screening(cdm):
    [program] = blocks("in-a-warehouse.md", "python")
    subprocess.run([sys.executable, "-c", program], cwd=cdm, check=True)
    corrin("corrin screen build/cdm --out screened --as-of 2026-11-22", cdm)
    [console] = blocks("in-a-warehouse.md", "console")
    [line] = [one for one in console.splitlines() if "--to worklist" in one]
    script = corrin(line.replace("postgres", "duckdb"), cdm)
    with duckdb.connect() as base:
        base.execute("CREATE SCHEMA clinic")
        for table in ("facts", "people"):
            base.execute(f"CREATE TABLE clinic.{table} AS FROM '{cdm / f'{table}-all.parquet'}'")
        base.execute(script)
        pair = ("FROM clinic.worklist", f"FROM '{cdm / 'screened' / 'worklist.parquet'}'")
        here, there = (base.execute(f"SELECT COLUMNS(*) {one} ORDER BY rank").fetchall() for one in pair)
    assert len(here) > 100
    assert here == there
