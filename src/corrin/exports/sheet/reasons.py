"""Why each line of a sheet says what it says: rows, the facts that made them hold, statements, sources."""

from collections.abc import Iterable
from dataclasses import dataclass

from corrin.answers import Answer
from corrin.answers.text.facts import result
from corrin.answers.wording import Heading
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Source


@dataclass(frozen=True, slots=True)
class Reason:
    """One row that held: what it is about and says, where it stands, what it cites, what made it hold."""

    about: str
    says: str
    row: str
    table: str
    place: str
    statements: tuple[str, ...]
    marks: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the guideline with its sources."""

    id: str
    text: str
    sources: tuple[Source, ...]


def lines(answer: Answer) -> Iterable[Reason]:
    """The rows behind the verdicts that are told."""
    for heading in answer.desk.wording.lines:
        word = answer.verdicts[heading.verdict.id]
        if heading.verdict.kind == "one" and word != UNKNOWN and word not in heading.hide:
            for row in answer.reasons.said_by(heading.verdict.columns[0]):
                yield _reason(answer, heading.short, row)


def members(answer: Answer, headings: Iterable[Heading]) -> Iterable[Reason]:
    """The rows behind the red flags, and behind the entries of some lists."""
    lists = [(answer.desk.wording.red_flags.label, answer.desk.wording.red_flags)]
    lists += [(heading.short, heading.verdict) for heading in headings]
    for name, verdict in lists:
        for member in answer.members(verdict):
            for because in member.because:
                yield _reason(answer, name, because.row)


def cited(answer: Answer, reasons: Iterable[Reason]) -> tuple[Statement, ...]:
    """The statements cited, each once, with their sources."""
    guideline = answer.desk.guideline
    plan = answer.plan
    ids = dict.fromkeys(one for reason in reasons for one in reason.statements)
    courses = [plan.regimen.course, *plan.regimen.beside] if plan.regimen else []
    ids.update(dict.fromkeys(one for course in courses if course for one in course.because))
    ids.update(dict.fromkeys(plan.clock.because if plan.clock else ()))
    return tuple(
        Statement(
            one,
            guideline.statements[one].text,
            tuple(guideline.sources[source] for source in guideline.statements[one].sources),
        )
        for one in ids
    )


def _reason(answer: Answer, about: str, row: str) -> Reason:
    table, held = answer.desk.contents.rows[row]
    marks = [mark for mark, said in (("inferred", held.inferred), ("unverified", held.unverified)) if said]
    facts = tuple(result(answer, finding) for finding in answer.told([row]))
    says = answer.desk.guideline.words.get(table.output, {}).get(held.output, held.output.replace("-", " "))
    return Reason(about, says, row, table.id, str(held.place), held.because, tuple(marks), facts)
