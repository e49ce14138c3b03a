"""Lines of text for a terminal of any width: a label, what is said, and the tone in which to print it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap

LABEL = 14
"""Columns for the labels where there is room beside them."""
NARROW = 60
"""Below this width a label stands on a line of its own."""

Printed = tuple[str, str]
"""A tone (title, heading, alarm, amber, good, plain, quiet) and a line of text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and what is said under it; several texts are several paragraphs, or points of a list."""

    label: str
    texts: tuple[str, ...]
    tone: str = "plain"
    points: bool = False


def lay(entries: Iterable[Entry], width: int) -> Iterator[Printed]:
    """Each entry wrapped to the width, its label beside it or, on a narrow terminal, above it."""
    for entry in entries:
        yield from _beside(entry, width) if width >= NARROW else _above(entry, width)


def rule(title: str, width: int) -> Iterator[Printed]:
    """A heading after an empty line."""
    yield "plain", ""
    yield "heading", f"{title} {'─' * (width - len(title) - 1)}"


def paragraph(text: str, width: int, tone: str = "plain", indent: str = "") -> Iterator[Printed]:
    """A text wrapped to the width."""
    for line in _wrap(text, width, indent, indent):
        yield tone, line


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def in_a_row(words: Iterable[str]) -> str:
    """Several things within a sentence; semicolons between them where one has a comma of its own."""
    said = list(words)
    return ("; " if any("," in word for word in said) else ", ").join(said)


def _beside(entry: Entry, width: int) -> Iterator[Printed]:
    margin = " " * LABEL
    label = f"{entry.label:<{LABEL}}" if len(entry.label) < LABEL else f"{entry.label} "
    for text in entry.texts:
        first, rest = (f"{label}• ", f"{margin}  ") if entry.points else (label, margin)
        for line in _wrap(text, width, first, rest):
            yield entry.tone, line
        label = margin


def _above(entry: Entry, width: int) -> Iterator[Printed]:
    if entry.label:
        yield entry.tone, entry.label
    for text in entry.texts:
        for line in _wrap(text, width, "• " if entry.points else "  ", "  "):
            yield entry.tone, line


def _wrap(text: str, width: int, first: str, rest: str) -> list[str]:
    """Never empty; a word longer than the line is broken, so that nothing runs over the edge."""
    lines = wrap(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return [line.rstrip() for line in lines] or [first.rstrip()]
