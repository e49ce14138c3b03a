"""One fault written in a file: which text of which page to replace, and which obligation must notice.

says = "A raised MMA is forgotten"
fails = "rule: ..."
[[edit]]
page = "2-diagnose.md"
find = "| D2 | not deficient, unknown |"
replace = "| D2 | not-low |"
"""

import shutil
import tempfile
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from corrin.errors import Problem, UsageError
from corrin.guideline.locate import LOCK


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that stands once on a page, and what is planted in its place."""

    page: str
    find: str
    replace: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault in words, its edits, and the id of the obligation that must fail."""

    says: str
    fails: str
    edits: tuple[Edit, ...]


def read_planted(path: Path) -> Planted:
    """The fault that a file describes.

    Errors: a `UsageError` when the file is no TOML, or lacks an edit or one of its keys.
    """
    try:
        written = tomllib.loads(path.read_text("utf-8"))
        edits = cast("list[dict[str, Any]]", written["edit"])
        found = tuple(Edit(str(each["page"]), str(each["find"]), str(each["replace"])) for each in edits)
        return Planted(str(written.get("says", "")), str(written.get("fails", "")), found)
    except OSError as error:
        raise UsageError(Problem(str(path), f"cannot be read: {error.strerror}", "Name a file.")) from None
    except (ValueError, KeyError, TypeError) as error:
        mend = "Write one or more [[edit]], each with page, find and replace."
        raise UsageError(Problem(str(path), f"is no planted fault: {error}", mend)) from None


@contextmanager
def copied(folder: Path) -> Generator[Path]:
    """A copy of the guideline's folder, without its lock, to be spoiled and thrown away."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "guideline"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(LOCK))
        yield copy


def plant(planted: Planted, folder: Path) -> None:
    """Make the edits in a folder.

    Errors: a `UsageError` for a page that is not there, or a text that does not stand on it exactly once.
    """
    for edit in planted.edits:
        page = folder / edit.page
        if not page.is_file():
            raise UsageError(Problem(edit.page, "there is no such page", "Name a file of the guideline."))
        text = page.read_text("utf-8")
        times = text.count(edit.find)
        if times != 1:
            what = f"`{edit.find}` stands there {times} times"
            raise UsageError(Problem(edit.page, what, "Quote a text that stands there once."))
        page.write_text(text.replace(edit.find, edit.replace), "utf-8")
