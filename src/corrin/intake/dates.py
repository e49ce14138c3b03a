"""Dates as FHIR writes them, as precise as they were written: `2026`, `2026-09`, `2026-09-10`, with a time.

Text enters, a `When` leaves; an offset stays in its text and moves nothing.
"""

import re
from datetime import date
from functools import lru_cache

from corrin.records import MINUTES_A_DAY, When

_EPOCH = date(1970, 1, 1).toordinal()
_LAST_MONTH = 12
_LONGEST = 40
_SHAPE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([01][0-9]|2[0-3]):([0-5][0-9])(?::(?:[0-5][0-9]|60)(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_BEGINS_LIKE_A_DATE = re.compile(r"[0-9]{4}(-|$)")

MEND = "Write YYYY-MM-DD, YYYY-MM or YYYY, as the calendar has it."


def looks_dated(text: str) -> bool:
    """Four digits and a hyphen or nothing more: whoever wrote it meant a date."""
    return _BEGINS_LIKE_A_DATE.match(text) is not None


def when(text: str) -> When | None:
    """The first and last minute `text` may mean, or None where it is no date of the calendar.

    >>> when("2026-02").last_day - when("2026-02").first_day + 1
    28
    """
    return _when(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _when(text: str) -> When | None:
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute = (None if part is None else int(part) for part in match.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day).toordinal()
    except ValueError:
        return None
    start = (first - _EPOCH) * MINUTES_A_DAY
    if hour is not None and minute is not None:
        start += hour * 60 + minute
        return When(start, start, text)
    return When(start, (_last(first, year or 0, month, day) - _EPOCH + 1) * MINUTES_A_DAY - 1, text)


def _last(first: int, year: int, month: int | None, day: int | None) -> int:
    """The ordinal of the last day of the day, the month or the year that begins with `first`."""
    if day is not None:
        return first
    if month is None or month == _LAST_MONTH:
        return date(year, _LAST_MONTH, 31).toordinal()
    return date(year, month + 1, 1).toordinal() - 1
