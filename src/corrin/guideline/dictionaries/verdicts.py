"""verdicts.toml and words.toml: every interface's vocabulary, checked against the tables it speaks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from corrin.errors import Problems
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.dictionaries.toml import Section, Toml, fill
from corrin.guideline.model import Column, Table, Verdict

READS = {"one": "column", "list": "tables", "each": "columns"}


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
    """What verdicts may name."""

    columns: Mapping[str, Column]
    tables: Mapping[str, Table]
    findings: Iterable[str]
    problems: Problems


def read_verdicts(toml: Toml, known: Vocabulary) -> dict[str, Verdict]:
    """Every verdict, with values that are exactly those its columns or tables can say."""
    verdicts: dict[str, Verdict] = {}
    for identity, section in toml.sections(known.problems).items():
        entry = fill(_Entry, section, known.problems)
        if entry and _reads_what_it_should(entry, section, known.problems):
            verdicts[identity] = _verdict(identity, entry, section, known)
    return verdicts


def _reads_what_it_should(entry: _Entry, section: Section, problems: Problems) -> bool:
    given = [key for key in READS.values() if getattr(entry, key)]
    right = given == [READS[entry.kind]]
    if not right:
        reads = " and ".join(f"`{key}`" for key in given) or "nothing"
        problems.refuse(
            section.place(),
            f"a verdict of kind `{entry.kind}` reads {reads}",
            f"Give it `{READS[entry.kind]}`.",
        )
    return right


def _verdict(identity: str, entry: _Entry, section: Section, known: Vocabulary) -> Verdict:
    can_say, whole = _can_say(entry, section, known)
    if whole:
        _check_values(identity, entry, can_say, section, known.problems)
    for name in entry.said_without:
        if name not in known.findings:
            known.problems.miss(section.place("said_without"), name, "finding", known.findings)
    values = entry.values or (can_say if entry.kind == "list" else ())
    columns = (entry.column,) if entry.column else tuple(entry.columns.values())
    return Verdict(
        identity, entry.label, entry.kind, columns, tuple(entry.columns), entry.tables, values,
        entry.reassuring, entry.said_without, entry.main, entry.say,
    )  # fmt: skip


def _can_say(entry: _Entry, section: Section, known: Vocabulary) -> tuple[tuple[str, ...], bool]:
    """The words its columns and tables can say, and whether all of them stand."""
    said: list[str] = []
    whole = True
    named = {("column",): entry.column} if entry.column else {}
    named |= {("columns", key): name for key, name in entry.columns.items()}
    worded = [column.id for column in known.columns.values() if column.kind == "words"]
    for key, name in named.items():
        if name in worded:
            said += known.columns[name].values
        else:
            known.problems.miss(section.place(*key), name, "column of words", worded)
            whole = False
    gathered = [table.id for table in known.tables.values() if not table.single]
    for name in entry.tables:
        if name in gathered:
            said += known.tables[name].outputs
        else:
            known.problems.miss(section.place("tables"), name, "collect table and no list", gathered)
            whole = False
    return tuple(dict.fromkeys(said)), whole


def _check_values(
    identity: str, entry: _Entry, can_say: tuple[str, ...], section: Section, problems: Problems
) -> None:
    if entry.kind != "list" or entry.values:
        for value in can_say:
            if value not in entry.values:
                problems.refuse(
                    section.place("values"),
                    f"`{identity}` can say `{value}`, which is not listed",
                    "Give it its place, worst first.",
                )
    for key, names in (("values", entry.values), ("reassuring", entry.reassuring), ("say", tuple(entry.say))):
        allowed = can_say if key == "reassuring" else (*can_say, UNKNOWN)
        for name in names:
            if name not in allowed:
                problems.miss(section.place(key), name, f"value of `{identity}`", allowed)
    for value in can_say if entry.kind != "list" else ():
        if value not in entry.say:
            problems.refuse(
                section.place("say"), f"`{value}` of `{identity}` has no words", f'Write `{value} = "..."`.'
            )


def read_words(
    toml: Toml, tables: Iterable[Table], verdicts: Mapping[str, Verdict], problems: Problems
) -> dict[str, dict[str, str]]:
    """The words for each output of each list; one is needed for whatever a verdict can list."""
    outputs: dict[str, dict[str, Table]] = {}
    for table in tables:
        if not table.single:
            outputs.setdefault(table.output, {}).update(dict.fromkeys(table.outputs, table))
    words: dict[str, dict[str, str]] = {}
    for label, section in toml.sections(problems).items():
        if label not in outputs:
            problems.miss(section.place(), label, "header of a list", outputs)
        elif not problems.is_lost(label):
            words[label] = _words_of(label, section, outputs[label], problems)
    if not problems.is_lost(toml.name):
        _check_spoken(toml, outputs, verdicts, problems)
    return words


def _words_of(
    label: str, section: Section, outputs: Mapping[str, Table], problems: Problems
) -> dict[str, str]:
    words: dict[str, str] = {}
    for key, value in section.values.items():
        if key not in outputs:
            problems.miss(section.place(key), key, f"output of a list `-> {label}`", outputs)
        elif not isinstance(value, str) or not value.strip():
            problems.refuse(section.place(key), f"the words of `{key}` are no text", 'Write `"..."`.')
        else:
            words[key] = value
    return words


def _check_spoken(
    toml: Toml,
    outputs: Mapping[str, Mapping[str, Table]],
    verdicts: Mapping[str, Verdict],
    problems: Problems,
) -> None:
    listed = {name for verdict in verdicts.values() for name in verdict.tables}
    sections = toml.sections(Problems())
    for label, tables in outputs.items():
        given = list(sections[label].values) if label in sections else []
        silent = [output for output, table in tables.items() if table.id in listed and output not in given]
        if silent:
            problems.refuse(
                toml.place(label),
                f"no words under `[{label}]` for {', '.join(f'`{output}`' for output in silent)}",
                f'A verdict can list them, so a clinician reads them: write `{silent[0]} = "..."`.',
            )
