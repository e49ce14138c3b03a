"""Which columns follow from a finding by declaration, so that a supposition is true of all of them.

A brisk knee jerk is a brisk reflex; a normal examination answers for the signs that nobody wrote down; a new
level may be the lowest; a new MMA lies above the laboratory's limit or not. `findings.toml` declares each.
"""

from collections.abc import Mapping

from corrin.answers.values import Interval, Value
from corrin.guideline.declared import Finding

Known = Mapping[str, Value]


class Dependants:
    """Every finding's dependants, found once."""

    def __init__(self, findings: Mapping[str, Finding]) -> None:
        self._findings = findings
        every = findings.values()
        self._answered = {
            source: [one for one in every if source in (one.answered_by or {})]
            for source in {source for one in every for source in one.answered_by or {}}
        }
        self._taken = {source: [one for one in every if one.of == source] for source in findings}
        self._limit = {one.upper_limit_of: one.id for one in every if one.upper_limit_of}
        self._over = {one.over_limit_of: one for one in every if one.over_limit_of}

    def after(self, finding: Finding, value: Value, row: Known) -> Known:
        """The columns that change when a finding is supposed to have a value, itself included."""
        changed: dict[str, Value] = {finding.id: value}
        if isinstance(value, str):
            self._imply(finding, value, row, changed)
            self._answer(finding, value, row, changed)
        else:
            self._take(finding, value, row, changed)
            self._compare(finding, row, changed)
        return changed

    def limits(self, finding: Finding, row: Known) -> frozenset[int]:
        """Where a band begins beyond the tables' own limits: above the laboratory's limit, if it is known."""
        limit = row.get(self._limit.get(finding.id, ""))
        return frozenset([limit[1] + 1]) if isinstance(limit, tuple) and limit[1] is not None else frozenset()

    def _imply(self, finding: Finding, word: str, row: Known, changed: dict[str, Value]) -> None:
        before = row.get(finding.id)
        implied: Mapping[str, Mapping[str, str]] = finding.implies or {}
        for column, value in implied[before].items() if isinstance(before, str) and before in implied else ():
            if row.get(column) == value and not self._implied_elsewhere(finding, column, value, row):
                changed[column] = None
        for column, value in implied.get(word, {}).items():
            if row.get(column) is None or column in changed:
                changed[column] = value

    def _implied_elsewhere(self, finding: Finding, column: str, value: str, row: Known) -> bool:
        return any(
            other.id != finding.id and words.get(column) == value
            for other in self._findings.values()
            for word, words in (other.implies or {}).items()
            if row.get(other.id) == word
        )

    def _answer(self, finding: Finding, word: str, row: Known, changed: dict[str, Value]) -> None:
        """An examination as a whole speaks for each sign, as long as nothing else did."""
        before = row.get(finding.id)
        for one in self._answered.get(finding.id, ()):
            answers = (one.answered_by or {})[finding.id]
            if isinstance(before, str) and before in answers and row.get(one.id) == answers[before]:
                changed[one.id] = None
            if word in answers and (row.get(one.id) is None or one.id in changed):
                changed[one.id] = answers[word]

    def _take(self, finding: Finding, value: Value, row: Known, changed: dict[str, Value]) -> None:
        for one in self._taken[finding.id]:
            if one.take == "refused" and row.get(one.id) is not None:
                changed[one.id] = "no"
            elif one.take == "least":
                changed[one.id] = _least(row.get(one.id), row.get(finding.id), value)

    def _compare(self, finding: Finding, row: Known, changed: dict[str, Value]) -> None:
        """A number against the laboratory's own limit, whichever of the two is supposed."""
        measured = finding.upper_limit_of or finding.id
        over = self._over.get(measured)
        if over is not None:
            both = {**row, **changed}
            changed[over.id] = _over(both.get(measured), both.get(self._limit.get(measured, "")), over.values)


def _least(lowest: Value, before: Value, supposed: Value) -> Value:
    """The lowest of several results when the latest of them is supposed to be another."""
    if not isinstance(lowest, tuple) or lowest == before or not isinstance(supposed, tuple):
        return supposed
    return _smaller(lowest, supposed)


def _smaller(one: Interval, other: Interval) -> Interval:
    highs = [high for high in (one[1], other[1]) if high is not None]
    low = None if one[0] is None or other[0] is None else min(one[0], other[0])
    return (low, min(highs, default=None))


def _over(number: Value, limit: Value, words: tuple[str, ...]) -> Value:
    """The words for above, not above, and across, in the order in which the finding declares them."""
    if not isinstance(number, tuple) or not isinstance(limit, tuple):
        return None
    above, within, across = words
    if number[0] is not None and limit[1] is not None and number[0] > limit[1]:
        return above
    if number[1] is not None and limit[0] is not None and number[1] <= limit[0]:
        return within
    return across
