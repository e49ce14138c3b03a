"""A patient who was made up: what a source will say of them, and what was meant by it.

Shape: `events` are what the source says; `meant` is the intended findings row; `row` is the row of a table
that has to hold; `noise` names what was sent and means nothing, or something else than it seems.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from corrin.records import MINUTES_A_DAY, Event, Patient, When

Value = str | tuple[int | None, int | None]
Kind = Literal["row", "edge", "ordinary"]

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Synthetic:
    """One patient, what is said of them, and what was meant."""

    patient: Patient
    events: tuple[Event, ...]
    meant: Mapping[str, Value]
    kind: Kind = "ordinary"
    row: str = ""
    about: str = ""
    noise: tuple[str, ...] = ()
    left_open: frozenset[str] = frozenset()


def identity(number: int) -> str:
    """What a made-up patient is called: nobody could take it for a person."""
    return f"synthetic-{number:06}"


def seeded(*seed: object) -> Random:
    """Chance that is the same for the same seed: nothing here is a secret."""
    return Random("/".join(map(str, seed)))  # noqa: S311


def on(day: date, before: int = 0, minute: int | None = None) -> When:
    """So many days before a day, to the minute or the whole of it."""
    that = day - timedelta(days=before)
    first = (that - EPOCH).days * MINUTES_A_DAY
    if minute is None:
        return When(first, first + MINUTES_A_DAY - 1, that.isoformat())
    clock = "{:02}:{:02}:00+00:00".format(*divmod(minute, 60))
    return When(first + minute, first + minute, f"{that.isoformat()}T{clock}")


def month(when: When) -> When:
    """The same moment, known to the month."""
    return When(when.first, when.last, when.text[:7])


def year(when: When) -> When:
    """The same moment, known to the year."""
    return When(when.first, when.last, when.text[:4])
