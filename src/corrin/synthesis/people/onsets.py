"""When neurological symptoms began: what a record says of it, exactly, as a month, as a year, or not at all.

Shares and a seeded source of chance enter; a day, events and what is beyond doubt about them leave.
"""

from random import Random

from corrin.guideline.model import GRID, Guideline
from corrin.records import Event, When
from corrin.synthesis.people.person import Value, month, on, year
from corrin.synthesis.people.told import dated
from corrin.synthesis.shares import Onsets, Shares


class Beginnings:
    """Draws beginnings for one guideline."""

    def __init__(self, guideline: Guideline, shares: Shares) -> None:
        self.told: Onsets = shares.onsets
        self.as_of = shares.as_of
        self.finding = guideline.declared.findings[self.told.finding]
        self.since = [
            each.id
            for each in guideline.declared.findings.values()
            if each.since == self.finding.id and each.measure == "days"
        ]

    def days(self, rng: Random) -> int:
        """So many days ago the first symptom began."""
        return 2 + int(rng.random() * self.told.longest)

    def said(self, rng: Random, days: int) -> tuple[When | None, bool]:
        """The day as a source says it, and whether it says the day itself."""
        day, chance = on(self.as_of, days), rng.random()
        if chance > self.told.said:
            return None, False
        if chance < self.told.year:
            return year(day), False
        return (month(day), False) if chance < self.told.year + self.told.month else (day, True)

    def asked(self, rng: Random, days: int, when: int) -> tuple[Event | None, dict[str, Value]]:
        """The day of the first symptom as somebody noted it so many days ago, and what follows from it."""
        day, exact = self.said(rng, days)
        if day is None:
            return None, {}
        meant: Value = (days * GRID, days * GRID)
        return dated(self.finding, day, on(self.as_of, when)), dict.fromkeys(
            self.since if exact else (), meant
        )
