"""Counts as they may leave the house: small numbers hidden, and what would give them away.

Exact counts enter, the same counts with None for what is hidden leave. How it is done is in `suppression`;
here stands what hangs together: the sizes of groups are the same for every measure, and so are those
outside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corrin.population.measures import suppression
from corrin.population.measures.counting import Counted, Group
from corrin.population.measures.definitions import OUTSIDE, Definitions, Measure
from corrin.population.measures.suppression import Around

Shown = tuple[int | None, ...]

Guarded = tuple[str, tuple[str, ...]]
"""What guards a measure: a column, and the words under which the measure applies."""


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as it may be shown: None is a number that is hidden."""

    label: str
    people: int | None
    counts: Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Shared:
    """Everything that was counted, as it may be shown; `below` is the threshold, 0 where nothing is
    hidden. Of fewer people than may be shown there are no groups: their names alone would tell of them.
    """

    everybody: ShownGroup
    groups: Mapping[str, tuple[ShownGroup, ...]]
    below: int
    hidden: int


def share(counted: Counted, definitions: Definitions, below: int) -> Shared:
    """The counts with small ones hidden; below 2 there is no small number, and everything is shown."""
    everybody = counted.everybody
    whole = [
        _overall(everybody, measure, below, _dear(definitions, measure)) for measure in definitions.measures
    ]
    totals = {measure.id: hidden for measure, hidden in zip(definitions.measures, whole, strict=True)}
    small = 0 < everybody.people < below
    groups = {
        name: () if small else _dimension(many, definitions, totals, below)
        for name, many in counted.groups.items()
    }
    shown = _shown(everybody, frozenset({0}) if small else frozenset(), 0, {
        measure.id: frozenset((0, at) for at in totals[measure.id]) for measure in definitions.measures
    })  # fmt: skip
    everyone = (shown, *(group for many in groups.values() for group in many))
    hidden = sum(one is None for group in everyone for counts in group.counts.values() for one in counts)
    return Shared(shown, groups, below, hidden)


def _dear(definitions: Definitions, measure: Measure) -> int | None:
    """Of a gap, those for whom it is left undone: the number somebody acts on is hidden last."""
    return measure.words.index(definitions.undone) if measure in definitions.gaps else None


def _overall(group: Group, measure: Measure, below: int, dear: int | None) -> frozenset[int]:
    """What to hide of one measure over everybody."""
    counts = group.counts[measure.id]
    if not measure.guard:
        return suppression.line(counts, below, dear=dear)
    inside, outside = _halves(group, measure)
    return suppression.line(counts, below, settled=1 in suppression.line((inside, outside), below), dear=dear)


def _halves(group: Group, measure: Measure) -> tuple[int, int]:
    """How many a measure applies to, and how many it does not."""
    outside = group.counts[measure.id][measure.columns.index(OUTSIDE)]
    return group.people - outside, outside


def _dimension(
    groups: Sequence[Group],
    definitions: Definitions,
    totals: Mapping[str, frozenset[int]],
    below: int,
) -> tuple[ShownGroup, ...]:
    sizes = [group.people for group in groups]
    gone = suppression.line(sizes, below)
    settled: dict[Guarded, frozenset[int]] = {}
    hidden: dict[str, frozenset[suppression.Place]] = {}
    for measure in definitions.measures:
        counts = [group.counts[measure.id] for group in groups]
        apart = None
        if measure.guard:
            key = (measure.guard.finding, measure.guard.cell.words)
            if key not in settled:
                halves = [_halves(group, measure) for group in groups]
                last = len(measure.columns) - 1
                both = frozenset({0, 1}) if last in totals[measure.id] else frozenset[int]()
                settled[key] = frozenset(
                    row for row, at in suppression.table(halves, below, Around(both, gone)) if at
                )
            apart = settled[key]
        hidden[measure.id] = suppression.table(
            counts, below, Around(totals[measure.id], gone, apart, _dear(definitions, measure))
        )
    return tuple(_shown(group, gone, row, hidden) for row, group in enumerate(groups))


def _shown(
    group: Group, gone: frozenset[int], row: int, hidden: Mapping[str, frozenset[suppression.Place]]
) -> ShownGroup:
    counts = {
        measure: tuple(None if (row, at) in hidden[measure] else count for at, count in enumerate(numbers))
        for measure, numbers in group.counts.items()
    }
    return ShownGroup(group.label, None if row in gone else group.people, counts)
