"""The guideline as SQL over whole tables: from facts and people to findings, and from findings to verdicts.

A guideline and the names of tables enter; statements leave, in any dialect of `DIALECTS`. Whoever screens a
population, here or inside a warehouse, runs these: the rules are printed in `findings.sql` and `readings.sql`
and nowhere else.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp, parse_one

from corrin.findings import sql as facts_sql
from corrin.guideline.model import Guideline
from corrin.readings import sql as verdicts_sql
from corrin.readings.sql import DIALECTS, NEUTRAL

__all__ = [
    "DIALECTS",
    "FACTS",
    "NAMES",
    "NEUTRAL",
    "PEOPLE",
    "Names",
    "columns",
    "findings",
    "made",
    "read_again",
    "steps",
    "verdicts",
]

FACTS: Mapping[str, str] = {**facts_sql.COLUMNS, "text": "TEXT", "place": "TEXT", "day": "TEXT"}
"""The table of facts: what `findings.sql` reads, and what a person wants to see of each: as printed, where it
stood, and the day where it is known."""

PEOPLE: Mapping[str, str] = {
    **facts_sql.PATIENT_COLUMNS,
    "sex": "TEXT",
    "birth_first_day": "BIGINT",
    "birth_last_day": "BIGINT",
    "died": "BIGINT",
    "replaced_by": "TEXT",
    "site": "TEXT",
    "place": "TEXT",
    "refused": "BIGINT",
    "ignored": "BIGINT",
}
"""The table of people: one row for each, with the day of the answer."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the tables are called; a name may carry its schema: `clinic.facts`."""

    facts: str = "facts"
    people: str = "people"
    findings: str = "findings"
    verdicts: str = "verdicts"
    worklist: str = "worklist"


NAMES = Names()


def columns(guideline: Guideline) -> list[str]:
    """Every column that a verdict is said from, once, in the order of the verdicts.

    Shape: a verdict's own columns; of a list the column that is known once its table is settled, then each
    output's.
    """
    wanted: list[str] = []
    for verdict in guideline.verdicts.values():
        wanted += verdict.columns
        for identity in verdict.tables:
            table = guideline.table(identity)
            wanted += [table.name, *(table.flag(output) for output in table.outputs)]
    return list(dict.fromkeys(wanted))


def findings(guideline: Guideline, names: Names = NAMES, dialect: str = NEUTRAL) -> str:
    """The statement from facts and people to one findings row for each patient."""
    return facts_sql.select(guideline, names.facts, names.people, dialect)


def steps(guideline: Guideline, names: Names = NAMES, dialect: str = NEUTRAL) -> dict[str, str]:
    """The same statement step by step, for an engine that would work out a step wherever it is read.

    Shape: each step under its name reads the tables and the steps before; the last gives findings rows.
    """
    named = facts_sql.named(guideline, names.facts, names.people)
    return {name: sqlglot.transpile(text, NEUTRAL, dialect, pretty=True)[0] for name, text in named.items()}


def read_again(steps: Mapping[str, str], dialect: str = NEUTRAL) -> set[str]:
    """The steps that others read more than once: worth keeping."""
    read = Counter(
        table.name
        for text in steps.values()
        for table in parse_one(text, dialect=dialect).find_all(exp.Table)
    )
    return {name for name in steps if read[name] > 1}


def verdicts(guideline: Guideline, names: Names = NAMES, dialect: str = NEUTRAL) -> str:
    """The statement from findings rows to the columns of every verdict."""
    return verdicts_sql.select(guideline, names.findings, dialect, columns(guideline))


def made(table: str, statement: str) -> str:
    """The statement kept as a table; every dialect says it so."""
    return f"CREATE TABLE {table} AS\n{statement}"
