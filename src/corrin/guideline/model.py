"""The guideline as a frozen model: what the pages and dictionaries say, and nothing else.

Pages and TOML files enter (see `pages`, `dictionaries`); every reading, proof and document is printed from
what leaves. Nothing here decides anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from corrin.guideline.declared import Declared
from corrin.guideline.locate import Place
from corrin.guideline.schedules import Course as Course  # noqa: PLC0414 - schedules are part of the model
from corrin.guideline.schedules import Milestone as Milestone  # noqa: PLC0414
from corrin.guideline.schedules import Regimen, Timeline
from corrin.guideline.schedules import Step as Step  # noqa: PLC0414

CellKind = Literal["any", "known", "unknown", "words", "range"]
TableKind = Literal["unique", "bands", "collect", "any"]
VerdictKind = Literal["one", "list", "each"]

GRID = 10**3
"""A number is an integer count of thousandths of its finding's unit."""


def to_grid(number: Decimal) -> int:
    """A decimal as thousandths.

    Errors: a fourth decimal place is a ValueError; it is never rounded away.

    >>> to_grid(Decimal("132.9"))
    132900
    """
    steps = number * GRID
    if steps != steps.to_integral_value():
        raise ValueError(f"{number} has more than three decimal places")
    return int(steps)


@dataclass(frozen=True, slots=True)
class Source:
    """A public source: what a reader needs to find it again."""

    id: str
    title: str
    publisher: str
    year: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the guideline with its permanent id.

    `handled`: by `rows` that cite it, by being `shown` (`note` says where), or `not-computable` (and why).
    """

    id: str
    text: str
    sources: tuple[str, ...]
    handled: Literal["rows", "shown", "not-computable"]
    note: str
    place: Place

    @property
    def added(self) -> bool:
        """Not in the brief; it shows as added."""
        return self.id.startswith("A")


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range: a literal on the grid, or a parameter's id; `strict` excludes the end itself."""

    literal: int | None
    parameter: str | None
    strict: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One condition on one finding.

    `words` are the known values for which it holds (a `not` is resolved against the finding's values);
    `or_unknown` makes it hold over an unknown as well. A range has a lower end, an upper end, or both.
    """

    text: str
    kind: CellKind
    words: tuple[str, ...] = ()
    or_unknown: bool = False
    low: Bound | None = None
    high: Bound | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The conjunction of its cells (one for each input of its table) and what follows from it."""

    id: str
    cells: tuple[Cell, ...]
    output: str
    because: tuple[str, ...]
    inferred: bool
    unverified: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Guard:
    """`Applies when: <finding> is <cell>`: a guard that fails leaves the table's outputs unknown."""

    finding: str
    cell: Cell
    place: Place


@dataclass(frozen=True)
class Table:
    """A decision table. `output` is the header after the arrow; the order of rows carries no meaning.

    A `unique` or `bands` table gives one column, named `output`. A `collect` or `any` table gives a yes/no
    column named after the table, and one yes/no column for each distinct output (see `Guideline.columns`).
    """

    id: str
    title: str
    kind: TableKind
    inputs: tuple[str, ...]
    output: str
    rows: tuple[Row, ...]
    guard: Guard | None
    place: Place

    @cached_property
    def name(self) -> str:
        """The table's id as a column name: `next-tests` gives `next_tests`."""
        return self.id.replace("-", "_")

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Distinct outputs in the order in which they first stand."""
        return tuple(dict.fromkeys(row.output for row in self.rows))

    @property
    def single(self) -> bool:
        """One row answers (`unique`, `bands`), rather than every row that holds."""
        return self.kind in {"unique", "bands"}

    def flag(self, output: str) -> str:
        """The yes/no column of one output of a `collect` or `any` table: `next_tests__mma`."""
        return f"{self.name}__{output.replace('-', '_')}"


@dataclass(frozen=True, slots=True)
class Column:
    """One thing tables can read: a raw finding or a table's output.

    Shape: `values` are the known words of a word column, in order; a number column has a `unit` instead.
    """

    id: str
    kind: Literal["words", "number"]
    values: tuple[str, ...]
    unit: str
    table: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number a site may choose, within `low`..`high`, and above the parameter named by `above`.

    Units: `value`, `low`, `high` are on the grid of `unit`; `pair`, the limit as published, on the grid
    of `pair_unit`. `strict` is where the limit itself falls outside: `below` for `< n`, `above` for `> n`.
    """

    id: str
    unit: str
    value: int
    low: int
    high: int
    above: str | None
    pair: int | None
    pair_unit: str
    strict: str
    stands_in: tuple[str, ...]
    inferred: bool
    unverified: bool
    label: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One word of every interface's vocabulary: where it comes from, its values worst first, which reassure.

    `one` reads the column `columns[0]`; `list` reads the outputs that hold in `tables`; `each` gives a value
    per key, `keys[i]` from `columns[i]`. `said_without` names tests not done that may reassure all the same.
    """

    id: str
    label: str
    kind: VerdictKind
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    tables: tuple[str, ...]
    values: tuple[str, ...]
    reassuring: tuple[str, ...]
    said_without: tuple[str, ...]
    main: bool
    say: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """One line of an Examples table: findings as written, and the rows that must answer.

    `expected` is the cell as written: `B1 deficient`, `B1 or B2`, `N1 mma, N3?`, `none`, `unknown`,
    `not applicable`.
    """

    table: str
    patient: str
    given: Mapping[str, str]
    expected: str
    place: Place


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says, in a disagreement."""

    who: str
    says: str
    source: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where sources differ: the issue, our choice and why, who says what, and the rows that rest on it."""

    id: str
    issue: str
    choice: str
    rationale: str
    sides: tuple[Side, ...]
    rows: tuple[str, ...]
    place: Place
    title: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A jurisdiction's overlay: parameters (on the grid) and the Regimen table it offers."""

    id: str
    title: str
    regimen: str
    beside: str | None
    parameters: Mapping[str, int]


@dataclass(frozen=True)
class Guideline:
    """Everything the pages and dictionaries say, under one profile and, if there is one, one site's overlay.

    Each of `tables` reads only raw findings and those before it. `numbered`: how many statements each letter
    has; `services`: what others are told; `population`: what a worklist shows; `site`: its file's hash.
    """

    version: str
    hash: str
    profile: str
    site: str | None
    sources: Mapping[str, Source]
    statements: Mapping[str, Statement]
    declared: Declared
    parameters: Mapping[str, Parameter]
    tables: tuple[Table, ...]
    columns: Mapping[str, Column]
    verdicts: Mapping[str, Verdict]
    regimens: Mapping[str, Regimen]
    regimen: str
    beside: str | None
    timelines: Mapping[str, Timeline]
    examples: tuple[Example, ...]
    disagreements: Mapping[str, Disagreement]
    profiles: Mapping[str, Profile]
    words: Mapping[str, Mapping[str, str]]
    plan: Mapping[str, object]
    numbered: Mapping[str, int] = field(default_factory=dict[str, int])
    services: Mapping[str, object] = field(default_factory=dict[str, object])
    population: Mapping[str, object] = field(default_factory=dict[str, object])

    @cached_property
    def table(self) -> Callable[[str], Table]:
        """The table with an id."""
        return {table.id: table for table in self.tables}.__getitem__
