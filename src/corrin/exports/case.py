"""A record from elsewhere as a case file, with where and when each answer came from, to be corrected.

A record enters; answers that a form can show leave. What only a record system can
say (a period, a flag) is listed, never guessed.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from corrin.findings import derive, settle
from corrin.findings.facts import Fact, Findings
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline
from corrin.records import Event, Quantity, Record

Case = dict[str, Any]
Place = Callable[[str], str]
"""What a person calls the place of an event."""

DAY = 10
"""Characters of a day: 2026-11-20."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The case file; for each finding where and when it came from; and the findings no form can show.

    Shape: `dated` has, for each date that only other answers of the case file give, the day by each of them.
    """

    case: Case
    origins: Mapping[str, str]
    left: tuple[str, ...]
    dated: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])


def carried(record: Record, guideline: Guideline, as_of: date, place: Place) -> Carried:
    """Everything that is known of one patient, and everything that was refused, as answers."""
    known = derive(record, guideline, as_of)
    made = _Carrying(record, known, guideline, place)
    findings: Case = {}
    origins: dict[str, str] = {}
    left: list[str] = []
    for finding in guideline.declared.findings.values():
        if not finding.asked:
            continue
        events = made.events(finding)
        answer = made.answer(finding, events)
        if answer is not None:
            findings[finding.id] = answer
            origins[finding.id] = "; ".join(dict.fromkeys(map(made.origin, events))) or place("")
        elif (finding.id in known.row or made.days(finding)) and (events or finding.person):
            left.append(finding.id)
    case: Case = {"case": 1, "as_of": known.as_of.isoformat()}
    if record.patient.id:
        case["patient"] = record.patient.id
    if record.complete:
        case["complete"] = sorted(record.complete)
    told = {one for one, answer in findings.items() if answer is True}
    dated = {one: made.dated(guideline.declared.findings[one], told) for one in findings}
    return Carried(
        {**case, "findings": findings},
        origins,
        tuple(left),
        {one: days for one, days in dated.items() if days},
    )


class _Carrying:
    """One record on its way to a case file."""

    def __init__(self, record: Record, known: Findings, guideline: Guideline, place: Place) -> None:
        self.known = known
        self.settled = settle(record, guideline, known.as_of)
        self.place = place
        self.declared = guideline.declared.findings
        self.by_place = {event.where: event for event in record.events}
        self.person = record.patient.where
        self.refused = {(one.finding, one.where): one for one in known.refused}

    def events(self, finding: Finding) -> Sequence[Event]:
        """The events behind a finding, refused ones included; none for what was declared complete."""
        counted = [one.id for one in self.declared.values() if finding.id in {one.since, one.of}]
        facts = [fact for name in (finding.id, *counted) for fact in self.facts(name)]
        if finding.counts == RESULT:
            facts = [one for one in facts if one.finding == finding.id] + self.earlier(finding)
        sent = [where for name, where in self.refused if name == finding.id]
        places = dict.fromkeys([*(fact.where for fact in facts), *sent])
        return [self.by_place[one] for one in places if one in self.by_place]

    def facts(self, name: str) -> Iterator[Fact]:
        """The facts behind a finding that somebody told; what a word implies follows from that word."""
        facts = [one for one in self.known.evidence.get(name, ()) if one.use != "complete"]
        spoken = {
            fact.where
            for other in self.declared.values()
            if other.kind == "word" and any(name in said for said in (other.implies or {}).values())
            for fact in self.known.evidence.get(other.id, ())
        }
        yield from (one for one in facts if one.where not in spoken)

    def earlier(self, finding: Finding) -> list[Fact]:
        """The latest results of a finding, for whoever wants to see how it went."""
        facts = [one for one in self.settled.facts if one.finding == finding.id and one.use == "usable"]
        return sorted(facts, key=lambda one: one.last or 0, reverse=True)[:SHOWN]

    def answer(self, finding: Finding, events: Sequence[Event]) -> object:
        """A finding as a case file has it; None where it has none, or none that a form can show."""
        if finding.kind == "date":
            return self.date(finding)
        if finding.upper_limit_of:
            return next((_quantity(one.upper_limit) for one in events if one.upper_limit), None)
        if finding.counts == RESULT and finding.kind == "number":
            measured = [one for event in events if (one := self.measured(finding, event)) is not None]
            return measured[0] if len(measured) == 1 else measured or None
        if not events and not (finding.person and finding.id in self.known.row and self.person):
            return None
        return self.plain(finding)

    def measured(self, finding: Finding, event: Event) -> Case | None:
        """A result as it was sent; one that was refused stays refused, whatever the form would make of it."""
        refused = self.refused.get((finding.id, event.where))
        if refused:
            return {"word": f"{NOT_USED}: {refused.reason}"}
        answer: Case = _quantity(event.quantity) if event.quantity else {"word": event.word}
        if not event.quantity and not event.word:
            return None
        return answer | ({"date": event.start.text[:DAY]} if event.start else {})

    def plain(self, finding: Finding) -> object:
        value = self.known.row.get(finding.id)
        if isinstance(value, str):
            return {"yes": True, "no": False}.get(value, value) if finding.kind == "yes-no" else value
        if value is None or value[0] is None or (value[0] != value[1] and not finding.person):
            return None
        if value[0] != value[1]:
            return {"comparator": ">=", "value": _number(Decimal(value[0]) / GRID)}
        number = _number(Decimal(value[0]) / GRID)
        bare = not finding.person and finding.assay is not None and finding.unit not in UNITLESS
        return {"value": number, "unit": finding.unit} if bare else number

    def date(self, finding: Finding) -> str | None:
        """The day, month or year from which the days are counted that tables read."""
        least, most = self.days(finding) or (None, None)
        if least is None or most is None:
            return None
        return _partial(self.known.as_of, least // GRID, most // GRID)

    def days(self, finding: Finding) -> tuple[int | None, int | None] | None:
        """The days since a date, or between which they lie; None where nothing is known of it."""
        for one in self.declared.values():
            days = self.known.row.get(one.id) if one.since == finding.id and one.measure == "days" else None
            if isinstance(days, tuple):
                return (days[0], days[0]) if one.at_least else days
        return None

    def dated(self, finding: Finding, told: set[str]) -> Mapping[str, str]:
        """The day by which each answer says that something `began`; none where others say it too."""
        counts = [one.id for one in self.declared.values() if finding.began and one.since == finding.id]
        facts = [fact for one in counts for fact in self.known.evidence.get(one, ())]
        days: dict[str, int] = {}
        for fact in facts:
            speak = [one for one in finding.began if one in told and self.speaks(one, fact.where)]
            if not speak or fact.low is None:
                return {}
            days |= {one: max(fact.low // GRID, days.get(one, 0)) for one in speak}
        return {one: (self.known.as_of - timedelta(days=ago)).isoformat() for one, ago in days.items()}

    def speaks(self, name: str, where: str) -> bool:
        """An event is among those behind a finding."""
        return any(fact.where == where for fact in self.known.evidence.get(name, ()))

    def origin(self, event: Event) -> str:
        """Where and when, in words."""
        when = event.start or event.recorded
        day = when.text[:DAY] if when else "undated"
        sent = next(
            (f", sent as {one.text}" for key, one in self.refused.items() if key[1] == event.where), ""
        )
        return f"{self.place(event.where)}, {day}{sent}"


RESULT = "result"
SHOWN = 4
"""So many results of one finding, and those that count."""
NOT_USED = "not used"
UNITLESS = frozenset({"1", "a"})
"""Units that nobody writes."""


def _partial(today: date, least: int, most: int) -> str | None:
    """A day as it is written; a month or a year where the days between make one; None of any other span.

    >>> _partial(date(2026, 11, 22), 53, 82), _partial(date(2026, 11, 22), 0, 21)
    ('2026-09', '2026-11')
    """
    try:
        first, last = today - timedelta(days=most), today - timedelta(days=least)
    except OverflowError:
        return None
    if first == last:
        return first.isoformat()
    month = first.replace(day=monthrange(first.year, first.month)[1])
    if first.day == 1 and last == min(month, today):
        return first.isoformat()[:7]
    year = first.replace(month=12, day=31)
    whole = (first.month, first.day) == (1, 1) and last == min(year, today)
    return first.isoformat()[:4] if whole else None


def _quantity(quantity: Quantity) -> Case:
    answer: Case = {"value": _number(quantity.value)}
    unit = quantity.ucum or quantity.unit
    if unit:
        answer["unit"] = unit
    if quantity.comparator:
        answer["comparator"] = quantity.comparator
    return answer


def _number(exact: Decimal) -> int | float:
    return int(exact) if exact == exact.to_integral_value() else float(exact)
