"""Which lines of an export matter: those with a code that somebody asks for, and those that others point to.

Bytes of whole lines enter, the places of words leave; nothing is parsed. A JSON text may write any character
as an escape, so a line with an escaped letter, digit, dot or hyphen counts as one that may hold any code.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

INTRODUCED = ("Patient", "Medication", "Substance", "Specimen")
"""Whom and what others point to: such a line matters whatever its codes."""

SHARED = INTRODUCED[1:]
"""What many patients may point to: it belongs to none of them."""

POINTERS = ("medicationReference", "itemReference")
"""Elements that say what a medicine is somewhere else."""

DECLARED = ("nilknown", "Bundle", "OperationOutcome")
"""A list that says none is known, a whole Bundle on a line, a server that could not give everything."""

_HEXADECIMAL = frozenset("0123456789abcdef")

_ESCAPE = b"\\u00"
_HIDING = re.compile(rb"\\u00(?:2[dDeE]|3[0-9]|[46][0-9a-fA-F]|[57][0-9aA])")
"""An escaped letter, digit, dot or hyphen: what a code is written with."""

_TORN = (rb"[^}\r\n\t ]\n", rb"\n[^{\r\n\t ]")
"""A line that ends, or one that begins, as no JSON object does."""

_ESCAPED, _ENDS, _BEGINS, _POINTED, _WATCHED, _CODE = range(6)
"""What was found: an escape, a torn end or beginning of a line, something that points or is pointed to, a
word that is watched for, a code."""


class Found(NamedTuple):
    """Places in a block, each the end of what was found, in their order.

    `words` are all places of interest, `codes` those of codes that are asked for, `torn` where a line begins
    or ends as no JSON object does.
    """

    words: list[int]
    codes: list[int]
    torn: list[int]


class Search:
    """The words of one guideline, made ready once for each process.

    `codes` as (system, code); `watch` are words in small letters that betray an unmapped result.
    """

    def __init__(self, codes: Iterable[tuple[str, str]], watch: Iterable[str] = ()) -> None:
        self.codes = frozenset(code for _, code in codes)
        self.watch = tuple(watch)
        self._database = _database(self.codes, self.watch)

    def find(self, block: bytearray, end: int) -> Found:
        """What stands in the first `end` bytes; an escape of something else than a code is nothing."""
        words: list[int] = []
        codes: list[int] = []
        rare: list[tuple[int, int]] = []
        add, mark = words.append, codes.append

        def heard(what: int, _from: int, to: int, _flags: int, _context: object) -> None:
            if what == _CODE:
                add(to)
                mark(to)
            elif what >= _POINTED:
                add(to)
            else:
                rare.append((what, to))

        with memoryview(block) as whole, whole[:end] as view:
            self._database.scan(view, match_event_handler=heard)
        hiding = [
            to for what, to in rare if what == _ESCAPED and _HIDING.match(block, to - len(_ESCAPE), end)
        ]
        torn = [to - 1 if what == _ENDS else to for what, to in rare if what != _ESCAPED]
        if hiding:
            words, codes = sorted(words + hiding), sorted(codes + hiding)
        return Found(words, codes, torn)


def _database(codes: Iterable[str], watch: Iterable[str]) -> Any:  # noqa: ANN401 - its types are narrower than what it takes
    """The words as one automaton: codes and types as whole JSON strings, watched words anywhere."""
    import hyperscan  # noqa: PLC0415 - searching alone needs it

    sought = [(_ESCAPED, re.escape(_ESCAPE), 0), (_ENDS, _TORN[0], 0), (_BEGINS, _TORN[1], 0)]
    sought += [(_POINTED, _quoted(word), 0) for word in (*INTRODUCED, *POINTERS)]
    sought += [(_WATCHED, _watched(word), hyperscan.HS_FLAG_CASELESS) for word in watch]
    sought += [(_CODE, _quoted(word), 0) for word in (*sorted(codes), *DECLARED)]
    numbers, expressions, flags = zip(*sought, strict=True)
    database = hyperscan.Database()
    database.compile(expressions=expressions, ids=numbers, elements=len(sought), flags=flags)
    return database


def _watched(word: str) -> bytes:
    """A word that is watched for; one that an identifier may hold by chance must stand by itself."""
    plain = re.escape(word.encode())
    return rb"[^0-9a-z-]" + plain + rb"[^0-9a-z]" if set(word) <= _HEXADECIMAL else plain


def _quoted(word: str) -> bytes:
    return re.escape(f'"{word}"'.encode())
