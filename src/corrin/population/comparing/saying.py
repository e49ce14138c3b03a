"""A comparison for a person at a terminal of any width, and for a program."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from corrin.answers.text.layout import Entry, Printed, capital, lay, paragraph, rule
from corrin.answers.values import day
from corrin.population.comparing.changes import Comparison, Trigger
from corrin.population.measures.folder import About
from corrin.population.measures.saying import identity

FORM = 1


def lines(
    comparison: Comparison, names: tuple[str, str], labels: Mapping[str, str], width: int
) -> Iterator[Printed]:
    """The comparison as lines: the runs, who changes, and nothing of what stays as it is.

    Shape: `names` are what the folders are called, `labels` the gaps' names in words.
    """
    yield from lay(_runs(comparison, names), width)
    yield from _notes(comparison, width)
    yield from _section("Worklist", _worklist(comparison, labels), width)
    for subject, moves in groupby(comparison.moves, key=lambda move: move.subject):
        points = [
            Entry(f"{move.people:,}", (f"{subject.told(move.before)} → {subject.told(move.after)}",))
            for move in moves
        ]
        yield from _section(subject.label, points, width)
    asked = [one for one in comparison.triggers if one.more or one.fewer]
    yield from _section("Tests that would be asked for", (_test(one) for one in asked), width)
    if not (comparison.changed or any(comparison.only)):
        yield "plain", ""
        yield "good", "Nothing changes for anybody."


def to_dict(comparison: Comparison, names: tuple[str, str]) -> dict[str, Any]:
    """The comparison as JSON says it."""
    return {
        "form": FORM,
        "runs": [
            {"folder": name, "as_of": about.as_of.isoformat(), "guideline": identity(about)}
            for name, about in zip(names, (comparison.one, comparison.other), strict=True)
        ],
        **_sizes(comparison),
        "changes": [
            {
                "what": move.subject.kind,
                "name": move.subject.id,
                "from": move.before,
                "to": move.after,
                "people": move.people,
            }
            for move in comparison.moves
        ],
        "tests": [
            {
                "test": one.subject.id,
                "first": one.before,
                "second": one.after,
                "more": one.more,
                "fewer": one.fewer,
            }
            for one in comparison.triggers
        ],
        "not_compared": list(comparison.skipped),
        "notes": list(notes(comparison)),
    }


def _sizes(comparison: Comparison) -> dict[str, Any]:
    return {
        "people": {
            "both": comparison.both,
            "only_first": comparison.only[0],
            "only_second": comparison.only[1],
            "changed": comparison.changed,
        },
        "worklist": {
            "first": comparison.listed[0],
            "second": comparison.listed[1],
            "new": comparison.new,
            "gone": comparison.gone,
        },
    }


def notes(comparison: Comparison) -> Iterator[str]:
    """What somebody must know who reads the numbers."""
    one, other = comparison.one, comparison.other
    if one.as_of != other.as_of:
        days = f"{day(one.as_of)} and {day(other.as_of)}"
        yield f"The runs are of different days ({days}): some of what changes is the calendar"
    if one.complete != other.complete:
        said = " and ".join(", ".join(each.complete) or "nothing" for each in (one, other))
        yield f"The runs declare different things complete ({said}): some of what changes comes of that"
    if any(comparison.only):
        yield "Some people are in one run only, as if different exports had been screened"
    if comparison.skipped:
        yield f"Not compared, for want of columns in one of the runs: {', '.join(comparison.skipped)}"


def _runs(comparison: Comparison, names: tuple[str, str]) -> Iterator[Entry]:
    for letter, name, about in zip("AB", names, (comparison.one, comparison.other), strict=True):
        yield Entry(letter, (f"{name}: {_run(about)}",))
    people = [f"{comparison.both:,} in both", f"{comparison.changed:,} of them change"]
    only = zip("AB", comparison.only, strict=True)
    people += [f"{number:,} only in {letter}" for letter, number in only if number]
    yield Entry("People", (f"{', '.join(people)}.",))


def _run(about: About) -> str:
    site = f", site file {about.site[:12]}" if about.site else ""
    return f"{day(about.as_of)}, guideline {about.version} {about.hash[:12]}, profile {about.profile}{site}."


def _notes(comparison: Comparison, width: int) -> Iterator[Printed]:
    for note in notes(comparison):
        yield from paragraph(f"{note}.", width, "amber")


def _worklist(comparison: Comparison, labels: Mapping[str, str]) -> Iterator[Entry]:
    before, after = comparison.listed
    if before != after or comparison.new or comparison.gone:
        yield Entry("With a gap", (f"{before:,} → {after:,}",))
    for name, entries in (("New", comparison.new), ("Gone", comparison.gone)):
        said = tuple(f"{people:,} {labels.get(gap, gap)}" for gap, people in entries.items())
        if said:
            yield Entry(name, said, points=True)


def _test(one: Trigger) -> Entry:
    change = one.after - one.before
    detail = f"{one.before:,} → {one.after:,} people; {one.more:,} more, {one.fewer:,} fewer"
    return Entry(f"{change:+,}", (f"{capital(one.subject.label)}: {detail}",))


def _section(title: str, entries: Iterable[Entry], width: int) -> Iterator[Printed]:
    many = list(entries)
    if many:
        yield from rule(title if len(title) < width else f"{title[: width - 2]}…", width)
        yield from lay(many, width)
