"""The examples of the pages, run: every line of an Examples table against the rows above it.

A guideline enters, a report leaves: which lines do not say what the rows say, which rows hold in no example.
An example gives one table its inputs, derived ones included; the tables before it are not run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corrin.errors import Problem, Refusal
from corrin.findings.settling.numbers import Scale
from corrin.guideline.model import Example, Guideline, Row, Table
from corrin.readings.plain import Answer, Value, read

UNKNOWN = "unknown"
NONE = "none"
NOT_APPLICABLE = "not applicable"
BLANK = {"", "-", UNKNOWN}


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example says must follow.

    `word` is set for an answer that names no row: unknown, none, not applicable. Otherwise `held` are the
    rows that hold, each with the output written beside it, `open` the rows left open (None: not said), and
    `value` the answer of two neighbouring bands.
    """

    word: str = ""
    held: Mapping[str, str] = field(default_factory=dict[str, str])
    open: frozenset[str] | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of the examples: `unheld` rows hold in none, `unswapped` never beside their output."""

    count: int
    problems: tuple[Problem, ...]
    unheld: tuple[Row, ...]
    unswapped: tuple[Row, ...]


def run(guideline: Guideline, only: frozenset[str] | None = None) -> Run:
    """Every example of every table (or of the tables named) says what the rows say."""
    problems: list[Problem] = []
    held: set[str] = set()
    stated: set[str] = set()
    tables = {table.id: table for table in guideline.tables if only is None or table.id in only}
    examples = [example for example in guideline.examples if example.table in tables]
    for example in examples:
        table = tables[example.table]
        row, found = _given(example, table, guideline)
        problems += found
        if found:
            continue
        expected = read_expected(example.expected, table)
        answer = read(guideline, table, row)
        held |= set(answer.held)
        stated |= {name for name, output in expected.held.items() if output}
        if difference := _difference(expected, table, answer):
            problems.append(_problem(example, difference))
    rows = [row for table in tables.values() for row in table.rows]
    unheld = tuple(row for row in rows if row.id not in held)
    unswapped = tuple(row for row in rows if row.id in held - stated)
    return Run(len(examples), tuple(problems), unheld, unswapped)


def read_expected(text: str, table: Table) -> Expected:
    """Read a `=> row` cell: `B1 deficient`, `B1 or B2 unplaced`, `N1 mma, N3?`, `none`, `unknown` ..."""
    text = " ".join(text.split())
    if text in {UNKNOWN, NONE, NOT_APPLICABLE}:
        return Expected(word=text)
    if not table.single:
        items = [item.strip() for item in text.split(",")]
        opened = frozenset(item[:-1] for item in items if item.endswith("?"))
        pairs = (item.partition(" ") for item in items if not item.endswith("?"))
        return Expected(held={row: output for row, _, output in pairs}, open=opened or None)
    words = text.split(" ")
    rows = [words.pop(0)]
    while words[:1] == ["or"]:
        rows.append(words[1])
        del words[:2]
    output = " ".join(words)
    if len(rows) > 1:
        return Expected(held={}, open=frozenset(rows), value=output)
    return Expected(held={rows[0]: output})


def _given(example: Example, table: Table, guideline: Guideline) -> tuple[dict[str, Value], list[Problem]]:
    """The inputs of an example as a row of findings, or why they cannot be read."""
    row: dict[str, Value] = {}
    problems: list[Problem] = []
    readable = {*table.inputs, *({table.guard.finding} if table.guard else ())}
    for name, cell in example.given.items():
        if cell.strip() in BLANK:
            continue
        if name not in readable:
            problems.append(_problem(example, f"`{name}` is neither an input nor the guard of {table.id}"))
            continue
        try:
            row[name] = _value(name, cell, guideline)
        except Refusal as refusal:
            problems.append(_problem(example, f"of `{name}` there is {refusal.what}"))
    return row, problems


def _value(name: str, cell: str, guideline: Guideline) -> Value:
    """A word as it stands, a number as the interval that it is read as from a record."""
    if guideline.columns[name].kind == "words":
        return cell
    return Scale(guideline.declared.findings[name], guideline, frozenset()).text(cell).interval


def _difference(expected: Expected, table: Table, answer: Answer) -> str:
    """What the rows say where the example says otherwise; empty when they agree."""
    value = answer.columns.get(table.output if table.single else table.name)
    if expected.word:
        agree = {
            UNKNOWN: answer.applies and not answer.held and value is None,
            NONE: answer.applies and not answer.held and not answer.open,
            NOT_APPLICABLE: not answer.applies,
        }[expected.word]
    else:
        outputs = {row.id: row.output for row in table.rows}
        agree = (
            answer.applies
            and set(answer.held) == set(expected.held)
            and all(output in {"", outputs[row]} for row, output in expected.held.items() if row in outputs)
            and expected.open in {None, frozenset(answer.open)}
            and expected.value in {"", value}
        )
    return "" if agree else f"the rows say `{saying(table, answer)}`"


def saying(table: Table, answer: Answer) -> str:
    """What one table answers, as an example writes it."""
    if not answer.applies:
        return NOT_APPLICABLE
    held = [f"{row.id} {row.output}" for row in table.rows if row.id in answer.held]
    if not table.single:
        return ", ".join([*held, *(f"{name}?" for name in answer.open)]) or NONE
    value = answer.columns.get(table.output)
    between = f"{' or '.join(answer.open)} {value}" if value else UNKNOWN
    return ", ".join(held) or between


def _problem(example: Example, what: str) -> Problem:
    return Problem(
        str(example.place),
        f"the example of {example.table} “{example.patient}” expects `{example.expected}`, but {what}",
        "Mend the row or the example, whichever is wrong.",
    )
