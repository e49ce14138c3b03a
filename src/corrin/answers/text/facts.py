"""One finding with what stands behind it: as settled, as printed, of which day, and where it stood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corrin.answers.values import printed, span, value
from corrin.findings.settling.elapsed import day
from corrin.guideline.model import GRID
from corrin.plans.dates import Span

if TYPE_CHECKING:
    from datetime import date

    from corrin.answers.answer import Answer
    from corrin.findings.facts import Fact


def measured(answer: Answer, column: str) -> list[str]:
    """The results that a column of a table rests on: numbers, and which side of the laboratory's limit."""
    declared, row = answer.desk.guideline.declared.findings, answer.findings.row
    told = answer.told(answer.reasons.said_by(column))
    return [one for one in told if isinstance(row[one], tuple) or declared[one].over_limit_of]


def result(answer: Answer, finding: str) -> str:
    """A result as a sentence has it: Serum B12 132.8 pg/mL (98 pmol/L, 20 Nov 2026)."""
    declared = answer.desk.guideline.declared.findings[finding]
    known, beside = _known(answer, finding), _beside(answer, finding, where=False)
    if declared.since:
        return f"{answer.desk.wording.label(declared.since)} {known} ago{beside}"
    return f"{declared.label} {known}{beside}"


def fact(answer: Answer, finding: str) -> str:
    """The same with the place in the source, for whoever wants to look it up."""
    declared = answer.desk.guideline.declared.findings[finding]
    return f"{declared.label}: {_known(answer, finding)}{_beside(answer, finding, where=True)}"


def _known(answer: Answer, finding: str) -> str:
    return value(answer.desk.guideline.declared.findings[finding], answer.findings.row[finding])


def _beside(answer: Answer, finding: str, *, where: bool) -> str:
    facts = answer.findings.evidence.get(finding, ())
    if not facts:
        return ""
    first, others = facts[0], len(facts) - 1
    measured = isinstance(answer.findings.row[finding], tuple)
    differing = measured and not where and others == 1 and facts[1].text != first.text
    printed_as = f"{first.text} and {facts[1].text}" if differing else first.text
    when = _when(first, answer.findings.as_of)
    alike = _known(answer, finding).startswith(printed(first.text)) and not differing
    said = alike or (when and _is_day(first.text))
    parts = [
        "" if said else printed_as,
        when,
        _aged(answer, finding, first),
        first.where if where else "",
        f"and {others} more" if others and not differing else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f" ({told})" if told else ""


def _aged(answer: Answer, finding: str, one: Fact) -> str:
    """How old it is, where it counts although its window is over."""
    guideline = answer.desk.guideline
    window = guideline.declared.findings[finding].window
    if window is None or one.last_day is None:
        return ""
    today, taken = answer.findings.as_of, day(one.last_day)
    days = (today - taken).days
    if days * GRID <= guideline.parameters[window].value:
        return ""
    years = today.year - taken.year - ((today.month, today.day) < (taken.month, taken.day))
    return f"{years} years old" if years > 1 else f"{days} days old"


def _is_day(text: str) -> bool:
    """Printed as a date, which is said in words already."""
    return bool(re.fullmatch(r"\d{4}(-\d\d){0,2}", text))


def _when(one: Fact, today: date) -> str:
    """Its day, unless that is the day of the answer."""
    if one.first_day is None or one.last_day is None:
        return ""
    when = Span(day(one.first_day), day(one.last_day))
    return "" if when == Span.on(today) else span(when)
