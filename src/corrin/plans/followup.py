"""When somebody on treatment is seen again."""

from datetime import date

from corrin.plans.dates import Span, later
from corrin.plans.dictionary import ReviewEntry
from corrin.plans.plan import Review
from corrin.plans.treatment import Treatment


def reviews(treatment: Treatment) -> tuple[Review, ...]:
    """The reviews still to come, soonest first; a date in the past is an overdue one.

    Unknown: without a recorded start or review, the next one is due now.
    """
    if not treatment.begins and not treatment.continues:
        return ()
    chosen: dict[str, Review] = {}
    for entry in treatment.entries.reviews:
        facts = treatment.facts
        if entry.id not in chosen and facts.met(entry.when) and not facts.met(entry.unless):
            chosen[entry.id] = Review(entry.id, entry.label, _due(entry, treatment), entry.because)
    return tuple(sorted(chosen.values(), key=lambda review: review.on.latest or date.min))


def _due(entry: ReviewEntry, treatment: Treatment) -> Span:
    last = treatment.facts.day(treatment.entries.treatment.review_day) if treatment.continues else None
    if entry.every_days is not None:
        since = last or treatment.started
        return since.plus_days(entry.every_days) if since else Span.on(treatment.facts.as_of)
    counted = [since.plus_months(entry.after_months or 0) for since in (treatment.started, last) if since]
    return later(counted) if counted else Span.on(treatment.facts.as_of)
