"""What is given and what is awaited: regimens with their courses, timelines with their milestones.

The tables with fixed columns: doses stand on the page, and a plan is made of nothing else.
"""

from dataclasses import dataclass

from corrin.guideline.locate import Place


@dataclass(frozen=True, slots=True)
class Step:
    """Part of a loading course: doses on `offsets` days of a period of `period` days, `repeats` times.

    `3 times a week for 2 weeks` is offsets 0, 2, 4 of 7 days, twice. `repeats` is None for an open end.
    """

    text: str
    offsets: tuple[int, ...]
    period: int
    repeats: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """One row of a Regimen table: how one regimen is given. Months of maintenance are calendar months."""

    row: str
    regimen: str
    drug: str
    dose: str
    route: str
    loading: tuple[Step, ...]
    loading_text: str
    end_of_loading: str
    maintenance_text: str
    maintenance_months: tuple[int, int] | None
    because: tuple[str, ...]
    place: Place
    inferred: bool = False
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Regimen:
    """A Regimen table: the courses that one profile offers."""

    id: str
    title: str
    courses: tuple[Course, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Milestone:
    """One row of a Timeline: `months` is a decimal as written, or empty; `finding` says it was reached."""

    row: str
    milestone: str
    finding: str | None
    months: str
    display: str
    because: tuple[str, ...]
    place: Place
    inferred: bool = False
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """A Timeline table, in the order of its rows."""

    id: str
    title: str
    milestones: tuple[Milestone, ...]
    place: Place
