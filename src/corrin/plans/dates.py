"""Days known exactly, or only to lie between two dates, and how calendar months are counted from them.

Whole days enter and leave: no time of day, no time zone, so no clock change can move a dose.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from corrin.guideline.model import GRID
from corrin.records import Noun

MONTHS_A_YEAR = 12

Interval = tuple[int | None, int | None]


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day if it is shorter: 31 January + 1 is 28 February.

    Errors: a date beyond the year 9999 stays at the calendar's last day.

    >>> add_months(date(2028, 1, 31), 1)
    datetime.date(2028, 2, 29)
    """
    count = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(count, MONTHS_A_YEAR)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """A number of days later, kept within the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


class Span(Noun, frozen=True, gc=False):
    """A day that lies between two dates, both included; a missing end is not known.

    >>> Span.on(date(2026, 8, 31)).plus_months(6)
    Span(earliest=datetime.date(2027, 2, 28), latest=datetime.date(2027, 2, 28))
    """

    earliest: date | None
    latest: date | None

    @classmethod
    def on(cls, day: date) -> "Span":
        """One day, known exactly."""
        return cls(day, day)

    @property
    def exact(self) -> bool:
        """Known to the day."""
        return self.earliest is not None and self.earliest == self.latest

    def before(self, day: date) -> bool:
        """Over before `day` began, whichever of its days it was."""
        return self.latest is not None and self.latest < day

    def plus_days(self, days: int, at_most: int | None = None) -> "Span":
        """Some days later; `at_most` when the number of days is itself a range."""
        return Span(
            None if self.earliest is None else add_days(self.earliest, days),
            None if self.latest is None else add_days(self.latest, at_most or days),
        )

    def plus_months(self, months: int, at_most: int | None = None) -> "Span":
        """Some calendar months later; `at_most` when the number of months is itself a range."""
        return Span(
            None if self.earliest is None else add_months(self.earliest, months),
            None if self.latest is None else add_months(self.latest, at_most or months),
        )

    def not_before(self, day: date) -> "Span":
        """The same, with every day before `day` moved to it."""
        return Span(
            day if self.earliest is None else max(self.earliest, day),
            None if self.latest is None else max(self.latest, day),
        )

    def days_from(self, day: date) -> "Count":
        """How many days after `day` it lies; negative when before."""
        return Count(
            None if self.earliest is None else (self.earliest - day).days,
            None if self.latest is None else (self.latest - day).days,
        )


class Count(Noun, frozen=True, gc=False):
    """A number of days that lies between two whole numbers, both included; a missing end is not known."""

    least: int | None
    most: int | None


def later(spans: Sequence[Span]) -> Span:
    """The latest of several days, each known as well as it is."""
    earliest = [span.earliest for span in spans if span.earliest is not None]
    latest = [span.latest for span in spans if span.latest is not None]
    return Span(max(earliest, default=None), max(latest) if len(latest) == len(spans) else None)


def whole(interval: Interval) -> Count:
    """The whole numbers inside an interval of thousandths."""
    low, high = interval
    return Count(None if low is None else -(-low // GRID), None if high is None else high // GRID)


def days_ago(as_of: date, interval: Interval) -> Span:
    """The day that lay so many days before `as_of`; what has not happened yet cannot be meant."""
    count = whole(interval)
    return Span(
        None if count.most is None else add_days(as_of, -count.most),
        as_of if count.least is None else add_days(as_of, -count.least),
    )
