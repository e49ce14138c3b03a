"""One fault written in a file: what to change on which page, and which obligation must notice.

    says = "A raised MMA counts only with a level that is not low"
    fails = "always answered: b12-status"

    [[edit]]
    page = "2-diagnose.md"
    row = "D2"
    cell = "b12_band"
    write = "not-low"

An edit names a cell of a row (`output` for its output), or strikes the row (`strike = true`), or replaces a
text that stands on the page once (`find`, `replace`).
"""

import shutil
import tempfile
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from corrin.errors import Problem, UsageError, did_you_mean
from corrin.guideline.locate import LOCK
from corrin.verification.faults.slips import Line, rows_of

OUTPUT = "output"
FORMS = "Write page, and row with cell and write (or strike = true), or find and replace."


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one page: in a row's cell, of a whole row, or of a text that stands there once."""

    page: str
    row: str = ""
    cell: str = ""
    write: str = ""
    strike: bool = False
    find: str = ""
    replace: str = ""

    def apply(self, text: str) -> str:
        """The page with this change made.

        Errors: a `UsageError` when what is to be changed does not stand on the page, or stands there twice.
        """
        if not self.row:
            times = text.count(self.find)
            if times != 1:
                raise _refused(
                    self.page, f"`{self.find}` stands there {times} times", "Quote what stands once."
                )
            return text.replace(self.find, self.replace)
        rows = {line.cells[0]: line for line in rows_of(self.page, text)}
        if self.row not in rows:
            raise _refused(self.page, f"there is no row `{self.row}`", did_you_mean(self.row, rows))
        line = rows[self.row]
        lines = text.split("\n")
        lines[line.number - 1 : line.number] = (
            [] if self.strike else [line.having(self._place(line), self.write)]
        )
        return "\n".join(lines)

    def _place(self, line: Line) -> int:
        names = [OUTPUT if name.startswith("->") else name.split(" [")[0] for name in line.header]
        if self.cell not in names:
            raise _refused(
                self.page, f"row {self.row} has no cell `{self.cell}`", did_you_mean(self.cell, names)
            )
        return names.index(self.cell)


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault in words, its edits, and the id of the obligation that must fail."""

    says: str
    fails: str
    edits: tuple[Edit, ...]


def _refused(where: str, what: str, mend: str) -> UsageError:
    return UsageError(Problem(where, what, mend))


def read_planted(path: Path) -> Planted:
    """The fault that a file describes.

    Errors: a `UsageError` when the file is no TOML, or lacks an edit or one of its keys.
    """
    try:
        written = tomllib.loads(path.read_text("utf-8"))
        edits = tuple(Edit(**each) for each in cast("list[dict[str, Any]]", written["edit"]))
    except OSError as error:
        raise _refused(str(path), f"the file cannot be read: {error.strerror}", "Name a file.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(str(path), f"the file is no planted fault: {error}", FORMS) from None
    if not edits or not all(edit.find or edit.strike or (edit.row and edit.cell) for edit in edits):
        raise _refused(str(path), "an edit says nothing", FORMS)
    return Planted(str(written.get("says", "")), str(written.get("fails", "")), edits)


@contextmanager
def copied(folder: Path) -> Generator[Path]:
    """A copy of the guideline's folder, without its lock, to be spoiled and thrown away."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "guideline"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(LOCK))
        yield copy


def plant(planted: Planted, folder: Path) -> None:
    """Make the edits in a folder, one after the other.

    Errors: a `UsageError` for an edit that does not fit its page.
    """
    for edit in planted.edits:
        page = folder / edit.page
        if not page.is_file():
            names = sorted(path.name for path in folder.iterdir())
            raise _refused(edit.page, "there is no such page", did_you_mean(edit.page, names))
        page.write_text(edit.apply(page.read_text("utf-8")), "utf-8")
