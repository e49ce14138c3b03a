"""The static report on a guideline: what is accounted for, and what still deserves a look.

Enters: a guideline that could be read. Leaves: a `Report`. Running examples and proving is verification.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import cast

from corrin.errors import Problem
from corrin.guideline import lock
from corrin.guideline.locate import LOCK
from corrin.guideline.locate import folder as found_folder
from corrin.guideline.model import Guideline, Place

_HELD = re.compile(r"([A-Z]+\d+[a-z]?)(?: [a-z0-9-]+)?")


@dataclass(frozen=True, slots=True)
class Account:
    """How one statement is accounted for: the rows that cite it, where it is shown, or why there are none."""

    statement: str
    how: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `corrin check` prints before it runs the examples.

    Shape: `numbered` is how many statements each letter must have. `bare_rows` hold in no example; `unread`
    findings are read by no table, timeline or plan, `idle` tables by no table, verdict or plan,
    `unused` parameters by no cell, dictionary or plan.
    """

    numbered: Mapping[str, int]
    accounts: tuple[Account, ...]
    missing: tuple[str, ...]
    unaccounted: tuple[str, ...]
    tables: int
    rows: int
    examples: int
    bare_rows: tuple[tuple[str, Place], ...]
    inferred: tuple[str, ...]
    unverified: tuple[str, ...]
    orphans: tuple[str, ...]
    unused: tuple[str, ...]
    unread: tuple[str, ...]
    idle: tuple[str, ...]
    unlabelled: tuple[str, ...]
    stale: bool

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a check refuses: statements left out, rows that no example holds, an old lock."""
        return tuple(_problems(self))

    def accounted(self, letter: str) -> tuple[int, int]:
        """How many statements of a letter are accounted for, of how many: (43, 43)."""
        done = sum(1 for account in self.accounts if account.statement[0] == letter)
        return done, self.numbered.get(letter, done)


def _problems(report: Report) -> Iterator[Problem]:
    for identity in report.missing:
        yield Problem(identity, "the statement is on no page", f"State it: `> {identity} ... [source]`.")
    for identity in report.unaccounted:
        yield Problem(
            identity,
            "the statement is stated and nothing follows from it",
            "Cite it in a row, or say `shown:` or `not computable:` below it.",
        )
    for identity, place in report.bare_rows:
        yield Problem(
            f"{place} row {identity}",
            "the row holds in no example, so nobody would notice another output",
            "Add a line to its Examples in which it holds.",
        )
    if report.stale:
        yield Problem(LOCK, "the lock is not what the pages say now", "Run `corrin lock`.")


def report(guideline: Guideline, folder: str | PathLike[str] | None = None) -> Report:
    """The report on a guideline and on the lock in its folder."""
    whole = Path(folder) if folder is not None else found_folder()
    cited = _cited(guideline)
    accounts = tuple(account for account in _accounts(guideline, cited) if account.how)
    expected = [
        f"{letter}{at:02}" for letter, count in guideline.numbered.items() for at in range(1, count + 1)
    ]
    held = set(_held(guideline))
    rows = [row for table in guideline.tables for row in table.rows]
    return Report(
        numbered=guideline.numbered,
        accounts=accounts,
        missing=tuple(identity for identity in expected if identity not in guideline.statements),
        unaccounted=tuple(sorted(set(guideline.statements) - {account.statement for account in accounts})),
        tables=len(guideline.tables),
        rows=len(rows),
        examples=len(guideline.examples),
        bare_rows=tuple((row.id, row.place) for row in rows if row.id not in held),
        inferred=tuple(_marked(guideline, "inferred")),
        unverified=tuple(_marked(guideline, "unverified")),
        orphans=tuple(sorted(set(guideline.sources) - _sources(guideline))),
        unused=tuple(sorted(set(guideline.parameters) - _named(guideline))),
        unread=tuple(sorted(_unread(guideline))),
        idle=tuple(sorted(_idle(guideline))),
        unlabelled=tuple(
            finding.id
            for finding in guideline.declared.findings.values()
            if finding.label in {"", finding.id}
        ),
        stale=lock.stale(whole),
    )


def _cited(guideline: Guideline) -> dict[str, list[str]]:
    cited: dict[str, list[str]] = {}
    for row, statements in _rows(guideline):
        for statement in statements:
            cited.setdefault(statement, []).append(row)
    return cited


def _rows(guideline: Guideline) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in guideline.tables:
        for row in table.rows:
            yield row.id, row.because
    for regimen in guideline.regimens.values():
        for course in regimen.courses:
            yield course.row, course.because
    for timeline in guideline.timelines.values():
        for milestone in timeline.milestones:
            yield milestone.row, milestone.because
    for finding in guideline.declared.findings.values():
        yield f"finding {finding.id}", finding.because
    for parameter in guideline.parameters.values():
        yield f"parameter {parameter.id}", parameter.stands_in


def _accounts(guideline: Guideline, cited: Mapping[str, list[str]]) -> Iterator[Account]:
    for statement in guideline.statements.values():
        rows = cited.get(statement.id, [])
        match statement.handled:
            case "rows":
                how = f"rows {', '.join(rows)}" if rows else ""
            case "shown":
                how = f"shown {statement.note}" + (f"; rows {', '.join(rows)}" if rows else "")
            case "not-computable":
                how = f"not computable: {statement.note}"
        yield Account(statement.id, how)


def _held(guideline: Guideline) -> Iterator[str]:
    """Rows that some example says hold: `B1 deficient`, `N1 mma, N2 serum-b12`; not `N3?`, not `B1 or B2`."""
    for example in guideline.examples:
        for part in example.expected.split(", "):
            held = _HELD.fullmatch(part)
            if held:
                yield held[1]


def _marked(guideline: Guideline, mark: str) -> Iterator[str]:
    for table in guideline.tables:
        yield from (row.id for row in table.rows if getattr(row, mark))
    for regimen in guideline.regimens.values():
        yield from (course.row for course in regimen.courses if getattr(course, mark))
    for timeline in guideline.timelines.values():
        yield from (milestone.row for milestone in timeline.milestones if getattr(milestone, mark))
    yield from (f"{each.id} (parameter)" for each in guideline.parameters.values() if getattr(each, mark))


def _sources(guideline: Guideline) -> set[str]:
    cited = {source for statement in guideline.statements.values() for source in statement.sources}
    said = {side.source for each in guideline.disagreements.values() for side in each.sides}
    return cited | {source for sources in said for source in re.split(r",\s*", sources)}


def _named(guideline: Guideline) -> set[str]:
    """Parameters named by a cell, by the dictionary of findings, or by the plan."""
    cells = [cell for table in guideline.tables for row in table.rows for cell in row.cells]
    bounds = [bound for cell in cells for bound in (cell.low, cell.high) if bound]
    named = {bound.parameter for bound in bounds if bound.parameter is not None}
    fields = [getattr(each, name) for each in guideline.declared.findings.values() for name in each.__slots__]
    return named | set(_texts([guideline.plan, fields]))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(cast("Mapping[str, object]", value).values()))
    elif isinstance(value, list | tuple):
        for each in cast("Iterable[object]", value):
            yield from _texts(each)


def _unread(guideline: Guideline) -> set[str]:
    raw = {name for name, column in guideline.columns.items() if column.table is None}
    return raw - _read(guideline)


def _idle(guideline: Guideline) -> set[str]:
    """Tables whose outputs nobody reads: what they say reaches no patient."""
    verdicts = guideline.verdicts.values()
    listed = {name for verdict in verdicts for name in verdict.tables}
    read = _read(guideline) | {column for verdict in verdicts for column in verdict.columns}
    heard = {column.table for name, column in guideline.columns.items() if name in read}
    return {table.id for table in guideline.tables} - listed - heard


def _read(guideline: Guideline) -> set[str]:
    """Columns that a table, a guard, a timeline or the plan reads."""
    read = {name for table in guideline.tables for name in table.inputs}
    read |= {table.guard.finding for table in guideline.tables if table.guard}
    read |= {each.finding or "" for timeline in guideline.timelines.values() for each in timeline.milestones}
    conditions = set(_keys(guideline.plan))
    return read | conditions | set(_texts(guideline.plan))


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in cast("Mapping[str, object]", value).items():
            yield key
            yield from _keys(each)
    elif isinstance(value, list | tuple):
        for each in cast("Iterable[object]", value):
            yield from _keys(each)
