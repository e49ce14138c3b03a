"""A script to run inside a warehouse: from facts to verdicts without moving a row.

A guideline, a dialect and the names of tables enter; SQL text leaves, with comments at its head that say
which guideline it is, what the tables that it reads must hold, and in what the dialect is special.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from textwrap import wrap

import sqlglot

from corrin.errors import Problem, UsageError, did_you_mean
from corrin.guideline.model import Guideline
from corrin.population import statements
from corrin.population.statements import DIALECTS, NEUTRAL, Names
from corrin.population.warehouse import dialects

STEPS = ("facts", "findings", "verdicts")
"""What is made of what; facts stand beside people."""
WIDTH = 100

READS = {
    STEPS[0]: """\
Reads {facts}: one row for each settled fact of a person, and {people}: one row for each person, with the \
day of the answer. Their columns and types: corrin sql --tables.
Days are counted from 1970-01-01, minutes from its midnight; numbers are thousandths of the finding's unit.
Units, codes and dates are settled before, by the intake of FHIR, OMOP or CSV, not here.""",
    STEPS[1]: """\
Reads {findings}, one row for each person, as --to findings makes it.""",
}
GIVES = """\
Gives one row for each person. NULL is unknown, and never no.
People who died or whose record was merged away are answered like the others: leave them out by died and \
replaced_by of people."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be printed: from which table to which, in which dialect, in which schema."""

    dialect: str
    begin: str = STEPS[0]
    end: str = STEPS[-1]
    schema: str = ""

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
    if step != STEPS[1] or order.dialect not in dialects.KEEP_STEPS:
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
    write = statements.findings if step == STEPS[1] else statements.verdicts
    return write(guideline, order.names, order.dialect)


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
    reads = READS[order.begin].format(facts=names.facts, people=names.people, findings=names.findings)
    said = [
        f"Corrin: from {order.begin} to {order.end}, for {order.dialect}.",
        f"Guideline {guideline.version} {guideline.hash}, profile {guideline.profile}{site}.",
        "Corrin supports clinicians; it has not been validated clinically.",
        "",
        *reads.splitlines(),
        *GIVES.splitlines(),
        "",
        *(f"{each.name}: {each.said}." for each in dialects.of(order.dialect)),
    ]
    for one in said:
        yield from (f"-- {line}" for line in wrap(one, WIDTH)) if one else ("--",)
