"""Whom the answer is about, and the red flags: present, asked and absent, not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corrin.answers.text.layout import Entry, capital, in_a_row
from corrin.answers.values import day, value
from corrin.findings.facts import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corrin.answers.answer import Answer

FILED = "What is filed here is not looked at there: see that it stands there as well."
"""A level that was left under the record that is no more would be nobody's."""


def title(answer: Answer) -> str:
    """The patient, as far as is known, and the day of the answer."""
    declared = answer.desk.guideline.declared.findings.values()
    row = answer.findings.row
    about = [value(one, row[one.id]) for one in declared if one.person and one.id in row]
    who = ", ".join([answer.findings.patient.id or "Patient", *about])
    return f"{who} · vitamin B12 and weak legs · {day(answer.findings.as_of)}"


def ended(answer: Answer) -> str:
    """Why nothing is said."""
    other = answer.findings.patient.replaced_by
    if other is not None:
        said = f"This record was merged into {other}: nothing is said or recommended here."
        return f"{said} {FILED}" if answer.filed else said
    return "This person has died: nothing is said or recommended."


def red_flags(answer: Answer) -> Iterator[Entry]:
    """The four kinds, each only where there is one; "not asked" is never left out."""
    label = answer.desk.wording.asked
    heading = answer.desk.wording.red_flags.label.upper()
    asked, why = answer.red_flags_asked, answer.findings.why
    absent = [label(finding) for finding, word in asked.items() if word == "no"]
    unknown = [label(one) for one in answer.red_flags_open if why.get(one) == NOT_KNOWN]
    unasked = [label(one) for one in answer.red_flags_open if why.get(one) != NOT_KNOWN]
    flags = [capital(flag.words) for flag in answer.members(answer.desk.wording.red_flags)]
    if flags:
        yield Entry(heading, tuple(flags), "alarm", points=True)
    if absent:
        yield Entry("" if flags else heading, (f"Asked and absent: {in_a_row(absent)}.",), "good")
    if unknown:
        first = not flags and not absent
        yield Entry(heading if first else "", (f"Asked, not known: {in_a_row(unknown)}.",), "plain")
    if unasked:
        first = not flags and not absent and not unknown
        text = f"Not asked: {in_a_row(unasked)}. Not asked is not absent."
        yield Entry(heading if first else "", (text,), "amber" if first else "plain")
