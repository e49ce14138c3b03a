"""The plan as text: the clock, the course with its dated doses, what is due next, reviews, recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corrin.answers.text.layout import Entry, Printed, capital, in_a_row, lay, rule
from corrin.answers.values import another, count, left, rhythm, span, until_treatment, weekday, withheld
from corrin.plans.plan import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from corrin.answers.answer import Answer
    from corrin.plans.plan import Dose, Line, Milestone, Review

IF_TREATED = "If treatment is decided on"
"""Before the course of somebody whose treatment waits for results."""


def lines(answer: Answer, width: int) -> Iterator[Printed]:
    """The plan under its own heading; nothing when there is nothing to plan."""
    entries = [*_clock(answer), *_regimen(answer), *_due(answer), *_reviews(answer), *_recovery(answer)]
    if entries:
        yield from rule("Plan", width)
        yield from lay(entries, width)


def _clock(answer: Answer) -> Iterator[Entry]:
    clock = answer.plan.clock
    if clock is None:
        return
    since = f"{capital(count(clock.days))} since onset ({span(clock.onset)})"
    proxy = f"{capital(clock.proxy)} ({', '.join(clock.because)})."
    if clock.days_to_treatment is not None:
        yield Entry("Clock", (f"{since}; {until_treatment(clock.days_to_treatment)}. {proxy}",))
        return
    over = clock.days_left.least is None or clock.days_left.least < 0
    text = f"{since}; {clock.months} months end {span(clock.three_months_on)}: {left(clock)}. {proxy}"
    yield Entry("Clock", (text,), "alarm" if over else "amber")


def _regimen(answer: Answer) -> Iterator[Entry]:
    regimen, doses = answer.plan.regimen, answer.plan.doses
    if regimen is None:
        return
    if regimen.course is not None:
        decided = "" if answer.plan.decided else f"{IF_TREATED}: "
        yield Entry("Regimen", (f"{decided}{_course(answer, regimen.course)}",))
        yield _last(answer, regimen.course)
    if regimen.withheld is not None:
        yield Entry("Regimen", (f"{withheld(regimen.withheld)}.",), "alarm")
    for line in regimen.beside:
        name, who = another(regimen)
        yield Entry(name, (f"{_course(answer, line)} {who}",))
    if regimen.course is None and doses:
        first = f"{capital(doses[0].drug)} {doses[0].dose} {doses[0].route}, the same in every regimen"
        yield Entry("First dose", (f"{first}: {span(doses[0].on)}.",))
    else:
        yield from _doses(doses, answer.findings.as_of)


def _course(answer: Answer, line: Line) -> str:
    course = f"{capital(line.drug)} {line.dose} {line.route}: {rhythm(line)}."
    sources = answer.desk.contents.sources(line.because)
    return f"{course} Recommended ({', '.join(line.because)}: {', '.join(sources)})."


def _last(answer: Answer, line: Line) -> Entry:
    """The last statement a course cites, in full: how long it goes on, and for whom."""
    statement = answer.desk.guideline.statements[line.because[-1]]
    return Entry("", (f"{statement.id}: {statement.text}",), "quiet")


def _doses(doses: tuple[Dose, ...], today: date) -> Iterator[Entry]:
    """A loading course with its days, and the maintenance dose after it."""
    exact = [dose.on.earliest for dose in doses if dose.stage is Stage.LOADING and dose.on.exact]
    days = [day for day in exact if day]
    if days:
        begun = "If begun today: " if doses[0].number == 1 and days[0] == today else ""
        yield Entry("Doses", (f"{begun}{', '.join(_dated(days))}.",))
        for dose in doses[len(days) :]:
            yield Entry("Then", (f"{capital(dose.stage)} dose {span(dose.on)}.",))


def _dated(days: list[date]) -> Iterator[str]:
    """Days of the week and of the month; the year with the first, and where it changes."""
    year = None
    for day in days:
        yield weekday(day) if day.year == year else f"{weekday(day)} {day.year}"
        year = day.year


def _due(answer: Answer) -> Iterator[Entry]:
    due, today = answer.plan.next_due, answer.findings.as_of
    if due is None:
        return
    late = due.on.before(today)
    listed = due.stage is Stage.LOADING and due.on.exact and bool(answer.plan.doses)
    if listed and not late and not due.missing:
        return
    text = f"{capital(due.stage or 'the next')} dose {'was ' if late else ''}due {span(due.on)}"
    if due.missing:
        text += f"; not recorded: {in_a_row(answer.desk.wording.named(one) for one in due.missing)}"
    yield Entry("Next dose", (f"{text}.",), "alarm" if late else "plain")


def _reviews(answer: Answer) -> Iterator[Entry]:
    texts = tuple(_review(answer, review) for review in answer.plan.reviews)
    if texts:
        yield Entry("Reviews", texts)


def _review(answer: Answer, review: Review) -> str:
    late = review.on.before(answer.findings.as_of)
    return f"{review.label} {'was due ' if late else ''}{span(review.on)} ({', '.join(review.because)})."


def _recovery(answer: Answer) -> Iterator[Entry]:
    milestones = answer.plan.recovery
    if milestones:
        first = milestones[0]
        yield Entry("Recovery", (f"The order in {first.source}, no forecast:",))
        yield Entry("", tuple(_milestone(one) for one in milestones), points=True)
        statements = answer.desk.guideline.statements
        beside = [f"{one}: {statements[one].text.split('. ')[0]}." for one in first.beside]
        yield Entry("", tuple(beside), "quiet")


def _milestone(one: Milestone) -> str:
    when = f" ({span(one.by)})" if one.by else ""
    reached = {True: ": reached", False: ": not yet", None: ""}[one.reached]
    return f"{capital(one.milestone)}: {one.display}{when}{reached}"
