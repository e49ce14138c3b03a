"""A script to run inside a warehouse: from facts to verdicts without moving a row.

A guideline, a dialect and the names of tables enter; SQL text leaves, with comments at its head that say
which guideline it is, what the tables that it reads must hold, and in what the dialect is special.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from textwrap import wrap
from typing import cast

import sqlglot
from sqlglot import exp

from corrin.errors import Problem, UsageError, did_you_mean
from corrin.guideline.model import Guideline
from corrin.population import statements, worklist
from corrin.population.statements import DIALECTS, NEUTRAL, Names
from corrin.population.warehouse import dialects

STEPS = ("facts", "findings", "verdicts", "worklist")
"""What is made of what; facts stand beside people, and the worklist reads all of them."""
FACTS, FINDINGS, VERDICTS, WORKLIST = STEPS
WIDTH = 100

READS = {
    FACTS: """\
Reads {facts}: one row for each settled fact of a person, and {people}: one row for each person, with the \
day of the answer. Their columns and types: corrin sql --tables.
Days are counted from 1970-01-01, minutes from its midnight; numbers are thousandths of the finding's unit.
Units, codes and dates are settled before, by the intake of FHIR, OMOP or CSV, not here.""",
    FINDINGS: """\
Reads {findings}, one row for each person, as --to findings makes it.""",
    VERDICTS: """\
Reads {findings} and {verdicts}, one row for each person, as --to verdicts makes them.""",
}
GIVES = """\
Gives one row for each person. NULL is unknown, and never no.
People who died or whose record was merged away are answered like the others: leave them out by died and \
replaced_by of people."""
LISTS = """\
The worklist has one row for each person who is alive and whose record was not merged away: the state of \
every gap (open, closed, not-applicable, unknown), the worst that is open, why, and what comes next; 1 in \
rank is the worst.
The days left are counted for {day}: to whoever is answered on another as_of_day they are NULL."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed: from which table to which, in which dialect, in which schema.

    The worklist is printed for a day, `as_of`.
    """

    dialect: str
    begin: str = STEPS[0]
    end: str = VERDICTS
    schema: str = ""
    as_of: date | None = None

    @property
    def names(self) -> Names:
        """The tables in their schema."""
        before = f"{self.schema}." if self.schema else ""
        return Names(**{each.name: before + each.name for each in fields(Names)})

    def check(self) -> None:
        """Errors: a `UsageError` for a dialect, a step or a schema that cannot be printed."""
        for option, word, known in (
            ("--dialect", self.dialect, DIALECTS),
            ("--from", self.begin, STEPS[:-1]),
            ("--to", self.end, STEPS[1:]),
        ):
            if word not in known:
                raise UsageError(Problem(f"{option} {word}", "not known here", did_you_mean(word, known)))
        if STEPS.index(self.begin) >= STEPS.index(self.end):
            mend = f"Write them in this order: {', '.join(STEPS)}."
            raise UsageError(Problem(f"--from {self.begin} --to {self.end}", "leads nowhere", mend))
        if self.end == WORKLIST and self.as_of is None:
            mend = "Give the day that as_of_day of the people says, as 2026-11-22."
            raise UsageError(Problem("--as-of", "the clock of a worklist runs to a day", mend))
        if self.schema and not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?", self.schema):
            mend = "Write letters, digits and _, with one dot between a catalog and a schema."
            raise UsageError(Problem(f"--schema {self.schema}", "not the name of a schema", mend))


def script(guideline: Guideline, order: Order) -> str:
    """Everything from one table to another, each step kept as a table.

    Errors: a `UsageError` for what cannot be printed.
    """
    order.check()
    made = STEPS[STEPS.index(order.begin) + 1 : STEPS.index(order.end) + 1]
    steps = [
        *dialects.OPENING.get(order.dialect, ()),
        *(one for step in made for one in _made(guideline, order, step)),
        *dialects.CLOSING.get(order.dialect, ()),
    ]
    return "\n".join([*_head(guideline, order), "", *(f"{step};\n" for step in steps)])


def _made(guideline: Guideline, order: Order, step: str) -> Iterable[str]:
    """The statements that make one table, step by step where the dialect keeps steps."""
    table = getattr(order.names, step)
    if step != FINDINGS or order.dialect not in dialects.KEEP_STEPS:
        yield statements.made(table, statement(guideline, order, step))
        return
    *steps, (_, last) = statements.steps(guideline, order.names, order.dialect).items()
    again = statements.read_again(dict(steps), order.dialect)
    for name, text in steps:
        yield f"{'CACHE TABLE' if name in again else 'CREATE TEMPORARY VIEW'} {name} AS\n{text}"
    yield statements.made(table, last)
    yield from (f"DROP VIEW {name}" for name, _ in reversed(steps))


def query(guideline: Guideline, order: Order) -> str:
    """The last step alone, as a SELECT for a view or a model of one's own.

    Errors: a `UsageError` for what cannot be printed.
    """
    order.check()
    return "\n".join([*_head(guideline, order), "", statement(guideline, order, order.end)]) + "\n"


def statement(guideline: Guideline, order: Order, step: str) -> str:
    """The SELECT that gives one step from the one before."""
    if step == WORKLIST:
        return _worklist(guideline, order)
    write = statements.findings if step == FINDINGS else statements.verdicts
    return write(guideline, order.names, order.dialect)


def _worklist(guideline: Guideline, order: Order) -> str:
    """The worklist with its ranks, and without the columns that only put it in order."""
    unranked = worklist.select(guideline, order.names, order.as_of)
    named = cast("exp.Select", sqlglot.parse_one(unranked, read=NEUTRAL)).named_selects
    shown = ", ".join(name for name in named if name not in worklist.LEFT_OUT)
    ranked = f"SELECT {worklist.RANK}, {shown} FROM ({unranked}) AS listed"
    return sqlglot.transpile(ranked, NEUTRAL, order.dialect, pretty=True)[0]


def tables(order: Order) -> str:
    """The tables that are read, empty, for whoever fills them.

    Errors: a `UsageError` for what cannot be printed.
    """
    order.check()
    written = (
        f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
        for name, columns in _read(order)
    )
    printed = (sqlglot.transpile(one, read=NEUTRAL, write=order.dialect, pretty=True)[0] for one in written)
    return "\n\n".join(f"{one};" for one in printed) + "\n"


def _read(order: Order) -> Iterable[tuple[str, Mapping[str, str]]]:
    return (order.names.facts, statements.FACTS), (order.names.people, statements.PEOPLE)


def _head(guideline: Guideline, order: Order) -> Iterable[str]:
    names, site = order.names, f", site {guideline.site[:12]}" if guideline.site else ""
    begins = [*((FACTS,) if order.end == WORKLIST and order.begin != FACTS else ()), order.begin]
    reads = "\n".join(READS[one] for one in begins).format_map(asdict(names))
    gives = LISTS.format(day=order.as_of) if order.end == WORKLIST else GIVES
    said = [
        f"Corrin: from {order.begin} to {order.end}, for {order.dialect}.",
        f"Guideline {guideline.version} {guideline.hash}, profile {guideline.profile}{site}.",
        "Corrin supports clinicians; it has not been validated clinically.",
        "",
        *reads.splitlines(),
        *gives.splitlines(),
        "",
        *(f"{each.name}: {each.said}." for each in dialects.of(order.dialect)),
    ]
    for one in said:
        yield from (f"-- {line}" for line in wrap(one, WIDTH)) if one else ("--",)
