"""A columns file: what the columns of a table are called here, and what its codes and units mean.

TOML enters, `Columns` leaves. Columns that it does not name are left out; without a file every column must be
called as Corrin calls it.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from corrin.errors import InputError, Problem
from corrin.intake.counts import LEFT_OUT, Counts

_SHAPE = (
    'Write `[columns]` with `"theirs" = "ours"`: a finding\'s id, `id [unit]`, `id date`, `patient`; for'
    " results `patient`, `code`, `value`, `comparator`, `unit`, `date`. `[codes]`, `[units]` name synonyms."
)
_TABLES = ("columns", "codes", "units")


@dataclass(frozen=True, slots=True)
class Columns:
    """Their name to ours: columns, the texts of the code column, the spellings of units."""

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    units: Mapping[str, str] = field(default_factory=dict[str, str])

    def headers(self, given: list[str], where: str) -> list[tuple[int, str]]:
        """Which of the given columns are read, and under which header.

        Errors: a column that the file names and the table does not have.
        """
        plain = [cell.strip() for cell in given]
        if not self.columns:
            return list(enumerate(plain))
        twice = sorted({name for name in plain if plain.count(name) > 1 and name in self.columns})
        if twice:
            what = "there are two columns of this name: nobody knows which of them is meant"
            raise InputError(*[Problem(f"{where}: row 1, `{name}`", what, "Keep one.") for name in twice])
        missing = [name for name in self.columns if name not in plain]
        if missing:
            raise InputError(
                *[
                    Problem(
                        f"{where}: row 1", f"no column `{name}`, which the columns file names", "Mend either."
                    )
                    for name in missing
                ]
            )
        return [(at, self.columns[name]) for at, name in enumerate(plain) if name in self.columns]


def left_out(given: list[str], read: Collection[int], tally: Counts) -> None:
    """Count each column that is not read, by its name."""
    for at, name in enumerate(given):
        if at not in read:
            tally.count(LEFT_OUT, name.strip() or "(without a name)", f"row 1, column {at + 1}")


AS_THEY_ARE = Columns()


def load(path: Path) -> Columns:
    """The columns file.

    Errors: no TOML, or not of this shape; all at once.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise InputError(Problem(path.name, "no TOML that can be read", _SHAPE)) from None
    problems = [
        Problem(f"{path.name}: {table}", "no table of a columns file", _SHAPE)
        for table in said
        if table not in _TABLES
    ]
    read: dict[str, dict[str, str]] = {}
    for table in _TABLES:
        pairs = said.get(table, {})
        named = cast("dict[str, object]", pairs) if isinstance(pairs, dict) else {}
        read[table] = {key: value for key, value in named.items() if isinstance(value, str)}
        if not isinstance(pairs, dict) or len(read[table]) != len(named):
            problems.append(Problem(f"{path.name}: [{table}]", "holds more than texts", _SHAPE))
    ours = list(read["columns"].values())
    problems += [
        Problem(f"{path.name}: [columns]", f"two columns are called `{name}`", "Keep one of them.")
        for name in sorted({name for name in ours if ours.count(name) > 1})
    ]
    if problems:
        raise InputError(*problems)
    return Columns(read["columns"], read["codes"], read["units"])
