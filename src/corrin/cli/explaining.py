"""`corrin explain`: a row, statement, finding, verdict, table, parameter, source or difference."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from corrin.answers.text.layout import Entry, Printed, lay, paragraph
from corrin.answers.values import interval
from corrin.errors import Problem, UsageError, did_you_mean
from corrin.guideline.declared import Finding
from corrin.guideline.model import (
    Cell,
    Course,
    Disagreement,
    Guideline,
    Parameter,
    Row,
    Source,
    Statement,
    Table,
    Verdict,
)

Told = tuple[str, list[Entry]]
"""A title and what stands under it."""


def lines(guideline: Guideline, name: str, certificate: Path, width: int) -> Iterator[Printed]:
    """Everything the guideline has under this name.

    Errors: a `UsageError` names the nearest name there is.
    """
    known = list(_names(guideline))
    meant = {one for one in known if one.casefold() == name.casefold()}
    told = list(_told(guideline, name if name in meant or len(meant) != 1 else meant.pop(), certificate))
    if not told:
        mend = did_you_mean(name, known)
        raise UsageError(Problem(f"explain {name}", "the guideline has nothing of this name", mend))
    for number, (title, entries) in enumerate(told):
        if number:
            yield "plain", ""
        yield from paragraph(title, width, "title")
        yield from lay(entries, width)


def _told(guideline: Guideline, name: str, certificate: Path) -> Iterator[Told]:
    rows = {row.id: (table, row) for table in guideline.tables for row in table.rows}
    if name in rows:
        yield _row(guideline, *rows[name], certificate)
    for table in guideline.tables:
        if table.id == name:
            yield _table(table)
    if name in guideline.statements:
        yield _statement(guideline, guideline.statements[name])
    if name in guideline.declared.findings:
        yield _finding(guideline, guideline.declared.findings[name])
    if name in guideline.verdicts:
        yield _verdict(guideline.verdicts[name])
    if name in guideline.parameters:
        yield _parameter(guideline, guideline.parameters[name])
    if name in guideline.disagreements:
        yield _difference(guideline, guideline.disagreements[name])
    if name in guideline.sources:
        yield _source(guideline, guideline.sources[name])
    courses = [(regimen.id, one) for regimen in guideline.regimens.values() for one in regimen.courses]
    yield from (_course(guideline, regimen, one) for regimen, one in courses if one.row == name)


def _row(guideline: Guideline, table: Table, row: Row, certificate: Path) -> Told:
    cells = [pair for pair in zip(table.inputs, row.cells, strict=True) if pair[1].kind != "any"]
    when = tuple(f"{column} is {cell.text}{_limits(guideline, cell)}" for column, cell in cells)
    marks = [mark for mark, said in (("inferred", row.inferred), ("unverified", row.unverified)) if said]
    examples = tuple(
        f"{one.patient} → {one.expected} ({one.place})"
        for one in guideline.examples
        if one.table == table.id and row.id in one.expected.replace(",", "").split()
    )
    guard = table.guard
    entries = [
        Entry("When", when or ("always",), points=True),
        *([Entry("Only if", (f"{guard.finding} is {guard.cell.text}",))] if guard else []),
        Entry("Then", (f"{table.output} is {row.output}.",)),
        *_grounds(guideline, row.because),
        *([Entry("Marked", (", ".join(marks),))] if marks else []),
        Entry("Examples", examples, points=True),
        Entry("Proved", (_proved(guideline, table, row, certificate),)),
    ]
    return f"{row.id}, a row of {table.id} ({row.place})", entries


def _limits(guideline: Guideline, cell: Cell) -> str:
    """What the parameters of a cell stand for under this profile and site."""
    named = [bound.parameter for bound in (cell.low, cell.high) if bound and bound.parameter]
    chosen = [guideline.parameters[name] for name in dict.fromkeys(named)]
    said = ", ".join(f"{one.id} is {interval((one.value, one.value), one.unit)}" for one in chosen)
    return f" ({said})" if said else ""


def _course(guideline: Guideline, regimen: str, one: Course) -> Told:
    text = f"{one.drug} {one.dose} {one.route}: {one.loading_text}, then {one.maintenance_text}."
    title = f"{one.row}, a course of the regimen {regimen} ({one.place})"
    return title, [Entry("Course", (text,)), *_grounds(guideline, one.because)]


def _proved(guideline: Guideline, table: Table, row: Row, certificate: Path) -> str:
    """What the certificate says of the row and its table, if it is of this very guideline."""
    try:
        proofs = cast("list[dict[str, Any]]", json.loads(certificate.read_bytes())["proofs"])
    except (OSError, ValueError, KeyError):
        return f"no certificate here ({certificate}): run `corrin prove`."
    mine = [proof for proof in proofs if proof["guideline"]["hash"] == guideline.hash]
    if not mine:
        return f"the certificate in {certificate} is of another guideline: run `corrin prove`."
    results = [
        one["result"]
        for one in mine[0]["obligations"]
        if one["about"] == table.id and one["of"] in {"", row.id}
    ]
    held = sum(result in {"holds", "exception"} for result in results)
    return f"{held} of {len(results)} obligations about this table and row hold ({guideline.hash[:12]})."


def _table(table: Table) -> Told:
    entries = [Entry("", (table.title,))] if table.title else []
    rows = tuple(f"{row.id} {row.output} ({', '.join(row.because)})" for row in table.rows)
    return f"{table.id}, a table ({table.kind}, {table.place})", [*entries, Entry("Rows", rows, points=True)]


def _statement(guideline: Guideline, one: Statement) -> Told:
    citing = [row.id for table in guideline.tables for row in table.rows if one.id in row.because]
    entries = [
        Entry("Says", (one.text,)),
        Entry("Handled", (f"{one.handled}{': ' + one.note if one.note else ''}.",)),
        *([Entry("Rows", (", ".join(citing) + ".",))] if citing else []),
        *_sources(guideline, one.sources),
    ]
    return f"{one.id}, a statement{', added' if one.added else ''} ({one.place})", entries


def _finding(guideline: Guideline, one: Finding) -> Told:
    reading = [table.id for table in guideline.tables if one.id in table.inputs]
    entries = [
        Entry("Is", (f"{one.label} ({one.kind}{', ' + one.unit if one.unit else ''}).",)),
        Entry("Counts", (f"{one.counts}, {one.take}{', within ' + one.window if one.window else ''}.",)),
        Entry("Read by", (f"{', '.join(reading)}.",)) if reading else None,
        *_grounds(guideline, one.because),
    ]
    return f"{one.id}, a finding of the group {one.group}", [entry for entry in entries if entry]


def _verdict(one: Verdict) -> Told:
    entries = [
        Entry("Asks", (one.label,)),
        Entry("Values", tuple(f"{word}: {one.say.get(word, word)}" for word in one.values), points=True),
        Entry("Reassures", (", ".join(one.reassuring) or "never",)),
        Entry("Without", tuple(f"may be said without {test}" for test in one.said_without)),
        Entry("From", (", ".join(dict.fromkeys((*one.columns, *one.tables))),)),
    ]
    return f"{one.id}, a verdict, worst first", [entry for entry in entries if entry.texts]


def _parameter(guideline: Guideline, one: Parameter) -> Told:
    entries = [
        Entry("Is", (f"{one.label}.",)),
        Entry("Value", (f"{interval((one.value, one.value), one.unit)} in profile {guideline.profile}.",)),
        Entry("Range", (f"a site may choose {interval((one.low, one.high), one.unit)}.",)),
        *_grounds(guideline, one.stands_in),
    ]
    return f"{one.id}, a parameter", entries


def _difference(guideline: Guideline, one: Disagreement) -> Told:
    sides = tuple(f"{side.who}: {side.says} ({side.source})" for side in one.sides)
    entries = [
        Entry("Issue", (one.issue,)),
        Entry("Sides", sides, points=True),
        Entry("Choice", (one.choice,)),
        Entry("Rationale", (one.rationale,)),
        Entry("Rows", (", ".join(one.rows),)),
        *_sources(guideline, dict.fromkeys(side.source for side in one.sides)),
    ]
    return f"{one.id}, where sources differ ({one.place})", entries


def _source(guideline: Guideline, one: Source) -> Told:
    citing = [statement.id for statement in guideline.statements.values() if one.id in statement.sources]
    return f"{one.id}, a source", [*_sources(guideline, [one.id]), Entry("Cited by", (", ".join(citing),))]


def _grounds(guideline: Guideline, statements: Iterable[str]) -> list[Entry]:
    """Statements in full, and their sources with addresses."""
    cited = [guideline.statements[one] for one in statements]
    said = [Entry(one.id, (one.text,)) for one in cited]
    return [*said, *_sources(guideline, dict.fromkeys(source for one in cited for source in one.sources))]


def _sources(guideline: Guideline, sources: Iterable[str]) -> list[Entry]:
    texts = tuple(_cited(guideline.sources[one]) for one in sources)
    return [Entry("Sources", texts, points=True)] if texts else []


def _cited(one: Source) -> str:
    return " ".join(
        part for part in (f"{one.id}: {one.title}. {one.publisher}, {one.year}.", one.url, one.note) if part
    )


def _names(guideline: Guideline) -> list[str]:
    rows = [row.id for table in guideline.tables for row in table.rows]
    courses = [course.row for regimen in guideline.regimens.values() for course in regimen.courses]
    tables = [table.id for table in guideline.tables]
    kinds = (
        guideline.statements,
        guideline.declared.findings,
        guideline.verdicts,
        guideline.parameters,
        guideline.disagreements,
        guideline.sources,
    )
    return [*rows, *courses, *tables, *(name for kind in kinds for name in kind)]
