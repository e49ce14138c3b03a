"""What runs on the machines of a cluster, one partition at a time: lines are cut, and patients settled.

Batches of Arrow enter and leave. The guideline comes with the task, so a machine needs Corrin and its
libraries, and no file of ours.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from corrin import findings
from corrin.guideline.model import Guideline
from corrin.intake.bulk import Search, cutting
from corrin.intake.bulk.blocks import LONGEST, Block, Part
from corrin.intake.bulk.cutting import TOO_LONG, Broken, Cut
from corrin.intake.bulk.heads import Line
from corrin.intake.bulk.joining import Placed, join
from corrin.population import gathering
from corrin.population.extracting.cuts import Wanted
from corrin.population.extracting.patients import counted
from corrin.population.statements import FACTS, PEOPLE
from corrin.population.tally import Tally

Batches = Iterator[Any]
Piece = tuple[str, int]
"""A piece of a file as Spark splits it: its address, and the byte at which the piece begins."""

Row = tuple[str, str, int, int, bytes]

LINES: Mapping[str, str] = {
    "file": "STRING",
    "start": "BIGINT",
    "key": "STRING",
    "type": "STRING",
    "id": "STRING",
    "refs": "ARRAY<STRING>",
    "coded": "BOOLEAN",
    "number": "BIGINT",
    "raw": "BINARY",
    "note": "STRING",
}
"""One row for each line that matters, as `heads.Line`; for each piece of a file a `note` of what was seen."""

_SPARK = {"TEXT": "STRING"}
SETTLED: Mapping[str, str] = {
    "kind": "STRING",
    **{name: _SPARK.get(kind, kind) for name, kind in {**FACTS, **PEOPLE}.items()},
}
"""Rows of facts, of people and of tallies, one under the other; `kind` says which."""

FACT, PERSON, COUNTED = "facts", "people", "tally"
_OPENINGS = {b"{", b"[", b"[{"}
AT_ONCE = 2_000
"""Rows of a batch that leaves."""


def cutter(wanted: Wanted) -> Callable[[Batches], Batches]:
    """Cut the lines that matter out of one partition's lines (`raw`, `file`, `start`)."""

    def cut(batches: Batches) -> Batches:
        yield from _batches(_cut(_pieces(batches), wanted), LINES)

    return cut


def _pieces(batches: Batches) -> Iterator[tuple[Piece, bytes]]:
    for batch in batches:
        files, starts = batch.column("file").to_pylist(), batch.column("start").to_pylist()
        yield from zip(zip(files, starts, strict=True), batch.column("raw").to_pylist(), strict=True)


def _cut(lines: Iterator[tuple[Piece, bytes]], wanted: Wanted) -> Iterator[Sequence[object]]:
    """The lines of each piece, then what was seen of it."""
    for (file, start), group in groupby(lines, key=itemgetter(0)):
        seen, size = Cut(Part(Path(file), file, start)), 0
        types: dict[str, int] = {}
        for many in _some(raw for _, raw in group):
            size += sum(map(len, many)) + len(many)
            for line in _lines(many, seen, wanted, first=not seen.lines and not start):
                types[line.type] = types.get(line.type, 0) + 1
                yield (file, start, *line, None)
        yield (file, start, "", "", "", (), False, 0, b"", _note(seen, size, types))


def _some(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lines by the thousand; a file that is one JSON value over many lines stays whole."""
    many: list[bytes] = []
    whole = None
    for line in lines:
        if whole is None:
            whole = line.strip() in _OPENINGS
        many.append(line)
        if len(many) >= AT_ONCE and not whole:
            yield many
            many = []
    if many:
        yield many


def _lines(many: list[bytes], seen: Cut, wanted: Wanted, *, first: bool) -> Iterator[Line]:
    """Those that matter of some lines that stand one after the other."""
    if first and many[0].strip() in _OPENINGS:
        text = b"\n".join(many)
        yield from cutting.document(text, seen) if b'"resourceType"' in text else ()
        return
    search = _search(wanted)
    for short, group in groupby(many, key=lambda line: len(line) <= LONGEST):
        if short:
            buffer = bytearray(b"\n".join(group) + b"\n")
            yield from cutting.within(Block(buffer, len(buffer)), seen, search, whole=wanted.whole)
            continue
        for _ in group:
            seen.lines += 1
            seen.broken.append(Broken(seen.lines, TOO_LONG, b""))


@lru_cache(maxsize=1)
def _search(wanted: Wanted) -> Search:
    return Search(wanted.codes, wanted.watch)


def _note(seen: Cut, size: int, types: Mapping[str, int]) -> str:
    broken = [[one.number, one.reason, one.raw.decode("utf-8", "replace")] for one in seen.broken]
    return json.dumps(
        {"lines": seen.lines, "size": size, "broken": broken, "unmapped": seen.unmapped, "types": types}
    )


@dataclass(frozen=True, slots=True)
class Settling:
    """How patients are settled: for which guideline and day.

    `places` has the name of each file, and how many lines of it stand before each piece; `complete` are the
    parts of a record that are declared complete. `present`: that day is today.
    """

    guideline: Guideline
    as_of: date
    places: Mapping[Piece, tuple[str, int]]
    complete: frozenset[str] = frozenset()
    present: bool = False

    def place(self, file: str, start: int, number: int) -> str:
        """Where a line stood, as a person finds it."""
        name, before = self.places[file, start]
        return f"{name}: line {before + number}"


def settler(settling: Settling) -> Callable[[Batches], Batches]:
    """Settle the patients of one partition.

    The lines of each (`key`, `file`, `start`, `number`, `raw`) stand together.
    """

    def settle(batches: Batches) -> Batches:
        yield from _batches(_settle(_rows(batches), settling), SETTLED)

    return settle


def _rows(batches: Batches) -> Iterator[Row]:
    for batch in batches:
        columns = (batch.column(name).to_pylist() for name in ("key", "file", "start", "number", "raw"))
        yield from zip(*columns, strict=True)


def _settle(rows: Iterator[Row], settling: Settling) -> Iterator[Sequence[object]]:
    """The facts of every patient, the patients, and at the end what was counted."""
    guideline, tally = settling.guideline, Tally()
    wanted, ages = findings.codes(guideline), gathering.ages(guideline)
    for key, group in groupby(rows, key=itemgetter(0)):
        # a line that comes twice is one
        lines = {settling.place(file, start, number): raw for _, file, start, number, raw in group}
        placed = (Placed(place, raw) for place, raw in lines.items())
        joined = join(key, placed, wanted, settling.complete)
        for name, record in counted(key, joined, tally):
            settled = findings.settle(record, guideline, settling.as_of, present=settling.present)
            gathering.count(tally, record, settled, wanted, ages)
            yield from (_under(FACT, FACTS, row) for row in gathering.fact_rows(name, settled))
            yield _under(PERSON, PEOPLE, gathering.person_row(name, settled))
    yield _under(COUNTED, {"text": ""}, (json.dumps(tally.to_dict()),))


def _under(kind: str, columns: Iterable[str], row: Iterable[object]) -> tuple[object, ...]:
    """A row of one table as a row of all of them."""
    said = {"kind": kind, **dict(zip(columns, row, strict=True))}
    return tuple(said.get(name) for name in SETTLED)


def _batches(rows: Iterator[Sequence[object]], columns: Mapping[str, str]) -> Batches:
    """Rows as batches of Arrow, a few thousand at a time."""
    pa: Any = import_module("pyarrow")
    types = {
        "STRING": pa.string(),
        "BIGINT": pa.int64(),
        "BOOLEAN": pa.bool_(),
        "BINARY": pa.binary(),
        "ARRAY<STRING>": pa.list_(pa.string()),
    }
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    while many := [row for _, row in zip(range(AT_ONCE), rows, strict=False)]:
        arrays = [
            pa.array(column, field.type)
            for column, field in zip(zip(*many, strict=True), schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
