"""One file of an export: brought, carried on where it broke off, and checked before it has its name.

An entry of the manifest enters, `Brought` leaves. The bytes are kept as they came (gzip stays gzip), so that
what broke off can be carried on by its range; resources are counted, and the manifest's count must hold.
"""

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

from corrin.errors import InputError
from corrin.service.bulk.asking import AGAIN, Asking
from corrin.service.bulk.job import GONE, File
from corrin.service.bulk.order import NDJSON, Brought
from corrin.service.bulk.state import State

_GZIP = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"
_BLOCK = 1 << 20


@dataclass(slots=True)
class _Broken(Exception):  # noqa: N818 - not yet an error: it may be tried again
    why: str
    after: str | None = None


@dataclass(slots=True)
class Expired(Exception):  # noqa: N818 - not yet an error: a new manifest may name another address
    """The address of a file no longer holds; what to say when a new one does not hold either."""

    refused: InputError


def fetch(file: File, asking: Asking, state: State, heard: Callable[[str], None]) -> Brought:
    """The file, whole and checked; one that a former run brought is only looked at.

    Errors: `InputError` when it stays broken, or holds another number of resources than was said; `Expired`
    when its address has.
    """
    known = state.done.get(file.name)
    if known and known["key"] == file.key and state.path(known["as"]).is_file():
        return Brought(known["as"], file.kind, known["lines"], known["size"])
    heard(file.name)
    part = state.path(f"{file.name}.part")
    failed, had = 0, 0
    while True:
        try:
            _bring(file, asking, part)
            lines = _counted(part)
            _agrees(file, part, lines)
        except _Broken as broken:
            have = part.stat().st_size if part.exists() else 0
            failed, had = (1 if have > had else failed + 1), have
            asking.again(failed, broken.why, broken.after)
        else:
            return _named(file, part, lines, state)


def _agrees(file: File, part: Path, lines: int) -> None:
    """As many resources as the manifest says, where it says it."""
    if file.count is not None and lines != file.count:
        part.unlink()
        raise _Broken(f"sends {lines} resources of {file.name} where its manifest says {file.count}")


def _bring(file: File, asking: Asking, part: Path) -> None:
    """What is not there yet, behind what is."""
    have = part.stat().st_size if part.exists() else 0
    mark = part.with_suffix(".etag")
    etag, _, of = mark.read_text("utf-8").partition("\n") if mark.exists() else ("", "", "")
    headers = {"accept": NDJSON, "accept-encoding": "gzip"}
    if have and etag and of == file.key:
        headers |= {"range": f"bytes={have}-", "if-range": etag}
    try:
        with asking.stream(file.url, headers, with_token=file.with_token) as answer:
            if _ends(answer, have, part, file):
                return
            _status(answer, file, asking)
            begins = answer.status_code != HTTPStatus.PARTIAL_CONTENT
            if not begins:
                _carries_on(answer, have, part, file)
            else:
                mark.write_text(f"{_strong(answer.headers.get('etag', ''))}\n{file.key}", "utf-8")
            with part.open("wb" if begins else "ab") as to:
                for some in answer.iter_raw():
                    to.write(some)
    except httpx.TimeoutException:
        raise _Broken(f"falls silent in {file.name}") from None
    except httpx.TransportError:
        raise _Broken(f"breaks off in {file.name}") from None


def _ends(answer: httpx.Response, have: int, part: Path, file: File) -> bool:
    """There is nothing behind what a former run brought: it was broken off when all of it was here."""
    if answer.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return False
    if answer.headers.get("content-range") != f"bytes */{have}":
        part.unlink(missing_ok=True)
        raise _Broken(f"does not carry {file.name} on")
    return True


def _carries_on(answer: httpx.Response, have: int, part: Path, file: File) -> None:
    """The part that was asked for, and no other."""
    if not answer.headers.get("content-range", "").startswith(f"bytes {have}-"):
        part.unlink(missing_ok=True)
        raise _Broken(f"sends another part of {file.name} than was asked for")


def _strong(etag: str) -> str:
    """A tag that says that the bytes are the same; a weak one does not."""
    return etag if etag.startswith('"') else ""


def _status(answer: httpx.Response, file: File, asking: Asking) -> None:
    """Go on with what is sent; try again, or give up, with what is not."""
    status = answer.status_code
    if status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        return
    if status == HTTPStatus.UNAUTHORIZED and asking.renew():
        raise _Broken(f"does not take its token for {file.name}", "0")
    if status in AGAIN:
        raise _Broken(f"answers {status} for {file.name}", answer.headers.get("retry-after"))
    asking.stays(answer)
    if status in GONE:
        what = f"no longer has {file.name}: the export expired"
        raise Expired(asking.refused(what, "Delete the folder that ends in .partial, and start again."))
    refused = asking.refused(f"answers {status} for {file.name}")
    raise Expired(refused) if status == HTTPStatus.FORBIDDEN else refused


def _counted(part: Path) -> int:
    """How many resources there are, one a line; the first line and the last have to be whole.

    Errors: gzip that breaks off, a last line that does, and what is no NDJSON: a page, one resource over many
    lines.
    """
    lines, first, last = 0, b"", b""
    with part.open("rb") as raw:
        packed = raw.read(len(_GZIP)) == _GZIP
    try:
        with gzip.open(part, "rb") if packed else part.open("rb") as file:
            for line in file:
                if line.strip():
                    first = first or line.removeprefix(_MARK).strip()
                    lines, last = lines + 1, line
    except (EOFError, zlib.error, gzip.BadGzipFile):
        part.unlink()
        raise _Broken("sends a gzip that breaks off") from None
    if lines > 1 and not (first.startswith(b"{") and first.endswith(b"}")):
        part.unlink()
        raise _Broken("sends a file that is no NDJSON: its first line is not a whole resource")
    if last and not last.rstrip().endswith(b"}"):
        part.unlink()
        raise _Broken("sends a file whose last line breaks off")
    return lines


def _named(file: File, part: Path, lines: int, state: State) -> Brought:
    with part.open("rb") as raw:
        packed = raw.read(len(_GZIP)) == _GZIP
    name = f"{file.name}.gz" if packed else file.name
    size = part.stat().st_size
    part.replace(state.path(name))
    part.with_suffix(".etag").unlink(missing_ok=True)
    state.note(file.key, file.name, lines=lines, size=size, **{"as": name})
    return Brought(name, file.kind, lines, size)
