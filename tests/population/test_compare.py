"""Two screenings side by side: who changes class, worked out by hand, and how it is said."""

import json
import os
from pathlib import Path
from shutil import copytree

import duckdb
import pytest
from tests.population import people, screens
from typer.testing import CliRunner

from corrin import guideline
from corrin.cli.commands import app
from corrin.errors import UsageError
from corrin.population import comparing, dictionary
from corrin.population.comparing import saying

MODEL = guideline.load()
SNAPSHOTS = Path(__file__).parent / "snapshots"
LIMIT = 'title = "A higher upper limit"\n\n[parameters]\nb12_high = 400\n'


def crowd() -> list:
    """Eight people with weak legs: 300, 380 and 500 pg/mL, no MMA; nothing keeps a level from reassuring (A07, A12)."""
    asked = {
        "leg_weakness": True,
        "age_years": 50,
        "sex": "female",
        "clinical_suspicion": "low",
        "b12_before_sample": False,
        "nitrous_oxide": False,
        **people.NOT_TREATED,
    }
    return [
        *people.person("three", 2, "North", serum_b12=people.level(300), **asked),
        *people.person("almost", 5, "North", serum_b12=people.level(380), **asked),
        *people.person("plenty", 1, "North", serum_b12=people.level(500), **asked),
    ]


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> tuple[Path, Path]:
    """The same people with the upper limit at 350 pg/mL, and at 400."""
    base = tmp_path_factory.mktemp("compare")
    (base / "site.toml").write_text(LIMIT, "utf-8")
    return screens.screen(crowd(), base / "A"), screens.screen(crowd(), base / "B", site=base / "site.toml")


@pytest.fixture(scope="module")
def found(runs) -> comparing.Comparison:
    return comparing.compare(*runs, MODEL)


def moves(found, subject: str) -> list[tuple[str, str, int]]:
    return [(one.before, one.after, one.people) for one in found.moves if one.subject.id == subject]


def test_those_between_the_old_limit_and_the_new_become_borderline(found):
    # 380 is above 350 (S23: deficiency unlikely with low suspicion) and not above 400 (S22: borderline): the five.
    assert moves(found, "b12_status") == [("unlikely", "borderline", 5)]
    assert (found.both, found.changed, found.only) == (8, 5, (0, 0))


def test_a_limit_of_400_triggers_five_more_mma(found):
    # S22: borderline asks for MMA. The two with 300 had it asked already; the one with 500 has not.
    mma = next(one for one in found.triggers if one.subject.id == "mma")
    assert (mma.before, mma.after, mma.more, mma.fewer) == (2, 7, 5, 0)


def test_five_come_onto_the_worklist_and_nobody_leaves(found):
    # GL1: borderline without MMA or treatment is open.
    gap = "low-or-borderline-without-mma-or-treatment"
    assert moves(found, gap) == [("not-applicable", "open", 5)]
    assert found.new == {gap: 5}
    assert found.gone == {}
    assert found.listed == (2, 7)


def test_the_other_way_round_the_same_five_leave(runs):
    back = comparing.compare(runs[1], runs[0], MODEL)
    assert moves(back, "b12_status") == [("borderline", "unlikely", 5)]
    assert (back.listed, sum(back.gone.values()), back.new) == ((7, 2), 5, {})


def test_a_run_beside_itself_changes_nobody(runs):
    same = comparing.compare(runs[0], runs[0], MODEL)
    assert (same.changed, same.moves, same.new, same.gone) == (0, (), {}, {})
    assert all(one.before == one.after and one.more == one.fewer == 0 for one in same.triggers)
    said = [line for _, line in saying.lines(same, ("A", "A"), {}, 80)]
    assert said[-1] == "Nothing changes for anybody."


def test_a_list_names_each_person_and_change(runs, tmp_path):
    out = tmp_path / "changes.csv"
    comparing.compare(*runs, MODEL, out)
    with duckdb.connect() as base:
        rows = base.execute(f"FROM '{out}' WHERE name = 'b12_status'").fetchall()
    assert rows == [(f"almost-{at}", "verdict", "b12_status", "unlikely", "borderline") for at in range(5)]


def test_people_in_one_run_only_are_counted_apart(runs, tmp_path):
    fewer = screens.screen(crowd()[1:], tmp_path / "fewer")
    found = comparing.compare(runs[0], fewer, MODEL)
    assert (found.both, found.only, found.changed) == (7, (1, 0), 0)
    assert any("in one run only" in note for note in saying.notes(found))
    assert found.gone == {"low-or-borderline-without-mma-or-treatment": 1}


def test_what_is_declared_of_one_run_only_is_said(runs, tmp_path):
    other = copytree(runs[0], tmp_path / "other")
    about = json.loads((other / "screen.json").read_text("utf-8")) | {"complete": ["medicines"]}
    (other / "screen.json").write_text(json.dumps(about), "utf-8")
    [note] = saying.notes(comparing.compare(runs[0], other, MODEL))
    assert note.startswith("The runs declare different things complete (nothing and medicines)")


@pytest.mark.parametrize("name", ["nowhere/changes.csv", "taken.csv"])
def test_a_list_that_cannot_be_written_is_refused_and_nothing_is_left(runs, tmp_path, name):
    (tmp_path / "taken.csv").mkdir()
    (tmp_path / "taken.csv" / "held").touch()
    with pytest.raises(UsageError, match=r"its folder is not there|cannot be written"):
        comparing.compare(*runs, MODEL, tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == ["taken.csv"]


def test_another_day_is_said_and_not_refused(runs, tmp_path):
    from datetime import date

    later = screens.screen(crowd(), tmp_path / "later", as_of=date(2026, 12, 22))
    found = comparing.compare(runs[0], later, MODEL)
    assert any("22 Nov 2026 and 22 Dec 2026" in note for note in saying.notes(found))


def test_a_column_that_one_run_does_not_have_is_left_out_and_said(runs, tmp_path):
    old = copytree(runs[1], tmp_path / "old")
    with duckdb.connect() as base:
        base.execute(
            f"COPY (SELECT * EXCLUDE (stage) FROM '{old}/verdicts.parquet') TO '{tmp_path}/v.parquet'"
        )
    (tmp_path / "v.parquet").replace(old / "verdicts.parquet")
    found = comparing.compare(runs[0], old, MODEL)
    assert found.skipped == (MODEL.verdicts["stage"].label,)
    assert any("Not compared" in note for note in saying.notes(found))


@pytest.mark.parametrize("width", [40, 80])
def test_how_it_is_said(found, width):
    """UPDATE_SNAPSHOTS=1 writes it anew."""
    labels = {gap.id: gap.label for gap in dictionary.read(MODEL).gaps}
    lines = [line.rstrip() for _, line in saying.lines(found, ("A", "B"), labels, width)]
    assert all(len(line) <= width for line in lines)
    said = "\n".join(lines[lines.index(next(one for one in lines if one.startswith("Worklist"))) :]) + "\n"
    path = SNAPSHOTS / f"compare-{width}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(said, "utf-8")
    assert said == path.read_text("utf-8")


def test_the_command_prints_json_for_a_program(runs):
    done = CliRunner().invoke(app, ["compare", str(runs[0]), str(runs[1]), "--format", "json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["people"] == {"both": 8, "only_first": 0, "only_second": 0, "changed": 5}
    assert {"test": "mma", "first": 2, "second": 7, "more": 5, "fewer": 0} in told["tests"]


def test_a_list_of_another_kind_is_refused(runs, tmp_path):
    with pytest.raises(UsageError, match=r"is neither .csv nor .parquet but .xlsx"):
        comparing.compare(*runs, MODEL, tmp_path / "list.xlsx")


def test_a_folder_that_no_screen_wrote_is_refused(runs, tmp_path):
    with pytest.raises(UsageError, match="no `corrin screen` wrote this"):
        comparing.compare(runs[0], tmp_path, MODEL)
