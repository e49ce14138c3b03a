"""An answer as plain text for the record: what follows, what was given and in which units, who said so.

An `Answer` enters, lines leave: no boxes, no signs that a record system might lose, one thing a line.
"""

from collections.abc import Iterable

from corrin.answers.text.foot import NOTICE
from corrin.answers.text.opening import title
from corrin.answers.values import span
from corrin.exports.sheet.clock import clock_words, due_words, review_words
from corrin.exports.sheet.sheet import Line, Sheet


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
        members = sheet.members(heading)
        if members:
            yield f"{heading.short}: {'; '.join(one.words for one in members)}."
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
    course = plan.regimen.course if plan.regimen else None
    if course:
        until = f" until {course.until}" if course.until.strip("-") else ""
        yield (
            f"Regimen: {course.drug} {course.dose} {course.route}, {course.loading}{until}, then "
            f"{course.maintenance} ({', '.join(course.because)})."
        )
    if plan.doses:
        yield f"Doses: {'; '.join(span(dose.on) for dose in plan.doses)}."
    if plan.next_due and not plan.doses:
        yield f"{due_words(answer, plan.next_due)}."
    yield from (f"{review_words(answer, one)}." for one in plan.reviews)
