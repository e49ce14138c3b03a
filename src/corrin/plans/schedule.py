"""A course of a Regimen table laid on a calendar, from what has been given to the next review.

A course and what was already given enter; dated doses leave. Days count from the first dose of the course.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, islice, pairwise

from corrin.guideline.model import Course, Step
from corrin.plans.dates import Span
from corrin.plans.plan import Dose, Stage


@dataclass(frozen=True, slots=True)
class Given:
    """What was given before: how many doses, and when the last one was; None where not recorded."""

    doses: int | None = 0
    last: Span | None = None


def loading_days(steps: Sequence[Step]) -> Iterator[int]:
    """The day of each loading dose, the first being day 0; without end when the last step has none.

    Three times a week for two weeks: 0, 2, 4, 7, 9, 11. A step follows the one before it at its own pace.
    """
    last: int | None = None
    for step in steps:
        begin = 0 if last is None else last + step.period - step.offsets[-1]
        for turn in count() if step.repeats is None else range(step.repeats):
            for offset in step.offsets:
                last = begin + turn * step.period + offset
                yield last


def loading(course: Course, given: Given, as_of: date, until: date) -> tuple[Dose, ...]:
    """The loading doses still to come: all of a course of known length, else those up to the day `until`.

    Unknown: when the number of doses given is not recorded, only the next one can be dated, unless every
    distance of the course is the same and it has no end.
    A dose that is late moves to `as_of`, and those after it keep their distance.
    """
    numbered = given.doses is not None
    done = given.doses or 0
    days = islice(loading_days(course.loading), done, None)
    first = next(days, None)
    if first is None:
        return ()
    on = next_loading(course, given, as_of).not_before(as_of)
    doses = [_dose(course, Stage.LOADING, done + 1 if numbered else None, on)]
    if not numbered and not (endless(course) and len(_distances(course)) == 1):
        return tuple(doses)
    for number, day in enumerate(days, done + 2):
        following = on.plus_days(day - first)
        if endless(course) and following.earliest is not None and following.earliest > until:
            break
        doses.append(_dose(course, Stage.LOADING, number if numbered else None, following))
    return tuple(doses)


def next_loading(course: Course, given: Given, as_of: date) -> Span:
    """When the next loading dose is due; a day in the past is an overdue one. Without a last dose: now."""
    if given.last is None:
        return Span.on(as_of)
    distances = _distances(course)
    if given.doses:
        days = list(islice(loading_days(course.loading), given.doses + 1))
        distances = (days[-1] - days[-2],) if len(days) > given.doses else distances
    return given.last.plus_days(min(distances), max(distances))


def next_maintenance(course: Course, given: Given, as_of: date) -> Span:
    """When the next maintenance dose is due: a window of calendar months. Without a last dose: now."""
    if given.last is None or course.maintenance_months is None:
        return Span.on(as_of)
    return given.last.plus_months(*course.maintenance_months)


def maintenance(course: Course, given: Given, as_of: date) -> Dose:
    """The next maintenance dose."""
    return _dose(course, Stage.MAINTENANCE, None, next_maintenance(course, given, as_of))


def first_dose(courses: Sequence[Course], as_of: date) -> Dose | None:
    """The first dose on which several courses agree, today; None when they differ."""
    doses = {_dose(course, Stage.LOADING, 1, Span.on(as_of)) for course in courses}
    return doses.pop() if len(doses) == 1 else None


def widest(spans: Sequence[Span]) -> Span:
    """One window that holds all of them, for when it is not known which one is meant."""
    earliest = [span.earliest for span in spans if span.earliest is not None]
    latest = [span.latest for span in spans if span.latest is not None]
    return Span(
        min(earliest) if len(earliest) == len(spans) else None,
        max(latest) if len(latest) == len(spans) else None,
    )


def endless(course: Course) -> bool:
    """Loading goes on until somebody decides that it is over."""
    return any(step.repeats is None for step in course.loading)


def _distances(course: Course) -> tuple[int, ...]:
    """Every distance in days between two neighbouring loading doses."""
    enough = 1 + sum(len(step.offsets) * (step.repeats or 2) for step in course.loading)
    days = list(islice(loading_days(course.loading), enough))
    return tuple({after - before for before, after in pairwise(days)})


def _dose(course: Course, stage: Stage, number: int | None, on: Span) -> Dose:
    return Dose(stage, number, on, course.drug, course.dose, course.route)
