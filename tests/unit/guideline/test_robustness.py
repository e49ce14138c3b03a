"""Whatever is done to a file, the reader answers with problems, never with a traceback."""

import contextlib
import random
import shutil

import pytest

from corrin import guideline
from corrin.errors import GuidelineError

from .conftest import TINY

FILES = sorted(
    path.relative_to(TINY).as_posix() for path in TINY.rglob("*") if path.suffix in {".md", ".toml", ".csv"}
)
PIECES = [
    "|",
    "-",
    "",
    "unknown",
    "not ",
    "{",
    "}",
    "..",
    "<",
    '"',
    "[",
    "]",
    "\n",
    "## Decision: x (unique)",
    "é",
    "\x00",
]


def damaged(text, chance):
    """A line dropped, doubled or moved, or a piece put into the middle of one."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        case 2:
            lines[at] = ""
        case 3:
            to = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:to] + chance.choice(PIECES) + lines[at][to:]
        case _:
            to = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:to]
    return "\n".join(lines)


@pytest.mark.parametrize("file", FILES)
def test_damage_is_answered_with_problems_or_with_a_guideline(tiny, file):
    chance = random.Random(file)
    whole = (TINY / file).read_text("utf-8")
    for _ in range(25):
        (tiny / file).write_text(damaged(whole, chance), "utf-8")
        with contextlib.suppress(GuidelineError):
            assert guideline.read(tiny, "home").version == "1"


def test_bytes_that_are_no_text_are_refused_by_name(tiny):
    for file, what in (("throat.md", "the page is not UTF-8"), ("words.toml", "the file is not UTF-8")):
        shutil.copy(TINY / file, tiny / file)
        (tiny / file).write_bytes(b"\xff\xfe")
        with pytest.raises(GuidelineError, match=f"{file}:1: {what}"):
            guideline.read(tiny, "home")
        shutil.copy(TINY / file, tiny / file)


def test_a_folder_that_holds_nothing_is_answered_with_problems(tmp_path):
    with pytest.raises(GuidelineError, match="the file is missing"):
        guideline.read(tmp_path, "home")
