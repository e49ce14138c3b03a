"""The first pass over an export: of each part of a file the lines that matter, kept as Parquet.

A part enters, a file of lines and what was seen leave. A part that did not change since it was cut is not
read again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from corrin.intake.bulk import Search, cutting
from corrin.intake.bulk.blocks import Part
from corrin.intake.bulk.cutting import Broken, Cut
from corrin.population.parquet import BYTES, NUMBER, TEXT, TEXTS, YES_NO, Sheet

FORM = 2
"""Another form of what is kept: then every part is cut anew."""

COLUMNS: Mapping[str, str] = {
    "key": TEXT,
    "type": TEXT,
    "id": TEXT,
    "refs": TEXTS,
    "coded": YES_NO,
    "number": NUMBER,
    "raw": BYTES,
}
"""One row for each line, as `heads.Line`."""

MOST = 2_000
"""Lines that wait to be written: a few megabytes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for, as every process is told it."""

    codes: frozenset[tuple[str, str]]
    watch: tuple[str, ...]
    whole: bool = False

    @property
    def fingerprint(self) -> str:
        """Another text for whatever would find other lines."""
        return _fingerprint(self)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one part came to: where its lines are kept, how many lines it has, what is wrong with it.

    `kept` lines have `weight` bytes, of the `size` bytes of the part.
    """

    part: Part
    path: Path
    lines: int
    kept: int
    weight: int
    size: int
    broken: tuple[Broken, ...]
    unmapped: Mapping[str, int]
    types: Mapping[str, int]
    reused: bool = False


def place(part: Part, wanted: Wanted, folder: Path) -> Path:
    """Where the lines of a part are kept: another name for another file, another date, another search."""
    stat = part.path.stat()
    told = [
        str(part.path.resolve()),
        stat.st_size,
        stat.st_mtime_ns,
        part.start,
        part.end,
        wanted.fingerprint,
    ]
    return folder / f"{sha256(json.dumps(told).encode()).hexdigest()[:32]}.parquet"


def known(part: Part, path: Path) -> Seen | None:
    """What a part came to when it was last cut, if it was and nothing changed."""
    note = path.with_suffix(".json")
    if not note.is_file():
        return None
    seen = _read(part, path, json.loads(note.read_text("utf-8")))
    return seen if path.is_file() or not seen.kept else None


def cut(part: Part, wanted: Wanted, path: Path) -> Seen:
    """Cut a part; written aside and named only when it is whole. Where no line is kept there is no file.

    Errors: `InputError` for a packed file that ends early.
    """
    seen = Cut(part)
    aside = path.with_suffix(".partial")
    sheet: Sheet | None = None
    types: dict[str, int] = {}
    weight = 0
    try:
        for line in cutting.cut(seen, _search(wanted), whole=wanted.whole):
            sheet = sheet or Sheet(aside, COLUMNS, MOST, indexed=False)
            sheet.add(line)
            types[line.type] = types.get(line.type, 0) + 1
            weight += len(line.raw)
    finally:
        if sheet:
            sheet.close()
    size = (part.end or part.path.stat().st_size) - part.start
    done = Seen(
        part,
        path,
        seen.lines,
        sum(types.values()),
        weight,
        size,
        tuple(seen.broken),
        dict(seen.unmapped),
        types,
    )
    if sheet:
        aside.replace(path)
    note = path.with_suffix(".note")
    note.write_text(json.dumps(_written(done)), "utf-8")
    note.replace(path.with_suffix(".json"))
    return done


@lru_cache(maxsize=1)
def _fingerprint(wanted: Wanted) -> str:
    words = sorted("|".join(code) for code in wanted.codes) + sorted(wanted.watch)
    return sha256(json.dumps([FORM, wanted.whole, words]).encode()).hexdigest()


@lru_cache(maxsize=1)
def _search(wanted: Wanted) -> Search:
    return Search(wanted.codes, wanted.watch)


def _written(seen: Seen) -> dict[str, Any]:
    return {
        "lines": seen.lines,
        "kept": seen.kept,
        "weight": seen.weight,
        "size": seen.size,
        "broken": [[one.number, one.reason, one.raw.decode("utf-8", "replace")] for one in seen.broken],
        "unmapped": seen.unmapped,
        "types": seen.types,
    }


def _read(part: Part, path: Path, written: Mapping[str, Any]) -> Seen:
    return Seen(
        part,
        path,
        written["lines"],
        written["kept"],
        written["weight"],
        written["size"],
        tuple(Broken(number, reason, raw.encode()) for number, reason, raw in written["broken"]),
        written["unmapped"],
        written["types"],
        reused=True,
    )
