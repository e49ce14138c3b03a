"""What a query brought, handed over beforehand or fetched: how it ended, before anything of it is read.

The bytes under one key enter; a `Part` leaves, told apart without decoding a resource.
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from corrin.intake.fhir.r4.bundles import Whole, whole
from corrin.intake.fhir.r4.shapes import Observation
from corrin.records import Noun

Found = Literal["not-tried", "nothing", "failed", "some", "all"]
"""Three absences (no key, null, an OperationOutcome); a Bundle that is not whole, and one that is."""

BUNDLE = "Bundle"
MEDICATION = "Medication"
_FAILURES = frozenset({"", "error", "fatal"})
_BUNDLED = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"Bundle"')
_REFERENCE = re.compile(rb'"reference"\s*:\s*"(?:[^"\\]*/)?(Medication/[A-Za-z0-9.-]{1,64})"')
_URN = re.compile(rb'"medicationReference"\s*:\s*\{[^{}]*?"reference"\s*:\s*"(urn:[^"\\]{1,256})"')


class _Kind(msgspec.Struct, rename="camel"):
    resource_type: str
    id: object = None


class _Entry(msgspec.Struct, rename="camel"):
    resource: _Kind
    full_url: object = None


class _Link(msgspec.Struct):
    relation: str = ""
    url: str = ""


class _Page(msgspec.Struct, rename="camel"):
    """A Bundle in which every entry holds a resource of some kind."""

    link: list[_Link] | None = None
    entry: list[_Entry] | None = None


class _Bundle(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    entry: list[msgspec.Raw] | None = None


class _Issue(msgspec.Struct):
    severity: str = ""


class _Outcome(msgspec.Struct):
    issue: list[_Issue]


_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_BUNDLE = msgspec.json.Decoder(_Bundle)
_PAGE = msgspec.json.Decoder(_Page)
_OUTCOME = msgspec.json.Decoder(_Outcome)
_KIND = msgspec.json.Decoder(_Kind)
_TEXT = msgspec.json.Decoder(str)


class Part(Noun, frozen=True, gc=False):
    """What one query brought: how it ended, its documents, and the address of the next page.

    `sound` is the only document, where it is a Bundle that decoded with all it holds.
    """

    found: Found
    documents: tuple[bytes, ...] = ()
    next: str = ""
    sound: Whole | None = None
    why: str = ""


def part(raw: bytes | None, kind: str) -> Part:
    """What stands under one key: told apart by how the client's own query, for resources of a kind, ended."""
    if raw is None:
        return Part("not-tried")
    if raw.strip() == b"null":
        return Part("nothing")
    sound = whole(raw) if _BUNDLED.match(raw) else None
    if sound is not None and not (sound.link and any(link.relation == "next" for link in sound.link)):
        return Part("all", (raw,), sound=sound)
    try:
        sent = _KIND.decode(raw).resource_type
    except msgspec.DecodeError:
        sent = ""
    if sent == BUNDLE:
        return _bundle(raw)
    return Part("all", (raw,)) if sent == kind else Part("failed")


def _bundle(raw: bytes) -> Part:
    try:
        page = _PAGE.decode(raw)
    except msgspec.DecodeError:
        return Part("some", (raw,)) if entries(raw) else Part("failed")
    if b'"OperationOutcome"' in raw and any(map(_is_failure, entries(raw) or ())):
        return Part("failed")
    following = next((link.url for link in page.link or () if link.relation == "next"), None)
    return Part("all", (raw,)) if following is None else Part("some", (raw,), following)


def elsewhere(parts: Mapping[str, Part]) -> Mapping[str, frozenset[str]]:
    """By key, the medicines only pointed to (`Medication/1`, `urn:...`) that are in none of the documents."""
    asked = {key: _asked(one) for key, one in parts.items()}
    if not any(asked.values()):
        return {}
    there = {name for one in parts.values() for raw in one.documents for name in _held(raw)}
    return {key: frozenset(names - there) for key, names in asked.items() if names - there}


def _asked(one: Part) -> set[str]:
    """The medicines that a part points to; of nothing but results none is asked."""
    if one.sound is not None and all(type(entry.resource) is Observation for entry in one.sound.entry or ()):
        return set()
    found = {name for raw in one.documents for name in _REFERENCE.findall(raw)}
    found |= {name for raw in one.documents if b'"urn:' in raw for name in _URN.findall(raw)}
    return {name.decode(errors="replace") for name in found}


def _held(raw: bytes) -> set[str]:
    """The medicines that a document holds, or is."""
    try:
        held = _PAGE.decode(raw).entry or [_Entry(_KIND.decode(raw))]
    except msgspec.DecodeError:
        return set()
    medicines = [one for one in held if one.resource.resource_type == MEDICATION]
    names = {f"{MEDICATION}/{one.resource.id}" for one in medicines}
    return names | {one.full_url for one in medicines if isinstance(one.full_url, str)}


def entries(raw: bytes) -> list[msgspec.Raw] | None:
    """The entries of a Bundle; None of anything else."""
    try:
        bundle = _BUNDLE.decode(raw)
    except msgspec.DecodeError:
        return None
    return (bundle.entry or []) if bundle.resource_type == BUNDLE else None


def _is_failure(entry: msgspec.Raw) -> bool:
    """The server says, among what it found, that something was not looked up; a remark is no failure."""
    resource = resource_of(entry)
    if said(resource.get("resourceType")) != "OperationOutcome":
        return False
    try:
        outcome = _OUTCOME.decode(fields(entry)["resource"])
    except msgspec.DecodeError:
        return True
    return any(issue.severity in _FAILURES for issue in outcome.issue)


def resource_of(entry: msgspec.Raw) -> Mapping[str, msgspec.Raw]:
    """The fields of the resource that an entry holds."""
    return fields(fields(entry).get("resource"))


def fields(raw: msgspec.Raw | None) -> Mapping[str, msgspec.Raw]:
    """The fields of an object; none of anything else."""
    try:
        return _OBJECT.decode(raw) if raw is not None else {}
    except msgspec.DecodeError:
        return {}


def said(raw: msgspec.Raw | None) -> str:
    """A text; an empty one of anything else."""
    try:
        return _TEXT.decode(raw) if raw is not None else ""
    except msgspec.DecodeError:
        return ""
