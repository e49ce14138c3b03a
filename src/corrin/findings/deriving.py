"""The second step: across the facts of a record, one answer for each finding, or why there is none.

`Settled` enters, `Findings` leaves. One small interpreter over what findings.toml declares; the SQL reading
in `findings.sql` gives the same row.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corrin.findings import taking
from corrin.findings.facts import CONTRADICTORY, NEVER_ASKED, OUT_OF_WINDOW, Fact, Findings, Settled, Value
from corrin.findings.settling.elapsed import EPOCH
from corrin.findings.taking import NO, YES, Target
from corrin.guideline.model import Guideline
from corrin.records import Ignored

LEAST = "least"
SPECIAL = ("nearest", "count", "before-sample", "refused")
"""Takes that read more than the facts of one finding, in the order in which they are answered."""

_NOTHING: tuple[Fact, ...] = ()


class Deriver:
    """Answers every finding from settled facts, for one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self.findings = guideline.declared.findings
        self.targets = {
            each.id: Target.of(each, guideline) for each in self.findings.values() if each.kind != "date"
        }
        self.plain: dict[str, tuple[Target, ...]] = {}
        for target in self.targets.values():
            if target.finding.take not in SPECIAL:
                self.plain[target.source] = (*self.plain.get(target.source, ()), target)
        special = [target for target in self.targets.values() if target.finding.take in SPECIAL]
        self.special = sorted(special, key=lambda target: SPECIAL.index(target.finding.take))
        self.answered = [target for target in self.targets.values() if target.finding.answered_by]
        self.askers = frozenset(
            asker for target in self.answered for asker in (target.finding.answered_by or {})
        )
        self.row: dict[str, Value] = {
            name: NO for name, target in self.targets.items() if target.finding.take == "refused"
        }
        self.why = {name: NEVER_ASKED for name in self.targets if name not in self.row}

    def derive(self, settled: Settled) -> Findings:
        """One flat row on the day of the answer, with what stands behind it."""
        work = _Derivation(self, settled)
        for source in tuple(work.facts):
            for target in self.plain.get(source, ()):
                work.take(target)
        for target in self.special:
            work.take_special(target)
        if not self.askers.isdisjoint(work.facts):
            for target in self.answered:
                work.answer(target)
        return work.findings(settled)


@dataclass(slots=True)
class _Derivation:
    """One record on its way: the answers so far, and the facts that gave them."""

    deriver: Deriver
    settled: Settled
    facts: dict[str, list[Fact]] = field(init=False)
    today: int = field(init=False)
    row: dict[str, Value] = field(init=False)
    why: dict[str, str] = field(init=False)
    evidence: dict[str, tuple[Fact, ...]] = field(default_factory=dict[str, tuple[Fact, ...]])
    stood: dict[str, list[Fact]] = field(default_factory=dict[str, list[Fact]])
    counting: dict[str, list[Fact]] = field(default_factory=dict[str, list[Fact]])

    def __post_init__(self) -> None:
        self.facts = {}
        for fact in self.settled.facts:
            self.facts.setdefault(fact.finding, []).append(fact)
        self.today = self.settled.as_of.toordinal() - EPOCH
        self.row = dict(self.deriver.row)
        self.why = dict(self.deriver.why)

    def of(self, name: str) -> Sequence[Fact]:
        """All facts of a finding."""
        return self.facts.get(name, _NOTHING)

    def standing(self, name: str) -> list[Fact]:
        """The facts of a finding that nothing of the same time replaces, worked out once."""
        stand = self.stood.get(name)
        if stand is None:
            stand = self.stood[name] = taking.standing(self.of(name))
        return stand

    def counted(self, target: Target) -> list[Fact]:
        """The facts of a target that are in its window, or outlast it, worked out once."""
        counted = self.counting.get(target.finding.id)
        if counted is None:
            counted = self.counting[target.finding.id] = self._counted(target)
        return counted

    def _counted(self, target: Target) -> list[Fact]:
        until = target.finding.until
        given = self.standing(until) if until else ()
        since = max((fact.first for fact in given if fact.first is not None), default=None)
        source = target.source
        least = target.finding.take == LEAST
        stand = taking.standing(self.of(source), units=True) if least else self.standing(source)
        return taking.counted(target, stand, self.today, since)

    def take(self, target: Target) -> None:
        """Answer a finding from the facts of one."""
        facts = self.counted(target)
        value: Value | None = None
        contradictory = False
        match target.finding.take:
            case "any":
                value = taking.any_of(facts)
                facts = [fact for fact in facts if fact.word == value]
            case "least" | "most" | "second-most" if facts:
                take = {"least": taking.least, "most": taking.most, "second-most": taking.second_most}
                interval = take[target.finding.take](facts)
                value = taking.closed(interval, target.floor) if interval else None
            case _:
                facts = taking.latest(facts)
                value, contradictory = self._said(target, facts)
        self._note(target, value, facts, contradictory=contradictory)

    def take_special(self, target: Target) -> None:
        """Answer a finding that looks at more than its own facts."""
        match target.finding.take:
            case "nearest":
                if self.of(target.source):
                    facts = self._nearest(target)
                    value, contradictory = self._said(target, facts)
                    self._note(target, value, facts, contradictory=contradictory)
            case "count":
                self._count(target)
            case "before-sample":
                self._before_sample(target)
            case _:
                self._refused(target)

    def answer(self, target: Target) -> None:
        """Let a finding that covers several answer for one of them that nobody gave."""
        name = target.finding.id
        if name in self.row or self.why[name] not in {NEVER_ASKED, OUT_OF_WINDOW}:
            return
        for asker, words in (target.finding.answered_by or {}).items():
            facts = taking.latest(taking.counted(target, self.standing(asker), self.today, None))
            word, _ = taking.agreed(facts)
            if word is not None and word in words:
                self._note(target, words[word], facts)

    def _said(self, target: Target, facts: Sequence[Fact]) -> tuple[Value | None, bool]:
        """What facts say together: their hull, or the word they agree on."""
        if target.finding.kind == "number":
            return (taking.closed(taking.hull(facts), target.floor) if facts else None), False
        return taking.agreed(facts)

    def _note(
        self, target: Target, value: Value | None, facts: Collection[Fact], *, contradictory: bool = False
    ) -> None:
        name = target.finding.id
        if value is None:
            inside = bool(facts if target.finding.take == "nearest" else self.counted(target))
            self.why[name] = taking.reason(self.of(target.source), inside=inside, contradictory=contradictory)
            if contradictory:
                self.evidence[name] = tuple(facts)
            return
        self.row[name] = value
        self.why.pop(name, None)
        self.evidence[name] = tuple(facts)

    def _nearest(self, target: Target) -> list[Fact]:
        to = self.deriver.targets.get(target.finding.to or "")
        anchor = taking.latest(self.counted(to)) if to else ()
        return taking.nearest(target, self.standing(target.source), anchor, self.today)

    def _count(self, target: Target) -> None:
        own = self.of(target.source)
        doses = self.standing(target.finding.of or "")
        if not own and not doses:
            return
        said = taking.latest([fact for fact in self.counted(target) if fact.use == "usable"])
        complete = any(fact.use == "complete" for fact in own)
        value = taking.days_counted(doses, complete, taking.hull(said) if said else None)
        self._note(target, value, (*said, *doses))

    def _before_sample(self, target: Target) -> None:
        own = self.of(target.source)
        said = taking.latest(self.counted(target))
        word, contradictory = taking.agreed(said)
        if word or contradictory:
            self._note(target, word, said, contradictory=contradictory)
            return
        medicines = self.standing(target.finding.of or "")
        samples = [
            fact
            for name in target.finding.samples
            for fact in taking.latest(self.counted(self.deriver.targets[name]))
        ]
        pairs = [(medicine, sample) for medicine in medicines for sample in samples]
        before = [pair for pair in pairs if taking.surely_before(*pair)]
        value = YES if before else None
        complete = any(fact.use == "complete" for fact in own)
        if not before and samples and complete and all(taking.surely_not_before(*pair) for pair in pairs):
            value = NO
        if value or own:
            facts = dict.fromkeys(medicine for medicine, _ in before) if before else own
            self._note(target, value, facts)

    def _refused(self, target: Target) -> None:
        name = target.source
        facts = self.of(name)
        if not any(fact.use in {"refused", "preliminary"} for fact in facts):
            return
        lab = self.deriver.targets[name]
        used = self._nearest(lab) if lab.finding.take == "nearest" else taking.latest(self.counted(lab))
        cut = max((fact.first for fact in used if fact.first is not None), default=None)
        times = {(fact.first, fact.last) for fact in facts if fact.use == "usable" and fact.first is not None}
        later = [
            fact
            for fact in facts
            if (fact.use == "refused" or (fact.use == "preliminary" and (fact.first, fact.last) not in times))
            and (
                (fact.last is None or cut is None or fact.last >= cut)
                if used
                else lab.in_window(fact, self.today)
            )
        ]
        if later:
            self._note(target, YES, later)

    def findings(self, settled: Settled) -> Findings:
        """Everything that was answered."""
        return Findings(
            settled.patient,
            settled.as_of,
            self.row,
            self.evidence,
            self.why,
            settled.refused,
            (*settled.ignored, *self._conflicts()),
            settled.future,
            self._beyond(),
        )

    def _beyond(self) -> Mapping[str, int]:
        """Answers from beyond their window, with their age in days."""
        old: dict[str, int] = {}
        for name, facts in self.evidence.items():
            target = self.deriver.targets[name]
            if target.finding.until:
                beyond = [fact for fact in facts if not target.in_window(fact, self.today)]
                ages = [self.today - fact.last_day for fact in beyond if fact.last_day is not None]
                old |= {name: min(ages)} if ages else {}
        return old

    def _conflicts(self) -> Iterable[Ignored]:
        """What contradicts itself; results that another of the same time replaces, or repeats."""
        for name, why in self.why.items():
            if why == CONTRADICTORY:
                label = self.deriver.findings[name].label
                for fact in self.evidence[name]:
                    yield Ignored(
                        fact.where, f"{label}: said to be {fact.word}, and otherwise at the same time"
                    )
        for name, facts in self.facts.items():
            if self.deriver.findings[name].counts == "result" and len(facts) > 1:
                told = {_told(fact) for fact in facts}
                if not len(told) == len(self.standing(name)) == len(facts):
                    yield from self._repeated(name, facts)

    def _repeated(self, name: str, facts: Sequence[Fact]) -> Iterable[Ignored]:
        """Results that do not count beside another of the same time, or say what it says."""
        stand = {id(fact) for fact in self.standing(name)}
        seen: dict[tuple[object, ...], Fact] = {}
        for fact in facts:
            key = _told(fact)
            if fact.use == "usable" and fact.first is not None:
                if id(fact) not in stand:
                    yield Ignored(fact.where, f"another result of the same time is used instead: {fact.text}")
                elif key in seen:
                    yield Ignored(fact.where, f"the same result as {seen[key].where}")
                seen.setdefault(key, fact)


def _told(fact: Fact) -> tuple[object, ...]:
    """What a fact says, and when it was so: two alike in that are one."""
    return fact.first, fact.last, fact.low, fact.high, fact.word
