"""What lies in an export: which files hold resources, how large they are, and in which parts they are read.

A folder or a file enters; parts leave, each of which begins and ends with a line, so that many processes can
share one large file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corrin.errors import InputError, Problem
from corrin.intake.bulk.blocks import LONGEST, PLAIN, Part, beginning, packing

SHARE = 1 << 28
"""Bytes of a plain file that one process takes at a time."""

_ENDINGS = tuple(
    f"{name}{packed}" for name in (".ndjson", ".jsonl", ".json") for packed in ("", ".gz", ".zst")
)
_OPENINGS = {b"{", b"[", b"[{"}
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
    files = [root] if root.is_file() else sorted(each for each in root.rglob("*") if _plain(each, root))
    taken = files if root.is_file() else [each for each in files if _named(each) and _speaks(each)]
    if not taken:
        raise InputError(Problem(str(root), "holds no NDJSON", _FOLDER_MEND))
    base = root.parent if root.is_file() else root
    parts = [part for each in taken for part in _parts(each, each.relative_to(base).as_posix())]
    others = tuple(each.relative_to(base).as_posix() for each in files if each not in set(taken))
    return Export(root, tuple(parts), sum(each.stat().st_size for each in taken), others)


def _plain(path: Path, root: Path) -> bool:
    """A file that is neither hidden nor in a hidden folder."""
    return path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)


def _parts(path: Path, name: str) -> Iterator[Part]:
    """A large plain file in parts of whole lines; any other whole."""
    size = path.stat().st_size
    if _document(path, name):
        yield Part(path, name, document=True)
        return
    if size <= SHARE or packing(path) != PLAIN:
        yield Part(path, name)
        return
    start = 0
    with path.open("rb") as file:
        while start < size:
            file.seek(min(start + SHARE, size))
            file.readline(LONGEST)
            end = file.tell()
            yield Part(path, name, start, end)
            start = end


def _named(path: Path) -> bool:
    return path.name.lower().endswith(_ENDINGS)


def _speaks(path: Path) -> bool:
    """NDJSON by its name, or JSON that holds a resource: an export's manifest or log holds none."""
    return ".json" not in path.name.lower() or b'"resourceType"' in beginning(Part(path, path.name))


def _document(path: Path, name: str) -> bool:
    """One JSON value over many lines: its first line opens it, and holds nothing else."""
    return beginning(Part(path, name)).lstrip().partition(b"\n")[0].strip() in _OPENINGS
