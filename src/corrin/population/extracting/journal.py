"""What was cut before, so that only files that changed are read again.

Parts of an export enter; what they came to leaves, or nothing where that is not known. An entry is written
once the lines of its part are: what a run that was interrupted had not finished is read anew.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corrin.intake.bulk.blocks import Part
from corrin.intake.bulk.cutting import Broken
from corrin.population.extracting.cuts import INDEX, LINES, Seen

NAME = "journal.ndjson"


class Journal:
    """The cuts that a folder holds, by their names: one line for each part."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME
        self._known = dict(_entries(self._path))

    def known(self, part: Part, name: str) -> Seen | None:
        """What a part came to when it was last cut, if it was and nothing changed."""
        entry = self._known.get(name)
        if entry is None or (entry["kept"] and not self._kept(entry["leaf"])):
            return None
        return _read(part, name, entry)

    def add(self, seen: Iterable[Seen]) -> None:
        """Parts that were cut just now."""
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(_written(one) for one in seen)

    def tidy(self, seen: Sequence[Seen]) -> None:
        """Forget every part but these, and throw its lines away."""
        aside = self._path.with_suffix(".partial")
        with aside.open("w", encoding="utf-8") as file:
            file.writelines(_written(one) for one in seen)
        aside.replace(self._path)
        needed = {NAME, *(f"{one.leaf}{end}" for one in seen for end in (INDEX, LINES))}
        for path in self._folder.iterdir():
            if path.name not in needed:
                path.unlink()

    def _kept(self, leaf: str) -> bool:
        return all((self._folder / f"{leaf}{end}").is_file() for end in (INDEX, LINES))


def _entries(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every whole line; the last may be torn where the machine stopped."""
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            name, entry = json.loads(line)
            yield name, entry


def _written(seen: Seen) -> str:
    entry = {
        "leaf": seen.leaf,
        "lines": seen.lines,
        "kept": seen.kept,
        "nameless": seen.nameless,
        "weight": seen.weight,
        "size": seen.size,
        "broken": [[one.number, one.reason, one.raw.decode("utf-8", "replace")] for one in seen.broken],
        "unmapped": seen.unmapped,
        "types": seen.types,
    }
    return json.dumps([seen.name, entry]) + "\n"


def _read(part: Part, name: str, entry: Mapping[str, Any]) -> Seen:
    return Seen(
        part,
        name,
        entry["leaf"],
        entry["lines"],
        entry["kept"],
        entry["nameless"],
        entry["weight"],
        entry["size"],
        tuple(Broken(number, reason, raw.encode()) for number, reason, raw in entry["broken"]),
        entry["unmapped"],
        entry["types"],
        reused=True,
    )
