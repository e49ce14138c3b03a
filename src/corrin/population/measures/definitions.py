"""What is counted, of whom, and how small a number may be shown: population.toml, [measures] and the
verdicts.

The guideline enters; frozen definitions leave, every name in them checked. Nothing is counted here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from corrin.errors import GuidelineError, Problem
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guard, Guideline, Table, Verdict
from corrin.plans.dictionary import Section
from corrin.population import dictionary
from corrin.population.dictionary import PAGE

OUTSIDE = "outside"
"""Where the table of a measure does not apply at all: a person out of scope."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is said of everybody: a gap or a verdict, with the words it may be.

    Shape: `name` is its column in a table of people, `words` are those of the guideline, worst first;
    everybody is one of `columns`; `rows` of its `table` say each word. `of` and `achieved` say a gap's rate
    in words; a verdict has none.
    """

    id: str
    label: str
    says: str
    column: str
    name: str
    words: tuple[str, ...]
    say: Mapping[str, str]
    guard: Guard | None
    because: tuple[str, ...]
    inputs: tuple[str, ...]
    table: str
    rows: Mapping[str, tuple[str, ...]]
    of: str = ""
    achieved: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything a person can be: a word, not known, or outside."""
        return (*self.words, UNKNOWN, *((OUTSIDE,) if self.guard else ()))


@dataclass(frozen=True, slots=True)
class Band:
    """People from one year of age to another, both included; no end where there is none."""

    first: int | None
    last: int | None

    @property
    def label(self) -> str:
        """How a table calls it."""
        if self.first is None:
            return f"under {(self.last or 0) + 1}"
        return f"{self.first} and over" if self.last is None else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Definitions:
    """All of [measures]: the gaps in the order of the worklist, the main verdicts, bands, the smallest
    number.

    `achieved`, `undone` and `excluded` are the guideline's words for a gap; `outside` is the column and the
    word of whoever the guideline is not for.
    """

    gaps: tuple[Measure, ...]
    verdicts: tuple[Measure, ...]
    achieved: str
    undone: str
    excluded: str
    outside: tuple[str, str]
    suppress_below: int
    bands: tuple[Band, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The gaps, then the verdicts."""
        return self.gaps + self.verdicts


def read(guideline: Guideline) -> Definitions:
    """The definitions of a guideline.

    Errors: a `GuidelineError` for a missing entry, or a name that the guideline does not have.
    """
    listed = dictionary.read(guideline)
    section = Section(guideline, "", guideline.population, PAGE).section("measures")
    counted = section.section("counted")
    known = dict.fromkeys(listed.verdict.values)
    outside = section.section("outside")
    verdict = guideline.verdicts[outside.among("verdict", guideline.verdicts)]
    return Definitions(
        gaps=tuple(_gap(guideline, listed.verdict, gap, counted.section(gap.id)) for gap in listed.gaps),
        verdicts=tuple(
            _verdict(guideline, one)
            for one in guideline.verdicts.values()
            if one.main and one.kind == "one" and one.columns
        ),
        achieved=section.among("achieved", known),
        undone=section.among("undone", known),
        excluded=section.among("excluded", known),
        outside=(verdict.columns[0], outside.among("value", dict.fromkeys(verdict.values))),
        suppress_below=whole(guideline, "measures", "suppress_below"),
        bands=_bands(wholes(guideline, "measures", "ages")),
    )


def whole(guideline: Guideline, section: str, key: str) -> int:
    """A whole number of a section of population.toml."""
    return _whole(_entries(guideline, section).get(key), section, key)


def wholes(guideline: Guideline, section: str, key: str) -> tuple[int, ...]:
    """Whole numbers of a section of population.toml, each above the one before."""
    given = _entries(guideline, section).get(key)
    many = cast("list[object]", given) if isinstance(given, list | tuple) else [given]
    numbers = tuple(_whole(one, section, key) for one in many)
    if any(low >= high for low, high in pairwise(numbers)):
        raise _refused(section, key, f"is {list(numbers)}", "Write each number once, the smallest first.")
    return numbers


def _gap(guideline: Guideline, verdict: Verdict, gap: dictionary.Gap, counted: Section) -> Measure:
    table = guideline.table(_table(guideline, gap.column))
    return Measure(
        id=gap.id,
        label=gap.label,
        says=gap.says,
        column=gap.column,
        name=gap.name,
        words=verdict.values,
        say=verdict.say,
        guard=table.guard,
        because=_once(gap.because, (one for row in table.rows for one in row.because)),
        inputs=table.inputs,
        table=table.id,
        rows=_rows(table),
        of=counted.text("of"),
        achieved=counted.text("achieved"),
    )


def _verdict(guideline: Guideline, verdict: Verdict) -> Measure:
    (column,) = verdict.columns
    table = guideline.table(_table(guideline, column))
    return Measure(
        id=verdict.id,
        label=verdict.label,
        says=verdict.label,
        column=column,
        name=f"verdict_{column}",
        words=verdict.values,
        say=verdict.say,
        guard=table.guard,
        because=_once(one for row in table.rows for one in row.because),
        inputs=table.inputs,
        table=table.id,
        rows=_rows(table),
    )


def _rows(table: Table) -> Mapping[str, tuple[str, ...]]:
    """The rows that say each word."""
    return {word: tuple(row.id for row in table.rows if row.output == word) for word in table.outputs}


def _table(guideline: Guideline, column: str) -> str:
    table = guideline.columns[column].table
    if table is None:
        raise _refused("measures", "counted", f"{column} is said by no table", "Count what a table says.")
    return table


def _once(*many: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in many for one in some))


def _bands(starts: tuple[int, ...]) -> tuple[Band, ...]:
    ends = [*(start - 1 for start in starts), None]
    return tuple(Band(first, last) for first, last in zip((None, *starts), ends, strict=True))


def _entries(guideline: Guideline, section: str) -> Mapping[str, object]:
    entries = guideline.population.get(section)
    if not isinstance(entries, Mapping):
        raise _refused(section, "", "is missing", f"Add [{section}]; the comments in {PAGE} say what it is.")
    return cast("Mapping[str, object]", entries)


def _whole(value: object, section: str, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _refused(section, key, f"is {value!r}", "Write whole numbers, none below zero.")
    return value


def _refused(section: str, key: str, what: str, mend: str) -> GuidelineError:
    return GuidelineError(Problem(f"{PAGE}, {section}.{key}".rstrip("."), what, mend))
