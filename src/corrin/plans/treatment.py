"""Which course, which doses, and when the next one is due, from what the tables decided.

The tables decide whether to treat, with which regimen, and in which phase a patient is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corrin.guideline.model import Course, Guideline
from corrin.plans import schedule
from corrin.plans.dates import Span
from corrin.plans.dictionary import Entries
from corrin.plans.facts import Facts
from corrin.plans.plan import Dose, Due, Line, Prescription, Review, Stage
from corrin.plans.schedule import Given


@dataclass(frozen=True)
class Treatment:
    """One patient's treatment: the entries that name it, the facts, and the courses of the profile."""

    entries: Entries
    facts: Facts
    guideline: Guideline

    @cached_property
    def begins(self) -> bool:
        """Treatment is to start now."""
        return self.facts.met(self.entries.treatment.begin)

    @cached_property
    def continues(self) -> bool:
        """B12 is being given, and nobody recorded that it was stopped."""
        return self.facts.met(self.entries.treatment.under_way)

    @cached_property
    def stage(self) -> Stage | None:
        """How far treatment has come; a new one begins with loading. None: not known, or none."""
        entry = self.entries.treatment
        if self.continues and self.facts.met(entry.is_maintained):
            return Stage.MAINTENANCE
        if self.begins or (self.continues and self.facts.met(entry.is_loading)):
            return Stage.LOADING
        return None

    @cached_property
    def courses(self) -> Sequence[Course]:
        """The courses that the profile offers."""
        return self.guideline.regimens[self.guideline.regimen].courses

    @cached_property
    def regimen(self) -> str | None:
        """The regimen being given, where it is recorded; else the one decided on."""
        entry = self.entries.course
        given = self.facts.word(entry.given) if self.continues else None
        return given or self.facts.word(entry.chosen)

    @cached_property
    def course(self) -> Course | None:
        """The course of the profile's table that the regimen names."""
        return next((course for course in self.courses if course.regimen == self.regimen), None)

    @cached_property
    def withheld(self) -> Course | None:
        """A course that is not to be begun, because its drug is not for this patient."""
        courses = self.courses if self.shared else [self.course] if self.course else []
        return None if self.continues else next((one for one in courses if self._avoided(one.drug)), None)

    def _avoided(self, drug: str) -> bool:
        column = f"{self.entries.course.withheld}__{drug.replace(' ', '_').replace('-', '_')}"
        return self.facts.answered(column) is True

    @cached_property
    def shared(self) -> bool:
        """The decision names no course, only the dose on which all of them agree."""
        return self.regimen == self.entries.course.shared

    @cached_property
    def given(self) -> Given:
        """What was already given. A course that begins anew counts its doses from none."""
        if not self.continues:
            return Given()
        entry = self.entries.treatment
        last = self.facts.day(entry.last_dose_day)
        if not self.facts.met(entry.is_loading):
            return Given(0, last)
        doses = self.facts.count(entry.doses_so_far)
        return Given(None if last and not doses else doses, last)

    @cached_property
    def started(self) -> Span | None:
        """The day on which treatment began; today, when it begins."""
        before = self.facts.day(self.entries.treatment.start_day) if self.continues else None
        return before or (Span.on(self.facts.as_of) if self.begins else None)


def prescribe(treatment: Treatment) -> Prescription | None:
    """The course that is given or decided on, as its table says it; None when there is none."""
    regimen, course = treatment.regimen, treatment.course
    if regimen is None or (course is None and not treatment.shared):
        return None
    beside, withheld = _beside(treatment, regimen), treatment.withheld
    if withheld:
        return Prescription(regimen, None, beside, _line(withheld))
    return Prescription(regimen, _line(course) if course else None, beside)


def doses(treatment: Treatment, reviews: Sequence[Review]) -> tuple[Dose, ...]:
    """The doses that can be dated: loading up to the next review or its end, or the next maintenance dose.

    Where only the first dose is decided, that one alone, if all courses agree on it.
    """
    course, as_of = treatment.course, treatment.facts.as_of
    if treatment.withheld:
        return ()
    if course:
        return _doses(treatment, course, reviews)
    first = schedule.first_dose(treatment.courses, as_of) if treatment.shared and treatment.begins else None
    return (first,) if first else ()


def _doses(treatment: Treatment, course: Course, reviews: Sequence[Review]) -> tuple[Dose, ...]:
    given, as_of = treatment.given, treatment.facts.as_of
    match treatment.stage:
        case Stage.MAINTENANCE:
            return (schedule.maintenance(course, given, as_of),)
        case Stage.LOADING:
            ends = [review.on.earliest for review in reviews if review.on.earliest]
            loading = schedule.loading(course, given, as_of, min(ends, default=as_of))
            if schedule.endless(course) or not loading or loading[-1].number is None:
                return loading
            return (*loading, schedule.maintenance(course, Given(None, loading[-1].on), as_of))
        case None:
            return ()


def next_due(treatment: Treatment) -> Due | None:
    """The next dose of somebody who is treated, or should be from now: never empty for them.

    Unknown: when it is not known which course is given, or how far it has gone, one window holds every
    possibility; without a last dose the next is due now. `missing` says what would narrow it.
    """
    if not treatment.begins and not treatment.continues:
        return None
    given, as_of, stage = treatment.given, treatment.facts.as_of, treatment.stage
    courses = [treatment.course] if treatment.course else list(treatment.courses)
    loading = [schedule.next_loading(course, given, as_of) for course in courses]
    maintaining = [schedule.next_maintenance(course, given, as_of) for course in courses]
    spans = {Stage.LOADING: loading, Stage.MAINTENANCE: maintaining, None: [*loading, *maintaining]}[stage]
    return Due(stage, schedule.widest(spans), _missing(treatment) if treatment.continues else ())


def _missing(treatment: Treatment) -> tuple[str, ...]:
    """What a person can be asked, so that the window narrows."""
    course, entry = treatment.entries.course, treatment.entries.treatment
    asked = [entry.last_dose_day]
    if treatment.stage is None:
        asked = [course.given, entry.doses_so_far, *asked]
    declared = treatment.guideline.declared.findings
    return tuple(declared[name].since or name for name in asked if treatment.facts.known.get(name) is None)


def _beside(treatment: Treatment, regimen: str) -> tuple[Line, ...]:
    beside = treatment.guideline.beside
    if beside is None or not treatment.facts.met(treatment.entries.course.beside):
        return ()
    courses = treatment.guideline.regimens[beside].courses
    return tuple(_line(course) for course in courses if course.regimen == regimen)


def _line(course: Course) -> Line:
    return Line(
        row=course.row,
        drug=course.drug,
        dose=course.dose,
        route=course.route,
        loading=course.loading_text,
        until=course.end_of_loading,
        maintenance=course.maintenance_text,
        because=course.because,
    )
