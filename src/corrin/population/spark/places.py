"""Where things lie for Spark: addresses with a scheme, and the few things that are done to them.

Spark's own readers reach a path on any machine; what is asked of a path here (is it there, move it, write a
line) goes through the same file systems.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]+):/+")


def far(path: str | Path) -> bool:
    """The path has a scheme, so that it may lie on another machine."""
    return bool(_SCHEME.match(str(path)))


def address(path: str | Path) -> str:
    """A path as Spark is given it; one without a scheme lies here.

    >>> address("hdfs:/names/exports"), address("s3a://bucket/x"), address("file:///tmp/x")
    ('hdfs://names/exports', 's3a://bucket/x', 'file:/tmp/x')
    """
    text = str(path)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return f"file:{quote(str(Path(text).absolute()))}"
    rest = text[scheme.end() :]
    return f"file:/{rest}" if scheme[1] == "file" else f"{scheme[1]}://{rest}"


def name(file: str, root: str) -> str:
    """What a file is called within an export, as a person writes it."""
    here, base = (unquote(_SCHEME.sub(r"\1:/", each)) for each in (file, root))
    return here.removeprefix(base).lstrip("/") or here.rpartition("/")[2]


class Files:
    """The file systems that a session of Spark knows."""

    def __init__(self, spark: Any) -> None:  # noqa: ANN401 - pyspark is loaded late
        self._java: Any = spark._jvm  # noqa: SLF001 - pyspark gives no other way to a file system
        self._settings: Any = spark._jsc.hadoopConfiguration()  # noqa: SLF001

    def exists(self, where: str) -> bool:
        """Something lies there."""
        system, path = self._at(where)
        return bool(system.exists(path))

    def is_file(self, where: str) -> bool:
        """One file lies there."""
        system, path = self._at(where)
        return bool(system.exists(path) and system.getFileStatus(path).isFile())

    def remove(self, where: str) -> None:
        """Nothing lies there any more."""
        system, path = self._at(where)
        system.delete(path, True)  # noqa: FBT003 - how Hadoop is told: with all that is in it

    def rename(self, where: str, to: str) -> bool:
        """Give another name, all at once."""
        system, path = self._at(where)
        return bool(system.rename(path, self._at(to)[1]))

    def write(self, where: str, text: str) -> None:
        """One file with this text."""
        system, path = self._at(where)
        stream = system.create(path)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def _at(self, where: str) -> tuple[Any, Any]:
        path = self._java.org.apache.hadoop.fs.Path(self._java.java.net.URI(where))
        return path.getFileSystem(self._settings), path
