"""The truth table: for each patient what was meant, made from intentions, never from what an intake reads.

Shape: one row a patient: `patient`; `kind` (row, edge, ordinary); the `row` that has to hold; `about`;
`noise`; `left_open`, the findings of which an empty cell says nothing (`*` of an ordinary patient: all);
and the columns of the findings row: a word, or `_low` and `_high` in thousandths of the finding's unit. Any
other empty cell means unknown.
"""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from corrin.guideline.model import Guideline
from corrin.synthesis.people import Synthetic

FIRST = ("patient", "kind", "row", "about", "noise", "left_open")

EVERYTHING = "*"


class Truth:
    """The columns of the truth table of one guideline."""

    def __init__(self, guideline: Guideline, name: Callable[[Synthetic], str]) -> None:
        """`name` says what the format calls a patient."""
        self.name = name
        columns = [
            guideline.columns[name] for name in guideline.declared.findings if name in guideline.columns
        ]
        self.names = [(one.id, one.kind == "number") for one in columns]

    @property
    def header(self) -> list[str]:
        """Every column, in order."""
        named = ([f"{name}_low", f"{name}_high"] if number else [name] for name, number in self.names)
        return [*FIRST, *(column for columns in named for column in columns)]

    def cells(self, one: Synthetic) -> list[object]:
        """One patient."""
        left = EVERYTHING if one.kind == "ordinary" else " ".join(sorted(one.left_open))
        first = [self.name(one), one.kind, one.row, one.about, "; ".join(one.noise), left]
        cells: list[object] = [*first]
        for name, number in self.names:
            value = one.meant.get(name)
            if number:
                cells += value if isinstance(value, tuple) else (None, None)
            else:
                cells.append(value)
        return cells

    def write(self, path: Path, people: Iterable[Synthetic]) -> None:
        """A part of the table, without its header."""
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(self.cells(one) for one in people)

    def parquet(self, table: Path, path: Path) -> None:
        """The table as Parquet, with numbers as numbers."""
        import duckdb  # noqa: PLC0415 - loads a database

        kinds = {name: "BIGINT" if name.endswith(("_low", "_high")) else "VARCHAR" for name in self.header}
        with duckdb.connect() as at:
            at.execute("SET preserve_insertion_order = true")
            rows = at.read_csv(str(table), header=True, dtype=kinds)
            rows.write_parquet(str(path))
