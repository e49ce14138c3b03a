"""The guideline read for one patient, in microseconds, with the trace.

A findings row enters, a `Decision` leaves, equal to that of `plain` (a test goes through every state of every
table). Fast, because nothing is worked out twice: a number becomes its place among the limits of the tables
that read it, so that every column has a few values; for each value it is settled once, through the algebra,
which rows it lets hold and which it makes fail; long lists are read in pieces; and each table, or piece,
remembers what it said.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import reduce
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, TypeVar

from corrin.guideline.model import Guideline
from corrin.readings import algebra
from corrin.readings.masks import Masks, Placing, Settled, Spoken
from corrin.readings.pieces import Piece, in_pieces
from corrin.readings.plain import Decision, State, Value

__all__ = ["Decision", "Reader", "WhatIf"]

REMEMBERED = 1024
"""For how many different inputs a table remembers its answer, so that a long run stays small."""

Slots = list[Settled]
Key = Settled | tuple[Settled, ...]
Kept = TypeVar("Kept")
Met = TypeVar("Met")


class Said(NamedTuple):
    """What one table, or one piece of a list, said over some inputs.

    `values` fill the slots of its columns. Only the guideline's own leave the reader: of its columns `pairs`,
    those that are known, and of its rows `held` and `open`.
    """

    table: str
    values: Slots
    pairs: tuple[tuple[str, str], ...]
    held: tuple[str, ...]
    open: tuple[str, ...]
    applies: bool


class Step:
    """One table, or one piece of a list, which works out what it says once for each inputs it meets."""

    def __init__(
        self, guideline: Guideline, piece: Piece, own: AbstractSet[str], placings: Mapping[str, Placing]
    ) -> None:
        self.reads = algebra.reads(piece.read)
        self.gives = tuple(piece.names.values())
        self.said: dict[Key, Said] = {}
        self._piece = piece
        self._own = own
        self._masks = [Masks(guideline, piece.read, name, placings.get(name)) for name in self.reads]
        self._spoken = Spoken(guideline, piece.read)
        self._said_by_mask: dict[int, Said] = {}

    def say(self, key: Key) -> Said:
        """What it says over these inputs: the key is their tuple, or of one input its value."""
        values = key if isinstance(key, tuple) else (key,)
        mask = reduce(int.__and__, map(Masks.__getitem__, self._masks, values))
        said = self._said_by_mask.get(mask) or _keep(self._said_by_mask, mask, self._say(mask))
        return _keep(self.said, key, said)

    def _say(self, mask: int) -> Said:
        columns, held, undecided, applies = self._spoken(mask)
        words = [(name, columns.get(column)) for column, name in self._piece.names.items()]
        return Said(
            table=self._piece.table,
            values=[word for _, word in words],
            pairs=tuple((name, word) for name, word in words if word is not None and name in self._own),
            held=tuple(row for row in held if row in self._own),
            open=tuple(row for row in undecided if row in self._own),
            applies=applies,
        )


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
        numbers = [column.id for column in guideline.columns.values() if column.kind == "number"]
        self._placings = {column: Placing(guideline, column) for column in numbers}
        cut, pieces = in_pieces(guideline)
        own = guideline.columns.keys() | {row.id for table in guideline.tables for row in table.rows}
        self._steps = [Step(cut, piece, own, self._placings) for piece in pieces]
        names = [*raw, *chain.from_iterable(step.gives for step in self._steps)]
        self._slots = {name: slot for slot, name in enumerate(names)}
        self._findings = {name: self._slots[name] for name in raw}
        self._quick = [(self._picker(step), step.said.get, step.say) for step in self._steps]
        self._given = [self._place_given(step) for step in self._steps]
        self._downstream = {column: self._reached_from(column) for column in raw}
        self._places: dict[int, tuple[int, ...]] = {}
        self._blank: Slots = [None] * len(raw)
        self._unasked = self._read(self._blank)

    def decide(self, row: State) -> Decision:
        """What the guideline says about one findings row, and the rows that say so."""
        return _decision(self.read(row)[1])

    def known(self, row: State) -> frozenset[tuple[int, Settled]]:
        """What a row says, as far as any table can tell: two rows alike in it get the same decision."""
        slots = self._findings
        return frozenset(
            [
                (slots[column], value if isinstance(value, str) else self._placed(column, value))
                for column, value in row.items()
                if value is not None and column in slots
            ]
        )

    def columns(self, row: State) -> dict[str, str]:
        """The words alone, for whoever needs no trace."""
        return _columns(self.read(row)[1])

    def what_if(self, row: State) -> "WhatIf":
        """The same decision, held so that one finding after another can be tried otherwise."""
        return WhatIf(self, row)

    def _picker(self, step: Step) -> Callable[[Slots], Key]:
        return itemgetter(*(self._slots[name] for name in step.reads))

    def _placed(self, column: str, value: Value) -> Settled:
        return self._placings[column](value) if isinstance(value, tuple) else value

    def _read(self, slots: Slots) -> list[Said]:
        """Let every table speak in its turn; its columns are added to the slots for those after it."""
        sayings: list[Said] = []
        for pick, remembered, say in self._quick:
            said = remembered(key := pick(slots)) or say(key)
            slots += said.values
            sayings.append(said)
        return sayings

    def read(self, row: State) -> tuple[Slots, list[Said]]:
        """Every column of a patient, and what every table says: as of nobody, but for what is known."""
        slots, sayings = self._blank.copy(), self._unasked.copy()
        for place, said in self.read_again(slots, row).items():
            sayings[place] = said
        return slots, sayings

    def read_again(self, slots: Slots, changed: State) -> dict[int, Said]:
        """What the tables downstream of changed findings say, by their place; fills the slots.

        A finding that no table could read is passed over.
        """
        reached = 0
        for finding, value in changed.items():
            slot = self._findings.get(finding)
            if slot is not None:
                settled = value if isinstance(value, str) else self._placed(finding, value)
                if slots[slot] != settled:
                    slots[slot] = settled
                    reached |= self._downstream[finding]
        sayings: dict[int, Said] = {}
        quick, given = self._quick, self._given
        for place in self._places.get(reached) or _keep(self._places, reached, _bits(reached)):
            pick, remembered, say = quick[place]
            sayings[place] = said = remembered(key := pick(slots)) or say(key)
            slots[given[place]] = said.values
        return sayings

    def words(self, slots: Slots, columns: Iterable[str]) -> dict[str, str]:
        """The words that some slots hold; a column that is unknown, or a number, has none."""
        held = ((column, slots[self._slots[column]]) for column in columns)
        return {column: word for column, word in held if isinstance(word, str)}

    def _place_given(self, step: Step) -> slice:
        first = self._slots[step.gives[0]]
        return slice(first, first + len(step.gives))

    def _reached_from(self, column: str) -> int:
        """The steps that read a finding, or a column that rests on it, as the bits of their places."""
        reached = {column}
        places = 0
        for place, step in enumerate(self._steps):
            if not reached.isdisjoint(step.reads):
                places |= 1 << place
                reached.update(step.gives)
        return places


class WhatIf:
    """One patient's decision, and what it would be if some findings were otherwise."""

    def __init__(self, reader: Reader, row: State) -> None:
        self._reader = reader
        self._slots, self._sayings = reader.read(row)
        self.decision = _decision(self._sayings)

    def change(self, finding: str, value: Value) -> Decision:
        """The decision with this one finding given this value; None forgets it."""
        return _decision(self._otherwise({finding: value}))

    def columns(self, finding: str, value: Value) -> dict[str, str]:
        """Every column of that decision, without its trace."""
        return _columns(self._otherwise({finding: value}))

    def words(self, changed: State, columns: Iterable[str]) -> dict[str, str]:
        """The words of some columns with several findings otherwise; nothing else of the decision is made."""
        slots = self._slots.copy()
        self._reader.read_again(slots, changed)
        return self._reader.words(slots, columns)

    def _otherwise(self, changed: State) -> list[Said]:
        again = self._reader.read_again(self._slots.copy(), changed)
        return [again.get(place, said) for place, said in enumerate(self._sayings)]


def _bits(number: int) -> tuple[int, ...]:
    """The places of the bits that are set, the lowest first."""
    return tuple(place for place in range(number.bit_length()) if number >> place & 1)


def _columns(sayings: Iterable[Said]) -> dict[str, str]:
    return dict(chain.from_iterable([said.pairs for said in sayings]))


def _decision(sayings: Iterable[Said]) -> Decision:
    """One decision from what each table, and each piece, said."""
    held: list[str] = []
    open_rows: dict[str, tuple[str, ...]] = {}
    closed: list[str] = []
    for table, _, _, rows, undecided, applies in sayings:
        held += rows
        if undecided:
            open_rows[table] = open_rows[table] + undecided if table in open_rows else undecided
        elif not applies:
            closed.append(table)
    return Decision(_columns(sayings), tuple(held), open_rows, frozenset(closed))
