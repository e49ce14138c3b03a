"""What must be proved: the list of obligations, in words, before any solver sees them.

A guideline enters, with its `obligations.toml`; obligations leave, each about one table, verdict or rule.
Those about tables and about forgetting follow from the guideline itself; the rest are written by clinicians.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from corrin.errors import GuidelineError, Problem, Problems, did_you_mean
from corrin.guideline.model import Column, Guideline, Verdict
from corrin.readings.algebra import given

Kind = Literal[
    "no overlap",
    "no gap",
    "always answered",
    "reachable",
    "forgotten",
    "widened",
    "said without",
    "moved",
    "rule",
]
"""What is to be shown; `questions` says each as a question to the solver."""

Condition = Mapping[str, str]
"""Columns or verdicts, each with a cell as on the pages; all of them must hold."""

FILE = "obligations.toml"
KEYS = {"says", "because", "each", "when", "then", "move", "never_lowers"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of obligations.toml: a promise in words, and what it says in cells."""

    id: str
    says: str
    because: tuple[str, ...]
    each: str
    when: tuple[Condition, ...]
    then: tuple[Condition, ...]
    move: Condition
    never_lowers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing to be shown, about a table, a verdict (or `verdict key`) or a rule, `of` a finding or row."""

    kind: Kind
    about: str
    of: str
    says: str
    because: tuple[str, ...] = ()
    rule: Rule | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """How the certificate and a planted fault name it."""
        return ": ".join(part for part in (self.kind, self.about, self.of) if part)


@dataclass(frozen=True, slots=True)
class Reassurance:
    """A verdict, or one key of it, that can reassure: its name, its column, and the words that do."""

    verdict: Verdict
    name: str
    column: str
    words: tuple[str, ...]


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """The promises of obligations.toml.

    Errors: a GuidelineError for an entry that says nothing, or has a key that is not one of its grammar.
    """
    entries = tomllib.loads((folder / FILE).read_text("utf-8"))
    problems = [
        Problem(
            f"{FILE} [{name}]",
            problem,
            "Write says, because, and either then (with when, each) or move and never_lowers.",
        )
        for name, entry in entries.items()
        for problem in _faults(entry)
    ]
    if problems:
        raise GuidelineError(*problems)
    return tuple(_rule(name, entry) for name, entry in entries.items())


def _faults(entry: dict[str, object]) -> Iterator[str]:
    yield from (f"`{key}` is not a key of an obligation" for key in entry.keys() - KEYS)
    yield from (f"`{key}` is missing" for key in ("says", "because") if not entry.get(key))
    if bool(entry.get("then")) == bool(entry.get("move")):
        yield "an obligation has `then` or `move`, one of them"
    if bool(entry.get("move")) != bool(entry.get("never_lowers")):
        yield "`move` and `never_lowers` belong together"


def _rule(name: str, entry: dict[str, object]) -> Rule:
    return Rule(
        id=name,
        says=str(entry["says"]),
        because=tuple(cast("list[str]", entry["because"])),
        each=str(entry.get("each", "")),
        when=tuple(cast("list[Condition]", entry.get("when") or [{}])),
        then=tuple(cast("list[Condition]", entry.get("then", []))),
        move=cast("Condition", entry.get("move", {})),
        never_lowers=tuple(cast("list[str]", entry.get("never_lowers", []))),
    )


def check_rules(guideline: Guideline, rules: tuple[Rule, ...]) -> None:
    """Refuse rules that speak of what the guideline does not have; cells are read when they are asked about.

    Errors: one GuidelineError with every name that cannot be placed.
    """
    problems = Problems()
    tables = [table.id for table in guideline.tables]
    single = [verdict.id for verdict in guideline.verdicts.values() if verdict.kind == "one"]
    for rule in rules:
        where = f"{FILE} [{rule.id}]"
        named = [name for condition in (*rule.when, *rule.then) for name in condition]
        for name, known in (
            *((name, guideline.statements) for name in rule.because),
            *((name, tables) for name in [rule.each] if name),
            *((name, [*guideline.columns, *guideline.verdicts]) for name in named),
            *((name, guideline.columns) for name in rule.move),
            *((name, single) for name in rule.never_lowers),
        ):
            if name not in known:
                problems.refuse(where, f"`{name}` is not in the guideline", did_you_mean(name, known))
        for name, move in rule.move.items():
            column = guideline.columns.get(name)
            if column and not _moves(column, move):
                problems.refuse(
                    where, f"`{name}` cannot go `{move}`", "Write lower, higher, or `word to word`."
                )
    problems.speak(GuidelineError)


def _moves(column: Column, move: str) -> bool:
    if column.kind == "number":
        return move in {"lower", "higher"}
    before, _, after = move.partition(" to ")
    return {before, after} <= {*column.values, "unknown"}


def obligations(guideline: Guideline, rules: tuple[Rule, ...]) -> tuple[Obligation, ...]:
    """Everything that must be shown of this guideline, tables first."""
    return (
        *_of_tables(guideline),
        *(obligation for rule in rules for obligation in _of_rule(guideline, rule)),
        *(
            obligation
            for verdict in reassurances(guideline)
            for obligation in _of_reassurance(guideline, verdict)
        ),
    )


def _of_tables(guideline: Guideline) -> Iterator[Obligation]:
    answering = verdict_tables(guideline)
    for table in guideline.tables:
        if table.single:
            yield Obligation("no overlap", table.id, "", "No two rows hold for the same patient.")
        if table.kind == "bands":
            yield Obligation("no gap", table.id, "", "Every exact number lies in one band.")
        if table.id in answering and table.kind == "unique":
            yield Obligation(
                "always answered", table.id, "", "A row holds for every patient to whom it applies."
            )
        for row in table.rows:
            yield Obligation(
                "reachable", table.id, row.id, "There is a patient in whom this row holds.", row.because
            )


def verdict_tables(guideline: Guideline) -> frozenset[str]:
    """The tables that give a verdict its one word."""
    columns = {column for verdict in guideline.verdicts.values() for column in verdict.columns}
    return frozenset(table.id for table in guideline.tables if table.single and table.output in columns)


def _of_rule(guideline: Guideline, rule: Rule) -> Iterator[Obligation]:
    if rule.move:
        for verdict in rule.never_lowers:
            yield Obligation("moved", rule.id, verdict, rule.says, rule.because, rule)
    elif rule.each:
        for row in guideline.table(rule.each).rows:
            yield Obligation("rule", rule.id, row.id, rule.says, rule.because, rule)
    else:
        yield Obligation("rule", rule.id, "", rule.says, rule.because, rule)


def reassurances(guideline: Guideline) -> Iterator[Reassurance]:
    """Every verdict that can reassure, and each key of one that answers for several."""
    for verdict in guideline.verdicts.values():
        if not verdict.reassuring:
            continue
        if verdict.kind == "list":
            for table in map(guideline.table, verdict.tables):
                for word in set(table.outputs) & set(verdict.reassuring):
                    yield Reassurance(verdict, f"{verdict.id} {word}", table.flag(word), ("yes",))
        else:
            for key, column in zip(verdict.keys or ("",), verdict.columns, strict=True):
                yield Reassurance(verdict, f"{verdict.id} {key}".strip(), column, verdict.reassuring)


def _of_reassurance(guideline: Guideline, reassurance: Reassurance) -> Iterator[Obligation]:
    """Forgetting or widening any finding on which the verdict depends; all others are trivially safe."""
    name, cone = reassurance.name, cone_of(guideline, reassurance.column)
    scope = _scope_of(guideline, cone)
    excepted = reassurance.verdict.said_without
    for column in guideline.columns.values():
        whom = " anyone to whom the guideline applies" if column.id in scope else ""
        if column.id in excepted:
            yield Obligation("said without", name, column.id, "May be said while this test was not done.")
        elif column.table is None and column.id in cone:
            yield Obligation("forgotten", name, column.id, f"Forgetting this finding never reassures{whom}.")
        if column.kind == "number" and column.id in cone:
            says = f"Knowing this number less exactly never reassures{whom}."
            yield Obligation("widened", name, column.id, says)


def _scope_of(guideline: Guideline, cone: frozenset[str]) -> frozenset[str]:
    """The findings that decide whether a table before the verdict applies at all."""
    guards = [table.guard.finding for table in guideline.tables if table.guard and cone & set(given(table))]
    return frozenset(column for guard in guards for column in cone_of(guideline, guard))


def trivial(guideline: Guideline) -> int:
    """How many pairs of verdict and finding need no proof: the verdict does not depend on the finding."""
    raw = [column.id for column in guideline.columns.values() if column.table is None]
    cones = [(cone_of(guideline, each.column), each.verdict.said_without) for each in reassurances(guideline)]
    return sum(column not in cone and column not in excepted for cone, excepted in cones for column in raw)


def cone_of(guideline: Guideline, column: str) -> frozenset[str]:
    """Every column on which this one depends, itself included."""
    tables = {table.id: table for table in guideline.tables}
    cone: set[str] = set()
    waiting = [column]
    while waiting:
        name = waiting.pop()
        if name in cone:
            continue
        cone.add(name)
        giver = guideline.columns[name].table
        if giver is not None:
            table = tables[giver]
            waiting += [*table.inputs, *([table.guard.finding] if table.guard else [])]
    return frozenset(cone)
