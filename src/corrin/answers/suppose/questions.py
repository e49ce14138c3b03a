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
from corrin.readings.assessment import Said, said
from corrin.readings.plain import Decision
from corrin.readings.python import Reader

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

    def ask(self, row: Known, as_of: date) -> tuple[tuple[Missing, ...], tuple[Change, ...]]:
        """What is missing, the cheapest first; and for each main verdict the smallest change that flips it.

        Who somebody is (age, sex) may be missing, but is not supposed to change.
        """
        tried = _Tried(self._reader, row)
        before = self._verdicts(tried.decision)
        missing: list[Missing] = []
        flips: list[Flip] = []
        for finding in self._supposing.findings():
            found = [
                Flip(supposition, changed)
                for supposition in self._supposing.else_(finding, row, as_of)
                if (changed := _changed(before, self._verdicts(tried.otherwise(supposition.columns))))
            ]
            if self._supposing.known(finding, row):
                flips += [] if finding.person else found
            elif found:
                missing.append(Missing(finding.id, finding.cost or COSTS[0], self._might(found)))
        missing.sort(key=lambda one: (COSTS.index(one.cost), -len(one.would_change)))
        return tuple(missing), tuple(self._smallest(flips, row))

    def _verdicts(self, decision: Decision) -> Mapping[str, Said]:
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


class _Tried:
    """One patient's decision, and the words of it when some columns are otherwise."""

    def __init__(self, reader: Reader, row: Known) -> None:
        self._reader = reader
        self._row = row
        self._what_if = reader.what_if(row)
        self.decision = self._what_if.decision

    def otherwise(self, columns: Known) -> Decision:
        if len(columns) == 1:
            ((finding, value),) = columns.items()
            return Decision(columns=self._what_if.columns(finding, value))
        return Decision(columns=self._reader.columns({**self._row, **columns}))


def _changed(before: Mapping[str, Said], after: Mapping[str, Said]) -> Mapping[str, Said]:
    return {name: word for name, word in after.items() if word != before[name]}


def _word(word: Said) -> str:
    return word if isinstance(word, str) else ", ".join(word)


def _rank(verdict: Verdict, word: str) -> tuple[int, str]:
    """Worst first, in the order of the verdict's values; what is none of them comes last."""
    return (verdict.values.index(word) if word in verdict.values else len(verdict.values), word)
