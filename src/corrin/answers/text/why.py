"""Why the answer is what it is, what is missing, what would change it, and where sources differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corrin.answers.suppose.questions import COSTS
from corrin.answers.text.facts import fact
from corrin.answers.text.layout import Entry, Printed, capital, in_a_row, lay, rule
from corrin.answers.values import value
from corrin.guideline.columns import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corrin.answers.answer import Answer
    from corrin.answers.parts import Difference

MOST = 8
"""So many missing findings of one cost are named; the rest are counted."""


def lines(answer: Answer, width: int) -> Iterator[Printed]:
    """Each heading only where there is something under it."""
    sections = {
        "To be read with it": _remarks(answer),
        "Missing, and would change the answer": _missing(answer),
        "What would change it": _changes(answer),
        "Why": _why(answer),
        "Facts": _facts(answer),
        "Where sources differ": _differences(answer),
    }
    for title, entries in sections.items():
        laid = list(lay(entries, width))
        if laid:
            yield from rule(title, width)
            yield from laid


def _remarks(answer: Answer) -> Iterator[Entry]:
    """What sources say that no row decides by."""
    for one in answer.remarks:
        yield Entry(one.id, (f"{one.text.rstrip('.')} ({', '.join(one.sources)}).",), "quiet")


def _missing(answer: Answer) -> Iterator[Entry]:
    """What is not yet listed among the red flags."""
    wanted = [one for one in answer.missing if one.id not in answer.red_flags_asked]
    for cost in COSTS:
        labels = [answer.desk.wording.named(one.id) for one in wanted if one.cost == cost]
        more = f", and {len(labels) - MOST} more" if len(labels) > MOST else ""
        if labels:
            yield Entry(cost.capitalize(), (f"{in_a_row(labels[:MOST])}{more}.",))
    if len(wanted) < len(answer.missing):
        yield Entry("", ("And the red flags that were not asked about, above.",))


def _changes(answer: Answer) -> Iterator[Entry]:
    headings = {heading.verdict.id: heading for heading in answer.desk.wording.lines}
    for change in answer.changes:
        short = headings[change.verdict].short if change.verdict in headings else change.verdict
        label = answer.desk.wording.named(change.finding)
        yield Entry(short, (f"{change.becomes}, if {label} were {change.to} (now {change.from_}).",))


def _why(answer: Answer) -> Iterator[Entry]:
    for heading in answer.desk.wording.lines:
        word = answer.verdicts[heading.verdict.id]
        if heading.verdict.kind == "one" and word != UNKNOWN and word not in heading.hide:
            for row in answer.reasons.said_by(heading.verdict.columns[0]):
                yield Entry(heading.short, (_row(answer, row),))


def _row(answer: Answer, row: str) -> str:
    _, held = answer.desk.contents.rows[row]
    labels = [_short(answer, finding) for finding in answer.told([row])]
    marks = [mark for mark, said in (("inferred", held.inferred), ("unverified", held.unverified)) if said]
    because = ", ".join([row, *held.because, *marks, str(held.place)])
    return f"{held.output} [{because}]{': ' + '; '.join(labels) if labels else ''}"


def _short(answer: Answer, finding: str) -> str:
    known = answer.findings.row[finding]
    declared = answer.desk.guideline.declared.findings[finding]
    label = answer.desk.wording.named(finding)
    return label if known == "yes" else f"{label} {value(declared, known)}"


def _facts(answer: Answer) -> Iterator[Entry]:
    """Each finding that the verdicts above rest on, as printed and where it stood."""
    texts = [fact(answer, finding) for finding in answer.told(_rows(answer))]
    if texts:
        yield Entry("", tuple(texts), "quiet", points=True)


def _rows(answer: Answer) -> dict[str, None]:
    """The rows that gave the verdicts of the text, in their order."""
    columns = [column for one in answer.desk.wording.lines for column in one.verdict.columns]
    return dict.fromkeys(row for column in columns for row in answer.reasons.said_by(column))


def _differences(answer: Answer) -> Iterator[Entry]:
    """In full where they touch what is said or given; the others by their id."""
    said = set(_rows(answer))
    if answer.plan.regimen and answer.plan.regimen.course:
        said.add(answer.plan.regimen.course.row)
    near = [one for one in answer.differences if said.intersection(one.rows)]
    for one in near:
        yield Entry(one.id, (_difference(one),))
    rest = [one.id for one in answer.differences if one not in near]
    if rest:
        yield Entry("Also", (f"{', '.join(rest)}, about the rows behind these.",), "quiet")


def _difference(one: Difference) -> str:
    sides = "; ".join(f"{side.who}: {side.says}" for side in one.sides)
    return f"{one.issue} {capital(sides)}."
