"""The head of one line: what kind of resource it is, of whom, and what it points to. Nothing else is read.

A line that somebody may need enters; a `Line` leaves, with the key under which all lines of one patient meet.
"""

import re
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from corrin.intake.fhir.chart import PARTS
from corrin.intake.fhir.r4.decode import READ

NOBODY = ""
"""The key of a line that names no patient."""

_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_PATIENT, _BUNDLE = "Patient", "Bundle"
_HOLDERS = {"DiagnosticReport", _BUNDLE, "OperationOutcome"}
"""Not read as such, but results may stand inside, or what it says matters to everything else."""


class Line(NamedTuple):
    """A line that is kept: who it belongs to, what it is, what it points to, where it stood.

    Shape: `key` is the last part of the patient's address (of a Bundle of several patients a key of its own),
    `id` of the resource's own, `refs` those of a
    medicine, an ingredient or a specimen elsewhere. `coded`: a code that is asked for stands in it, or may.
    `number` counts from 1 within the part.
    """

    key: str
    type: str
    id: str
    refs: tuple[str, ...]
    coded: bool
    number: int
    raw: bytes


class _Points(msgspec.Struct, gc=False):
    reference: str | None = None


class _Ingredient(msgspec.Struct, rename="camel", gc=False):
    item_reference: _Points | None = None


class _Resource(msgspec.Struct, rename="camel", gc=False):
    resource_type: str = ""
    id: str | None = None


class _Entry(msgspec.Struct, gc=False):
    resource: _Resource | None = None


class _Head(msgspec.Struct, rename="camel", gc=False):
    resource_type: str = ""
    id: str | None = None
    subject: _Points | None = None
    patient: _Points | None = None
    medication_reference: _Points | None = None
    specimen: _Points | None = None
    ingredient: tuple[_Ingredient, ...] | None = None
    entry: tuple[_Entry, ...] | None = None


class _Loose(msgspec.Struct, rename="camel"):
    """The head of a resource of which some element is malformed."""

    resource_type: msgspec.Raw = msgspec.Raw()
    id: msgspec.Raw = msgspec.Raw()
    subject: msgspec.Raw = msgspec.Raw()
    patient: msgspec.Raw = msgspec.Raw()


_HEAD = msgspec.json.Decoder(_Head)
_LOOSE = msgspec.json.Decoder(_Loose)
_POINTS = msgspec.json.Decoder(_Points)
_TEXT = msgspec.json.Decoder(str)


def beginning(raw: bytes | bytearray) -> bytes:
    """How the first line begins, up to its type, where that is one that nobody reads; else nothing."""
    match = _TYPE.match(raw)
    return match[0] if match and not kept(match[1].decode()) else b""


def kept(name: str) -> bool:
    """A type that this guideline reads, in this or another version of FHIR, or that may hold one; an unknown
    one is looked at.
    """
    return not name or name in READ or name in PARTS or name in _HOLDERS


def read(raw: bytes, number: int, *, coded: bool = True) -> Line | None:
    """The head of a line; None for one that is no JSON object in UTF-8."""
    try:
        if not raw.isascii():
            raw.decode("utf-8")
        head = _HEAD.decode(raw)
    except msgspec.ValidationError:
        head = _loose(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if head is None:
        return None
    name = head.resource_type
    key = _key(head, name)
    if name == _BUNDLE and key == NOBODY:
        key = f"{_BUNDLE} {sha256(raw).hexdigest()}"
    return Line(key, name, head.id or "", _refs(head), coded, number, raw)


def tail(reference: str) -> str:
    """The last part of a reference, relative, absolute or a URN: under which both its ends meet."""
    plain = reference.partition("/_history/")[0] if "/_history/" in reference else reference
    return plain.rpartition("/")[2].rpartition(":")[2]


def _refs(head: _Head) -> tuple[str, ...]:
    """What a medicine, an ingredient or a specimen is said to be elsewhere."""
    if not (head.medication_reference or head.specimen or head.ingredient):
        return ()
    refs = [point.reference for point in (head.medication_reference, head.specimen) if point]
    refs += [one.item_reference.reference for one in head.ingredient or () if one.item_reference]
    return tuple(tail(ref) for ref in refs if ref and ref[0] != "#")


def _key(head: _Head, name: str) -> str:
    if name == _PATIENT:
        return head.id or NOBODY
    if name == _BUNDLE:
        people = [one.resource for one in head.entry or () if one.resource]
        ids = {one.id for one in people if one.resource_type == _PATIENT}
        return (ids.pop() or NOBODY) if len(ids) == 1 else NOBODY
    point = head.subject or head.patient
    reference = point.reference if point else None
    return tail(reference) if reference and reference[0] != "#" else NOBODY


def _loose(raw: bytes) -> _Head | None:
    """The head of a resource of which some element has the wrong type."""
    try:
        head = _LOOSE.decode(raw)
    except msgspec.DecodeError:
        return None
    said = _Head()
    for name in ("resource_type", "id"):
        setattr(said, name, _decoded(_TEXT, getattr(head, name)) or "")
    for name in ("subject", "patient"):
        setattr(said, name, _decoded(_POINTS, getattr(head, name)))
    return said


def _decoded(decoder: msgspec.json.Decoder[Any], raw: msgspec.Raw) -> Any:  # noqa: ANN401 - whatever the decoder gives
    try:
        return decoder.decode(raw) if bytes(raw) else None
    except msgspec.DecodeError:
        return None
