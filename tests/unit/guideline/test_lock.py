"""The lock: canonical, whole, and refused when it is old."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corrin import guideline
from corrin.errors import GuidelineError, UsageError
from corrin.guideline import lock
from corrin.guideline.locate import LOCK

SRC = Path(guideline.__file__).parents[2]


@pytest.fixture
def locked(tiny):
    lock.write(tiny)
    return tiny


@pytest.mark.parametrize("profile", ["home", "away"])
def test_what_is_loaded_is_what_was_read(locked, profile):
    assert guideline.load(profile, folder=locked) == guideline.read(locked, profile)


def test_what_is_loaded_under_a_site_is_what_was_read_under_it(locked, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text('title = "North"\n[parameters]\nfever_from = 38.5\n', "utf-8")
    loaded = guideline.load("home", site, folder=locked)
    assert loaded == guideline.read(locked, "home", site)
    assert loaded.parameters["fever_from"].value == 38_500


def test_columns_stand_in_the_same_order_after_loading(locked):
    loaded, read = guideline.load("home", folder=locked), guideline.read(locked, "home")
    for name in ("columns", "parameters", "verdicts", "statements"):
        assert list(getattr(loaded, name)) == list(getattr(read, name))
    assert list(loaded.declared.findings) == list(read.declared.findings)


def test_loading_reads_no_page(locked):
    read = guideline.read(locked, "home")
    for path in locked.iterdir():
        if path.is_file() and path.name != LOCK:
            path.unlink()
    assert guideline.load("home", folder=locked) == read


def test_loading_needs_neither_the_reader_nor_toml():
    code = (
        f"import sys; sys.path.insert(0, {str(SRC)!r}); import corrin.guideline;"
        "print(sorted({'corrin.guideline.reading', 'corrin.guideline.pages', 'tomllib', 'difflib'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def test_the_lock_is_canonical_and_a_row_has_a_line_of_its_own(locked):
    text = (locked / LOCK).read_text("utf-8")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert lock.text(locked) == text
    (line,) = [line for line in text.splitlines() if '"id":"F1"' in line]
    assert line.strip().rstrip(",]}") in line
    assert '"cells":{"temperature":"< {fever_from}"}' in line
    assert sum('"id":"C' in line and '"cells"' in line for line in text.splitlines()) == 5


def test_changing_one_row_changes_one_line_and_the_hashes(locked):
    before = (locked / LOCK).read_text("utf-8").splitlines()
    page = locked / "throat.md"
    page.write_text(
        page.read_text("utf-8").replace("| known                     |", "| normal, red |"), "utf-8"
    )
    lock.write(locked)
    after = (locked / LOCK).read_text("utf-8").splitlines()
    changed = [line for line in after if line not in before]
    assert [line.split(":")[0].strip() for line in changed if '"id":"C2"' not in line] == [
        *('"tonsils"', '"away"', '"home"')
    ]


def test_a_lock_is_stale_when_missing_and_when_a_page_moved_on(tiny):
    assert lock.stale(tiny)
    lock.write(tiny)
    assert not lock.stale(tiny)
    for name in ("treat.md", "words.toml", "valuesets/signs.csv", "profiles/away.toml"):
        path = tiny / name
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        assert lock.stale(tiny), name
        lock.write(tiny)
        assert not lock.stale(tiny)


def test_a_guideline_that_cannot_be_read_is_not_locked(tiny):
    (tiny / "throat.md").write_text("## Decision: broken (unique)\n", "utf-8")
    with pytest.raises(GuidelineError):
        lock.write(tiny)
    assert not (tiny / LOCK).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no lock. Run `corrin lock`."),
        ("{", "a broken lock: "),
        ('{"form": 0}', "a lock of another Corrin. Run `corrin lock`."),
        ("[]", "a lock of another Corrin. Run `corrin lock`."),
    ],
)
def test_a_lock_that_cannot_be_loaded_says_what_to_run(tiny, text, said):
    if text is not None:
        (tiny / LOCK).write_text(text, "utf-8")
    with pytest.raises(GuidelineError) as refused:
        guideline.load("home", folder=tiny)
    assert said in str(refused.value)
    assert str(tiny / LOCK) in str(refused.value)


def test_an_unknown_profile_is_named_with_those_there_are(locked):
    with pytest.raises(UsageError, match="profile `at-home`"):
        guideline.load("at-home", folder=locked)
