"""Statements: quote lines become `Statement`s, and rows cite them.

> S21 Serum B12 below the lower limit: deficiency. [nice-ng239, afp-2025]
> S12 That is called the most important pitfall. [merck-scd]
> not computable: an opinion about teaching; no rule follows from it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corrin.errors import Problems
from corrin.guideline.model import Source, Statement
from corrin.guideline.pages.blocks import Line

MARKS = ("inferred", "unverified")

_STARTS = re.compile(r"([A-Z]\d{2}) +(.*)")
_SOURCES = re.compile(r"(.*?)\s*\[([^\[\]]*)\]")
_NOTES: Mapping[str, Literal["shown", "not-computable"]] = {
    "shown:": "shown",
    "not computable:": "not-computable",
}
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.])\d+(?:\.\d+)?")
_IN_WORDS = {
    word: Decimal(number)
    for number, words in enumerate(
        (
            *("zero", "one once daily weekly monthly", "two twice alternate other", "three", "four", "five"),
            *("six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        )
    )
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Because:
    """What a row rests on: the statements it cites and whether it says `inferred` or `unverified`."""

    statements: tuple[str, ...]
    inferred: bool
    unverified: bool


@dataclass(frozen=True, slots=True)
class Citations:
    """The statements that rows may cite."""

    statements: Mapping[str, Statement]
    problems: Problems

    def read(self, text: str, where: object) -> Because:
        """The last cell of a row: one or more statements, then `inferred` or `unverified`."""
        words = [word for word in re.split(r"[,\s]+", text) if word]
        ids = tuple(word for word in words if word not in MARKS)
        for word in ids:
            self._check(word, where)
        if not ids:
            self.problems.refuse(where, "a row without `because`", "Name the statement that it follows from.")
        if any(word in MARKS for word in words[: len(ids)]):
            self.problems.refuse(
                where, f"`{text}` out of order", "Write the statements first, then the marks."
            )
        return Because(ids, "inferred" in words, "unverified" in words)

    def check_numbers(self, numbers: Iterable[str], because: Because, where: object) -> None:
        """Refuse a number that no cited statement says, unless the row says `inferred`."""
        if because.inferred:
            return
        cited = [self.statements[name] for name in because.statements if name in self.statements]
        if len(cited) < len(because.statements):
            return
        for number in numbers:
            if not any(says(statement, Decimal(number)) for statement in cited):
                self.problems.refuse(
                    where,
                    f"{number} stands in no statement that the row cites",
                    "Cite the statement that says it, make it a parameter, or mark the row `inferred`.",
                )

    def _check(self, word: str, where: object) -> None:
        statement = self.statements.get(word)
        if statement is None:
            refuse_unstated(word, where, self.problems)
        elif statement.handled == "not-computable":
            self.problems.refuse(
                where,
                f"{word} is cited by a row, and declared not computable at {statement.place}",
                "Take one of the two away.",
            )


def refuse_unstated(name: str, where: object, problems: Problems) -> None:
    """Refuse a reference to a statement that stands on no page."""
    problems.refuse(where, f"`{name}` is no statement", f"State it on a page: `> {name} ...`.")


def numbers_in(text: str) -> set[Decimal]:
    """Every number that a sentence says, in figures or in words; `B12` is a name.

    >>> sorted(numbers_in("B12 above 1,000 pg/mL, three times a week, on alternate days"))
    [Decimal('2'), Decimal('3'), Decimal('1000')]
    """
    figures = {Decimal(figure.replace(",", "")) for figure in _NUMBER.findall(text)}
    return figures | {_IN_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _IN_WORDS}


def says(statement: Statement, number: Decimal) -> bool:
    """The statement's text contains this number."""
    return number in numbers_in(statement.text)


def read_statements(
    quotes: Iterable[list[Line]], letters: Collection[str], sources: Mapping[str, Source], problems: Problems
) -> dict[str, Statement]:
    """Every statement of every page, by its id.

    Shape: an id is one of `letters` and two digits, so that a line may begin with `B12`.
    """
    statements: dict[str, Statement] = {}
    for quote in quotes:
        for lines in _split(quote, letters, problems):
            statement = _statement(lines, sources, problems)
            first = statements.setdefault(statement.id, statement)
            if first is not statement:
                problems.refuse(
                    statement.place,
                    f"{statement.id} is stated twice, first at {first.place}",
                    "State it once.",
                )
    return statements


def _split(quote: list[Line], letters: Collection[str], problems: Problems) -> list[list[Line]]:
    parts: list[list[Line]] = []
    for line in quote:
        inner = Line(line.text.removeprefix(">").strip(), line.place)
        if _STARTS.fullmatch(inner.text) and inner.text[0] in letters:
            parts.append([inner])
        elif parts:
            parts[-1].append(inner)
        elif inner.text:
            problems.refuse(
                line.place,
                "a quote that begins with no statement's id",
                "Begin it with the id, `> S01 `, and its text; quotes hold statements only.",
            )
    return parts


def _statement(lines: list[Line], sources: Mapping[str, Source], problems: Problems) -> Statement:
    place = lines[0].place
    identity, first = _STARTS.fullmatch(lines[0].text).groups()  # type: ignore[union-attr]
    body, handled, note = _noted([first, *(line.text for line in lines[1:])])
    found = _SOURCES.fullmatch(body)
    text, cited = found.groups() if found else (body, "")
    names = tuple(name for name in re.split(r",\s*", cited) if name)
    if not names or "[" in text:
        problems.refuse(
            place,
            f"{identity} names no source at the end of its text",
            "End it with ids of sources.toml in one bracket: `[source, other-source]`.",
        )
    for name in names:
        if name not in sources:
            problems.miss(place, name, "source", sources)
    if handled != "rows" and not note:
        problems.refuse(
            place, f"{identity} is {handled} without a reason", "Say where, or why, after the colon."
        )
    return Statement(identity, text, names, handled, note, place)


def _noted(texts: list[str]) -> tuple[str, Literal["rows", "shown", "not-computable"], str]:
    for at, text in enumerate(texts):
        for mark, handled in _NOTES.items():
            if text.startswith(mark):
                rest = [text.removeprefix(mark), *texts[at + 1 :]]
                return " ".join(texts[:at]).strip(), handled, " ".join(rest).strip()
    return " ".join(texts).strip(), "rows", ""
