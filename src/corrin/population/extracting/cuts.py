"""The first pass over an export: of each part of a file the lines that matter, kept as they are.

Parts enter, what was seen of them leaves. Their lines lie in one file, what is known of each line in another:
so lines can be brought together without moving them.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from corrin.intake.bulk import Search, cutting
from corrin.intake.bulk.blocks import Part
from corrin.intake.bulk.cutting import Broken, Cut
from corrin.intake.bulk.heads import NOBODY, Line
from corrin.intake.bulk.search import SHARED
from corrin.population.parquet import NUMBER, TEXT, TEXTS, YES_NO, Scratch

FORM = 4
"""Another form of what is kept: then every part is cut anew."""

INDEX, LINES = ".arrow", ".lines"

COLUMNS: Mapping[str, str] = {
    "key": TEXT,
    "type": TEXT,
    "id": TEXT,
    "refs": TEXTS,
    "coded": YES_NO,
    "number": NUMBER,
    "part": TEXT,
    "leaf": TEXT,
    "start": NUMBER,
    "length": NUMBER,
}
"""One row for each line, as `heads.Line`; the name of its part, and where in which file of lines it lies."""

MOST, HEAVIEST = 2_000, 1 << 24
"""Lines, and bytes of them, that wait to be written."""

ROWS = 10_000
"""Lines of which what is known waits to be written."""

BUFFER = 1 << 18
"""Bytes of lines that are written at once."""


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
    """What one part came to: how many lines it has, how many are kept, what is wrong with it.

    The `kept` lines have `weight` bytes, of the `size` bytes of the part, and lie in `leaf` under its `name`;
    so many of them are `nameless`: of a patient, but they do not say of whom.
    """

    part: Part
    name: str
    leaf: str
    lines: int
    kept: int
    nameless: int
    weight: int
    size: int
    broken: tuple[Broken, ...]
    unmapped: Mapping[str, int]
    types: Mapping[str, int]
    reused: bool = False


def name(part: Part, wanted: Wanted) -> str:
    """What a part is called: otherwise for another file, another date, another search.

    The date of a file is what whoever copied it says; when it was last written to is the system's word.
    """
    stat = part.path.stat()
    dates = (stat.st_mtime_ns, stat.st_ctime_ns)
    told = (os.path.realpath(part.path), stat.st_size, *dates, part.start, part.end)
    return sha256(json.dumps([*told, wanted.fingerprint]).encode()).hexdigest()[:32]


def cut(parts: Sequence[tuple[Part, str]], wanted: Wanted, folder: Path) -> list[Seen]:
    """Cut parts with their names; all their lines are kept in one leaf of a folder.

    Errors: `InputError` for a packed file that ends early.
    """
    leaf = _Leaf(folder, parts[0][1])
    try:
        return [_cut(part, name, wanted, leaf) for part, name in parts]
    finally:
        leaf.close()


def _cut(part: Part, name: str, wanted: Wanted, leaf: "_Leaf") -> Seen:
    seen = Cut(part)
    types: Counter[str] = Counter()
    nameless = 0
    before = leaf.weight
    for lines in _some(cutting.cut(seen, _search(wanted), whole=wanted.whole)):
        leaf.add(lines, name)
        types.update(line.type for line in lines)
        nameless += sum(line.key == NOBODY and line.type not in SHARED for line in lines)
    size = (part.end or part.path.stat().st_size) - part.start
    return Seen(
        part,
        name,
        leaf.name,
        seen.lines,
        types.total(),
        nameless,
        leaf.weight - before,
        size,
        tuple(seen.broken),
        dict(seen.unmapped),
        dict(types),
    )


def _some(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines in groups that may wait together."""
    some: list[Line] = []
    weight = 0
    for line in lines:
        some.append(line)
        weight += len(line.raw)
        if len(some) >= MOST or weight >= HEAVIEST:
            yield some
            some, weight = [], 0
    if some:
        yield some


class _Leaf:
    """Two files for the lines of some parts; there are none where there are no lines."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.weight = 0
        self._folder = folder
        self._files: tuple[BinaryIO, Scratch] | None = None
        self._columns: list[list[object]] = [[] for _ in COLUMNS]

    def add(self, lines: Sequence[Line], part: str) -> None:
        """Lines of one part."""
        *heads, raw = zip(*lines, strict=True)
        lengths = [len(line) for line in raw]
        *starts, self.weight = accumulate(lengths, initial=self.weight)
        many = len(lines)
        columns = (*heads, [part] * many, [self.name] * many, starts, lengths)
        for column, more in zip(self._columns, columns, strict=True):
            column.extend(more)
        self._opened()[0].writelines(raw)
        if len(self._columns[0]) >= ROWS:
            self._flush()

    def close(self) -> None:
        """Write what waits; only then the files are whole."""
        if self._files:
            self._flush()
            for file in self._files:
                file.close()

    def _opened(self) -> tuple[BinaryIO, Scratch]:
        if self._files is None:
            path = self._folder / self.name
            index = Scratch(path.with_suffix(INDEX), COLUMNS)
            self._files = path.with_suffix(LINES).open("wb", BUFFER), index
        return self._files

    def _flush(self) -> None:
        self._opened()[1].add(self._columns)
        for column in self._columns:
            column.clear()


@lru_cache(maxsize=1)
def _fingerprint(wanted: Wanted) -> str:
    words = sorted("|".join(code) for code in wanted.codes) + sorted(wanted.watch)
    return sha256(json.dumps([FORM, wanted.whole, words]).encode()).hexdigest()


@lru_cache(maxsize=1)
def _search(wanted: Wanted) -> Search:
    return Search(wanted.codes, wanted.watch)
