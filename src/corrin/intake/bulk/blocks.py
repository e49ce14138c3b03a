"""A file, or a part of one, as blocks of whole lines: plain, gzip or zstd, of any size, in little memory.

A path enters; a buffer that is used again and again leaves, with how much of it is whole lines. A line longer
than `LONGEST` is passed over, and said.
"""

import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

from corrin.errors import InputError, Problem

BLOCK = 1 << 19
"""Bytes read at once: what fits the processor's cache is searched fastest."""

GLANCE = 1 << 14
"""Bytes that tell what a file is."""

LONGEST = 1 << 26
"""Bytes of the longest line that is read."""

GZIP, ZSTD, PLAIN = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b""
_NEWLINE = b"\n"


class _Readable(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A range of a file that one process reads; it begins and ends with a line. `end` None: to the end.

    A `document` is no NDJSON but one JSON value, written over many lines.
    """

    path: Path
    name: str
    start: int = 0
    end: int | None = None
    document: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines, each with its newline: the first `end` bytes of `buffer`, until the next is asked for."""

    buffer: bytearray
    end: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """A line that nobody reads, and how many bytes it has."""

    size: int


def beginning(part: Part) -> tuple[bytes, bool]:
    """The first few thousand bytes, unpacked, and whether they were packed.

    Fewer where the file is damaged: `blocks` says so.
    """
    buffer = bytearray(GLANCE)
    try:
        with _opened(part) as file:
            return bytes(buffer[: _fill(file, buffer, 0, None)]), not isinstance(file, FileIO)
    except (EOFError, zlib.error, OSError):
        return b"", True


def blocks(part: Part) -> Iterator[Block | TooLong]:
    """The lines of a part, block by block, in their order.

    Errors: `InputError` for a packed file that is damaged or ends early.
    """
    damaged = Problem(part.name, "ends early or is damaged", "Fetch the file again.")
    try:
        with _opened(part) as file:
            yield from _whole(file, part.end - part.start if part.end is not None else None)
    except (EOFError, zlib.error):
        raise InputError(damaged) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise InputError(damaged) from None  # the errors of packers carry no number


def _whole(file: _Readable, left: int | None) -> Iterator[Block | TooLong]:
    """Blocks of lines; `kept` bytes of an unfinished line stand first, `passed` of one too long are gone."""
    buffer, kept, passed = bytearray(BLOCK), 0, 0
    while read := _fill(file, buffer, kept, left):
        left = None if left is None else left - read
        full = kept + read
        if passed:
            end = buffer.find(_NEWLINE, 0, full) + 1
            if not end:
                passed, kept = passed + full, 0
                continue
            yield TooLong(passed + end)
            passed = 0
        else:
            end = buffer.rfind(_NEWLINE, 0, full) + 1
            if end:
                yield Block(buffer, end)
            elif full >= LONGEST:
                passed, kept, buffer = full, 0, bytearray(BLOCK)
                continue
        buffer, kept = _room(buffer, end, full)
    if passed:
        yield TooLong(passed)
    elif kept:
        buffer[kept : kept + 1] = _NEWLINE
        yield Block(buffer, kept + 1)


def _fill(file: _Readable, buffer: bytearray, kept: int, left: int | None) -> int:
    until = len(buffer) if left is None else min(len(buffer), kept + left)
    with memoryview(buffer) as view, view[kept:until] as room:
        return file.readinto(room) or 0


def _room(buffer: bytearray, done: int, full: int) -> tuple[bytearray, int]:
    """A buffer with what is not done at its beginning, and room behind it."""
    kept = full - done
    size = BLOCK if kept < BLOCK // 2 else kept * 2
    if size == len(buffer):
        buffer[:kept] = buffer[done:full]
        return buffer, kept
    larger = bytearray(size)
    larger[:kept] = buffer[done:full]
    return larger, kept


@contextmanager
def _opened(part: Part) -> Generator[_Readable]:
    with part.path.open("rb", buffering=0) as file:
        packing = _packing(file.read(4))
        if packing == GZIP:
            igzip: Any = import_module("isal.igzip")
            with igzip.open(part.path, "rb") as unpacked:
                yield unpacked
        elif packing == ZSTD:
            arrow: Any = import_module("pyarrow")  # unlike other readers it notices a frame that ends early
            with arrow.input_stream(str(part.path), compression="zstd") as unpacked:
                yield unpacked
        else:
            file.seek(part.start)
            yield file


def _packing(head: bytes) -> bytes:
    """How a file is packed, by its first bytes."""
    return next((magic for magic in (GZIP, ZSTD) if head.startswith(magic)), PLAIN)
