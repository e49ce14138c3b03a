"""What is known of one patient, findings and verdicts together, as a plan asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from corrin.plans.dates import Interval, Span, days_ago, whole
from corrin.plans.dictionary import UNKNOWN, Condition

YES = "yes"
NO = "no"


@dataclass(frozen=True, slots=True)
class Facts:
    """Findings and the columns of tables: word, interval, or absent when unknown."""

    known: Mapping[str, str | Interval | None]
    as_of: date

    def met(self, condition: Condition) -> bool:
        """One part is met: every column or finding it names has a value it allows."""
        known = self.known
        for part in condition:
            for name, words in part.items():
                if (known.get(name) or UNKNOWN) not in words:
                    break
            else:
                return True
        return False

    def word(self, name: str) -> str | None:
        """A worded finding or column."""
        value = self.known.get(name)
        return value if isinstance(value, str) else None

    def answered(self, name: str) -> bool | None:
        """Yes, no, or not known."""
        return {YES: True, NO: False}.get(self.word(name) or "")

    def day(self, name: str) -> Span | None:
        """The day that a count of days goes back to."""
        value = self.known.get(name)
        return days_ago(self.as_of, value) if isinstance(value, tuple) else None

    def count(self, name: str) -> int | None:
        """A whole number that is known exactly."""
        value = self.known.get(name)
        number = whole(value) if isinstance(value, tuple) else None
        return number.least if number and number.least == number.most else None
