"""How long the nerves have been at risk, and what is left of the months a source names."""

from datetime import date

from corrin.plans.dates import Count, Span
from corrin.plans.dictionary import ClockEntry, Onset
from corrin.plans.plan import Clock


def run(entry: ClockEntry, proxy: Onset, onset: Span, started: Span | None, as_of: date) -> Clock:
    """The clock on `as_of`: calendar months count from the onset, and an onset known roughly gives a range.

    Units: whole days. `days_left` is negative once the months are over.
    Source: S27.
    """
    limit = onset.plus_months(entry.months)
    return Clock(
        onset=onset,
        proxy=proxy.proxy,
        months=entry.months,
        days=_elapsed(onset, Span.on(as_of)),
        three_months_on=limit,
        days_left=limit.days_from(as_of),
        days_to_treatment=_elapsed(onset, started) if started else None,
        because=(*entry.because, *proxy.because),
    )


def _elapsed(since: Span, until: Span) -> Count:
    """The days from one day to another; as many as can be, and as few, when either is known roughly."""
    return Count(_difference(since.latest, until.earliest), _difference(since.earliest, until.latest))


def _difference(since: date | None, until: date | None) -> int | None:
    return None if since is None or until is None else (until - since).days
