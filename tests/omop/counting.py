"""A tally for the tests: what was counted under which subject, and where it stood."""

from collections import Counter, defaultdict


class Counted:
    def __init__(self) -> None:
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.places: defaultdict[str, list[str]] = defaultdict(list)

    def count(self, subject: str, what: str, place: str = "", number: int = 1) -> None:
        self.counts[subject][what] += number
        if place:
            self.places[subject].append(place)
