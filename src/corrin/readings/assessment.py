"""What the guideline says of one patient, in the vocabulary of verdicts.toml.

A findings row or a `Decision` enters, an `Assessment` leaves: a word for each verdict, what may still follow,
the rows behind it, and which guideline said so. Nothing about screens, and no dates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guideline, Table, Verdict
from corrin.readings.algebra import YES
from corrin.readings.plain import Decision, State
from corrin.readings.python import Reader

Said = str | tuple[str, ...] | Mapping[str, str]
"""A verdict's word; the outputs of a list; or a word for each key."""

READY = 4
"""How many guidelines are kept ready: each profile once, and a site's."""

_ready: list[tuple[Guideline, Reader]] = []


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the guideline, known by its hash, says of one patient.

    Shape:
    `verdicts`: the word of each verdict; of a list, the outputs that hold; of several keys, a word for each.
    `open`: for each verdict that is not settled, what may still follow once the unknown is known.
    `not_applicable`: verdicts that this guideline does not give for such a patient.
    Unknown: the word `unknown`; of a list, when nothing holds and something may.
    """

    verdicts: Mapping[str, Said]
    open: Mapping[str, tuple[str, ...]]
    not_applicable: frozenset[str]
    decision: Decision
    guideline: str

    def listed(self, verdict: str) -> tuple[str, ...]:
        """The outputs that hold in a list verdict; none when it is unknown."""
        said = self.verdicts[verdict]
        return said if isinstance(said, tuple) else ()


def assess(guideline: Guideline, row: State) -> Assessment:
    """What the guideline says of the patient with this findings row."""
    return of_decision(guideline, reader(guideline).decide(row))


def reader(guideline: Guideline) -> Reader:
    """The guideline made ready, once."""
    for known, ready in _ready:
        if known is guideline:
            return ready
    made = Reader(guideline)
    _ready[:] = [(guideline, made), *_ready[: READY - 1]]
    return made


def of_decision(guideline: Guideline, decision: Decision) -> Assessment:
    """A decision in the words of the verdicts."""
    verdicts = guideline.verdicts.values()
    tables = {verdict.id: tables_of(guideline, verdict) for verdict in verdicts}
    may = {verdict.id: _may_follow(tables[verdict.id], decision) for verdict in verdicts}
    closed = [name for name, some in tables.items() if _closed(some, decision)]
    return Assessment(
        verdicts={verdict.id: said(guideline, verdict, decision) for verdict in verdicts},
        open={name: words for name, words in may.items() if words},
        not_applicable=frozenset(closed),
        decision=decision,
        guideline=guideline.hash,
    )


def said(guideline: Guideline, verdict: Verdict, decision: Decision) -> Said:
    """What a decision says in one verdict."""
    columns = decision.columns
    if verdict.kind == "one":
        return columns.get(verdict.columns[0], UNKNOWN)
    if verdict.kind == "each":
        pairs = zip(verdict.keys, verdict.columns, strict=True)
        return {key: columns.get(column, UNKNOWN) for key, column in pairs}
    tables = tables_of(guideline, verdict)
    words = _distinct(
        word for table in tables for word in table.outputs if columns.get(table.flag(word)) == YES
    )
    settled = words or all(table.name in columns for table in tables)
    return words if settled else UNKNOWN


def tables_of(guideline: Guideline, verdict: Verdict) -> tuple[Table, ...]:
    """The tables that answer a verdict."""
    if verdict.kind == "list":
        return tuple(guideline.table(name) for name in verdict.tables)
    names = [guideline.columns[column].table for column in verdict.columns]
    return tuple(guideline.table(name) for name in _distinct(name for name in names if name))


def _may_follow(tables: Iterable[Table], decision: Decision) -> tuple[str, ...]:
    """The words of rows that are still open, where no row holds that says the same."""
    held = set(decision.held)
    follows: list[str] = []
    for table in tables:
        certain = {UNKNOWN, *(row.output for row in table.rows if row.id in held)}
        waiting = decision.open.get(table.id, ())
        follows += [row.output for row in table.rows if row.id in waiting and row.output not in certain]
    return _distinct(follows)


def _closed(tables: tuple[Table, ...], decision: Decision) -> bool:
    return bool(tables) and all(table.id in decision.not_applicable for table in tables)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
