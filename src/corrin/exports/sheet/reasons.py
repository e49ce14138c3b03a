"""Why each line of a sheet says what it says: rows, the facts that made them hold, statements, sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corrin.answers import Answer
from corrin.answers.text.facts import result
from corrin.answers.wording import Heading
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Source


@dataclass(frozen=True, slots=True)
class Held:
    """A row that held: where it stands, what it cites, and whether that is inferred or unverified."""

    id: str
    place: str
    statements: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is said: what it is about, the rows that say so, what made them hold."""

    about: str
    says: str
    rows: tuple[Held, ...]
    facts: tuple[str, ...]

    @property
    def statements(self) -> tuple[str, ...]:
        """What the rows cite."""
        return tuple(dict.fromkeys(one for row in self.rows for one in row.statements))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the guideline with its sources."""

    id: str
    text: str
    sources: tuple[Source, ...]


def lines(answer: Answer) -> Iterable[Reason]:
    """Why each verdict that is told says what it says."""
    for heading in answer.desk.wording.lines:
        word = answer.verdicts[heading.verdict.id]
        if heading.verdict.kind == "one" and word != UNKNOWN and word not in heading.hide:
            rows = answer.reasons.said_by(heading.verdict.columns[0])
            if rows:
                yield _reason(answer, heading.short, heading.verdict.say.get(str(word), str(word)), rows)


def members(answer: Answer, headings: Iterable[Heading]) -> Iterable[Reason]:
    """Why each red flag, and each entry of some lists, stands there."""
    lists = [(answer.desk.wording.red_flags.label, answer.desk.wording.red_flags)]
    lists += [(heading.short, heading.verdict) for heading in headings]
    for name, verdict in lists:
        for member in answer.members(verdict):
            yield _reason(answer, name, member.words, [because.row for because in member.because])


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


def _reason(answer: Answer, about: str, says: str, rows: Sequence[str]) -> Reason:
    facts = tuple(result(answer, finding) for finding in answer.told(rows))
    return Reason(about, says, tuple(_held(answer, row) for row in rows), facts)


def _held(answer: Answer, row: str) -> Held:
    _, held = answer.desk.contents.rows[row]
    marks = [mark for mark, said in (("inferred", held.inferred), ("unverified", held.unverified)) if said]
    return Held(row, str(held.place), held.because, tuple(marks))
