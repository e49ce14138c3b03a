"""Parquet files that are written a few thousand rows at a time, and rows that DuckDB gives back.

The one module that speaks to pyarrow, which has no types.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

ROWS = 10_000
"""Rows that are written at once."""

TEXT, NUMBER, YES_NO, BYTES, TEXTS = "TEXT", "BIGINT", "BOOLEAN", "BLOB", "TEXT[]"


class Sheet:
    """One Parquet file that grows: rows wait until there are enough of them.

    One that is read once, and whole, needs no `indexed` columns.
    """

    def __init__(
        self, path: Path, columns: Mapping[str, str], most: int = ROWS, *, indexed: bool = True
    ) -> None:
        pa: Any = import_module("pyarrow")
        types = {
            TEXT: pa.string(),
            NUMBER: pa.int64(),
            YES_NO: pa.bool_(),
            BYTES: pa.binary(),
            TEXTS: pa.list_(pa.string()),
        }
        self.path = path
        self._pa = pa
        self._schema: Any = pa.schema([(name, types[kind]) for name, kind in columns.items()])
        self._writer: Any = import_module("pyarrow.parquet").ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=indexed,
            write_statistics=indexed,
        )
        self._most = most
        self._waiting: list[tuple[object, ...]] = []

    def add(self, row: tuple[object, ...]) -> None:
        """One row more, in the order of the columns."""
        self._waiting.append(row)
        if len(self._waiting) >= self._most:
            self._flush()

    def close(self) -> None:
        """Write what waits; only then the file is whole."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = list(zip(*self._waiting, strict=True))
        arrays = [
            self._pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_table(self._pa.Table.from_arrays(arrays, schema=self._schema))
        self._waiting.clear()


def quoted(path: Path) -> str:
    """A path as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"


def table_of(path: Path) -> str:
    """A Parquet file, or several by a pattern, as a table of DuckDB."""
    return f"read_parquet({quoted(path)})"
