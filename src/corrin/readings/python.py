"""The guideline read for one patient, in microseconds, with the trace.

A findings row enters, a `Decision` leaves, equal to that of `plain` (a test goes through every state of every
table). Fast, because nothing is worked out twice: a number becomes its place among the limits of the tables
that read it, so that every column has a few values; for each value it is settled once, through the algebra,
which rows it lets hold and which it makes fail; and each table remembers what it said.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import itemgetter
from typing import NamedTuple, TypeVar

from corrin.guideline.model import Guideline, Table
from corrin.readings import algebra
from corrin.readings.masks import Masks, Placing, Settled, Spoken
from corrin.readings.plain import Answer, Decision, State, Value

__all__ = ["Decision", "Reader", "WhatIf"]

REMEMBERED = 1024
"""For how many different inputs a table remembers its answer, so that a long run stays small."""

Slots = list[Settled]
Key = Settled | tuple[Settled, ...]
Kept = TypeVar("Kept")
Met = TypeVar("Met")


class Said(NamedTuple):
    """What one table said over some inputs: its answer, spread out for quick use."""

    table: str
    values: list[str | None]
    answer: Answer


class Remembering:
    """One table, which works out what it says once for each inputs it meets."""

    def __init__(
        self, guideline: Guideline, table: Table, slots: Mapping[str, int], placings: Mapping[str, Placing]
    ) -> None:
        names = algebra.reads(table)
        self.reads = frozenset(slots[name] for name in names)
        self.pick: Callable[[Slots], Key] = itemgetter(*(slots[name] for name in names))
        self.said: dict[Key, Said] = {}
        self._columns = algebra.given(table)
        self.slots = slice(slots[self._columns[0]], slots[self._columns[-1]] + 1)
        self._answer = Spoken(guideline, table)
        self._table = table.id
        self._masks = [Masks(guideline, table, name, placings.get(name)) for name in names]
        self._said_by_mask: dict[int, Said] = {}

    def say(self, key: Key) -> Said:
        """What the table says over these inputs: the key is their tuple, or of one input its value."""
        values = key if isinstance(key, tuple) else (key,)
        mask = reduce(int.__and__, map(Masks.__getitem__, self._masks, values))
        said = self._said_by_mask.get(mask)
        if said is None:
            answer = self._answer(mask)
            words = [answer.columns.get(column) for column in self._columns]
            said = _keep(self._said_by_mask, mask, Said(self._table, words, answer))
        return _keep(self.said, key, said)


def _keep(memory: dict[Met, Kept], met: Met, kept: Kept) -> Kept:
    """Remember, and start anew when too much is remembered."""
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[met] = kept
    return kept


class Reader:
    """A guideline made ready to be read for many patients, one at a time."""

    def __init__(self, guideline: Guideline) -> None:
        raw = [column.id for column in guideline.columns.values() if column.table is None]
        derived = [column for table in guideline.tables for column in algebra.given(table)]
        self._slots = {column: slot for slot, column in enumerate([*raw, *derived])}
        self._blank: Slots = [None] * len(self._slots)
        numbers = [column.id for column in guideline.columns.values() if column.kind == "number"]
        self._placings = {column: Placing(guideline, column) for column in numbers}
        self._tables = [
            Remembering(guideline, table, self._slots, self._placings) for table in guideline.tables
        ]
        self._downstream = {column: self._reached_from(column) for column in raw}

    def decide(self, row: State) -> Decision:
        """What the guideline says about one findings row."""
        return decision(self.read(self.entered(row)))

    def what_if(self, row: State) -> "WhatIf":
        """The same decision, held so that one finding after another can be tried otherwise."""
        return WhatIf(self, row)

    def entered(self, row: State) -> Slots:
        """A slot for every column, those of the row filled; a finding that no table reads is passed over."""
        slots = self._blank.copy()
        for column, value in row.items():
            if column in self._slots:
                slots[self._slots[column]] = self.settled(column, value)
        return slots

    def settled(self, column: str, value: Value) -> Settled:
        """A word as it is, an interval as its place."""
        return self._placings[column](value) if isinstance(value, tuple) else value

    def read(self, slots: Slots) -> list[Said]:
        """Let every table speak in its turn; its columns are filled in for those after it."""
        sayings: list[Said] = []
        for table in self._tables:
            key = table.pick(slots)
            said = table.said.get(key) or table.say(key)
            slots[table.slots] = said.values
            sayings.append(said)
        return sayings

    def read_again(self, slots: Slots, changed: State) -> dict[int, Said]:
        """What the tables downstream of some changed findings say, by their place; fills the slots."""
        places: set[int] = set()
        for finding, value in changed.items():
            if finding in self._downstream:
                slots[self._slots[finding]] = self.settled(finding, value)
                places.update(self._downstream[finding])
        sayings: dict[int, Said] = {}
        for place in sorted(places):
            table = self._tables[place]
            key = table.pick(slots)
            sayings[place] = said = table.said.get(key) or table.say(key)
            slots[table.slots] = said.values
        return sayings

    def words(self, slots: Slots, columns: Iterable[str]) -> dict[str, str]:
        """The words that some slots hold; a column that is unknown, or a number, has none."""
        held = ((column, slots[self._slots[column]]) for column in columns)
        return {column: word for column, word in held if isinstance(word, str)}

    def _reached_from(self, column: str) -> tuple[int, ...]:
        """The places of the tables that read a finding, or a column that depends on it."""
        reached = {self._slots[column]}
        places: list[int] = []
        for place, table in enumerate(self._tables):
            if not reached.isdisjoint(table.reads):
                places.append(place)
                reached.update(range(table.slots.start, table.slots.stop))
        return tuple(places)


class WhatIf:
    """One patient's decision, and what it would be if one finding were otherwise."""

    def __init__(self, reader: Reader, row: State) -> None:
        self._reader = reader
        self._slots = reader.entered(row)
        self._sayings = reader.read(self._slots)
        self.decision = decision(self._sayings)

    def change(self, finding: str, value: Value) -> Decision:
        """The decision with this one finding given this value; None forgets it."""
        again = self._reader.read_again(self._slots.copy(), {finding: value})
        return decision([again.get(place, said) for place, said in enumerate(self._sayings)])

    def words(self, changed: State, columns: Iterable[str]) -> dict[str, str]:
        """The words of some columns with several findings otherwise; nothing else of the decision is made."""
        slots = self._slots.copy()
        self._reader.read_again(slots, changed)
        return self._reader.words(slots, columns)


def decision(sayings: list[Said]) -> Decision:
    """One decision from what each table said."""
    columns: dict[str, str] = {}
    held: list[str] = []
    open_rows: dict[str, tuple[str, ...]] = {}
    closed: list[str] = []
    for table, _, (said, rows, undecided, applies) in sayings:
        columns.update(said)
        held += rows
        if undecided:
            open_rows[table] = undecided
        elif not applies:
            closed.append(table)
    return Decision(columns, tuple(held), open_rows, frozenset(closed))
