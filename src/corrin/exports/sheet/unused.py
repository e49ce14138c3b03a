"""What was given and is not used: refused, not of this guideline, too old, or contradicting itself.

An `Answer` enters; an entry leaves for each answer that somebody gave and that counts for nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corrin.answers import Answer
from corrin.answers.text import foot
from corrin.findings.facts import CONTRADICTORY, OUT_OF_WINDOW, WHY

NO_QUESTION = "no question of this guideline"
_ANSWERED = re.compile(r"findings\.(\w+)")


@dataclass(frozen=True, slots=True)
class Unused:
    """An answer that was given and is not used: to which question (empty: to none), in words, and why."""

    finding: str
    words: str
    reason: str


def unused(answer: Answer) -> Iterator[Unused]:
    """Every answer that was given and could not be used; what a source holds besides is no answer."""
    label, declared = answer.desk.wording.label, answer.desk.guideline.declared.findings
    for one in answer.refused:
        yield Unused(one.finding, f"{label(one.finding)} “{one.value}”", one.reason)
    for one in answer.ignored:
        match = _ANSWERED.match(one.where)
        if match and match[1] in declared:
            yield Unused(match[1], label(match[1]), one.reason)
    for one in answer.ignored:
        name = foot.misspelt(answer, one.where)
        if name:
            yield Unused("", name, f"{NO_QUESTION}. {foot.meant(answer, name)}".rstrip())
    for finding, why in answer.findings.why.items():
        if why in {CONTRADICTORY, OUT_OF_WINDOW} and declared[finding].asked:
            yield Unused(finding, label(finding), WHY[why])
