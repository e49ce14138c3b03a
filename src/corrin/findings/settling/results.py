"""A laboratory's results: final, in serum or plasma, at the time of collection, in the finding's unit.

One event and one finding enter; facts leave: the result itself, what the laboratory's own limit says of it,
that limit, and what its word or flag implies. A result that cannot be read is refused by name.
"""

from collections.abc import Callable, Iterable, Mapping

from corrin import units
from corrin.errors import Refusal
from corrin.findings.facts import CORRECTED, WORDED, Fact, Refused, Use
from corrin.findings.settling import counting, spelling
from corrin.findings.settling.counting import YES, Day, Said
from corrin.findings.settling.numbers import Result, Scale, within
from corrin.guideline.declared import Finding
from corrin.records import Event, Quantity
from corrin.units import Interval

_NOTHING: Mapping[str, str] = {}
FINAL = frozenset({"final", "corrected"})

Hearing = Mapping[str, tuple[Finding, str]]
"""The findings an event speaks of, by id, each with what the code means."""

Refuse = Callable[[Event, Finding, Refusal], None]


class Laboratory:
    """How results are settled for one guideline."""

    def __init__(self, findings: Mapping[str, Finding], scales: Mapping[str, Scale]) -> None:
        self.scales = scales
        self._over: dict[str, tuple[str, ...]] = {}
        self._limit_of: dict[str, str] = {}
        self._limited: dict[str, Finding] = {}
        for each in findings.values():
            if each.over_limit_of:
                self._over[each.over_limit_of] = (*self._over.get(each.over_limit_of, ()), each.id)
            if each.upper_limit_of:
                self._limit_of[each.id] = each.upper_limit_of
                self._limited[each.upper_limit_of] = each

    def limits(self, heard: Iterable[tuple[Event, Hearing]]) -> dict[str, Quantity | None]:
        """Limits given as answers of their own, for results that have none; two that differ are none."""
        found: dict[str, Quantity | None] = {}
        for event, findings in heard:
            if event.kind != "answer":
                continue
            for name in findings:
                of = self._limit_of.get(name)
                limit = _limit(event) if of is not None else None
                if of is not None and limit is not None:
                    found[of] = limit if found.get(of, limit) == limit else None
        return found

    def result(
        self, event: Event, finding: Finding, day: Day, limit: Quantity | None, refuse: Refuse
    ) -> tuple[Said, Refused | None]:
        """What a result says that is not `plain`, and the line that lists it when it is not final."""
        if event.polarity == "unknown" and not event.unreadable:
            if event.absent_reason in spelling.NOT_DONE:
                return f"not measured: {event.absent_reason}", None
            if event.kind == "answer" or event.absent_reason in spelling.ASKED:
                return (_fact(event, finding.id, day, use="not-known"),), None
        if event.specimen:
            _check_specimen(event, finding)
        if finding.kind == "number":
            said = self._measured(event, finding, day, limit, refuse)
        else:
            said = (_worded(event, finding, day),)
        if event.status in FINAL:
            return said, None
        why = "preliminary" if event.status == "preliminary" else f"not final: its status is {event.status}"
        line = Refused(finding.id, counting.printed(event), why, event.where)
        return tuple(fact.but(use="preliminary") for fact in said if fact.finding == finding.id), line

    def plain(self, event: Event, finding: Finding, day: Day) -> Fact | None:
        """A final number with nothing beside it, as nearly all results are; None where there is more."""
        given, name = event.quantity, finding.id
        if (
            given is None
            or finding.kind != "number"
            or event.status not in FINAL
            or event.polarity != "present"
            or event.unreadable
            or event.flag
            or event.specimen
            or event.upper_limit is not None
            or name in self._over
        ):
            return None
        (low, high), rank, kept = self.scales[name].plain(given)
        rank, text = _rank(event, rank), counting.printed(event)
        when = day.past(counting.sampled(event))
        first, last = (None, None) if when is None else (when.first, when.last)
        return Fact(name, "usable", None, low, high, first, last, None, None, rank, kept, text, event.where)

    def _measured(
        self, event: Event, finding: Finding, day: Day, limit: Quantity | None, refuse: Refuse
    ) -> tuple[Fact, ...]:
        scale = self.scales[finding.id]
        flag = spelling.level(event.flag) if event.flag else None
        try:
            result = scale.read(event)
        except Refusal as refusal:
            flagged = scale.level(flag)
            if flagged is None:
                raise
            refuse(event, finding, refusal)
            result = flagged
        word = flag or (spelling.level(event.word or "") if result.rank == WORDED else None)
        implied = finding.implies.get(word, _NOTHING) if word and finding.implies else _NOTHING
        limited = self._over.get(finding.id)
        if not (limited or implied or event.upper_limit):
            return (_number(event, scale, result, _NOTHING, day),)
        over = {
            name: self._over_limit(scale, event, result, limit, implied.get(name)) for name in limited or ()
        }
        fact = _number(event, scale, result, over, day)
        facts = [fact]
        for name, said in over.items():
            rank = _rank(event, int(said is not None))
            facts.append(fact.but(finding=name, word=said, low=None, high=None, rank=rank))
        for name, said in implied.items():
            if name not in over:
                facts.append(fact.but(finding=name, word=said, low=None, high=None, kept=False))
        if event.upper_limit is not None:
            facts += self._upper_limit(event, event.upper_limit, finding, day, refuse)
        return tuple(facts)

    def _over_limit(
        self, scale: Scale, event: Event, result: Result, limit: Quantity | None, by_word: str | None
    ) -> str | None:
        """Above the laboratory's own limit: by the limit when there is one, else by its word or flag."""
        limit = event.upper_limit or limit
        if limit is None or result.printed is None:
            return by_word
        try:
            return scale.limit(result, limit)
        except Refusal:
            return by_word

    def _upper_limit(
        self, event: Event, limit: Quantity, finding: Finding, day: Day, refuse: Refuse
    ) -> tuple[Fact, ...]:
        """The limit printed beside a result, as a finding of its own."""
        held = self._limited.get(finding.id)
        if held is None:
            return ()
        printed = event.but(quantity=limit, word=None, flag="")
        try:
            result = self.scales[held.id].quantity(limit)
        except Refusal as refusal:
            refuse(printed, held, refusal)
            return ()
        return (_number(printed, self.scales[held.id], result, {}, day),)


def _limit(event: Event) -> Quantity | None:
    """A limit as a number with its unit, also where both stand in one text: `42 nmol/L`."""
    if event.quantity is not None or not event.word:
        return event.quantity
    try:
        written = units.read(event.word)
    except Refusal:
        return None
    return Quantity(written.value, written.unit, comparator=written.comparator)


def _number(event: Event, scale: Scale, result: Result, over: Mapping[str, str | None], day: Day) -> Fact:
    """The number, and whether it outlasts its window: by the laboratory's own limit, else by its range."""
    said = next((word for word in over.values() if word), None) if over else None
    interval, keeps = result.interval, scale.keeps
    kept = keeps is not None and within(interval, keeps) if said is None else said == YES
    return _fact(event, scale.finding.id, day, interval=interval, rank=_rank(event, result.rank), kept=kept)


def _worded(event: Event, finding: Finding, day: Day) -> Fact:
    """A result that is a word; without one the laboratory's flag speaks."""
    if event.unreadable:
        raise Refusal(event.unreadable, "Send one of its words.")
    if event.quantity is not None:
        raise Refusal("a number where a word is needed", f"Send {' or '.join(finding.values)}.")
    text = event.word if event.word is not None else event.flag
    return _fact(event, finding.id, day, word=counting.worded(text, finding), rank=_rank(event, 0))


def _fact(  # noqa: PLR0913 - built at once, with all it has: to copy a fact is slower than to settle it
    event: Event,
    finding: str,
    day: Day,
    *,
    use: Use = "usable",
    word: str | None = None,
    interval: Interval = (None, None),
    rank: int = 0,
    kept: bool = False,
) -> Fact:
    """The fact at the time of its collection, as it was printed."""
    low, high = interval
    text = counting.printed(event)
    when = day.past(counting.sampled(event))
    first, last = (None, None) if when is None else (when.first, when.last)
    return Fact(finding, use, word, low, high, first, last, None, None, rank, kept, text, event.where)


def _rank(event: Event, directness: int) -> int:
    return directness + (CORRECTED if event.status == "corrected" else 0)


def _check_specimen(event: Event, finding: Finding) -> None:
    if finding.specimens and spelling.specimen(event.specimen) not in finding.specimens:
        raise Refusal(
            f"measured in `{event.specimen[:40]}`", f"It counts in {' or '.join(finding.specimens[:2])} only."
        )
