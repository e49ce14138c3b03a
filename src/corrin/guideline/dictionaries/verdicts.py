"""verdicts.toml and words.toml: every interface's vocabulary, checked against the tables it speaks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from corrin.errors import Problems, did_you_mean
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.dictionaries.toml import Toml, fill
from corrin.guideline.model import Column, Table, Verdict


@dataclass(frozen=True, slots=True)
class _Entry:
    """A section of verdicts.toml."""

    label: str
    kind: Literal["one", "list", "each"]
    column: str = ""
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    tables: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    reassuring: tuple[str, ...] = ()
    said_without: tuple[str, ...] = ()
    main: bool = False
    say: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What verdicts may name. `refused` are names that would stand but for a fault told elsewhere."""

    columns: Mapping[str, Column]
    tables: Mapping[str, Table]
    findings: Iterable[str]
    refused: frozenset[str]
    problems: Problems


def read_verdicts(toml: Toml, known: Vocabulary) -> dict[str, Verdict]:
    """Every verdict, with values that are exactly those its columns or tables can say."""
    verdicts: dict[str, Verdict] = {}
    for identity, section in toml.sections(known.problems).items():
        entry = fill(_Entry, section, known.problems)
        if entry:
            verdicts[identity] = _verdict(identity, entry, toml, known)
    return verdicts


def _verdict(identity: str, entry: _Entry, toml: Toml, known: Vocabulary) -> Verdict:
    can_say = _can_say(identity, entry, toml, known)
    values = entry.values or (can_say if entry.kind == "list" else ())
    _check_form(identity, entry, toml, known.problems)
    if can_say and not known.refused.intersection((*entry.tables, entry.column, *entry.columns.values())):
        _check_values(identity, values, can_say, toml, known.problems)
    for key, names in (("reassuring", entry.reassuring), ("say", tuple(entry.say))):
        for name in names:
            if name not in {*values, UNKNOWN} or (key == "reassuring" and name == UNKNOWN):
                known.problems.refuse(
                    toml.place(identity, key),
                    f"`{name}` is no value of `{identity}`",
                    did_you_mean(name, values),
                )
    for name in entry.said_without:
        if name not in known.findings:
            known.problems.refuse(
                toml.place(identity, "said_without"),
                f"`{name}` is no finding",
                did_you_mean(name, known.findings),
            )
    columns = (entry.column,) if entry.column else tuple(entry.columns.values())
    return Verdict(
        identity, entry.label, entry.kind, columns, tuple(entry.columns), entry.tables, values,
        entry.reassuring, entry.said_without, entry.main, entry.say,
    )  # fmt: skip


def _check_form(identity: str, entry: _Entry, toml: Toml, problems: Problems) -> None:
    wanted = {"one": "column", "list": "tables", "each": "columns"}[entry.kind]
    given = [key for key in ("column", "tables", "columns") if getattr(entry, key)]
    if given != [wanted]:
        problems.refuse(
            toml.place(identity),
            f"`{identity}` of kind {entry.kind} has {given or 'nothing to read'}",
            f"Give it `{wanted}`.",
        )
    if entry.kind != "list":
        for value in entry.values:
            if value != UNKNOWN and value not in entry.say:
                problems.refuse(
                    toml.place(identity, "say"),
                    f"`{value}` of `{identity}` has no words",
                    f'Write `{value} = "..."`.',
                )


def _can_say(identity: str, entry: _Entry, toml: Toml, known: Vocabulary) -> tuple[str, ...]:
    said: list[str] = []
    named = {("column",): entry.column} | {("columns", key): name for key, name in entry.columns.items()}
    for key, name in named.items():
        column = known.columns.get(name)
        if name and name not in known.refused and (not column or column.kind == "number"):
            known.problems.refuse(
                toml.place(identity, *key),
                f"`{name}` is no column of words",
                did_you_mean(name, [each.id for each in known.columns.values() if each.kind == "words"]),
            )
        said += column.values if column else ()
    for name in entry.tables:
        table = known.tables.get(name)
        if name not in known.refused and (not table or table.single):
            known.problems.refuse(
                toml.place(identity, "tables"),
                f"`{name}` is no collect table and no list",
                did_you_mean(name, [each.id for each in known.tables.values() if not each.single]),
            )
        said += table.outputs if table else ()
    return tuple(dict.fromkeys(said))


def _check_values(
    identity: str, values: tuple[str, ...], can_say: tuple[str, ...], toml: Toml, problems: Problems
) -> None:
    place = toml.place(identity, "values")
    for value in values:
        if value not in {*can_say, UNKNOWN}:
            problems.refuse(place, f"`{identity}` never says `{value}`", did_you_mean(value, can_say))
    for value in can_say:
        if value not in values:
            problems.refuse(
                place,
                f"`{identity}` can say `{value}`, which is not listed",
                "Give it its place, worst first.",
            )


def read_words(
    toml: Toml,
    tables: Iterable[Table],
    verdicts: Mapping[str, Verdict],
    refused: frozenset[str],
    problems: Problems,
) -> dict[str, dict[str, str]]:
    """The words for each output of each list; one is needed for whatever a verdict can list."""
    outputs: dict[str, dict[str, Table]] = {}
    for table in tables:
        if not table.single:
            outputs.setdefault(table.output, {}).update(dict.fromkeys(table.outputs, table))
    words: dict[str, dict[str, str]] = {}
    for label, section in toml.sections(problems).items():
        if label in refused:
            continue
        if label not in outputs:
            problems.refuse(
                toml.place(label), f"no list has the header `-> {label}`", did_you_mean(label, outputs)
            )
            continue
        words[label] = {}
        for key, value in section.values.items():
            if key not in outputs[label]:
                problems.refuse(
                    toml.place(label, key),
                    f"no list says `{key}` under `{label}`",
                    did_you_mean(key, outputs[label]),
                )
            elif not isinstance(value, str) or not value.strip():
                problems.refuse(toml.place(label, key), f"the words of `{key}` are no text", 'Write `"..."`.')
            else:
                words[label][key] = value
    _check_spoken(toml, outputs, words, verdicts, problems)
    return words


def _check_spoken(
    toml: Toml,
    outputs: Mapping[str, Mapping[str, Table]],
    words: Mapping[str, Mapping[str, str]],
    verdicts: Mapping[str, Verdict],
    problems: Problems,
) -> None:
    listed = {name for verdict in verdicts.values() for name in verdict.tables}
    for label, tables in outputs.items():
        for output, table in tables.items():
            if table.id in listed and output not in words.get(label, {}):
                problems.refuse(
                    toml.place(label),
                    f"no words for `{output}`, which `{table.id}` at {table.place} can list",
                    f'Write `{output} = "..."` under `[{label}]`.',
                )
