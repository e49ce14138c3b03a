"""Medicines and orders: taken, given, ordered, stopped, at what strength, for how long.

One event and one finding enter; facts leave, or the reason why the event does not count. A draft is an order
of this very moment; what was planned, not done or entered in error never gets here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from corrin import units
from corrin.errors import Refusal
from corrin.findings.facts import Fact
from corrin.findings.settling import spelling
from corrin.findings.settling.counting import NO, YES, Day, Said, placed, printed
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID
from corrin.records import Event, When
from corrin.units import Unit

INJECTION, ORAL = "injection", "oral"
STRONG, DOSE, STOPPED, ANTIDOTE = "strong", "dose", "stopped", "antidote"
"""What a code of a medicine may mean beside that it is one (see the value sets)."""

ENDED = frozenset({"stopped", "completed", "not-done", "error"})
"""What a source says of a medicine that is no longer taken; where it says anything else, only a date does."""
OVER = "over"
PERHAPS_OVER = "over by its dates, and nobody says that it was stopped"


@dataclass(frozen=True, slots=True)
class Taking:
    """One medicine event: what its code means, the units of a dose, and the limit of treatment strength."""

    event: Event
    means: str
    day: Day
    doses: Mapping[str, Unit]
    strength: int | None

    @property
    def over(self) -> bool:
        """Neither running nor about to begin: completed, stopped, or ended before the day of the answer."""
        event = self.event
        ends = event.end if event.kind != "order" else None
        ended = ends is not None and ends.last < self.day.first
        return event.status not in {"active", "draft"} or ended

    @property
    def absent(self) -> str | None:
        """Why nothing was taken by the day of the answer; None when something was."""
        if self.event.polarity == "absent":
            return "said not to be taken"
        if self.event.status == "draft":
            return "a draft: not taken yet"
        return "not begun yet" if self.day.to_come(self.event.start) else None

    @property
    def old_draft(self) -> bool:
        """A draft that was not written today: an order that nobody signed covers nobody."""
        written = self.event.recorded or self.event.start
        return self.event.status == "draft" and written is not None and written.last < self.day.first

    @property
    def began(self) -> When | None:
        """When it began, as far as it has."""
        return self.day.past(self.event.start or self.event.recorded)

    @property
    def until(self) -> When | None:
        """The last time it was taken: today while it runs; without an end, when it began."""
        if not self.over:
            return self.day.today
        return self.day.past(self.event.end) or self.began

    @property
    def daily(self) -> Fraction | None:
        """The dose a day, on the scale of one dose; None where dose or frequency is not known."""
        event = self.event
        times = event.times_a_day
        if times is None and event.medium == "administration":
            times = Decimal(1)
        if event.dose is None or times is None or event.as_needed or event.dose.comparator:
            return None
        try:
            unit = units.unit(self.doses, event.dose.unit, event.dose.ucum)
        except Refusal:
            return None
        return units.exact(event.dose.value, unit) * Fraction(times)

    @property
    def strong(self) -> bool | None:
        """At treatment strength: by injection, or by mouth at least so much a day; None where not known."""
        if self.strength is None:
            return True
        if self.means == ANTIDOTE:
            return False
        route = spelling.route(self.event.route)
        if route == INJECTION or (self.means in {STRONG, DOSE, STOPPED} and route != ORAL):
            return True
        daily = self.daily
        if daily is not None and daily * GRID >= self.strength:
            return True
        return False if daily is not None and route == ORAL else None

    @property
    def weak(self) -> str | None:
        """Why it is no treatment; None when it is one."""
        if self.means == ANTIDOTE:
            return "an antidote in grams, no treatment of a deficiency"
        strong = self.strong
        if strong is None:
            return "route or daily dose not known, so its strength is not"
        return None if strong else "below treatment strength"

    def fact(self, finding: Finding, word: str | None, when: When | None) -> Said:
        """One fact with its time."""
        fact = Fact(finding.id, word=word, text=printed(self.event), where=self.event.where)
        fact = placed(fact, when, began=None if self.absent else self.began)
        return (fact.but(began_first=None) if self.means == STOPPED else fact,)


def taken(taking: Taking, finding: Finding) -> Said:
    """A medicine that was taken within its window; one that is said not to be taken is a no."""
    if taking.event.polarity == "absent":
        return taking.fact(finding, NO, taking.until)
    return taking.absent or taking.fact(finding, YES, taking.until)


def current(taking: Taking, finding: Finding) -> Said:
    """A medicine that is taken or ordered now."""
    if taking.over:
        return OVER if taking.event.status in ENDED else PERHAPS_OVER
    return taking.fact(finding, NO if taking.event.polarity == "absent" else YES, taking.day.today)


def ordered(taking: Taking, finding: Finding) -> Said:
    """An order that stands: active, or a draft of this moment."""
    event = taking.event
    if event.kind != "order" and event.medium != "request":
        return "no order"
    if taking.over or taking.old_draft:
        return "a draft of an earlier day" if taking.old_draft else "an order that is over"
    if taking.weak:
        return taking.weak
    if event.kind == "order":
        asked = event.recorded or event.start or taking.day.today
        return taking.fact(finding, YES, taking.day.past(asked))
    return taking.fact(finding, YES, taking.day.today)


def given(taking: Taking, finding: Finding) -> Said:
    """Treatment that was ever given, or is ordered now."""
    if taking.event.polarity == "absent":
        return "not taken now, which says nothing of before"
    if taking.weak or taking.old_draft:
        return taking.weak or "a draft of an earlier day"
    return taking.fact(finding, YES, taking.until)


def dose(taking: Taking, finding: Finding) -> Said:
    """A dose that was given on a day."""
    event = taking.event
    if event.medium != "administration" and taking.means != DOSE:
        return "no dose that was seen to be given"
    if taking.absent or taking.weak:
        return taking.absent or taking.weak or ""
    if event.start is None:
        return taking.fact(finding, None, None)
    end = event.end or event.start
    return taking.fact(finding, None, taking.day.past(When(event.start.first, end.last, event.start.text)))


def started(taking: Taking, finding: Finding) -> Said:
    """When a treatment began."""
    if taking.absent or taking.weak:
        return taking.absent or taking.weak or ""
    if taking.began is None or taking.means == STOPPED:
        return "when it began is not known"
    return taking.fact(finding, None, taking.began)


def stopped(taking: Taking, finding: Finding) -> Said:
    """A treatment that was stopped; one that runs was not, and one given later leaves it open."""
    event = taking.event
    if taking.absent or taking.weak:
        return taking.absent or taking.weak or ""
    if taking.means == STOPPED or (event.status == "stopped" and event.medium in {"request", "statement"}):
        start = taking.began
        end = taking.day.past(event.end) if taking.means != STOPPED else start
        if end is None and start is not None:
            end = When(start.first, taking.day.last, start.text)
        return taking.fact(finding, YES, end)
    if event.medium in {"request", "statement"} and not taking.over:
        return taking.fact(finding, NO, taking.day.today)
    return taking.fact(finding, None, taking.until)


def exposure(taking: Taking, finding: Finding) -> Said:
    """Any of it that was taken, whatever its strength."""
    return taking.absent or taking.fact(finding, None, taking.until)


def duration(taking: Taking, finding: Finding) -> Said:
    """How many days it was taken, as far as its dates say."""
    if taking.absent:
        return taking.absent
    began, until = taking.began, taking.until
    if began is None or until is None or (taking.over and taking.event.end is None):
        return "how long it was taken is not known"
    least = max(until.first_day - began.last_day, 0) * GRID
    most = max(until.last_day - began.first_day, 0) * GRID
    fact = Fact(finding.id, low=least, high=most, text=printed(taking.event), where=taking.event.where)
    return (placed(fact, until, began=began),)


def daily_dose(taking: Taking, finding: Finding) -> Said:
    """The dose a day of what is taken or ordered now."""
    if taking.over or taking.event.polarity == "absent":
        return "over"
    daily = taking.daily
    if daily is None:
        return "dose or frequency not known"
    steps = round(daily * GRID)
    fact = Fact(finding.id, low=steps, high=steps, text=printed(taking.event), where=taking.event.where)
    return (placed(fact, taking.day.today, began=taking.began),)


COUNTS: Mapping[str, Callable[[Taking, Finding], Said]] = {
    "taken": taken,
    "current": current,
    "order": ordered,
    "given": given,
    "dose": dose,
    "beginning": started,
    "ending": stopped,
    "exposure": exposure,
    "duration": duration,
    "daily-dose": daily_dose,
}
CODED = frozenset({"given", "dose", "beginning", "ending", "exposure"})
"""What a coded procedure (an injection, its beginning or end) can say as well as a medicine."""

CODED_KINDS = frozenset({"procedure", "observation", "condition"})


def hears(event: Event, counts: str, means: str) -> bool:
    """Whether an event of this kind can speak of a medicine, or of an order."""
    if event.kind == "medicine":
        return True
    if event.kind == "order":
        return counts == "order"
    return event.kind in CODED_KINDS and counts in CODED and bool(means)
