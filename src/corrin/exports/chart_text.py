"""An answer as plain text for the record: what follows, what was given and in which units, who said so.

An `Answer` enters, lines leave: no boxes, no signs that a record system might lose, one thing a line.
"""

from collections.abc import Iterable

from corrin.answers.text.foot import NOTICE
from corrin.answers.text.layout import capital
from corrin.answers.text.opening import title
from corrin.answers.values import another, rhythm, span, withheld
from corrin.answers.wording import Heading
from corrin.exports.sheet.clock import clock_words, due_words, review_words
from corrin.exports.sheet.sheet import Line, Sheet
from corrin.plans.dates import Span
from corrin.plans.plan import Line as Course
from corrin.plans.plan import Plan


def text(sheet: Sheet) -> str:
    """The whole note."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterable[str]:
    answer, identity = sheet.answer, sheet.answer.identity
    yield title(answer)
    yield from (f"{line.name.upper()}: {line.words}." for line in sheet.loud)
    yield from _flags(sheet)
    yield ""
    yield from (_line(line) for line in sheet.status)
    for heading in answer.desk.wording.lists:
        yield from _list(heading, [one.words for one in sheet.members(heading)])
    yield from (f"Cannot tell {line.name}: {line.words}." for line in sheet.cannot_tell)
    yield from _plan(sheet)
    yield ""
    yield "Given:"
    yield from (f"- {one}" for one in sheet.present)
    if sheet.absent:
        yield f"- Asked or examined and absent: {'; '.join(sheet.absent)}"
    for one in sheet.unused:
        yield f"- NOT USED: {one.words}: {one.reason}".replace("“", "'").replace("”", "'")
    yield ""
    site = f", site {identity.site[:12]}" if identity.site else ""
    yield f"Guideline {identity.version}, profile {identity.profile}, {identity.hash[:12]}{site}. {NOTICE}"


def _list(heading: Heading, words: list[str]) -> Iterable[str]:
    """Names in a row; sentences one a line, as they hold commas, colons and semicolons of their own."""
    if words and heading.in_a_row:
        yield f"{heading.short}: {'; '.join(words)}."
    elif words:
        yield f"{heading.short}:"
        yield from (f"- {capital(one)}." for one in words)


def _line(line: Line) -> str:
    return f"{line.name}: {'. '.join([line.words, *line.beside])}."


def _flags(sheet: Sheet) -> Iterable[str]:
    flags = sheet.flags
    kinds = (
        ("present", flags.present),
        ("asked and absent", flags.absent),
        ("asked, not known", flags.open),
        ("not asked", flags.unasked),
    )
    yield from (f"{flags.name}, {kind}: {'; '.join(words)}." for kind, words in kinds if words)


def _plan(sheet: Sheet) -> Iterable[str]:
    answer, plan = sheet.answer, sheet.answer.plan
    if plan.clock:
        yield f"Clock: {clock_words(plan.clock)}."
    yield from _regimen(plan)
    due, today = plan.next_due, answer.findings.as_of
    to_come = [dose for dose in plan.doses if not dose.on.before(today)]
    if due and (due.on.before(today) or not to_come):
        yield f"{due_words(answer, due)}."
    if to_come:
        begun = to_come[0].number == 1 and to_come[0].on == Span.on(today)
        name = "Doses, if begun today" if begun else "Doses planned"
        yield f"{name}: {'; '.join(span(dose.on) for dose in to_come)}."
    yield from (f"{review_words(answer, one)}." for one in plan.reviews)


def _regimen(plan: Plan) -> Iterable[str]:
    """The course, or why there is none, and the one that another source puts beside it."""
    regimen = plan.regimen
    if regimen is None:
        return
    if regimen.course:
        yield f"Regimen{'' if plan.decided else ', if treatment is decided on'}: {_course(regimen.course)}."
    elif plan.doses:
        first = plan.doses[0]
        yield f"First dose: {first.drug} {first.dose} {first.route}, the same in every regimen."
    if regimen.withheld:
        yield f"Regimen: {withheld(regimen.withheld)}."
    for line in regimen.beside:
        name, who = another(regimen)
        yield f"{name}: {_course(line)}. {who}"


def _course(line: Course) -> str:
    return f"{line.drug} {line.dose} {line.route}, {rhythm(line)} ({', '.join(line.because)})"
