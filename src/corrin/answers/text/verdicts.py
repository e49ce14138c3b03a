"""The verdicts and the lists, one line each, in the order of plan.toml; what cannot be told, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from corrin.answers.text.facts import measured, result
from corrin.answers.text.layout import Entry, capital, in_a_row
from corrin.findings.facts import WHY
from corrin.guideline.columns import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corrin.answers.answer import Answer
    from corrin.answers.parts import Member
    from corrin.answers.wording import Heading
    from corrin.guideline.model import Verdict

FEW = 3
"""More unknown findings than these behind a verdict are counted, not named."""


def entries(answer: Answer) -> Iterator[Entry]:
    """What can be told, what cannot, and the lists."""
    for heading in answer.desk.wording.lines:
        if answer.verdicts[heading.verdict.id] != UNKNOWN:
            yield from _verdict(answer, heading)
    yield from _cannot_tell(answer)
    for heading in answer.desk.wording.lists:
        yield from _list(answer, heading)


def _verdict(answer: Answer, heading: Heading) -> Iterator[Entry]:
    word = answer.verdicts[heading.verdict.id]
    if isinstance(word, Mapping):
        shown = [key.replace("-", " ") for key, one in word.items() if one not in heading.hide]
        if shown:
            yield Entry(heading.short, (f"{capital(', '.join(shown))}.",))
    elif isinstance(word, str) and word not in heading.hide | heading.elsewhere:
        yield Entry(heading.short, (_said(answer, heading, word),), _tone(heading, word))


def _said(answer: Answer, heading: Heading, word: str) -> str:
    verdict = heading.verdict
    text = capital(verdict.say.get(word, word))
    without = answer.said_without.get(verdict.id, ())
    if without:
        text += f" (said without {in_a_row(answer.desk.wording.named(test) for test in without)})"
    if heading.measured:
        results = [result(answer, finding) for finding in measured(answer, verdict.columns[0])]
        return ". ".join([text, *results, *_unusable(answer)]) + "."
    return f"{text}."


def _unusable(answer: Answer) -> list[str]:
    """Results that were sent and could not be used: named beside the verdict, and not only at the end."""
    declared = answer.desk.guideline.declared.findings.values()
    known = answer.findings.row
    return [one.label for one in declared if one.take == "refused" and known.get(one.id) == "yes"]


def _cannot_tell(answer: Answer) -> Iterator[Entry]:
    texts: list[str] = []
    for heading in answer.desk.wording.lines:
        verdict = heading.verdict
        unknown = answer.verdicts[verdict.id] == UNKNOWN and UNKNOWN not in heading.hide
        if unknown and verdict.id not in answer.assessment.not_applicable:
            texts.append(f"{capital(heading.short)}: {_wanting(answer, verdict)}")
    if texts:
        yield Entry("Cannot tell", tuple(texts), "quiet", points=True)


def _wanting(answer: Answer, verdict: Verdict) -> str:
    """The unknown findings on which it depends and why they are unknown; many of them are only counted."""
    settling = [one.id for one in answer.missing if verdict.id in one.would_change]
    findings = answer.reasons.wanting(verdict.columns[0]) or settling
    why = {one: WHY.get(answer.findings.why.get(one, ""), "not known") for one in findings}
    if len(findings) > FEW:
        counted = [f"{many} {word}" for word, many in Counter(why.values()).most_common()]
        words = next(iter(why.values())) if len(counted) == 1 else "; ".join(counted)
        return f"{len(findings)} findings are not known ({words})."
    named = [f"{answer.desk.wording.asked(one)} ({word})" for one, word in why.items()]
    return f"{in_a_row(named)}." if named else "what is known does not settle it."


def _list(answer: Answer, heading: Heading) -> Iterator[Entry]:
    members = [one for one in answer.members(heading.verdict) if one.id not in heading.hide]
    if not members:
        return
    if heading.in_a_row:
        yield Entry(heading.short, (f"{capital(in_a_row([one.words for one in members]))}.",))
    else:
        texts = [_sourced(answer, one) if heading.sources else capital(one.words) for one in members]
        yield Entry(heading.short, tuple(texts), points=True)


def _sourced(answer: Answer, member: Member) -> str:
    statements = tuple(dict.fromkeys(one for because in member.because for one in because.statements))
    sources = answer.desk.contents.sources(statements)
    return f"{capital(member.words)} ({', '.join(statements)}: {', '.join(sources)})"


def _tone(heading: Heading, word: str) -> str:
    if word in heading.verdict.reassuring:
        return "good"
    return "alarm" if word == heading.verdict.values[0] else "plain"
