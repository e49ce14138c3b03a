"""Random findings rows: a third of the findings known, numbers near the limits that tables read."""

import atexit
import random
import shutil
import tempfile

import duckdb

from corrin.guideline.model import GRID, Column, Guideline

KNOWN = 0.35
"""How much is known of a patient: more than a record says, so that tables have work to do."""
SCALE = {"pg/mL": 600, "pmol/L": 120, "nmol/L": 800, "a": 100, "d": 900, "mo": 24, "g/L": 180}


def raw(model: Guideline) -> list[Column]:
    """The columns that tables read and no table gives."""
    return [column for column in model.columns.values() if column.table is None]


def random_rows(model: Guideline, number: int, seed: int) -> list[dict[str, str | tuple[int, int]]]:
    """As many rows, in the shape that the Python reading takes."""
    chance = random.Random(seed)
    return [
        {column.id: value(column, chance) for column in raw(model) if chance.random() < KNOWN}
        for _ in range(number)
    ]


def value(column: Column, chance: random.Random) -> str | tuple[int, int]:
    """A word of the column, or a number given exactly."""
    if column.kind == "words":
        return chance.choice(column.values)
    level = chance.randrange(SCALE.get(column.unit, 100) * GRID)
    return level, level


def fill(connection: duckdb.DuckDBPyConnection, model: Guideline, number: int) -> None:
    """A table `findings` of as many rows, in the shape that the SQL reading takes.

    It lies in a file, as a warehouse's does: there words are kept by their place in a dictionary.
    """
    place = tempfile.mkdtemp(prefix="corrin-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    connection.execute(f"ATTACH '{place}/population.duckdb' AS population; USE population")
    connection.execute("SET enable_progress_bar = false; SELECT setseed(0.5)")
    levels, columns = [], []
    for column in raw(model):
        if column.kind == "words":
            words = ", ".join(f"'{word}'" for word in column.values)
            chosen = f"[{words}][1 + floor(random() * {len(column.values)})::INT]"
            columns.append(f"CASE WHEN random() < {KNOWN} THEN {chosen} END AS {column.id}")
        else:
            top = SCALE.get(column.unit, 100) * GRID
            levels.append(
                f"CASE WHEN random() < {KNOWN} THEN floor(random() * {top})::BIGINT END AS {column.id}"
            )
            columns += [f"{column.id} AS {column.id}_low", f"{column.id} AS {column.id}_high"]
    inner = f"SELECT i AS patient, {', '.join(levels)} FROM range({number}) AS r(i)"
    connection.execute(f"CREATE TABLE findings AS SELECT patient, {', '.join(columns)} FROM ({inner})")
    connection.execute("CHECKPOINT population")
