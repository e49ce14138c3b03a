"""Data quality, as the report says it: what was refused or set aside, and why something cannot be told.

What was counted while reading, and what is not known of those of whom a gap cannot be told, enter; words and
numbers that may be shown leave.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corrin.answers.text.layout import capital
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guideline
from corrin.intake.declared import WITHDRAWN
from corrin.population.measures.attrition import entries, set_aside
from corrin.population.measures.suppression import line
from corrin.population.measures.writing import Numbers
from corrin.population.report.counting import Why

Shown = int | None
MOST = 12
"""Kinds of fault that are named; the others are counted together."""

Untold = tuple[str, Shown, tuple[tuple[str, Shown], ...]]
"""A gap, how many people it cannot be told of, and of how many of them each thing is not known."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault in what was read: what it was, and how often of each."""

    title: str
    means: str
    total: Shown
    kinds: tuple[tuple[str, Shown], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Declared:
    """A part of the record that is declared complete: of how many people it holds, of how many it does not;
    and why it was set aside for everybody, if it was.
    """

    part: str
    holds: Shown
    open: Shown
    aside: str


_FAULTS = (
    ("refused", "Refused values", "sent, and not usable: nothing is guessed of them"),
    ("unmapped", "Codes and units that nobody mapped", "they may hide a result: map them in a site's file"),
    ("ignored", "Events set aside", "read, and not counted, with the reason"),
    ("broken", "Broken lines", "kept apart in a file of their own"),
    ("of nobody", "Resources of nobody", "they name no patient who is in the export"),
)
_PEOPLE = "patients"
_QUOTED = re.compile("`([^`]*)`")
_COUNTED_ELSEWHERE = ("read", "died", "merged")
"""What is told of patients in the funnel already."""


def declared(ingest: Mapping[str, Any], below: int) -> Iterator[Declared]:
    """What the source declares complete, and of how many people it holds."""
    told = ingest.get("declared", {})
    aside = {one["part"]: one["why"] for one in told.get("set_aside", ())}
    held = {one["what"]: one["number"] for one in entries(ingest, "complete")}
    kept = {one["what"]: one["number"] for one in entries(ingest, "ignored")}
    for part in told.get("complete", ()):
        counts = held.get(part, 0), kept.get(f"{part}: {WITHDRAWN}", 0)
        gone = line(counts, below)
        shown = [None if at in gone else count for at, count in enumerate(counts)]
        yield Declared(part, shown[0], shown[1], aside.get(part, ""))


def faults(ingest: Mapping[str, Any], guideline: Guideline, below: int) -> Iterator[Fault]:
    """What was wrong with what was read: counts of lines and values, and of people only what may be shown."""
    people = [
        (one["what"], None if 0 < one["number"] < below else one["number"])
        for one in entries(ingest, _PEOPLE)
        if not one["what"].startswith(_COUNTED_ELSEWHERE)
    ]
    if people:
        yield Fault("Patients", "what is amiss with their records", None, tuple(people), 0)
    for subject, title, means in _FAULTS:
        found = set_aside(ingest) if subject == "ignored" else entries(ingest, subject)
        kinds = [(_named(one["what"], guideline), one["number"]) for one in found]
        if kinds:
            total = sum(number for _, number in kinds)
            yield Fault(title, means, total, tuple(kinds[:MOST]), len(kinds[MOST:]))


def _named(what: str, guideline: Guideline) -> str:
    """A fault with the label of the finding that it begins with; a code of no system by its text alone."""
    name, colon, rest = what.removeprefix("|").strip().partition(":")
    finding = guideline.declared.findings.get(name)
    return _QUOTED.sub("“\\1”", f"{finding.label if finding else name}{colon}{rest}")


def untold(why: Why, guideline: Guideline, numbers: Numbers, below: int) -> Untold:
    """Of those of whom a gap cannot be told: what is not known, most first."""
    gap = next(one for one in numbers.measures["gaps"] if one["gap"] == why.gap)
    unknown = gap["everybody"]["counts"][UNKNOWN]
    missing = sorted(why.inputs.items(), key=lambda one: -one[1])
    said = [
        (_label(guideline, name), None if _near(people, why.unknown, below) else people)
        for name, people in missing
    ]
    return gap["label"], unknown, tuple(said) if unknown else ()


def _near(people: int, whole: int, below: int) -> bool:
    """A count, or what it leaves of the whole, is a small number."""
    return 0 < people < below or 0 < whole - people < below


def _label(guideline: Guideline, column: str) -> str:
    """What a column is called: as a finding, as a verdict, or by its name."""
    finding = guideline.declared.findings.get(column)
    if finding:
        return finding.label
    labels = (verdict.label for verdict in guideline.verdicts.values() if verdict.columns == (column,))
    return next(labels, capital(column.replace("_", " ")))
