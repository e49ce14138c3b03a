"""A site's own map: which code a concept id, or a text of the source, stands for.

A file (TOML or CSV) enters, a `SiteMap` leaves. It is for a CDM without vocabulary tables, and for concepts
that a site made itself (ids above two thousand million). Every code must be one that the
guideline listens to.
"""

import csv
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from corrin.errors import InputError, Problem, did_you_mean
from corrin.intake.omop import terms
from corrin.records import Code

_CSV_HEADER = ["concept_id", "source_value", "code"]
_SHAPE = (
    'Write `[concepts]` with `2000000001 = "loinc|2132-9"`, `[texts]` with `"B12" = "loinc|2132-9"`, and'
    ' `[units]` with `8845 = "pg/mL"`; or a CSV with the columns concept_id, source_value, code.'
)


@dataclass(frozen=True, slots=True)
class SiteMap:
    """Codes by concept id and by the text of the source, UCUM codes of units by concept id."""

    concepts: Mapping[int, tuple[Code, ...]] = field(default_factory=dict[int, tuple[Code, ...]])
    texts: Mapping[str, tuple[Code, ...]] = field(default_factory=dict[str, tuple[Code, ...]])
    units: Mapping[int, str] = field(default_factory=dict[int, str])


EMPTY = SiteMap()


def load(path: Path, wanted: AbstractSet[tuple[str, str]]) -> SiteMap:
    """The map in a file.

    Errors: what cannot be read, an id that is no number, a code that nothing here listens to; all at once.
    """
    reading = _Reading(path.name, wanted)
    entries = reading.csv(path) if path.suffix.lower() == ".csv" else reading.toml(path)
    for where, table, key, value in entries:
        reading.entry(where, table, key, value)
    if reading.problems:
        raise InputError(*reading.problems)
    return SiteMap(reading.concepts, reading.texts, reading.units)


class _Reading:
    def __init__(self, name: str, wanted: AbstractSet[tuple[str, str]]) -> None:
        self.name = name
        self.wanted = wanted
        self.problems: list[Problem] = []
        self.concepts: dict[int, tuple[Code, ...]] = {}
        self.texts: dict[str, tuple[Code, ...]] = {}
        self.units: dict[int, str] = {}

    def toml(self, path: Path) -> list[tuple[str, str, str, object]]:
        try:
            said = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            raise InputError(Problem(self.name, "no TOML that can be read", _SHAPE)) from None
        entries: list[tuple[str, str, str, object]] = []
        for table, pairs in said.items():
            if table not in {"concepts", "texts", "units"} or not isinstance(pairs, dict):
                self.refuse(table, "no table of a site map", _SHAPE)
                continue
            named = cast("dict[str, object]", pairs)
            entries.extend((f"[{table}] {key}", table, key, value) for key, value in named.items())
        return entries

    def csv(self, path: Path) -> list[tuple[str, str, str, object]]:
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                rows = list(csv.reader(file, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error):
            raise InputError(Problem(self.name, "no CSV that can be read", _SHAPE)) from None
        if not rows or [cell.strip().lower() for cell in rows[0]] != _CSV_HEADER:
            raise InputError(Problem(f"{self.name}: row 1", "not the header of a site map", _SHAPE))
        entries: list[tuple[str, str, str, object]] = []
        for number, row in enumerate(rows[1:], 2):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(cells) != len(_CSV_HEADER) or bool(cells[0]) == bool(cells[1]):
                self.refuse(f"row {number}", "needs a concept_id or a source_value, and a code", _SHAPE)
                continue
            concept, text, code = cells
            table = "texts" if text else "units" if code.startswith(f"{terms.UCUM}|") else "concepts"
            entries.append((f"row {number}", table, text or concept, code.removeprefix(f"{terms.UCUM}|")))
        return entries

    def entry(self, where: str, table: str, key: str, value: object) -> None:
        if table != "texts" and not key.removeprefix("-").isdecimal():
            self.refuse(where, "no concept id: it is no whole number", "Write the number of the concept.")
        elif table == "units":
            self.units[int(key)] = str(value)
        else:
            listed = cast("list[object]", value) if isinstance(value, list) else [value]
            codes = tuple(code for one in listed if (code := self.code(where, one)))
            if table == "texts":
                self.texts[key] = (*self.texts.get(key, ()), *codes)
            else:
                self.concepts[int(key)] = (*self.concepts.get(int(key), ()), *codes)

    def code(self, where: str, written: object) -> Code | None:
        system, _, code = str(written).strip().partition("|")
        if (system, code) in self.wanted:
            return Code(system, code)
        known = [f"{one}|{other}" for one, other in sorted(self.wanted)]
        self.refuse(
            where, f"`{written}` is no code that the guideline listens to", did_you_mean(str(written), known)
        )
        return None

    def refuse(self, where: str, what: str, mend: str) -> None:
        self.problems.append(Problem(f"{self.name}: {where}", what, mend))
