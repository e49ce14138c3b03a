"""Files of rows that are written a few thousand rows at a time: Parquet to keep, Arrow to read again soon.

The one module that speaks to pyarrow, which has no types.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROWS = 10_000
"""Rows that are written at once."""

TEXT, NUMBER, YES_NO, BYTES, TEXTS = "TEXT", "BIGINT", "BOOLEAN", "BLOB", "TEXT[]"


class Sheet:
    """One Parquet file that grows: rows wait until there are enough of them."""

    def __init__(self, path: Path, columns: Mapping[str, str], most: int = ROWS) -> None:
        self.path = path
        self._schema = _schema(columns)
        parquet: Any = import_module("pyarrow.parquet")
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd", compression_level=1)
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
        if self._waiting:
            self._writer.write_batch(_batch(zip(*self._waiting, strict=True), self._schema))
            self._waiting.clear()


class Scratch:
    """One file of rows as Arrow has them in memory: quick to write and to read, and larger than Parquet."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        self._schema = _schema(columns)
        self._writer: Any = import_module("pyarrow").ipc.new_file(str(path), self._schema)

    def add(self, columns: Iterable[Sequence[object]]) -> None:
        """More rows, as columns."""
        self._writer.write_batch(_batch(columns, self._schema))

    def close(self) -> None:
        """Only then the file is whole."""
        self._writer.close()


def scratched(paths: Iterable[Path]) -> Any:  # noqa: ANN401 - a pyarrow Dataset
    """Files that `Scratch` wrote as one table, of which DuckDB reads a little at a time."""
    return import_module("pyarrow.dataset").dataset([str(path) for path in paths], format="ipc")


def _schema(columns: Mapping[str, str]) -> Any:  # noqa: ANN401 - pyarrow has no types
    pa: Any = import_module("pyarrow")
    types = {
        TEXT: pa.string(),
        NUMBER: pa.int64(),
        YES_NO: pa.bool_(),
        BYTES: pa.binary(),
        TEXTS: pa.list_(pa.string()),
    }
    return pa.schema([(name, types[kind]) for name, kind in columns.items()])


def _batch(columns: Iterable[Sequence[object]], schema: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    pa: Any = import_module("pyarrow")
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def quoted(path: Path) -> str:
    """A path as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"


def table_of(path: Path) -> str:
    """A Parquet file, or several by a pattern in its name, as a table of DuckDB; no folder is a pattern."""
    folder = re.sub(r"[*?\[]", r"[\g<0>]", str(path.parent))
    return f"read_parquet({quoted(Path(folder) / path.name)})"
