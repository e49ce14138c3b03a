"""The milestones of recovery on this patient's calendar: those of a reported case, never a forecast."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from corrin.guideline import model
from corrin.plans.dates import Span, add_months
from corrin.plans.dictionary import RecoveryEntry
from corrin.plans.facts import Facts
from corrin.plans.plan import Milestone


def expect(
    entry: RecoveryEntry, timeline: model.Timeline, facts: Facts, started: Span | None
) -> tuple[Milestone, ...]:
    """The milestones in the order of the page, with the day by which the published case had reached each.

    Unknown: without the day on which treatment began they have no dates.
    """
    return tuple(_milestone(one, entry, facts, started) for one in timeline.milestones)


def _milestone(one: model.Milestone, entry: RecoveryEntry, facts: Facts, started: Span | None) -> Milestone:
    return Milestone(
        row=one.row,
        milestone=one.milestone,
        months=one.months,
        display=one.display,
        by=_after(started, Decimal(one.months)) if started and one.months else None,
        reached=facts.answered(one.finding) if one.finding else None,
        source=entry.source,
        because=one.because,
        beside=entry.beside,
    )


def _after(start: Span, months: Decimal) -> Span:
    return Span(
        None if start.earliest is None else add_part_months(start.earliest, months),
        None if start.latest is None else add_part_months(start.latest, months),
    )


@lru_cache(maxsize=1024)
def add_part_months(day: date, months: Decimal) -> date:
    """Calendar months, then a part of the next one: 3.5 ends in the middle of the fourth month.

    >>> add_part_months(date(2026, 11, 22), Decimal("3.5"))
    datetime.date(2027, 3, 8)
    """
    whole = int(months)
    before, after = add_months(day, whole), add_months(day, whole + 1)
    return before + (after - before) * float(months - whole)
