"""One patient as a source handed it over: a flat list of events, with no clinical meaning yet.

Every intake adapter writes a `Record`; `findings` alone reads it.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from msgspec import Struct, structs

MINUTES_A_DAY = 1440


class Noun(Struct, frozen=True, gc=False):
    """Something that is told and then only read, of which every source brings thousands."""

    def but(self, **otherwise: Any) -> Self:  # noqa: ANN401 - a field's value, of the field's type
        """The same with some fields otherwise."""
        return structs.replace(self, **otherwise)

    def to_dict(self) -> dict[str, Any]:
        """Its fields by their names, as they are."""
        return structs.asdict(self)


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A moment known to some precision: the first and the last minute it may have been.

    Units: minutes since 1970-01-01T00:00 by the clock on the wall where it was written (an offset is kept in
    `text` and not applied; see docs/clarifications.md). A date spans its day, `2026-09` its month, `2026` its
    year.
    """

    first: int
    last: int
    text: str = field(compare=False)

    @property
    def instant(self) -> bool:
        """Given to the minute."""
        return self.first == self.last

    @property
    def first_day(self) -> int:
        """Days since 1970-01-01 of the first minute."""
        return self.first // MINUTES_A_DAY

    @property
    def last_day(self) -> int:
        """Days since 1970-01-01 of the last minute."""
        return self.last // MINUTES_A_DAY


class Code(Noun, frozen=True, gc=False):
    """A code, its system one of loinc, snomed, rxnorm, atc, icd10cm, hpo or corrin; else the URI."""

    system: str
    code: str


class Quantity(Noun, frozen=True, gc=False):
    """A number as printed, exact: comparator (`<`, `<=`, `>`, `>=`, or empty), value, unit, UCUM code."""

    value: Decimal
    unit: str = ""
    ucum: str = ""
    comparator: str = ""


class Event(Noun, frozen=True, gc=False):
    """One thing a source says happened, in its own words and codes.

    Shape:
    `kind`: observation, condition, medicine, order, procedure, allergy, family, answer.
    `codes` of a combination product hold the codes of every ingredient.
    `status`: final, corrected, preliminary, active, completed, stopped, draft, planned, resolved, not-done,
    error, or unknown (also when the source does not say).
    `verification`: confirmed, unconfirmed, refuted, error, or unknown (also when the source does not say).
    `polarity`: present, absent, or unknown (said to be not known, or declined; see `absent_reason`). Where
    there is a `quantity`, a `date` or a `word` that is no yes or no, the value speaks and `present` says
    nothing.
    `unreadable` says why a value that was sent could not be read: the thing was done, its result is unknown.
    `intent`: actual, order, plan, family.
    `medium` (medicines): request, statement, administration, dispense.
    `start`..`end` is the period it speaks of: a moment or a collection has both alike, what goes on has no
    `end`; `recorded` is when it was written down; a missing one is None.
    `identity` is the same for two versions of one result; compare it together with the code.
    """

    kind: str
    codes: tuple[Code, ...]
    where: str
    text: str = ""
    quantity: Quantity | None = None
    word: str | None = None
    word_codes: tuple[Code, ...] = ()
    date: When | None = None
    flag: str = ""
    upper_limit: Quantity | None = None
    start: When | None = None
    end: When | None = None
    recorded: When | None = None
    status: str = "unknown"
    verification: str = "unknown"
    polarity: str = "present"
    absent_reason: str = ""
    unreadable: str = ""
    intent: str = "actual"
    medium: str = ""
    dose: Quantity | None = None
    times_a_day: Decimal | None = None
    as_needed: bool = False
    route: str = ""
    specimen: str = ""
    identity: str = ""


class Ignored(Noun, frozen=True, gc=False):
    """Something that was read and not used, where it stood and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Patient:
    """The person: `sex` is male, female, other or None; `died` and `replaced_by` end follow-up.

    `site` is the organisation that looks after the record, as the source names it.
    """

    id: str | None = None
    birth: When | None = None
    sex: str | None = None
    died: bool = False
    died_on: When | None = None
    replaced_by: str | None = None
    where: str = ""
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One patient's events, what was passed over, and which parts the source declares complete.

    `complete` holds any of: medicines, allergies, procedures, conditions, requests, statements,
    administrations.
    """

    patient: Patient
    events: tuple[Event, ...]
    ignored: tuple[Ignored, ...] = ()
    complete: frozenset[str] = frozenset()
    as_of: str | None = None
