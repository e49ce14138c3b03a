"""How long ago: days, completed calendar months and completed years between a date known roughly and a day.

A `When` and the day of the answer enter, a closed interval of whole units leaves.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from corrin.guideline.model import GRID
from corrin.records import When

EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = 12

Count = Callable[[date, date], int]


def days(since: date, until: date) -> int:
    """Days from one date to another."""
    return (until - since).days


def months(since: date, until: date) -> int:
    """Completed calendar months: the 31st is completed on the last day of a shorter month.

    >>> months(date(2026, 1, 31), date(2026, 2, 28)), months(date(2026, 1, 31), date(2026, 2, 27))
    (1, 0)
    """
    whole = (until.year - since.year) * _MONTHS + until.month - since.month
    due = min(since.day, monthrange(until.year, until.month)[1])
    return whole if until.day >= due else whole - 1


def years(since: date, until: date) -> int:
    """Completed years: whoever was born on 29 February turns on 1 March where there is none.

    >>> years(date(1960, 11, 23), date(2026, 11, 22))
    65
    """
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


COUNTS: dict[str, Count] = {"days": days, "months": months, "years": years}


@lru_cache(maxsize=4096)
def day(number: int) -> date:
    """The date of a day counted from 1970-01-01, kept within the calendar."""
    return date.fromordinal(min(max(number + EPOCH, 1), date.max.toordinal()))


def ago(measure: str, when: When, as_of: date) -> tuple[int, int]:
    """At least and at most so many whole units before `as_of`; a day still to come counts as today."""
    count = COUNTS[measure]
    earliest, latest = min(day(when.first_day), as_of), min(day(when.last_day), as_of)
    return count(latest, as_of), count(earliest, as_of)


def grown(low: int | None, high: int | None, when: When, as_of: date) -> tuple[int | None, int | None]:
    """An age in steps, said on one day, on a later day: so many years more, or one more than that."""
    then = day(when.first_day)
    if then >= as_of:
        return low, high
    passed = years(then, as_of)
    more = passed + ((then.month, then.day) != (as_of.month, as_of.day))
    return (None if low is None else low + passed * GRID), (None if high is None else high + more * GRID)
