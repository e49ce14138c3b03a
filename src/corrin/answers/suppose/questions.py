"""What is missing and would change the answer, and the smallest change of one finding that flips a verdict.

Every finding is supposed to be everything else it could be, one at a time, and the guideline is read again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from corrin.answers.suppose.dependants import Known
from corrin.answers.suppose.supposing import Supposing, Supposition
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guideline, Verdict
from corrin.readings.algebra import given
from corrin.readings.assessment import Said, said, tables_of
from corrin.readings.plain import Decision
from corrin.readings.python import Reader, WhatIf

COSTS = ("ask", "examine", "sample", "scan")
"""How a finding is found out, the cheapest first."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An unknown finding that would change a main verdict, and what each of those might become."""

    id: str
    cost: str
    would_change: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change of one finding that makes a main verdict say another word, unknown being none."""

    finding: str
    from_: str
    to: str
    verdict: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Flip:
    """One supposition and the main verdicts it changes."""

    supposition: Supposition
    verdicts: Mapping[str, Said]


class Questions:
    """What a guideline's main verdicts depend on, made ready once for many patients."""

    def __init__(self, guideline: Guideline, reader: Reader) -> None:
        self._guideline = guideline
        self._reader = reader
        self._supposing = Supposing(guideline)
        self._main = [verdict for verdict in guideline.verdicts.values() if verdict.main]
        self._columns = [column for verdict in self._main for column in _columns(guideline, verdict)]

    def ask(self, row: Known, as_of: date) -> tuple[tuple[Missing, ...], tuple[Change, ...]]:
        """What is missing, the cheapest first; and for each main verdict the smallest change that flips it.

        Who somebody is (age, sex) may be missing, but is not supposed to change.
        """
        what_if = self._reader.what_if(row)
        before = self._verdicts(what_if, {})
        missing: list[Missing] = []
        flips: list[Flip] = []
        for finding in self._supposing.findings():
            found = [
                Flip(supposition, changed)
                for supposition in self._supposing.else_(finding, row, as_of)
                if (changed := _changed(before, self._verdicts(what_if, supposition.columns)))
            ]
            if self._supposing.known(finding, row):
                flips += [] if finding.person else found
            elif found:
                missing.append(Missing(finding.id, finding.cost or COSTS[0], self._might(found)))
        missing.sort(key=lambda one: (COSTS.index(one.cost), -len(one.would_change)))
        return tuple(missing), tuple(self._smallest(flips, row))

    def _verdicts(self, what_if: WhatIf, changed: Known) -> Mapping[str, Said]:
        decision = Decision(columns=what_if.words(changed, self._columns))
        return {verdict.id: said(self._guideline, verdict, decision) for verdict in self._main}

    def _might(self, flips: list[Flip]) -> Mapping[str, tuple[str, ...]]:
        """For each main verdict the words it might become, worst first."""
        might: dict[str, tuple[str, ...]] = {}
        for verdict in self._main:
            words = {_word(flip.verdicts[verdict.id]) for flip in flips if verdict.id in flip.verdicts}
            if words:
                might[verdict.id] = tuple(sorted(words, key=lambda word: _rank(verdict, word)))
        return might

    def _smallest(self, flips: list[Flip], row: Known) -> Iterable[Change]:
        for verdict in self._main:
            able = [flip for flip in flips if flip.verdicts.get(verdict.id, UNKNOWN) != UNKNOWN]
            if able:
                flip = min(able, key=lambda flip: flip.supposition.distance)
                supposition = flip.supposition
                yield Change(
                    finding=supposition.finding,
                    from_=self._supposing.now(supposition, row),
                    to=supposition.words,
                    verdict=verdict.id,
                    becomes=_word(flip.verdicts[verdict.id]),
                )


def _columns(guideline: Guideline, verdict: Verdict) -> list[str]:
    """The columns that a verdict is read from."""
    if verdict.kind != "list":
        return list(verdict.columns)
    return [column for table in tables_of(guideline, verdict) for column in given(table)]


def _changed(before: Mapping[str, Said], after: Mapping[str, Said]) -> Mapping[str, Said]:
    return {name: word for name, word in after.items() if word != before[name]}


def _word(word: Said) -> str:
    return word if isinstance(word, str) else ", ".join(word)


def _rank(verdict: Verdict, word: str) -> tuple[int, str]:
    """Worst first, in the order of the verdict's values; what is none of them comes last."""
    return (verdict.values.index(word) if word in verdict.values else len(verdict.values), word)
