"""An ordinary patient: age, sex, what is recorded of them, and the noise of real records.

A seeded source of chance and a number enter, a `Synthetic` leaves. For an ordinary patient only what is
beyond doubt is meant; what a noisy record leaves open is not in `meant`.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline
from corrin.records import Code, Event, Patient
from corrin.synthesis.people.onsets import Beginnings
from corrin.synthesis.people.person import Synthetic, Value, identity, on, year
from corrin.synthesis.people.results import Results
from corrin.synthesis.people.told import Vocabulary, answer
from corrin.synthesis.shares import Shares

YEAR = 365.25
ADULT = 18
OLD = 60
OLDEST = 98
LONGEST = 2500
RECENT = 250
OPENING = 480
"""Minutes of the day."""
_STATED_NOISE = (
    *("error", "refuted", "family", "planned", "stopped", "draft", "future", "undated", "text_only"),
)


class Sketcher:
    """Draws ordinary patients for one guideline."""

    def __init__(self, guideline: Guideline, shares: Shares) -> None:
        self.shares = shares
        self.vocabulary = Vocabulary(guideline)
        self.results = Results(guideline, shares, self.vocabulary)
        self.beginnings = Beginnings(guideline, shares)
        findings = guideline.declared.findings.values()
        self.asked = [(each, shares.of(each)) for each in findings if each.asked and not each.person]
        self.person = {each.person: each.id for each in findings if each.person}
        self.windows = {
            each.id: guideline.parameters[each.window].value // GRID for each in findings if each.window
        }

    def draw(self, rng: Random, number: int) -> Synthetic:
        """The patient of this number."""
        patient, meant = self._person(rng, number)
        sketch = _Sketch(self, rng, patient, meant)
        for finding, share in self.asked:
            chance = rng.random()
            if chance < (self.shares.onsets.tested.get(finding.id, share) if sketch.began else share):
                sketch.record(finding)
            elif chance > 1 - self.shares.denied:
                sketch.deny(finding)
        return sketch.done()

    def _person(self, rng: Random, number: int) -> tuple[Patient, dict[str, Value]]:
        people, draw = self.shares.people, rng.random
        which = draw()
        low, high = (0, ADULT) if which < people["children"] else (ADULT, OLD)
        if which > 1 - people["elderly"]:
            low, high = OLD, OLDEST
        years = low + draw() * (high - low)
        birth = on(self.shares.as_of, int(years * YEAR) + 1)
        sex = None if draw() < people["sex_unknown"] else ("female" if draw() < 0.5 else "male")  # noqa: PLR2004
        meant: dict[str, Value] = {self.person["gender"]: sex} if sex else {}
        kind = draw()
        known = None if kind < people["birth_unknown"] else birth
        if known and kind > 1 - people["birth_year_only"]:
            known = year(known)
        died = draw() < people["died"]
        replaced = draw() < people["replaced"]
        return Patient(
            id=identity(number),
            birth=known,
            sex=sex,
            died=died,
            died_on=on(self.shares.as_of, int(draw() * RECENT)) if died else None,
            replaced_by=f"{identity(number)}-merged" if replaced else None,
            site=f"site-{1 + int(draw() * people['sites'])}",
        ), meant


class _Sketch:
    """One patient so far."""

    def __init__(self, of: Sketcher, rng: Random, patient: Patient, meant: dict[str, Value]) -> None:
        self.of = of
        self.rng = rng
        self.patient = patient
        self.meant = meant
        self.events: list[Event] = []
        self.noise: list[str] = []
        self.clouded: set[str] = set()
        self.first = of.beginnings.days(rng)
        self.began = False

    def done(self) -> Synthetic:
        meant = {name: value for name, value in self.meant.items() if name not in self.clouded}
        return Synthetic(self.patient, tuple(self.events), meant, noise=tuple(self.noise))

    def record(self, finding: Finding) -> None:
        """The finding is there, as a source says it."""
        if finding.counts == "result":
            if finding.upper_limit_of is None:
                of, name = self.of, self.patient.id or ""
                drawn = of.results.draw(self.rng, finding, of.shares.as_of, name, began=self.began)
                self.events += drawn.events
                self.noise += drawn.noise
                self._mean(finding, drawn.meant)
        elif finding.kind == "yes-no":
            self._stated(finding)

    def deny(self, finding: Finding) -> None:
        """Somebody looked, and it is not there."""
        if finding.kind == "yes-no" and finding.counts in {"present", "ever", "taken"}:
            self.events.append(
                answer(finding, on(self.of.shares.as_of, 1 + int(self.rng.random() * 20)), "no")
            )
            self._mean(finding, "no")

    def _mean(self, finding: Finding, value: Value | None) -> None:
        if value is None or self.meant.get(finding.id, value) != value:
            self.clouded.add(finding.id)
        else:
            self.meant[finding.id] = value

    def _stated(self, finding: Finding) -> None:
        rng = self.rng
        code = self.of.vocabulary.coded(rng, finding)
        window = self.of.windows.get(finding.id)
        begins = finding.id in self.of.shares.onsets.of
        longest = window * 1.2 if window else LONGEST
        age = 1 + int(rng.random() * (min(self.first, longest) if begins else longest))
        inside = window is None or age < window - 1
        if code is None or rng.random() < self.of.shares.noise["own_system"]:
            self.events.append(answer(finding, on(self.of.shares.as_of, age), "yes"))
            self._mean(finding, "yes" if inside and finding.counts in SURE else None)
            return
        event = self._event(finding, code, age)
        if begins:
            event, days = self._begun(event, age)
            inside = inside and days is not None and (window is None or days < window - 1)
        kind = next((name for name in _STATED_NOISE if rng.random() < self.of.shares.noise[name]), "")
        sent = noisy(event, kind, self.of.shares, rng) if kind else event
        if kind:
            self.noise.append(f"{finding.id}: {kind}")
        self.events.append(sent)
        plain = not kind and (inside or event.kind == "medicine")
        self._mean(finding, "yes" if plain and finding.counts in SURE else None)
        if finding.counts not in SURE:
            self.clouded.add(finding.id)

    def _begun(self, event: Event, age: int) -> tuple[Event, int | None]:
        """A neurological symptom with its beginning, so many days ago: the first of them is asked after.

        None where a month or a year leaves in doubt when it was.
        """
        of, rng = self.of.beginnings, self.rng
        days = self.first if not self.began else age + int(rng.random() * (self.first - age))
        if not self.began:
            asked, meant = of.asked(rng, days, age)
            self.events += [asked] if asked else []
            self.meant |= meant
        self.began = True
        start, exact = of.said(rng, days)
        return event.but(start=start), days if exact else age if start is None else None

    def _event(self, finding: Finding, code: Code, age: int) -> Event:
        kind = self.of.vocabulary.kind(finding, code)
        when = on(self.of.shares.as_of, age, OPENING + int(self.rng.random() * OPENING))
        event = Event(kind, (code,), "", finding.label, start=when, recorded=when, verification="confirmed")
        if kind == "medicine":
            medium = "statement" if self.rng.random() < self.of.shares.printing["statement"] else "request"
            intent = "order" if medium == "request" else "actual"
            return event.but(status="active", medium=medium, intent=intent, verification="unknown")
        if kind == "procedure":
            return event.but(status="completed", end=when, verification="unknown")
        if kind == "order":
            return event.but(status="active", intent="order", verification="unknown")
        return event.but(status="final" if kind == "family" else "active")


SURE = frozenset({"present", "ever", "family", "allergy", "taken", "answer"})
"""What counts for these leaves no doubt about a plain event."""

PLAIN_CHANGES: Mapping[str, Mapping[str, Any]] = {
    "text_only": {"codes": ()},
    "undated": {"start": None, "recorded": None},
    "error": {"status": "error", "verification": "error"},
}
"""Noise that is the same for every kind of event."""


def noisy(event: Event, kind: str, shares: Shares, rng: Random) -> Event:  # noqa: PLR0911 - one kind, one answer
    """The same event, sent in a way that means nothing, or something else."""
    if kind in PLAIN_CHANGES:
        return event.but(**PLAIN_CHANGES[kind])
    match kind:
        case "refuted":
            return (
                event.but(verification="refuted", polarity="absent") if event.kind == "condition" else event
            )
        case "refuted" | "family" | "planned" if event.kind == "family":
            return event
        case "family" if event.kind == "condition":
            return event.but(kind="family", intent="family", status="final")
        case "planned":
            return (
                event.but(intent="plan")
                if event.kind in {"medicine", "order"}
                else event.but(verification="unconfirmed")
            )
        case "stopped":
            end = on(shares.as_of, 1 + int(rng.random() * 700))
            return event.but(status="stopped" if event.kind in {"medicine", "order"} else "resolved", end=end)
        case "draft" if event.medium:
            return event.but(status="draft")
        case "future":
            when = on(shares.as_of, -1 - int(rng.random() * 90))
            return event.but(start=when, recorded=when)
        case _:
            return event
