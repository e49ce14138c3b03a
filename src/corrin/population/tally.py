"""What became of an input, in counts: read, used, passed over and why, with the first places of each.

Counts enter while the input is read; JSON leaves. Tallies of parts add up to the tally of the whole. It never
holds a value of a patient.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

PLACES = 20
"""Places that are named for one kind of fault; the others are only counted."""


_NUMBER = re.compile(r"([0-9]+)")


def _reading(place: str) -> list[str | int]:
    """A key by which line 9 stands before line 10."""
    return [int(part) if at % 2 else part for at, part in enumerate(_NUMBER.split(place))]


@dataclass(slots=True)
class Tally:
    """Counts by subject (`ignored`, `refused`, `unmapped` ...) and within it by what was found."""

    counts: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    places: dict[str, dict[str, list[str]]] = field(default_factory=dict[str, dict[str, list[str]]])

    def count(self, subject: str, what: str, place: str = "", number: int = 1) -> None:
        """Count one thing more, and remember where it stood, the first few times."""
        counted = self.counts.get(subject)
        if counted is None:
            counted = self.counts[subject] = Counter()
        counted[what] += number
        if place:
            known = self.places.setdefault(subject, {}).setdefault(what, [])
            if len(known) < PLACES:
                known.append(place)

    def total(self, subject: str, phrase: str = "") -> int:
        """All that was counted under a subject, or what of it a phrase stands in."""
        counted = self.counts.get(subject, Counter[str]())
        return sum(number for what, number in counted.items() if phrase in what)

    def add(self, other: "Tally") -> None:
        """What another part of the same input came to; in any order of parts, the same places are named."""
        for subject, counted in other.counts.items():
            self.counts.setdefault(subject, Counter()).update(counted)
        for subject, known in other.places.items():
            for what, places in known.items():
                mine = self.places.setdefault(subject, {}).setdefault(what, [])
                mine[:] = sorted((*mine, *places), key=_reading)[:PLACES]

    def to_dict(self) -> dict[str, Any]:
        """As JSON says it: for each subject what was found, most first, with number and places."""
        return {
            subject: [
                {"what": what, "number": number, "where": self.places.get(subject, {}).get(what, [])}
                for what, number in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
            ]
            for subject, counted in sorted(self.counts.items())
        }

    @classmethod
    def from_dict(cls, written: Mapping[str, Iterable[Mapping[str, Any]]]) -> "Tally":
        """Read back what `to_dict` wrote."""
        tally = cls()
        for subject, entries in written.items():
            for entry in entries:
                tally.count(subject, entry["what"], number=entry["number"])
                places = cast("list[str]", entry["where"])
                if places:
                    tally.places.setdefault(subject, {})[entry["what"]] = list(places)
        return tally
