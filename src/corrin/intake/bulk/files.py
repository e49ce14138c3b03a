"""What lies in an export: which files hold resources, how large they are, and in which parts they are read.

A folder or a file enters; parts leave, each of which begins and ends with a line, so that many processes can
share one large file.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corrin.errors import InputError, Problem
from corrin.intake.bulk.blocks import LONGEST, Part, beginning

SHARE = 1 << 28
"""Bytes of a plain file that one process takes at a time."""

_ENDINGS = tuple(
    f"{name}{packed}" for name in (".ndjson", ".jsonl", ".json") for packed in ("", ".gz", ".zst")
)
_OPENINGS = {b"{", b"[", b"[{"}
"""What alone stands on the first line of one JSON value that is written over many."""
_FOLDER_MEND = "Hand over the folder of a FHIR R4 bulk export: NDJSON, plain, gzip or zstd."


@dataclass(frozen=True, slots=True)
class Export:
    """The files that are read, in parts; those that are not, by name."""

    root: Path
    parts: tuple[Part, ...]
    size: int
    others: tuple[str, ...]


def find(root: Path) -> Export:
    """The files of an export, whose names end as NDJSON or JSON does.

    Errors: `InputError` where nothing is there, or nothing of the kind.
    """
    if not root.exists():
        raise InputError(Problem(str(root), "is not there", _FOLDER_MEND))
    alone = root.is_file()
    base = root.parent if alone else root
    parts: list[Part] = []
    others: list[str] = []
    size = 0
    for path in [root] if alone else sorted(_plain(root)):
        whole = Part(path, path.relative_to(base).as_posix())
        begins, packed = beginning(whole) if alone or _named(path) else (b"", False)
        if alone or (_named(path) and _speaks(path, begins)):
            bytes_ = path.stat().st_size
            size += bytes_
            parts += _parts(whole, begins, SHARE if packed else bytes_)
        else:
            others.append(whole.name)
    if not parts:
        raise InputError(Problem(str(root), "holds no NDJSON", _FOLDER_MEND))
    return Export(root, tuple(parts), size, tuple(others))


def _plain(root: Path) -> Iterator[Path]:
    """Files that are neither hidden nor in a hidden folder."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(folder, name) for name in names if not name.startswith("."))
        yield from (path for path in paths if path.is_file())


def _parts(whole: Part, begins: bytes, size: int) -> Iterator[Part]:
    """A large plain file in parts of whole lines; any other whole."""
    if begins.lstrip().partition(b"\n")[0].strip() in _OPENINGS:
        yield replace(whole, document=True)
        return
    if size <= SHARE:
        yield whole
        return
    start = 0
    with whole.path.open("rb") as file:
        while start < size:
            file.seek(min(start + SHARE, size))
            file.readline(LONGEST)
            end = file.tell()
            yield replace(whole, start=start, end=end)
            start = end


def _named(path: Path) -> bool:
    return path.name.lower().endswith(_ENDINGS)


def _speaks(path: Path, begins: bytes) -> bool:
    """NDJSON by its name, or JSON that holds a resource: an export's manifest or log holds none."""
    return ".json" not in path.name.lower() or b'"resourceType"' in begins
