"""One patient as a source handed it over: a flat list of events, with no clinical meaning yet.

Every intake adapter writes a `Record`; `findings` alone reads it.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar, cast, dataclass_transform

MINUTES_A_DAY = 1440

_Told = TypeVar("_Told")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def _told(noun: type[_Told]) -> type[_Told]:
    """A frozen dataclass of many fields that is written at once, not with a guarded call for each field."""
    made = dataclass(frozen=True, init=False)(noun)
    names = tuple(noun.__annotations__)
    known = frozenset(names)
    needed = frozenset(name for name in names if not hasattr(noun, name))
    write = object.__setattr__

    def told(self: object, *values: object, **named: object) -> None:
        """Each field in its order, or by its name; what is not said has its default from the class."""
        if values:
            named.update(zip(names, values, strict=False))
        if not needed <= named.keys() or not known.issuperset(named):
            raise TypeError(f"{noun.__name__} has the fields {', '.join(names)}")
        write(self, "__dict__", named)

    made.__init__ = told
    return made


def _unasked(noun: type[_Told]) -> type[_Told]:
    """The noun where the type checker has seen that each field is said: none is asked for again."""
    make, write = object.__new__, object.__setattr__

    def told(**named: object) -> _Told:
        made = make(noun)
        write(made, "__dict__", named)
        return made

    return cast("type[_Told]", told)


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


@dataclass(frozen=True, slots=True)
class Code:
    """A code, its system one of loinc, snomed, rxnorm, atc, icd10cm, hpo or corrin; else the URI."""

    system: str
    code: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed, exact: comparator (`<`, `<=`, `>`, `>=`, or empty), value, unit, UCUM code."""

    value: Decimal
    unit: str = ""
    ucum: str = ""
    comparator: str = ""


@_told
class Event:
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


event = _unasked(Event)
"""An event of which every source brings many: its fields by their names, as `Event` has them."""


@dataclass(frozen=True, slots=True)
class Ignored:
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
