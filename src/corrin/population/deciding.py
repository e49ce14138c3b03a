"""Facts and people to findings, verdicts and the worklist of one share of the patients, in DuckDB.

Parquet enters and leaves; the statements are printed from the guideline, elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corrin.guideline.model import Guideline
from corrin.population import statements, worklist
from corrin.population.parquet import quoted, table_of

_printed: dict[tuple[str, str, str | None], Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Scripts:
    """The statements of a guideline, printed once: table by table, in the order in which they are run."""

    made: Mapping[str, str]
    clock: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, guideline: Guideline, clock: tuple[tuple[int, int], ...]) -> "Scripts":
        """Print the statements, once for each guideline: it takes half a second."""
        identity = (guideline.hash, guideline.profile, guideline.site)
        if identity not in _printed:
            _printed[identity] = {
                "findings": statements.findings(guideline),
                "verdicts": statements.verdicts(guideline),
                "worklist": worklist.select(guideline),
            }
        return cls(_printed[identity], clock)


def decide(scripts: Scripts, folder: Path, part: str, memory: str) -> None:
    """From `facts-<part>.parquet` and `people-<part>.parquet` of a folder to the other tables of the part."""
    import duckdb  # noqa: PLC0415 - whoever asks about one patient does not need it

    with duckdb.connect() as base:
        base.execute("SET threads = 1; SET preserve_insertion_order = false")
        base.execute(
            f"SET memory_limit = '{memory}'; SET temp_directory = {quoted(folder / f'spill-{part}')}"
        )
        base.execute(f"CREATE VIEW facts AS SELECT * FROM {table_of(folder / f'facts-{part}.parquet')}")
        people = worklist.PEOPLE.format(people=table_of(folder / f"people-{part}.parquet"))
        base.execute(f"CREATE TABLE people AS {people}")
        base.execute(worklist.CLOCK_TABLE)
        base.execute(
            "INSERT INTO clock SELECT unnest($1), unnest($2)",
            [list(column) for column in zip(*scripts.clock, strict=True)],
        )
        for table, statement in scripts.made.items():
            base.execute(statements.made(table, statement))
        for table in ("people", *scripts.made):
            path = quoted(folder / f"{table}-{part}.parquet")
            base.execute(f"COPY {table} TO {path} (FORMAT parquet, COMPRESSION zstd)")
