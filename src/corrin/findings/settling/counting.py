"""Which events count for a finding, and when they were: status, verification, polarity, the future.

One event and one finding enter; facts leave, or the reason why the event does not count. What `counts` means
is said in guideline/what-counts.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from corrin.errors import Refusal
from corrin.findings.facts import Fact, Use
from corrin.findings.settling import spelling
from corrin.findings.settling.elapsed import EPOCH, ago
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID
from corrin.records import MINUTES_A_DAY, Event, Patient, When

YES, NO = "yes", "no"
NOT_ABOUT_IT = ""
"""No reason of its own: other findings that hear the same code may have one."""

FUTURE = "it has not happened yet on the day of the answer"

KINDS: Mapping[str, frozenset[str]] = {
    "present": frozenset({"observation", "condition"}),
    "ever": frozenset({"observation", "condition", "procedure"}),
    "family": frozenset({"family"}),
    "allergy": frozenset({"allergy"}),
}
"""Which kinds of event can speak; medicines and orders are told apart in `medicines`."""

Said = tuple[Fact, ...] | str
"""Facts, or why there is none."""


@dataclass(frozen=True, slots=True)
class Day:
    """The day of the answer: nothing after its last minute has happened.

    `present`: it is today by the calendar on the wall, so what is dated later has a wrong date.
    """

    as_of: date
    asked: date | None = None
    present: bool = False
    first: int = field(init=False)
    last: int = field(init=False)

    def __post_init__(self) -> None:
        first = (self.as_of.toordinal() - EPOCH) * MINUTES_A_DAY
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "last", first + MINUTES_A_DAY - 1)

    @property
    def today(self) -> When:
        """The whole day."""
        return When(self.first, self.last, self.as_of.isoformat())

    def person(self, patient: Patient) -> Patient:
        """Whoever died on a later day lives on this one; seen from today a death stands."""
        died = patient.died_on
        if died is None or died.first <= self.last or self.present:
            return patient
        return replace(patient, died=False, died_on=None)

    @property
    def answered(self) -> When:
        """When an answer without a date was given: the day the case was written for, or today."""
        if self.asked is None or self.asked >= self.as_of:
            return self.today
        first = (self.asked.toordinal() - EPOCH) * MINUTES_A_DAY
        return When(first, first + MINUTES_A_DAY - 1, self.asked.isoformat())

    def past(self, when: When | None) -> When | None:
        """A moment without the part of it that is still to come."""
        if when is None or when.last <= self.last:
            return when
        return When(when.first, self.last, when.text)

    def to_come(self, when: When | None) -> bool:
        """Wholly after the day of the answer."""
        return when is not None and when.first > self.last

    def never(self, when: When | None) -> bool:
        """After tomorrow, seen from today: somewhere on earth it may be tomorrow already, and no later."""
        return self.present and when is not None and when.first > self.last + MINUTES_A_DAY


def unfit(event: Event, day: Day) -> str | None:
    """Why an event counts for nothing, whatever it speaks of; None when it may count.

    Errors: an event that ends before it begins contradicts itself and is refused.
    """
    status, start, end = event.status, event.start, event.end
    if status == "error" or event.verification == "error":
        return "entered in error"
    if event.verification == "unconfirmed":
        return "not confirmed"
    if event.intent == "plan" or status == "planned":
        return "planned, not done"
    if status == "not-done":
        return "not done"
    asked_for = event.kind == "order" or (event.medium == "request" and status in {"active", "draft"})
    when = event.recorded if asked_for else start or event.recorded
    if when is not None and when.first > day.last:
        return FUTURE
    if start and end and end.last < start.first:
        raise Refusal("it ends before it begins", "Give the two dates in their order.")
    return None


def out_of_place(event: Event) -> str:
    """Why an event with a known code says nothing: it is of another kind than the code is asked of."""
    if event.kind == "family" or event.intent == "family":
        return "about a relative"
    return f"of the kind {event.kind}, which says nothing of it"


def stated(event: Event, finding: Finding, day: Day) -> Said:
    """What a statement says of a finding: that it is there, that it ever was, that it runs in the family."""
    if event.kind not in KINDS.get(finding.counts, ()):
        return NOT_ABOUT_IT
    if event.intent == "family" and finding.counts != "family":
        return out_of_place(event)
    count = {"ever": ever, "family": ever, "allergy": allergy}.get(finding.counts, present)
    return count(event, finding, day)


def present(event: Event, finding: Finding, day: Day) -> Said:
    """A symptom, a sign, a red flag: confirmed and still there."""
    if event.status == "resolved":
        return "resolved"
    if event.status in {"draft", "stopped"}:
        return f"a statement that is {event.status}"
    return _stated(event, finding, _noted(event, finding), day)


def ever(event: Event, finding: Finding, day: Day) -> Said:
    """A disease, an operation: what is resolved still counts, and counts from when it was resolved."""
    if event.status in {"draft", "stopped"}:
        return f"a statement that is {event.status}"
    when = event.end or _noted(event, finding) if event.status == "resolved" else _noted(event, finding)
    return _stated(event, finding, when, day)


def allergy(event: Event, finding: Finding, day: Day) -> Said:
    """An allergy that was not withdrawn."""
    if event.status == "resolved":
        return "an allergy that is no longer held to be one"
    return _stated(event, finding, _noted(event, finding), day)


def _noted(event: Event, finding: Finding) -> When | None:
    """When a statement was so: for a red flag from when it began, else when it was last said to be so."""
    if finding.timed == "onset":
        return event.start or event.recorded
    if event.kind == "observation":
        return event.end or event.start or event.recorded
    dated = [when for when in (event.start, event.recorded) if when]
    return max(dated, key=lambda when: when.last) if dated else None


def answered(event: Event, finding: Finding, day: Day) -> Said:
    """An answer to the finding itself, by its own id; one without a date was given on the day of the case."""
    undated = day.answered if event.kind == "answer" else None
    when = event.end or event.start or event.recorded or undated
    if finding.kind == "date":
        return _date(event, finding, day)
    return _stated(event, finding, when, day)


def _stated(event: Event, finding: Finding, when: When | None, day: Day) -> Said:
    fact = placed(Fact(finding.id, text=printed(event), where=event.where), day.past(when))
    if event.unreadable:
        raise Refusal(event.unreadable, "Answer in one of the ways that the finding has.")
    if event.polarity == "unknown":
        if event.absent_reason in spelling.NOT_DONE:
            return f"not looked for: {event.absent_reason}"
        return (fact.but(use="not-known"),)
    return (fact.but(use=used(event), word=_word(event, finding), rank=int(event.status == "corrected")),)


def _word(event: Event, finding: Finding) -> str:
    """The finding's own word for what an event says."""
    if event.quantity is not None or event.date is not None:
        raise Refusal("a number or a date where a word is needed", f"Answer {_or(finding)}.")
    if finding.kind == "word":
        return worded(event.word, finding)
    if event.polarity == "absent":
        return NO
    said = YES if event.word is None else spelling.said(event.word)
    if said is None:
        raise Refusal("neither yes nor no", f"Answer {_or(finding)}.")
    return said


def worded(text: str | None, finding: Finding) -> str:
    """One of the finding's values, by its own word, by a word it lists, or by a laboratory's."""
    said = spelling.as_value(text or "")
    if said in finding.values:
        return said
    listed = finding.words or {}
    for word in (said, (text or "").strip().casefold(), spelling.level(text or "") or ""):
        if word in listed:
            return listed[word]
        if word in finding.values:
            return word
    raise Refusal("none of its words", f"Answer {_or(finding)}.")


def _or(finding: Finding) -> str:
    return " or ".join(finding.values or (YES, NO))


def _date(event: Event, finding: Finding, day: Day) -> Said:
    """A date given as the answer; one still to come contradicts what it is the date of."""
    if event.unreadable:
        raise Refusal(event.unreadable, "Write the date as YYYY-MM-DD, YYYY-MM or YYYY.")
    if event.polarity == "unknown":
        return (Fact(finding.id, "not-known", text=printed(event), where=event.where),)
    if event.date is None:
        raise Refusal("no date", "Write the date as YYYY-MM-DD, YYYY-MM or YYYY.")
    if day.to_come(event.date):
        raise Refusal("a date in the future", "Write a date that has come.")
    when = day.past(event.date)
    return (placed(Fact(finding.id, text=printed(event), where=event.where), when, began=when),)


def since(fact: Fact, finding: Finding, day: Day) -> Fact:
    """How long ago a date was on the day of the answer, as a number of its own."""
    if fact.first is None or fact.last is None:
        return fact.but(finding=finding.id, low=0, high=None)
    least, most = ago(finding.measure, When(fact.first, fact.last, fact.text), day.as_of)
    if finding.at_least:  # so it was whenever it is asked: the answer does not grow old with the date
        return fact.but(finding=finding.id, low=least * GRID, high=None, first=None, last=None)
    return fact.but(finding=finding.id, low=least * GRID, high=most * GRID)


def began(event: Event, said: Fact, finding: Finding, day: Day) -> Fact | None:
    """The day by which something was there, as its record dates it; it counts for as long as what it `said`.

    Unknown: what may be of today says nothing of the time before.

    Source: A30.
    """
    onset = day.past(event.start or event.recorded)
    if said.word != YES or onset is None or onset.last >= day.first:
        return None
    return placed(Fact(finding.id, text=onset.text, where=event.where), onset, began=onset)


def placed(fact: Fact, when: When | None, began: When | None = None) -> Fact:
    """The fact with its time, and when it began."""
    if when is not None:
        fact = fact.but(first=when.first, last=when.last)
    if began is not None:
        fact = fact.but(began_first=began.first, began_last=began.last)
    return fact


def used(event: Event) -> Use:
    """Final, or only preliminary."""
    return "preliminary" if event.status == "preliminary" else "usable"


def printed(event: Event) -> str:
    """What the event says, as it was written."""
    quantity = event.quantity
    if quantity is not None:
        return f"{quantity.comparator}{quantity.value!s} {quantity.unit or quantity.ucum}".strip()
    if event.date is not None:
        return event.date.text
    if event.word is not None:
        return event.word
    if event.unreadable:
        return "not readable"
    if event.polarity != "present":
        return event.absent_reason or event.polarity
    return event.flag or event.text


def sampled(event: Event) -> When | None:
    """When a sample was taken: never the date of the report; a period that is open on one side is unknown."""
    start, end = event.start, event.end
    if start is None or end is None or end is start or end == start:
        return start
    return When(start.first, max(start.last, end.last), start.text)
