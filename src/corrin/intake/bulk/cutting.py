"""The lines of an export that matter, cut out and left as they are, with their numbers.

A part of a file enters; lines leave, each with its head. Lines that are no JSON are kept apart, never lost.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from corrin.intake.bulk import heads
from corrin.intake.bulk.blocks import LONGEST, Block, Part, TooLong, blocks
from corrin.intake.bulk.heads import Line
from corrin.intake.bulk.search import Found, Search
from corrin.intake.fhir.r4.datatypes import Coding, Concept

_BLANK = b" \t\r\n"
_NEWLINE, _OPEN, _CLOSED = b"\n{}"
SHOWN = 1000
"""Bytes kept of a line that cannot be read."""

LONGEST_NAME = 60
NO_JSON = "no JSON object"
NOT_UTF8 = "not UTF-8"
TOO_LONG = "longer than 64 MiB"


class _Coded(msgspec.Struct):
    code: Concept | None = None


_CODED = msgspec.json.Decoder(_Coded)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_RESULT = "Observation"


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that cannot be read: its number in the part, why, and how it begins."""

    number: int
    reason: str
    raw: bytes


@dataclass(slots=True)
class Cut:
    """What was seen of one part while it was cut: how many lines, and those that cannot be read.

    `unmapped` are results by a code that nobody asks for, in which a word that is watched for stands.
    """

    part: Part
    lines: int = 0
    broken: list[Broken] = field(default_factory=list[Broken])
    unmapped: Counter[str] = field(default_factory=Counter[str])


def cut(seen: Cut, search: Search, *, whole: bool = False) -> Iterator[Line]:
    """The lines of a part that somebody may need; with `whole`, every line of a type that is read.

    What was passed over is noted in `seen`, which is complete once the last line was taken.
    """
    if seen.part.document:
        yield from _document(seen)
        return
    for block in blocks(seen.part):
        if isinstance(block, TooLong):
            seen.lines += 1
            seen.broken.append(Broken(seen.lines, TOO_LONG, b""))
        else:
            yield from within(block, seen, search, whole=whole)


def within(block: Block, seen: Cut, search: Search, *, whole: bool = False) -> Iterator[Line]:
    """The lines of one block that somebody may need: where an engine that reads files itself begins."""
    if whole or not _passed(block, seen):
        yield from _lines(block, _every(block) if whole else _wanted(block, search), seen, search)


def _passed(block: Block, seen: Cut) -> bool:
    """Every line is of one type that nobody reads, and whole: then there is nothing to search for."""
    buffer, end = block.buffer, block.end
    name = heads.beginning(buffer)
    if not name:
        return False
    find, begins = buffer.find, buffer.startswith
    start = lines = 0
    while start < end:
        if not begins(name, start):
            return False
        stop = find(_NEWLINE, start)
        if buffer[stop - 1] != _CLOSED:
            return False
        lines += 1
        start = stop + 1
    seen.lines += lines
    return True


def _document(seen: Cut) -> Iterator[Line]:
    """A file that is one JSON value: a resource, a Bundle, or a list of them."""
    raw = bytearray()
    for block in blocks(seen.part):
        if isinstance(block, TooLong) or len(raw) > LONGEST:
            seen.broken.append(Broken(1, TOO_LONG, b""))
            return
        raw += block.buffer[: block.end]
    yield from document(raw, seen)


def document(raw: bytes | bytearray, seen: Cut) -> Iterator[Line]:
    """The resources of a file that is one JSON value."""
    for value in _values(raw):
        seen.lines += 1
        line = heads.read(value, seen.lines)
        if line is None:
            seen.broken.append(Broken(seen.lines, _fault(value), value[:SHOWN]))
        elif heads.kept(line.type):
            yield line


def _values(raw: bytes | bytearray) -> list[bytes]:
    """The members of a list, or the one value there is; a list that cannot be read is one."""
    if not raw.lstrip(_BLANK).startswith(b"["):
        return [bytes(raw)]
    try:
        return [bytes(one) for one in _LIST.decode(raw)]
    except msgspec.DecodeError:
        return [bytes(raw)]


def _wanted(block: Block, search: Search) -> Found:
    """Places in the lines that hold a word that is searched for, or are torn."""
    words, codes, torn = search.find(block.buffer, block.end)
    if block.buffer[0] != _OPEN:
        torn.append(1)
    return Found(sorted(words + torn) if torn else words, codes, torn)


def _every(block: Block) -> Found:
    """The end of every line, as if a code stood there."""
    found: list[int] = []
    end = -1
    while end + 1 < block.end:
        end = block.buffer.find(_NEWLINE, end + 1)
        found.append(end)
    return Found(found, found, [])


def _lines(block: Block, found: Found, seen: Cut, search: Search) -> Iterator[Line]:
    """The lines that hold the places, each once; all others are only counted."""
    begun = seen.lines
    spans, lines = _spans(block, found.words)
    seen.lines += lines
    codes = iter(found.codes)
    code = next(codes, block.end)
    with memoryview(block.buffer) as whole:
        for number, start, stop in spans:
            while code <= start:
                code = next(codes, block.end)
            line = _line(bytes(whole[start:stop]), begun + number, seen, search, coded=code <= stop)
            if line is not None:
                yield line


def _spans(block: Block, places: Iterable[int]) -> tuple[list[tuple[int, int, int]], int]:
    """Of each line that holds a place: its number, beginning and end; and how many lines there are."""
    find, end = block.buffer.find, block.end
    spans: list[tuple[int, int, int]] = []
    start = lines = 0
    for place in places:
        if place <= start > 0:
            continue
        while (stop := find(_NEWLINE, start)) < place:
            start = stop + 1
            lines += 1
        lines += 1
        spans.append((lines, start, stop))
        start = stop + 1
    while start < end:
        start = find(_NEWLINE, start) + 1
        lines += 1
    return spans, lines


def _line(raw: bytes, number: int, seen: Cut, search: Search, *, coded: bool) -> Line | None:
    """One line with its head, unless nobody reads its type or it cannot be read."""
    line = heads.read(raw, number, coded=coded)
    if line is None:
        if raw.strip(_BLANK):
            seen.broken.append(Broken(number, _fault(raw), raw[:SHOWN]))
        return None
    if not heads.kept(line.type):
        return None
    if coded or line.type != _RESULT:
        return line
    named = _named(raw, search.watch)
    if named:
        seen.unmapped[named] += 1
    return line if line.refs else None


def _fault(raw: bytes) -> str:
    """Why a line cannot be read."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return NOT_UTF8
    return NO_JSON


def _named(raw: bytes, watch: Iterable[str]) -> str:
    """The code of a result that nobody mapped, with its system and its name, if it is watched for."""
    try:
        code = _CODED.decode(raw).code or Concept()
    except msgspec.DecodeError:
        return "a result whose code cannot be read"
    coding = code.coding or (Coding(),)
    texts = [code.text or "", *(one.display or "" for one in coding), *(one.code or "" for one in coding)]
    if not any(word in text.lower() for word in watch for text in texts):
        return ""
    name = next(filter(None, texts))[:LONGEST_NAME]
    return f"{coding[0].system or ''}|{coding[0].code or ''} {name}"
