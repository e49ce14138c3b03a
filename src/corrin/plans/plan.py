"""What to do for one patient and when, as frozen nouns: nothing here knows FHIR, HTML or a screen.

Every date is a `Span`: one day, or two days between which it lies. `because` names rows or statements.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from functools import cached_property

from corrin.plans.dates import Count, Span
from corrin.records import Noun


class Stage(StrEnum):
    """The two parts of a course: doses close together at first, then one every so many months."""

    LOADING = auto()
    MAINTENANCE = auto()


class Dose(Noun, frozen=True, gc=False):
    """One dose of a course, counted within its stage; `number` is None when those before are not recorded."""

    stage: Stage
    number: int | None
    on: Span
    drug: str
    dose: str
    route: str


@dataclass(frozen=True, slots=True)
class Line:
    """A course as it stands in a Regimen table, in its own words."""

    row: str
    drug: str
    dose: str
    route: str
    loading: str
    until: str
    maintenance: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prescription:
    """A course of the profile's Regimen table; `course` is None when only the first dose is decided.

    `withheld` is the course that is not begun because its drug is not for this patient. `beside` are the
    courses of another profile that sources put next to it: both are shown, none is chosen.
    """

    id: str
    course: Line | None
    beside: tuple[Line, ...]
    withheld: Line | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The next dose of somebody on treatment. `missing` are the findings that would narrow it."""

    stage: Stage | None
    on: Span
    missing: tuple[str, ...]

    def settled(self, today: date) -> bool:
        """It can be put into a diary: it is over, or nothing is missing that would move it."""
        return self.on.before(today) or not self.missing


class Action(Noun, frozen=True, gc=False):
    """Something the guideline recommends, with the rows that say so."""

    id: str
    words: str
    because: tuple[str, ...]


class Review(Noun, frozen=True, gc=False):
    """When somebody on treatment is seen again, and the statement that says so."""

    id: str
    label: str
    on: Span
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """How long the nerves have been at risk: days since onset, and what is left of the months a source names.

    `proxy` says which onset stands in for the duration of the deficiency, which nobody can know.
    `days_to_treatment` is how long it had run when treatment began, if it did.
    """

    onset: Span
    proxy: str
    months: int
    days: Count
    three_months_on: Span
    days_left: Count
    days_to_treatment: Count | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of recovery: when a published case reached it, and whether this patient has.

    `months` is as printed, or empty; `by` is that long after the start of treatment. `beside` are the
    statements with published ranges.
    """

    row: str
    milestone: str
    months: str
    display: str
    by: Span | None
    reached: bool | None
    source: str
    because: tuple[str, ...]
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """What is shown beside a plan: how long the nerves have been at risk, and what may be expected when."""

    clock: Clock | None = None
    recovery: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything dated that follows from one assessment. The next review comes first in `reviews`.

    Its course is worked out for whoever asks: a card says nothing of it.
    """

    actions: tuple[Action, ...] = ()
    regimen: Prescription | None = None
    doses: tuple[Dose, ...] = ()
    next_due: Due | None = None
    reviews: tuple[Review, ...] = ()
    _course: Callable[[], Course] = field(default=Course, repr=False, compare=False)

    @cached_property
    def course(self) -> Course:
        """The clock, and the milestones of recovery."""
        return self._course()

    @property
    def decided(self) -> bool:
        """B12 is given, or is to be given now; else the course is only the one that would be taken."""
        return self.next_due is not None

    @property
    def clock(self) -> Clock | None:
        """How long the nerves have been at risk."""
        return self.course.clock

    @property
    def recovery(self) -> tuple[Milestone, ...]:
        """The milestones of recovery, in their order."""
        return self.course.recovery
