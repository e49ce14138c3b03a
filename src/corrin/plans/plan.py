"""What to do for one patient and when, as frozen nouns: nothing here knows FHIR, HTML or a screen.

Every date is a `Span`: one day, or two days between which it lies.
"""

from dataclasses import dataclass
from typing import Literal

from corrin.guideline.model import Course
from corrin.plans.dates import Count, Span

Stage = Literal["loading", "maintenance"]


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose of a course. `number` counts the doses of its stage; None when those before are not recorded."""

    stage: Stage
    number: int | None
    on: Span
    drug: str
    dose: str
    route: str


@dataclass(frozen=True, slots=True)
class Due:
    """The next dose of somebody on treatment. `missing` are the findings that would narrow it."""

    stage: Stage | None
    on: Span
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prescription:
    """A course of the profile's Regimen table, and how much of it this patient gets now.

    `beside` are the courses of another profile that sources put next to it: both are shown, none is chosen.
    """

    regimen: str
    course: Course | None
    doses: tuple[Dose, ...]
    beside: tuple[Course, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something the guideline recommends, with the rows that say so; `doses` when it is to give some."""

    id: str
    words: str
    because: tuple[str, ...]
    doses: tuple[Dose, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """When somebody on treatment is seen again, and the statement that says so."""

    id: str
    words: str
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
    days: Count
    three_months_on: Span
    days_left: Count
    days_to_treatment: Count | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone of recovery: when a published case reached it, and whether this patient has."""

    row: str
    milestone: str
    months: str
    display: str
    by: Span | None
    reached: bool | None
    source: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recovery:
    """The milestones in order, what they are counted from, and the published ranges beside them."""

    counted_from: Span | None
    milestones: tuple[Reached, ...]
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything dated that follows from one assessment."""

    actions: tuple[Action, ...]
    prescription: Prescription | None
    next_due: Due | None
    reviews: tuple[Review, ...]
    clock: Clock | None
    recovery: Recovery | None

    @property
    def doses(self) -> tuple[Dose, ...]:
        """The doses with their dates, soonest first."""
        return self.prescription.doses if self.prescription else ()
