"""Random guidelines: tables of every kind, guards, bands, lists, with rows in any order, and no meaning at all."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from corrin.guideline.declared import Declared
from corrin.guideline.model import (
    Bound,
    Cell,
    Column,
    Guard,
    Guideline,
    Parameter,
    Place,
    Row,
    Table,
)

PLACE = Place("random.md", 1)


def site_parameter(name: str, value: int, low: int, high: int, above: str | None = None) -> Parameter:
    """A number that a site may choose."""
    return Parameter(
        id=name,
        unit="u",
        value=value,
        low=low,
        high=high,
        above=above,
        pair=None,
        pair_unit="",
        strict="",
        stands_in=(),
        inferred=True,
        unverified=False,
        label="",
    )


PARAMETERS = {
    "low_limit": site_parameter("low_limit", 3000, 2000, 4000),
    "high_limit": site_parameter("high_limit", 6000, 3000, 8000, above="low_limit"),
}
ANY = Cell("-", "any")


def words(*values: str, unknown: bool = False) -> Cell:
    """A cell that holds over these words, and over an unknown when asked to."""
    return Cell(", ".join(values), "words", values, or_unknown=unknown)


def between(low: Bound | None, high: Bound | None) -> Cell:
    """A range with one end or two."""
    return Cell("a range", "range", low=low, high=high)


def literal(number: int, *, strict: bool = False) -> Bound:
    """A limit written as a number."""
    return Bound(number, None, strict)


def parameter(name: str, *, strict: bool = False) -> Bound:
    """A limit written as a parameter."""
    return Bound(None, name, strict)


def row(name: str, cells: Sequence[Cell], output: str) -> Row:
    """A row that cites nothing."""
    return Row(name, tuple(cells), output, (), inferred=True, unverified=False, place=PLACE)


def table(kind, name, inputs, rows, *, output=None, guard=None) -> Table:
    """A table of these rows; its column is named after it unless told otherwise."""
    output = output or name.replace("-", "_")
    return Table(name, "", kind, tuple(inputs), output, tuple(rows), guard, PLACE)


def word_column(name: str, values: Sequence[str] = ("yes", "no"), source: str | None = None) -> Column:
    """A column of words."""
    return Column(name, "words", tuple(values), "", source)


def number_column(name: str) -> Column:
    """A column of numbers."""
    return Column(name, "number", (), "u", None)


def guideline(columns: Sequence[Column], tables: Sequence[Table], parameters=None) -> Guideline:
    """A guideline of nothing but tables; the columns they give are added to those they read."""
    every = {column.id: column for column in columns}
    for one in tables:
        every.update({column.id: column for column in given(one)})
    return Guideline(
        version="0",
        hash="",
        profile="",
        site=None,
        sources={},
        statements={},
        declared=Declared({}, (), ()),
        parameters=parameters or {},
        tables=tuple(tables),
        columns=every,
        verdicts={},
        regimens={},
        regimen="",
        beside=None,
        timelines={},
        examples=(),
        disagreements={},
        profiles={},
        words={},
        plan={},
    )


def given(one: Table) -> list[Column]:
    """The columns that a table gives; the rows of `bands` must stand in the order of their ranges."""
    if one.kind == "unique":
        return [word_column(one.output, [word for word in one.outputs if word != "unknown"], one.id)]
    if one.kind == "bands":
        names = [row.output for row in sorted(one.rows, key=_start)]
        pairs = [f"{first}-or-{second}" for first, second in pairwise(names)]
        unplaced = ["unplaced"] if len(names) > 2 else []
        return [word_column(one.output, [*names, *pairs, *unplaced], one.id)]
    flags = [word_column(one.flag(word), source=one.id) for word in one.outputs]
    return [word_column(one.name, source=one.id), *flags]


def _start(one: Row) -> float:
    low = one.cells[0].low
    if low is None:
        return float("-inf")
    number = PARAMETERS[low.parameter].value if low.parameter else low.literal
    return number + low.strict


def random_guideline(rng: Random, tables: int = 6) -> Guideline:
    """Some findings, some tables over them and over each other."""
    vocabularies = [("yes", "no"), ("yes", "no"), ("yes", "no"), ("high", "low"), ("p", "q", "r")]
    columns = [word_column(f"w{index}", values) for index, values in enumerate(vocabularies)]
    columns += [number_column("n0"), number_column("n1")]
    made: list[Table] = []
    for index in range(tables):
        readable = columns + [column for one in made for column in given(one)]
        made.append(_random_table(rng, index, readable))
    return guideline(columns, made, PARAMETERS)


def _random_table(rng: Random, index: int, columns: Sequence[Column]) -> Table:
    kind = rng.choice(["unique", "unique", "bands", "collect", "any"])
    make = {"unique": _unique, "bands": _bands, "collect": _collect, "any": _list}[kind]
    inputs, rows = make(rng, f"R{index}x", columns)
    rng.shuffle(rows)
    guard = None
    if rng.random() < 0.4:
        by = rng.choice([column for column in columns if column.kind == "words"])
        guard = Guard(by.id, random_cell(rng, by), PLACE)
    return table(kind, f"t-{index}", inputs, rows, guard=guard)


def random_cell(rng: Random, column: Column) -> Cell:
    """Any cell that may stand over this column in a list."""
    kind = rng.choice(["words", "words", "words", "known", "unknown", "any"])
    if kind in {"known", "unknown", "any"}:
        return Cell(kind, kind)
    if column.kind == "number":
        low = rng.choice([None, literal(rng.randrange(10) * 1000, strict=rng.random() < 0.5)])
        high = rng.choice([None, literal(rng.randrange(10, 20) * 1000, strict=rng.random() < 0.5)])
        return between(low or (None if high else parameter("low_limit", strict=True)), high)
    chosen = rng.sample(column.values, rng.randint(1, len(column.values)))
    return words(*chosen, unknown=rng.random() < 0.3)


def _some(rng: Random, columns: Sequence[Column], most: int) -> list[Column]:
    return rng.sample(columns, rng.randint(1, min(most, len(columns))))


def _list(rng: Random, prefix: str, columns: Sequence[Column]):
    inputs = _some(rng, columns, 9)
    rows = []
    for place in range(rng.randint(len(inputs), len(inputs) + 2)):
        at = place if place < len(inputs) else rng.randrange(len(inputs))
        cell = random_cell(rng, inputs[at])
        cells = [cell if place == at else ANY for place in range(len(inputs))]
        rows.append(row(f"{prefix}{place}", cells, rng.choice(["a", "b", "c-d", f"e{place}", f"f{place}"])))
    return [column.id for column in inputs], rows


def _collect(rng: Random, prefix: str, columns: Sequence[Column]):
    inputs = _some(rng, [column for column in columns if column.kind == "words"], 4)
    rows = [
        row(f"{prefix}{place}", [random_cell(rng, one) for one in inputs], rng.choice(["a", "b", "c-d"]))
        for place in range(rng.randint(1, 5))
    ]
    return [column.id for column in inputs], rows


def _bands(rng: Random, prefix: str, columns: Sequence[Column]):
    number = rng.choice([column for column in columns if column.kind == "number"])
    several = [parameter("low_limit"), parameter("high_limit"), literal(9000)]
    limits = rng.choice([several[:1], several[:2], several, several[1:]])
    rows, low = [], None
    for place, limit in enumerate([*limits, None]):
        strict = rng.random() < 0.5
        high = limit and Bound(limit.literal, limit.parameter, strict)
        rows.append(row(f"{prefix}{place}", [between(low, high)], "uvwx"[place]))
        low = limit and Bound(limit.literal, limit.parameter, not strict)
    return [number.id], rows


def _unique(rng: Random, prefix: str, columns: Sequence[Column]):
    """Rows that cannot hold together: a tree that splits the states of one input after another."""
    inputs = _some(rng, [column for column in columns if column.kind == "words"], 4)
    leaves = _split(rng, inputs, [])
    rng.shuffle(leaves)
    kept = leaves[: rng.randint(1, 12)]
    outputs = ["a", "b", "c-d", "unknown"]
    rows = [row(f"{prefix}{place}", cells, rng.choice(outputs)) for place, cells in enumerate(kept)]
    if all(one.output == "unknown" for one in rows):
        rows[0] = row(f"{prefix}0", kept[0], "a")
    return [column.id for column in inputs], rows


def _split(rng: Random, inputs: Sequence[Column], cells: list[Cell]) -> list[list[Cell]]:
    if not inputs:
        return [cells]
    first, rest = inputs[0], inputs[1:]
    if rng.random() < 0.25:
        return _split(rng, rest, [*cells, ANY])
    if rng.random() < 0.15:
        parts = [Cell("known", "known"), Cell("unknown", "unknown")]
    else:
        values = rng.sample(first.values, len(first.values))
        cut = rng.randint(1, len(values))
        with_unknown = rng.randrange(3)
        parts = [words(*values[:cut], unknown=with_unknown == 0)]
        parts += [words(*values[cut:], unknown=with_unknown == 1)] if values[cut:] else []
        parts += [Cell("unknown", "unknown")] if with_unknown == 2 and rng.random() < 0.5 else []
    return [leaf for part in parts for leaf in _split(rng, rest, [*cells, part])]
