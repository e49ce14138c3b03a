"""Which of several facts answers: the latest, any, the least, the nearest; and how far back they count.

Facts of one finding enter, those that count and the value they give leave. Nothing here knows a code or a
unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corrin.findings.facts import (
    CONTRADICTORY,
    IN_ANOTHER_UNIT,
    NEVER_ASKED,
    NOT_KNOWN,
    OUT_OF_WINDOW,
    REFUSED,
    Fact,
    Value,
)
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline
from corrin.records import MINUTES_A_DAY

YES, NO = "yes", "no"
Facts = Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Target:
    """A finding to be answered: whose facts it takes, which, and how far back.

    Units: `window` in days, None for ever; `floor` is the least plausible value, in steps.
    """

    finding: Finding
    source: str
    window: int | None
    undated: bool
    floor: int

    @classmethod
    def of(cls, finding: Finding, guideline: Guideline) -> "Target":
        """How one finding is answered in one guideline."""
        window = guideline.parameters[finding.window].value // GRID if finding.window else None
        source = finding.of if finding.of and finding.take not in {"count", "before-sample"} else finding.id
        plausible = guideline.declared.findings[source].plausible
        return cls(finding, source, window, finding.undated == "in-window", plausible[0] if plausible else 0)

    def in_window(self, fact: Fact, today: int) -> bool:
        """Not surely older than the window; without a date, as the finding declares."""
        if fact.last is None:
            return self.undated
        return self.window is None or fact.last >= (today - self.window) * MINUTES_A_DAY


def standing(facts: Iterable[Fact], *, units: bool = False) -> list[Fact]:
    """Usable facts, without those that a corrected or more direct one of the same time replaces.

    Numbers in other `units` than the one that counts stand as well where they are asked for: they may be of
    another sample of that day.
    """
    usable = [fact for fact in facts if fact.use == "usable"]
    if len({fact.rank for fact in usable}) < 2:  # noqa: PLR2004 - of those that are alike none replaces another
        return usable
    top: dict[tuple[int | None, int | None], int] = {}
    for fact in usable:
        key = (fact.first, fact.last)
        top[key] = max(fact.rank, top.get(key, fact.rank))
    return [
        fact
        for fact in usable
        if fact.first is None
        or fact.rank == (best := top[fact.first, fact.last])
        or (units and (fact.rank, best) in IN_ANOTHER_UNIT)
    ]


def counted(target: Target, stand: Facts, today: int, given_since: int | None) -> list[Fact]:
    """The standing facts in the window; and those that outlast it, while nothing was measured or given since.

    `given_since` is the latest first minute of what would end an old result's life.
    """
    if not stand:
        return []
    inside = [fact for fact in stand if target.in_window(fact, today)]
    if target.finding.until is None or len(inside) == len(stand):
        return inside
    measured = max((fact.first for fact in stand if fact.first is not None), default=None)
    ends = [end for end in (measured, given_since) if end is not None]
    return [
        fact
        for fact in stand
        if target.in_window(fact, today)
        or (fact.kept and fact.last is not None and all(end <= fact.last for end in ends))
    ]


def latest(facts: Facts) -> list[Fact]:
    """Those that no other is surely later than; without a date it may be any time."""
    cut = max((fact.first for fact in facts if fact.first is not None), default=None)
    return [fact for fact in facts if fact.last is None or cut is None or fact.last >= cut]


def nearest(target: Target, stand: Facts, anchor: Facts, today: int) -> list[Fact]:
    """Those that no other is surely nearer to the anchor than; without an anchor, the latest that count."""
    first = min((fact.first for fact in anchor if fact.first is not None), default=None)
    last = max((fact.last for fact in anchor if fact.last is not None), default=None)
    if first is None or last is None:
        return latest(counted(target, stand, today, None))
    spans = [(fact, *_distance(fact, first, last)) for fact in stand]
    reach = None if target.window is None else target.window * MINUTES_A_DAY
    near = [
        each
        for each in spans
        if (target.undated if each[0].last is None else reach is None or each[1] <= reach)
    ]
    cut = min((most for _, _, most in near if most is not None), default=None)
    return [fact for fact, least, _ in near if cut is None or least <= cut]


def _distance(fact: Fact, first: int, last: int) -> tuple[int, int | None]:
    """At least and at most so many minutes from a fact to the span; without a date, any."""
    if fact.first is None or fact.last is None:
        return 0, None
    least = max(0, first - fact.last, fact.first - last)
    return least, max(last - fact.first, fact.last - first)


def agreed(facts: Facts) -> tuple[str | None, bool]:
    """The one word that facts agree on, and whether they contradict each other."""
    words = {fact.word for fact in facts if fact.word is not None}
    return (words.pop() if len(words) == 1 else None), len(words) > 1


def any_of(facts: Facts) -> str | None:
    """Yes when any says yes, else no when any says no."""
    words = {fact.word for fact in facts}
    return YES if YES in words else NO if NO in words else None


Interval = tuple[int | None, int | None]


def hull(facts: Facts) -> Interval:
    """From the lowest to the highest that any of them allows."""
    lows, highs = [fact.low for fact in facts], [fact.high for fact in facts]
    return _least(lows), _most(highs)


def least(facts: Facts) -> Interval:
    """The smallest of them: at least the least low, at most the least high."""
    highs = [fact.high for fact in facts if fact.high is not None]
    return _least([fact.low for fact in facts]), min(highs, default=None)


def most(facts: Facts) -> Interval:
    """The largest of them."""
    lows = [fact.low for fact in facts if fact.low is not None]
    return max(lows, default=None), _most([fact.high for fact in facts])


def second_most(facts: Facts) -> Interval | None:
    """The second largest of several results; the same time and value twice is one result."""
    results = {(fact.first, fact.last, fact.low, fact.high) for fact in facts}
    if len(results) < 2:  # noqa: PLR2004 - a second needs two
        return None
    lows = sorted((low for _, _, low, _ in results if low is not None), reverse=True)
    highs = sorted((high for _, _, _, high in results if high is not None), reverse=True)
    open_highs = len(results) - len(highs)
    second_low = lows[1] if len(lows) > 1 else None
    return second_low, None if open_highs > 1 else highs[1 - open_highs]


def _least(lows: list[int | None]) -> int | None:
    return None if None in lows else min(low for low in lows if low is not None)


def _most(highs: list[int | None]) -> int | None:
    return None if None in highs else max(high for high in highs if high is not None)


def days_counted(doses: Facts, complete: bool, asked: Interval | None) -> Interval | None:  # noqa: FBT001
    """How many days doses were given on: at least those dated to the day, more unless all are declared.

    Units: steps. An answer is kept unless more doses are dated than it says.
    """
    dated = {
        fact.first_day for fact in doses if fact.first_day is not None and fact.first_day == fact.last_day
    }
    rough = {
        (fact.first, fact.last) for fact in doses if fact.first_day is None or fact.first_day != fact.last_day
    }
    if asked is None and not doses and not complete:
        return None
    low = max(len(dated), 1 if doses else 0) * GRID
    high = (len(dated) + len(rough)) * GRID if complete else None
    if asked is None:
        return low, high
    low = max(asked[0] or 0, low)
    return low, asked[1] if asked[1] is None or asked[1] >= low else high if high is None else max(high, low)


def surely_before(medicine: Fact, sample: Fact) -> bool:
    """The medicine began before the sample; on the same day only if both are known to the minute."""
    if medicine.began_last is None or sample.first is None:
        return False
    if medicine.began_last // MINUTES_A_DAY < sample.first // MINUTES_A_DAY:
        return True
    return _to_the_minute(medicine, sample) and medicine.began_last < sample.first


def surely_not_before(medicine: Fact, sample: Fact) -> bool:
    """The sample came first; on the same day it did, unless both times are known and say otherwise."""
    if medicine.began_first is None or sample.last is None:
        return False
    if _to_the_minute(medicine, sample):
        return medicine.began_first >= sample.last
    return medicine.began_first // MINUTES_A_DAY >= sample.last // MINUTES_A_DAY


def _to_the_minute(medicine: Fact, sample: Fact) -> bool:
    return medicine.began_first == medicine.began_last and sample.first == sample.last


def reason(facts: Facts, *, inside: bool, contradictory: bool) -> str:
    """Why nothing answers: contradictory, refused, asked in vain, too old, or never asked."""
    if contradictory:
        return CONTRADICTORY
    uses = {fact.use for fact in facts}
    if uses & {"refused", "preliminary"}:
        return REFUSED
    if "not-known" in uses:
        return NOT_KNOWN
    spoken = any(
        fact.use == "usable" and (fact.word or fact.low is not None or fact.high is not None)
        for fact in facts
    )
    return OUT_OF_WINDOW if spoken and not inside else NEVER_ASKED


def closed(interval: Interval, floor: int) -> Value:
    """An interval without ends is still a result: from the least plausible value on."""
    return (floor, None) if interval == (None, None) else interval
