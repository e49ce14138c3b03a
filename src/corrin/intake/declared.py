"""What a source declares: all of a kind are here, so that what is absent is absent.

Names of parts of a record enter, checked; a `Record` leaves in which they are complete, unless something in
it might belong to one of them and cannot be placed.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from corrin.errors import Problem, UsageError, did_you_mean
from corrin.records import Event, Ignored, Record

PARTS = frozenset(
    {"medicines", "allergies", "procedures", "conditions", "requests", "statements", "administrations"}
)
"""What a source may declare complete (see `records.Record.complete`)."""

WITHDRAWN = "declared complete, and not all could be read"

_ANSWER = "answer"

Parts = frozenset[str]
NONE: Parts = frozenset()


def parts(given: Iterable[str], option: str = "--complete") -> Parts:
    """The parts that somebody names.

    Errors: a `UsageError` for each that there is not, with those there are.
    """
    named = list(given)
    problems = [
        Problem(f"{option} {name}", "no part that can be declared complete", _mend(name))
        for name in named
        if name not in PARTS
    ]
    if problems:
        raise UsageError(*problems)
    return frozenset(named)


def _mend(name: str) -> str:
    names = sorted(PARTS)
    nearest = did_you_mean(name, names)
    return nearest if all(one in nearest for one in names) else f"{nearest} There are: {', '.join(names)}."


def withdrawn(names: Iterable[str]) -> list[Ignored]:
    """A line for each part of which the declaration does not hold for this patient."""
    return [Ignored("input", f"{name}: {WITHDRAWN}") for name in sorted(names)]


def completed(record: Record, declared: Parts, broken: AbstractSet[str] = NONE) -> Record:
    """The record with what was declared of it, but for the parts that are `broken`."""
    complete = record.complete | declared
    return replace(
        record,
        complete=complete - broken,
        ignored=(*record.ignored, *withdrawn(complete & broken)),
    )


def answered(record: Record, declared: Parts, wanted: AbstractSet[tuple[str, str]] | None) -> Record:
    """The same for answers by a finding's own id: one of nothing that is asked for may be anything."""
    if not declared:
        return record
    if wanted is not None and any(_strange(event, wanted) for event in record.events):
        return completed(record, declared, declared | record.complete)
    return completed(record, declared)


def _strange(event: Event, wanted: AbstractSet[tuple[str, str]]) -> bool:
    return event.kind == _ANSWER and not any((code.system, code.code) in wanted for code in event.codes)
