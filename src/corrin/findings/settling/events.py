"""Each event of a record, on its own, becomes facts, a refused line, or a line that says why not.

A record enters, `Settled` leaves. What was measured and in which unit is decided here, once; codes are looked
up in one table made once for each guideline.
"""

from collections.abc import Iterable
from datetime import date

from corrin.errors import Refusal
from corrin.findings.facts import Fact, Refused, Settled
from corrin.findings.settling import counting, medicines
from corrin.findings.settling.counting import NO, Day, Said
from corrin.findings.settling.elapsed import ago, grown
from corrin.findings.settling.numbers import Scale, spellings
from corrin.findings.settling.results import Hearing, Laboratory
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline
from corrin.records import Code, Event, Ignored, Patient, Record

ANSWER = "corrin"
"""The system of findings that are sent by their own ids."""

NOT_OURS = "of nothing that this guideline asks for"
REPLACED = "replaced by a later version of the same result"
_DOSE = "dose"
_NOTHING: Hearing = {}
_GIVEN = frozenset({"observation", "answer"})
"""Kinds of events that can hand over a result."""
_VERSIONS = {"preliminary": 0, "final": 1, "corrected": 2}


class Settler:
    """Settles the events of any record for one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self.findings = guideline.declared.findings
        spelt = (spelling for each in guideline.declared.conversions for spelling in each.spellings)
        known = frozenset(filter(None, spelt))
        numbers = [each for each in self.findings.values() if each.kind == "number"]
        self.scales = {each.id: Scale(each, guideline, known) for each in numbers}
        self.laboratory = Laboratory(self.findings, self.scales)
        self.since: dict[str, tuple[Finding, ...]] = {}
        for each in numbers:
            if each.since:
                self.since[each.since] = (*self.since.get(each.since, ()), each)
        self.begun = {
            name: tuple(each for each in self.findings.values() if name in each.began)
            for name in dict.fromkeys(name for each in self.findings.values() for name in each.began)
        }
        self.personal = tuple(each for each in self.findings.values() if each.person)
        self._doses = spellings(guideline, _DOSE)
        self._strengths = {
            each.id: guideline.parameters[each.strength].value
            for each in self.findings.values()
            if each.strength
        }
        self._heard = _heard(guideline)
        self.codes = frozenset(self._heard)

    def settle(self, record: Record, as_of: date, *, present: bool = False) -> Settled:
        """Every event of a record, on `as_of`."""
        return _Settling(self, Day(as_of, _day(record.as_of), present)).settled(record)

    def hear(self, codes: tuple[Code, ...]) -> Hearing:
        """Every finding that any code of an event speaks of; an antidote stays one beside other codes."""
        if len(codes) == 1:
            (code,) = codes
            return self._heard.get((code.system, code.code), _NOTHING)
        heard: dict[str, tuple[Finding, str]] = {}
        for code in codes:
            for name, (finding, means) in self._heard.get((code.system, code.code), _NOTHING).items():
                if means == medicines.ANTIDOTE or name not in heard or not heard[name][1]:
                    heard[name] = (finding, means)
        return heard

    def taking(self, event: Event, finding: Finding, means: str, day: Day) -> medicines.Taking:
        """A medicine event as one finding sees it."""
        return medicines.Taking(event, means, day, self._doses, self._strengths.get(finding.id))


def _heard(guideline: Guideline) -> dict[tuple[str, str], Hearing]:
    """What each code speaks of."""
    findings = guideline.declared.findings
    listeners: dict[str, list[Finding]] = {name: [] for name in findings}
    for each in findings.values():
        for name in dict.fromkeys((each.id, *each.codes)):
            listeners[name].append(each)
    heard: dict[tuple[str, str], dict[str, tuple[Finding, str]]] = {}
    for entry in guideline.declared.codes:
        under = heard.setdefault((entry.system, entry.code), {})
        for each in listeners[entry.finding]:
            under.setdefault(each.id, (each, entry.means))
    for each in findings.values():
        heard[ANSWER, each.id] = {each.id: (each, "")}
    return dict(heard)


class _Settling:
    """One record on its way: what has been found so far."""

    def __init__(self, settler: Settler, day: Day) -> None:
        self.settler = settler
        self.day = day
        self.facts: list[Fact] = []
        self.refused: list[Refused] = []
        self.ignored: list[Ignored] = []
        self.future = 0
        self.perhaps: set[str] = set()

    def settled(self, record: Record) -> Settled:
        self._person(record.patient)
        hear = self.settler.hear
        heard = [(event, hear(event.codes)) for event in record.events]
        replaced = _replaced(heard)
        self.limits = self.settler.laboratory.limits(heard)
        for event, findings in heard:
            if not findings:
                self.ignored.append(Ignored(event.where, NOT_OURS))
            elif id(event) in replaced:
                self.ignored.append(Ignored(event.where, REPLACED))
            else:
                self._settle(event, findings)
        if record.complete:
            self._complete(record.complete)
        ignored = (*record.ignored, *self.ignored)
        person = self.day.person(record.patient)
        return Settled(person, self.day.as_of, tuple(self.facts), tuple(self.refused), ignored, self.future)

    def _settle(self, event: Event, heard: Hearing) -> None:
        before = len(self.facts)
        try:
            reason = counting.unfit(event, self.day) or ""
        except Refusal as refusal:
            for finding, _ in heard.values():
                self._refuse(event, finding, refusal)
            return
        if reason == counting.FUTURE and self._misdated(event, heard):
            return
        for finding, means in heard.values() if not reason else ():
            try:
                said = self._said(event, finding, means)
            except Refusal as refusal:
                self._refuse(event, finding, refusal)
                continue
            if isinstance(said, str):
                reason = reason or said
                self.perhaps |= {finding.id} if said == medicines.PERHAPS_OVER else set()
            else:
                self._add(event, finding, said)
        if len(self.facts) == before:
            self.future += reason == counting.FUTURE
            self.ignored.append(Ignored(event.where, reason or counting.out_of_place(event)))

    def _misdated(self, event: Event, heard: Hearing) -> bool:
        """Refuse a result that is dated after today: it was made, on some other day."""
        results = [finding for finding, _ in heard.values() if finding.counts == "result"]
        if event.kind not in _GIVEN or not self.day.never(event.start or event.recorded):
            return False
        for finding in results:
            self._refuse(event, finding, Refusal("dated after today", "Send the day of the sample."))
        return bool(results)

    def _said(self, event: Event, finding: Finding, means: str) -> Said:
        if finding.counts == "result" and (event.kind == "observation" or _answers(event, finding)):
            laboratory = self.settler.laboratory
            plain = laboratory.plain(event, finding, self.day)
            if plain is not None:
                return (plain,)
            limit = self.limits.get(finding.id)
            said, line = laboratory.result(event, finding, self.day, limit, self._refuse)
            self.refused.extend([line] if line else [])
            return said
        answer = _answers(event, finding)
        if answer and not finding.asked:
            return "concluded from other findings, never asked"
        if answer:
            asked = self._number if finding.kind == "number" else counting.answered
            return asked(event, finding, self.day)
        if finding.counts in medicines.COUNTS and medicines.hears(event, finding.counts, means):
            taking = self.settler.taking(event, finding, means, self.day)
            return medicines.COUNTS[finding.counts](taking, finding)
        return counting.stated(event, finding, self.day)

    def _add(self, event: Event, finding: Finding, said: tuple[Fact, ...]) -> None:
        """Facts of one finding, and what follows from each of them about others."""
        for fact in said:
            self.facts.append(fact)
            if fact.use != "usable" or fact.finding != finding.id:
                continue
            for each in self.settler.since.get(finding.id, ()):
                self.facts.append(counting.since(fact, each, self.day))
            for each in self.settler.begun.get(finding.id, ()):
                self._began(event, fact, each)
            if finding.feeds and fact.word != NO and _answers(event, finding):
                self.facts.append(_fed(fact, finding))
            if finding.implies and finding.kind != "number":
                for name, word in finding.implies.get(fact.word or "", {}).items():
                    self.facts.append(fact.but(finding=name, word=word))

    def _began(self, event: Event, said: Fact, finding: Finding) -> None:
        """What an event says was there by its date: the date, and the numbers that count since it."""
        dated = counting.began(event, said, finding, self.day)
        if dated is not None:
            self.facts.append(dated)
            for each in self.settler.since.get(finding.id, ()):
                number = counting.since(dated, each, self.day)
                self.facts.append(number.but(first=said.first, last=said.last))

    def _refuse(self, event: Event, finding: Finding, refusal: Refusal) -> None:
        """List the value by name, and leave a fact that it was sent."""
        text = counting.printed(event)
        self.refused.append(Refused(finding.id, text, f"{refusal.what}. {refusal.mend}", event.where))
        fact = Fact(finding.id, "refused", text=text, where=event.where)
        sampled = counting.sampled(event)
        when = None if self.day.to_come(sampled) else self.day.past(sampled)
        self.facts.append(counting.placed(fact, when))

    def _number(self, event: Event, finding: Finding, day: Day) -> Said:
        """A number given as an answer: a count, an age, a dose."""
        text = counting.printed(event)
        if event.polarity == "unknown" and not event.unreadable:
            return (Fact(finding.id, "not-known", text=text, where=event.where),)
        low, high = self.settler.scales[finding.id].read(event).interval
        when = event.start or event.recorded or day.answered
        if finding.person:
            low, high = grown(low, high, when, day.as_of)
        fact = Fact(finding.id, low=low, high=high, text=text, where=event.where)
        return (counting.placed(fact, day.past(when)),)

    def _person(self, patient: Patient) -> None:
        """What a source says of the person: the age from the birth date, the sex."""
        born = patient.birth
        for finding in self.settler.personal:
            if finding.person == "birth" and born is not None and self.day.to_come(born):
                why = "a birth date in the future. Send the date of birth."
                self.refused.append(Refused(finding.id, born.text, why, patient.where))
                self.facts.append(Fact(finding.id, "refused", text=born.text, where=patient.where))
            elif finding.person == "birth" and born is not None:
                least, most = (count * GRID for count in ago(finding.measure, born, self.day.as_of))
                self.facts.append(Fact(finding.id, low=least, high=most, text=born.text, where=patient.where))
            elif finding.person == "gender" and patient.sex is not None:
                self.facts.append(Fact(finding.id, word=patient.sex, text=patient.sex, where=patient.where))

    def _complete(self, complete: frozenset[str]) -> None:
        """Absent is a no where the source declares that it lists everything, and nothing unclear was sent."""
        unclear = self.perhaps | {fact.finding for fact in self.facts if fact.use != "usable"}
        for finding in self.settler.findings.values():
            parts = finding.absent_when_complete
            if parts and finding.id not in unclear and complete.issuperset(parts):
                text = f"complete: {', '.join(parts)}"
                if finding.take in {"before-sample", "count"}:
                    self.facts.append(Fact(finding.id, "complete", text=text))
                else:
                    self.facts.append(Fact(finding.id, word=NO, text=text))


def _answers(event: Event, finding: Finding) -> bool:
    """The event answers the finding by its own id; a condition or a medicine so coded is still one."""
    if event.kind not in _GIVEN:
        return False
    return any(code.system == ANSWER and code.code == finding.id for code in event.codes)


def _fed(fact: Fact, finding: Finding) -> Fact:
    """What an answer says of a wider finding: a beginning is its beginning, a dose is not the first."""
    if finding.kind != "date":
        return Fact(finding.feeds or "", text=fact.text, where=fact.where)
    began = fact.began_first if finding.counts == "beginning" else None
    return fact.but(finding=finding.feeds or "", began_first=began)


def _replaced(heard: Iterable[tuple[Event, Hearing]]) -> set[int]:
    """Results of which a later version is there: the same identity and codes, a status that comes after."""
    results = [
        (event, _VERSIONS[event.status])
        for event, findings in heard
        if findings and event.identity and event.kind == "observation" and event.status in _VERSIONS
    ]
    if len({event.identity for event, _ in results}) == len(results):
        return set()
    best: dict[tuple[str, tuple[Code, ...]], int] = {}
    for event, version in results:
        key = (event.identity, event.codes)
        best[key] = max(version, best.get(key, 0))
    return {id(event) for event, version in results if version < best[event.identity, event.codes]}


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None
