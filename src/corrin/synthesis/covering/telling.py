"""A state of the findings as a patient: what a source has to say for exactly this to be known.

A `Wanted` state enters, a `Synthetic` leaves. Half of what is present is said by a verified code, the rest
by the finding's own id; nothing else is said of the patient.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from random import Random

from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline
from corrin.records import Code, Event, Patient, Quantity, When
from corrin.synthesis.covering.carrying import Carries
from corrin.synthesis.covering.cover import Wanted
from corrin.synthesis.covering.sayable import BEFORE, REFUSED, SERIES
from corrin.synthesis.people.person import Synthetic, Value, identity, on
from corrin.synthesis.people.told import OWN, Vocabulary, answer, dated, number

CODED = 0.5
SAMPLED = 1
"""Days ago."""
BEGAN = 3
LEAP = 29
YOUNGER = 330
"""Days: nobody has a birthday on the day of the answer, nor the day after."""
STATED = frozenset({"present", "ever", "family", "allergy", "taken"})
FLAG = {"yes": "H", "no": "N"}


class Teller:
    """Turns states into patients, for one guideline and one day."""

    def __init__(self, guideline: Guideline, as_of: date, carries: Carries) -> None:
        self.as_of, self.carries = as_of, carries
        self.findings = guideline.declared.findings
        self.vocabulary = Vocabulary(guideline)
        self.of: dict[str, list[Finding]] = {}
        for each in self.findings.values():
            for name in filter(None, (each.of, each.upper_limit_of, each.over_limit_of)):
                self.of.setdefault(name, []).append(each)
        self.codes = {each.id: self._lone(guideline, each) for each in self.findings.values() if each.asked}
        self.dates = {name: each.id for each in self.findings.values() for name in each.began}

    def tell(self, wanted: Wanted, rng: Random, at: int, kind: str) -> Synthetic:
        """The patient of a state."""
        telling = _Telling(self, wanted, rng)
        events = tuple(telling.events())
        meant = {name: value for name, value in wanted.state.items() if name not in telling.open}
        return Synthetic(
            patient=telling.person(identity(at)),
            events=events,
            meant={**meant, **telling.dated},
            kind="edge" if kind == "edge" else "row",
            row=wanted.row,
            about=wanted.about,
            left_open=frozenset(telling.open),
        )

    def _lone(self, guideline: Guideline, finding: Finding) -> tuple[Code, ...]:
        """The codes that say this one finding, and nothing of any other."""
        listening = [
            each for each in self.findings.values() if finding.id in each.codes and each.counts != "duration"
        ]
        spoken = [(one.system, one.code) for one in guideline.declared.codes]
        if finding.counts not in STATED | {"result"} or (listening and finding.counts in STATED):
            return ()
        entries = self.vocabulary.codes.get(finding.id, ())
        return tuple(
            Code(one.system, one.code) for one in entries if spoken.count((one.system, one.code)) == 1
        )


class _Telling:
    """One state on its way to events."""

    def __init__(self, of: Teller, wanted: Wanted, rng: Random) -> None:
        self.of = of
        self.state: Mapping[str, Value] = wanted.state
        self.wanted = wanted
        self.rng = rng
        self.open = self._open()
        self.sampled = self._sampled()
        self.dated: dict[str, Value] = {}
        """What follows from when something was there."""

    def _open(self) -> set[str]:
        """An edge in the other unit says a band, not a number: what follows from the number is left open."""
        name = self.wanted.finding
        return (
            {name, *(each.id for each in self.of.of.get(name, []) if each.take != REFUSED)} if name else set()
        )

    def _drawn(self, finding: Finding, ago: int = 0) -> When:
        """When a sample is taken: before any treatment, where nobody says which came first."""
        return on(self.of.as_of, self.sampled.get(finding.id, SAMPLED) + ago)

    def _sampled(self) -> dict[str, int]:
        findings = self.of.findings.values()
        sampled: dict[str, int] = {}
        for each in findings:
            if (
                each.take == BEFORE
                and each.id not in self.state
                and any(one in self.state for one in each.samples)
            ):
                given = [
                    self._days(one) or 0 for one in findings if one.kind == "date" and one.feeds == each.of
                ]
                sampled |= dict.fromkeys(each.samples, max([SAMPLED, *given]))
        return sampled

    def person(self, name: str) -> Patient:
        """Age and sex, when they are known."""
        known = {each.person: self.state.get(each.id) for each in self.of.findings.values() if each.person}
        age, sex = known.get("birth"), known.get("gender")
        born = self._born(age[0] // GRID) if isinstance(age, tuple) and age[0] is not None else None
        return Patient(id=name, birth=born, sex=sex if isinstance(sex, str) else None, site="site-1")

    def _born(self, years: int) -> When:
        day = min(self.of.as_of.day, LEAP - 1)
        return on(
            self.of.as_of.replace(year=self.of.as_of.year - years, day=day), int(self.rng.random() * YOUNGER)
        )

    def events(self) -> Iterator[Event]:
        """Everything that is said."""
        for each in self.of.findings.values():
            if each.kind == "date":
                yield from self._dated(each)
            elif each.take == REFUSED:
                yield from self._refused(each)
            elif each.counts == "duration":
                yield from self._taken(each)
            elif each.counts == "result":
                yield from self._results(each)
            elif each.asked and not each.person:
                yield from self._said(each)

    def _days(self, finding: Finding) -> int | None:
        """How many days ago a date was."""
        for each in self.of.findings.values():
            value = self.state.get(each.id)
            if each.since == finding.id and each.measure == "days" and isinstance(value, tuple):
                return None if value[0] is None else value[0] // GRID
        return None

    def _dated(self, finding: Finding) -> Iterator[Event]:
        days = self._days(finding)
        if days is not None:
            yield dated(finding, on(self.of.as_of, days), on(self.of.as_of))

    def _said(self, finding: Finding) -> Iterator[Event]:
        value = self.state.get(finding.id)
        unsaid = value == "no" and self.of.carries.silent(finding)
        if value is None or unsaid or finding.id in self._by_medicine():
            return
        when = on(self.of.as_of, BEGAN)
        if value == "yes" and finding.id in self.of.dates:
            since = (one for one in self.of.findings.values() if one.since == self.of.dates[finding.id])
            self.dated |= dict.fromkeys((one.id for one in since), (BEGAN * GRID, None))
        if isinstance(value, tuple):
            if value[0] is not None and value[0] == value[1]:
                yield answer(finding, when, quantity=_quantity(finding, value[0]))
        elif value == "yes" and self.of.codes.get(finding.id) and self.rng.random() < CODED:
            yield self._coded(finding, when)
        else:
            yield answer(finding, when, value)

    def _coded(self, finding: Finding, when: When) -> Event:
        codes = self.of.codes[finding.id]
        code = codes[int(self.rng.random() * len(codes))]
        kind = self.of.vocabulary.kind(finding, code)
        event = Event(kind, (code,), "", finding.label, verification="confirmed")
        if kind == "medicine":
            return event.but(status="active", medium="request", intent="order", verification="unknown")
        status = {"family": "final", "procedure": "completed"}.get(kind, "active")
        return event.but(status=status, start=when, recorded=when)

    def _by_medicine(self) -> dict[str, Finding]:
        """Findings that are said by a medicine with its beginning, with the duration that asks for it."""
        chosen: dict[str, Finding] = {}
        for each in self.of.findings.values():
            if each.counts == "duration" and each.id in self.state:
                name = next(
                    (one for one in each.codes if self.state.get(one) == "yes" and self.of.codes.get(one)),
                    None,
                )
                if name:
                    chosen[name] = each
        return chosen

    def _taken(self, duration: Finding) -> Iterator[Event]:
        """The medicine, taken since so many days, and still."""
        value = self.state.get(duration.id)
        for name, each in self._by_medicine().items():
            if each.id == duration.id and isinstance(value, tuple) and value[0] is not None:
                when = on(self.of.as_of, value[0] // GRID)
                made = self._coded(self.of.findings[name], when)
                yield made.but(start=when, recorded=when)

    def _results(self, finding: Finding) -> Iterator[Event]:
        value = self.state.get(finding.id)
        if finding.upper_limit_of is not None:
            if value is not None and finding.upper_limit_of not in self.state:
                yield self._result(finding, value, 0)
            return
        if value is None:
            return
        for ago, one in enumerate((value, *self._others(finding, value))):
            yield self._result(finding, one, ago)

    def _others(self, finding: Finding, latest: Value) -> list[Value]:
        """Older results, so that the lowest and the second highest are what they are to be."""
        series = {
            each.take: self.state.get(each.id)
            for each in self.of.of.get(finding.id, [])
            if each.take in SERIES
        }
        lowest, second = series.get("least"), series.get("second-most")
        if second is None or lowest is None:
            return []
        if lowest == second:
            return [lowest] if latest != lowest else [second]
        return (
            [second, second]
            if latest == lowest
            else [lowest, latest]
            if latest == second
            else [lowest, second]
        )

    def _result(self, finding: Finding, value: Value, ago: int) -> Event:
        codes = self.of.codes.get(finding.id)
        own = Code(OWN, finding.id)
        code = codes[int(self.rng.random() * len(codes))] if codes and self.rng.random() < CODED else own
        when = self._drawn(finding, ago)
        event = Event("observation", (code,), "", finding.label, start=when, end=when, status="final")
        if isinstance(value, str):
            return event.but(word=value)
        printed = self.wanted.printed if finding.id == self.wanted.finding else None
        if printed is not None:
            quantity = Quantity(number(printed, GRID), self.wanted.unit, self.wanted.unit)
        else:
            quantity = _interval(finding, value)
        return self._beside(event.but(quantity=quantity), finding)

    def _beside(self, event: Event, finding: Finding) -> Event:
        """The laboratory's own limit beside a result, or its flag."""
        for each in self.of.of.get(finding.id, []):
            value = self.state.get(each.id)
            if each.upper_limit_of and isinstance(value, tuple) and value[0] is not None:
                return event.but(upper_limit=_quantity(each, value[0]))
        over = next(
            (self.state.get(each.id) for each in self.of.of.get(finding.id, []) if each.over_limit_of), None
        )
        return event.but(flag=FLAG[over]) if isinstance(over, str) and over in FLAG else event

    def _refused(self, refused: Finding) -> Iterator[Event]:
        """A result that cannot be used, on the day of the one that can."""
        if self.state.get(refused.id) != "yes":
            return
        finding = self.of.findings[refused.of or ""]
        when = self._drawn(finding)
        event = Event(
            "observation", (Code(OWN, finding.id),), "", finding.label, start=when, end=when, status="final"
        )
        if finding.kind == "word":
            yield event.but(word="see comment")
        else:
            yield event.but(quantity=Quantity(Decimal(100)))


def _quantity(finding: Finding, steps: int) -> Quantity:
    """An exact number in the finding's own unit; nobody writes the unit of a count."""
    unit = "" if finding.unit == "1" else finding.unit
    return Quantity(number(steps, GRID), unit, unit)


def _interval(finding: Finding, value: tuple[int | None, int | None]) -> Quantity:
    """A number, exact or below or above a limit, as a laboratory prints it."""
    low, high = value
    if low is not None and low == high:
        return _quantity(finding, low)
    end, step, strict, loose = (high or 0, 1, "<", "<=") if low is None else (low, -1, ">", ">=")
    beyond = (end + step) % GRID == 0 and end + step > 0
    return _quantity(finding, end + step if beyond else end).but(comparator=strict if beyond else loose)
