"""The doses and reviews of a plan as a calendar (iCalendar), for whoever keeps the appointments.

An `Answer` enters, bytes leave. Titles are neutral: a calendar is seen by many. An entry keeps its identity
when the plan is made anew, so that importing again moves it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from corrin.answers import Answer
from corrin.answers.values import span
from corrin.plans.dates import Span

SPACE = uuid5(NAMESPACE_URL, "urn:corrin:calendar")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment: what makes it the same again, its neutral title, and when."""

    key: str
    title: str
    on: Span


def ics(answer: Answer) -> bytes | None:
    """Every dose and review that has a day, or days between which it lies.

    Unknown: None where none has one. A calendar without an entry is no iCalendar.
    Source: RFC 5545, 3.6 (at least one component).
    """
    if not dated(answer):
        return None
    calendar: Any = Calendar()
    calendar.add("prodid", "-//Corrin//Plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in _entries(answer):
        event = _event(answer, entry)
        if event is not None:
            calendar.add_component(event)
    return calendar.to_ical()


def dated(answer: Answer) -> bool:
    """There is something to put into a calendar."""
    today = answer.findings.as_of
    return any(_days(entry, today) is not None for entry in _entries(answer))


def _entries(answer: Answer) -> Iterable[Entry]:
    doses = answer.plan.doses
    for dose in doses:
        counted = f"{dose.stage}-{dose.number or dose.on.earliest}"
        yield Entry(counted, "Appointment", dose.on)
    due = answer.plan.next_due
    if due is not None and not doses and due.settled(answer.findings.as_of):
        yield Entry(f"{due.stage}-due", "Appointment", due.on)
    for review in answer.plan.reviews:
        yield Entry(f"review-{review.id}", "Review appointment", review.on)


def _whose(answer: Answer) -> str:
    """Whoever has no name is known by what was given: no patient's entries move another's."""
    return answer.findings.patient.id or repr(sorted((one.finding, one.printed) for one in answer.used))


def _event(answer: Answer, entry: Entry) -> Event | None:
    """An entry that lasts all day, or all the days on which it may be; what is late is for today."""
    today = answer.findings.as_of
    days = _days(entry, today)
    if days is None:
        return None
    first, last = days
    event: Any = Event()
    event.add("uid", f"{uuid5(SPACE, f'{_whose(answer)}/{entry.key}')}@corrin")
    event.add("dtstamp", datetime.combine(today, time(), UTC))
    event.add("sequence", today.toordinal())
    event.add("dtstart", first)
    event.add("dtend", last + ONE_DAY)
    event.add("summary", entry.title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if last != first:
        event.add("description", "On one of these days; agree which.")
    if entry.on.before(today):
        event.add("description", f"Was due {span(entry.on)}.")
    return event


def _days(entry: Entry, today: date) -> tuple[date, date] | None:
    """The first and the last day on which an entry may be; today for one that is late."""
    on = Span.on(today) if entry.on.before(today) else entry.on
    first = on.earliest or on.latest
    return None if first is None else (first, on.latest or first)
