"""What the guideline says of one patient, in the vocabulary of verdicts.toml.

A findings row or a `Decision` enters, an `Assessment` leaves: a word for each verdict, what may still follow,
the rows behind it, and which guideline said so. Nothing about screens, and no dates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guideline, Row, Table, Verdict
from corrin.readings.algebra import YES
from corrin.readings.plain import Decision, State
from corrin.readings.python import Reader

Said = str | tuple[str, ...] | Mapping[str, str]
"""A verdict's word; the outputs of a list; or a word for each key."""

READY = 4
"""How many guidelines are kept ready: each profile once, and a site's."""

ALIKE = 256
"""For how many kinds of patients, alike in all that a table can tell, what is said of them is kept.

Many are: old, on metformin, never measured. No number, date or name is kept; each kind takes some 20 KB.
"""

_ready: list["Ready"] = []


@dataclass(frozen=True)
class Assessment:
    """What the guideline, known by its hash, says of one patient.

    Shape:
    `verdicts`: the word of each verdict; of a list, the outputs that hold; of several keys, a word for each.
    `open`: for each verdict that is not settled, what may still follow once the unknown is known.
    `not_applicable`: verdicts that this guideline does not give for such a patient.
    Unknown: the word `unknown`; of a list, when nothing holds and something may.
    """

    verdicts: Mapping[str, Said]
    not_applicable: frozenset[str]
    decision: Decision
    guideline: str
    prepared: "Ready" = field(repr=False, compare=False)

    @cached_property
    def open(self) -> Mapping[str, tuple[str, ...]]:
        """What may still follow: worked out for whoever asks."""
        may = {
            name: _may_follow(self.prepared, tables, self.decision)
            for name, tables in self.prepared.tables.items()
        }
        return {name: words for name, words in may.items() if words}

    @cached_property
    def rows(self) -> Mapping[str, Sequence[Row]]:
        """By table, the rows that hold, in the order of the pages."""
        placed = self.prepared.rows
        held: dict[str, list[Row]] = {}
        for name in self.decision.held:
            table, row = placed[name]
            held.setdefault(table, []).append(row)
        return held

    def listed(self, verdict: str) -> tuple[str, ...]:
        """The outputs that hold in a list verdict; none when it is unknown."""
        said = self.verdicts[verdict]
        return said if isinstance(said, tuple) else ()


class Ready:
    """A guideline made ready to be read, and to be said in verdicts, for many patients."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.reader = Reader(guideline)
        by_id = {table.id: table for table in guideline.tables}
        self.tables = {
            verdict.id: [by_id[name] for name in _answering(guideline, verdict)]
            for verdict in guideline.verdicts.values()
        }
        self.flags = {
            name: {table.flag(word): word for table in tables for word in table.outputs}
            for name, tables in self.tables.items()
        }
        self.outputs = {
            row.id: (row.output, table.flag(row.output)) for table in by_id.values() for row in table.rows
        }
        self.rows = {row.id: (table.id, row) for table in by_id.values() for row in table.rows}
        self.assessed: dict[object, Assessment] = {}
        self.answering = {name: frozenset(one.id for one in tables) for name, tables in self.tables.items()}


def _answering(guideline: Guideline, verdict: Verdict) -> tuple[str, ...]:
    """The ids of the tables that answer a verdict."""
    if verdict.kind == "list":
        return verdict.tables
    return _distinct(table for column in verdict.columns if (table := guideline.columns[column].table))


def ready(guideline: Guideline) -> Ready:
    """The guideline made ready, once."""
    for known in _ready:
        if known.guideline is guideline:
            return known
    made = Ready(guideline)
    _ready[:] = [made, *_ready[: READY - 1]]
    return made


def reader(guideline: Guideline) -> Reader:
    """The reader of a guideline, made once."""
    return ready(guideline).reader


def tables_of(guideline: Guideline, verdict: Verdict) -> Sequence[Table]:
    """The tables that answer a verdict."""
    return ready(guideline).tables[verdict.id]


def assess(guideline: Guideline, row: State) -> Assessment:
    """What the guideline says of the patient with this findings row."""
    prepared = ready(guideline)
    known = prepared.reader.known(row)
    assessment = prepared.assessed.get(known)
    if assessment is None:
        if len(prepared.assessed) >= ALIKE:
            prepared.assessed.clear()
        assessment = of_decision(guideline, prepared.reader.decide(row))
        prepared.assessed[known] = assessment
    return assessment


def of_decision(guideline: Guideline, decision: Decision) -> Assessment:
    """A decision in the words of the verdicts."""
    prepared = ready(guideline)
    closed, held = decision.not_applicable, _held(decision)
    return Assessment(
        verdicts={
            name: _said(prepared, verdict, decision, held) for name, verdict in guideline.verdicts.items()
        },
        not_applicable=frozenset(
            name for name, tables in prepared.answering.items() if tables and tables <= closed
        ),
        decision=decision,
        guideline=guideline.hash,
        prepared=prepared,
    )


def said(guideline: Guideline, verdict: Verdict, decision: Decision) -> Said:
    """What a decision says in one verdict."""
    return _said(ready(guideline), verdict, decision, _held(decision))


def _held(decision: Decision) -> frozenset[str]:
    """The columns that say yes: of the flags of lists, those that hold."""
    return frozenset(name for name, word in decision.columns.items() if word == YES)


def _said(prepared: Ready, verdict: Verdict, decision: Decision, held: frozenset[str]) -> Said:
    columns = decision.columns
    if verdict.kind == "one":
        return columns.get(verdict.columns[0], UNKNOWN)
    if verdict.kind == "each":
        pairs = zip(verdict.keys, verdict.columns, strict=True)
        return {key: columns.get(column, UNKNOWN) for key, column in pairs}
    flags = prepared.flags[verdict.id]
    words = () if held.isdisjoint(flags) else _distinct(word for flag, word in flags.items() if flag in held)
    settled = words or all(table.name in columns for table in prepared.tables[verdict.id])
    return words if settled else UNKNOWN


def _may_follow(prepared: Ready, tables: Iterable[Table], decision: Decision) -> tuple[str, ...]:
    """The words of rows that are still open, where no row holds that says the same."""
    waiting = (prepared.outputs[row] for table in tables for row in decision.open.get(table.id, ()))
    return _distinct(word for word, flag in waiting if word != UNKNOWN and decision.columns.get(flag) != YES)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
