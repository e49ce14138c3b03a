"""Whatever was handed over, as text of a known kind: JSON documents, each with its place, or a table.

Bytes, text, a path or parsed JSON enter, gzip or plain; documents leave. What cannot be read is refused here
with line and column, and never with what stands there.
"""

import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import msgspec

from corrin.errors import InputError, Problem
from corrin.records import Noun

Source = bytes | bytearray | memoryview | str | Path | Mapping[str, Any] | Sequence[Any]

LARGEST = 1 << 30
"""A gigabyte: what grows beyond it when unpacked is not unpacked."""

_KNOWN = "Hand over FHIR R4 as JSON, a case file or a CSV."
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive or a spreadsheet", "Save it as CSV (UTF-8)."),
    (b"PAR1", "a Parquet file", "Save it as CSV (UTF-8)."),
    (b"MSH|", "an HL7 v2 message", "Hand over FHIR R4 as JSON."),
    (b"<", "XML", "Hand over FHIR as JSON (application/fhir+json)."),
    (b"%PDF", "a PDF", _KNOWN),
)
_BYTE = re.compile(r"\(byte ([0-9]+)\)")


class Document(Noun, frozen=True, gc=False):
    """One JSON value, and what is put before every pointer into it: nothing, `line 7: `, or `[3].`

    `keys` are those of an object, and `twice` those given twice within, where somebody looked already.
    `sound` is what a format's own reader made of the whole of it.
    """

    prefix: str
    raw: bytes
    keys: frozenset[str] | None = None
    twice: tuple[str, ...] | None = None
    sound: object = None

    @property
    def place(self) -> str:
        """Where it stands, as an error names it."""
        return self.prefix.rstrip(".: ")


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no JSON, and why."""

    place: str
    reason: str


def load(source: Source, where: str) -> bytes:
    """The bytes behind `source`, unpacked, proved to be UTF-8, without a byte order mark."""
    if isinstance(source, Mapping | list | tuple):
        return _written(source, where)
    raw = bytes(source) if isinstance(source, bytes | bytearray | memoryview) else _opened(source, where)
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw, where)
    return _utf8(raw, where)


def names_a_file(source: object) -> bool:
    """A path, or a text of one line that begins neither as JSON nor as XML."""
    if isinstance(source, str):
        start = source.lstrip("\ufeff \t\r\n")[:1]
        return start not in {"", "{", "[", "<"} and "\n" not in source
    return isinstance(source, Path)


def is_json(raw: bytes) -> bool:
    """The first character that is no space opens an object or a list."""
    return raw.lstrip(b" \t\r\n")[:1] in {b"{", b"["}


def documents(raw: bytes, where: str) -> Iterator[Document | Broken]:
    """Each JSON value: of a list its members, of NDJSON its lines, else the one there is."""
    lines = _lines(raw)
    if lines is not None:
        for number, line in lines:
            fault = _fault(line).replace("line 1, ", "")
            place = f"line {number}"
            yield Broken(place, fault) if fault else Document(f"{place}: ", line)
        return
    value = _decoded(raw)
    fault = _fault(raw) if value is None else ""
    if fault:
        raise InputError(Problem(where, fault, "Send the whole of the JSON, as it was written."))
    if raw.lstrip(b" \t\r\n")[:1] == b"{":
        yield _known("", raw, value)
        return
    values = cast("list[object]", value) if isinstance(value, list) else []
    for index, member in enumerate(msgspec.json.decode(raw, type=list[msgspec.Raw])):
        yield _known(f"[{index}].", bytes(member), values[index] if values else None)


def _known(prefix: str, raw: bytes, value: object) -> Document:
    """A document with what can be told of it once it was decoded."""
    if not isinstance(value, dict):
        return Document(prefix, raw)
    decoded = cast("dict[str, object]", value)
    return Document(prefix, raw, frozenset(decoded), given_twice(raw, decoded))


def given_twice(raw: bytes, value: object = None) -> tuple[str, ...]:
    """The keys that stand twice in one object, of which any decoder would drop one in silence.

    A key of a Bundle or of an entry comes first, with `Bundle.` before it: whole resources hang on it.
    `value` is what `raw` decodes to, where that is known. Written again, a key that was given twice has lost
    one of its colons.
    """
    escaped = b"\\" in raw and b"\\u003" in raw
    if not escaped:
        value = _decoded(raw) if value is None else value
        again = b"" if value is None else msgspec.json.encode(value)
        if again and (again == raw or again.count(b":") == raw.count(b":")):
            return ()
    found: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> dict[str, object]:
        plain = dict(pairs)
        if len(plain) != len(pairs):
            names = [name for name, _ in pairs]
            bundle = "resource" in plain or plain.get("resourceType") == "Bundle"
            found.extend(f"Bundle.{name}" if bundle else name for name in plain if names.count(name) > 1)
        return plain

    json.loads(raw, object_pairs_hook=look, parse_int=str, parse_float=str)
    return tuple(sorted(found, key=lambda name: not name.startswith("Bundle.")))


def _decoded(raw: bytes) -> object:
    """What the JSON says, or None where it cannot be decoded as a whole."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None


def _written(source: Mapping[str, Any] | Sequence[Any], where: str) -> bytes:
    """Parsed JSON written down again, so that everything goes one way through the reader."""
    try:
        raw = msgspec.json.Encoder(decimal_format="number").encode(source)
    except (TypeError, ValueError, msgspec.MsgspecError):
        raise InputError(
            Problem(where, "holds what JSON cannot say", "Send what json.loads gives.")
        ) from None
    waiting: list[object] = [source]
    while waiting:
        one = waiting.pop()
        if isinstance(one, float) and not math.isfinite(one):
            raise InputError(Problem(where, "holds NaN or Infinity", "Leave the value out."))
        if isinstance(one, dict):
            waiting.extend(cast("dict[object, object]", one).values())
        elif isinstance(one, list | tuple):
            waiting.extend(cast("list[object]", one))
    return raw


def _opened(source: object, where: str) -> bytes:
    """A file's bytes, or the text that is content itself."""
    if not isinstance(source, str | Path):
        raise InputError(Problem(where, "neither bytes, a text, a path nor parsed JSON", _KNOWN))
    if isinstance(source, str) and not names_a_file(source):
        return source.encode("utf-8", "surrogatepass")
    try:
        return Path(source).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no name of a file"
        raise InputError(Problem(where, f"cannot be opened ({why})", "Name a file that exists.")) from None


def _unpacked(raw: bytes, where: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(raw)) as packed:
            plain = packed.read(LARGEST + 1)
    except (EOFError, OSError, zlib.error):
        raise InputError(Problem(where, "gzip that ends early or is damaged", "Fetch it again.")) from None
    if len(plain) > LARGEST:
        raise InputError(Problem(where, "more than a gigabyte when unpacked", "Hand it over in parts."))
    return plain


def _utf8(raw: bytes, where: str) -> bytes:
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in raw[:4]:
        raise InputError(Problem(where, "UTF-16 or UTF-32", "Save it as UTF-8."))
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise InputError(Problem(where, "empty", _KNOWN))
    begins = raw.lstrip(b" \t\r\n")
    for start, what, mend in _FOREIGN:
        if begins.startswith(start):
            raise InputError(Problem(where, f"{what}, which is not read", mend))
    try:
        if not raw.isascii():
            raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(Problem(f"{where}: line {line}", "not UTF-8", "Save it as UTF-8.")) from None
    return raw


def _lines(raw: bytes) -> list[tuple[int, bytes]] | None:
    """The numbered lines of NDJSON, or None where the first line is not a whole object of several."""
    first, _, rest = raw.lstrip(b" \t\r\n").partition(b"\n")
    if first[:1] != b"{" or not rest.strip() or _fault(first):
        return None
    return [(number, line) for number, line in enumerate(raw.split(b"\n"), 1) if line.strip()]


def _fault(raw: bytes) -> str:
    """Why `raw` is no JSON, with line and column; empty where it is."""
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)
    except RecursionError:
        return "nested too deeply"
    except msgspec.DecodeError as error:
        at = _BYTE.search(str(error))
        end = int(at[1]) if at else len(raw)
        line = raw.count(b"\n", 0, end) + 1
        column = end - (raw.rfind(b"\n", 0, end) + 1) + 1
        why = str(error).partition(" (byte")[0].removeprefix("JSON is malformed: ").lower()
        return f"malformed JSON at line {line}, column {column}: {why}"
    return ""
