"""The body of a CDS Hooks 2.0 call: what was asked, for whom, and what was handed over beforehand.

Bytes enter; a `Call` leaves, its resources still as they were sent. `record` makes one patient's record of
them. Fields of later versions are passed over; a field that is needed and cannot be read is refused by place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from corrin.errors import InputError, Problem
from corrin.intake import content, fhir
from corrin.intake.content import Broken, Document
from corrin.records import Event, Record

Found = Literal["not-tried", "nothing", "failed", "some", "all"]
"""Three absences (no key, null, an OperationOutcome); a Bundle that is not whole, and one that is."""

DRAFTS = "context.draftOrders"
BUNDLE = "Bundle"
_LONGEST = 256
_ORDER_KINDS = frozenset({"medicine", "order"})


class _Kind(msgspec.Struct, rename="camel"):
    resource_type: str


class _Entry(msgspec.Struct):
    resource: _Kind


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
_TEXTS = msgspec.json.Decoder(list[str])


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the hook, its instance, the patient, draft orders (a Bundle) and what was chosen of them."""

    hook: str
    instance: str
    patient: str
    drafts: bytes | None
    selections: tuple[str, ...] | None
    prefetch: Mapping[str, bytes]
    server: str
    token: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one query brought: how it ended, its documents, and the address of the next page."""

    found: Found
    documents: tuple[bytes, ...] = ()
    next: str = ""


def read(raw: bytes) -> Call:
    """One call.

    Errors: an `InputError` that lists every field that is missing or of another shape; never a value.
    """
    whole = _whole(raw)
    problems: list[Problem] = []
    context = _object(whole.get("context"), "context", problems, needed=True)
    access = _object(whole.get("fhirAuthorization"), "fhirAuthorization", problems)
    prefetch = _object(whole.get("prefetch"), "prefetch", problems)
    drafts = context.get("draftOrders")
    call = Call(
        hook=_text(whole.get("hook"), "hook", problems, needed=True),
        instance=_text(whole.get("hookInstance"), "hookInstance", problems, needed=True),
        patient=_text(context.get("patientId"), "context.patientId", problems, needed=True),
        drafts=None if drafts is None else bytes(drafts),
        selections=_texts(context.get("selections"), "context.selections", problems),
        prefetch={key: bytes(value) for key, value in prefetch.items()},
        server=_text(whole.get("fhirServer"), "fhirServer", problems),
        token=_text(access.get("access_token"), "fhirAuthorization.access_token", problems, longest=1 << 16),
    )
    _text(context.get("userId"), "context.userId", problems)
    if problems:
        raise InputError(*problems)
    return call


def _whole(raw: bytes) -> Mapping[str, msgspec.Raw]:
    raw = content.load(raw, "body")
    found = list(content.documents(raw, "body")) if raw.lstrip(b" \t\r\n")[:1] == b"{" else []
    document = found[0] if len(found) == 1 else Broken("body", "not one object")
    if isinstance(document, Broken):
        raise InputError(Problem("body", "no JSON object", "Send one CDS Hooks request."))
    if b"\\u0000" in raw:
        raise InputError(Problem("body", "holds the character NUL", "Leave it out."))
    return _OBJECT.decode(document.raw)


def part(raw: bytes | None, kind: str) -> Part:
    """What stands under one key: told apart by how the client's own query, for resources of a kind, ended."""
    if raw is None:
        return Part("not-tried")
    if raw.strip() == b"null":
        return Part("nothing")
    try:
        sent = _KIND.decode(raw).resource_type
    except msgspec.DecodeError:
        return Part("failed")
    if sent != BUNDLE:
        return Part("all", (raw,)) if sent == kind else Part("failed")
    try:
        page = _PAGE.decode(raw)
    except msgspec.DecodeError:
        return Part("some", (raw,)) if _entries(raw) else Part("failed")
    if b'"OperationOutcome"' in raw and any(map(_is_failure, _entries(raw))):
        return Part("failed")
    following = next((link.url for link in page.link or () if link.relation == "next"), None)
    return Part("all", (raw,)) if following is None else Part("some", (raw,), following)


def _entries(raw: bytes) -> list[msgspec.Raw]:
    try:
        return _BUNDLE.decode(raw).entry or []
    except msgspec.DecodeError:
        return []


def _is_failure(entry: msgspec.Raw) -> bool:
    """The server says, among what it found, that something was not looked up; a remark is no failure."""
    resource = _resource(entry)
    if _said(resource.get("resourceType")) != "OperationOutcome":
        return False
    try:
        outcome = _OUTCOME.decode(_fields(entry)["resource"])
    except msgspec.DecodeError:
        return True
    return any(issue.severity not in {"information", "warning"} for issue in outcome.issue)


def _resource(entry: msgspec.Raw) -> Mapping[str, msgspec.Raw]:
    return _fields(_fields(entry).get("resource"))


def _fields(raw: msgspec.Raw | None) -> Mapping[str, msgspec.Raw]:
    """The fields of an object; none of anything else."""
    try:
        return _OBJECT.decode(raw) if raw is not None else {}
    except msgspec.DecodeError:
        return {}


def _said(raw: msgspec.Raw | None) -> str:
    try:
        return _TEXT.decode(raw) if raw is not None else ""
    except msgspec.DecodeError:
        return ""


def asks(drafts: bytes, selections: Iterable[str] | None) -> bool:
    """Whether anything was chosen yet: clients call before a drug is, with an order that names none."""
    bundle = _drafts(drafts)
    chosen = None if selections is None else {one.rpartition("/")[2] for one in selections}
    for entry in bundle.entry or ():
        resource = _resource(entry)
        named = any(
            key in resource and bytes(resource[key]) not in {b"null", b"{}", b'""'}
            for key in ("medicationCodeableConcept", "medicationReference", "code")
        )
        if named and (chosen is None or _said(resource.get("id")) in chosen):
            return True
    return False


def _drafts(raw: bytes) -> _Bundle:
    try:
        bundle = _BUNDLE.decode(raw)
    except msgspec.DecodeError:
        bundle = _Bundle()
    if bundle.resource_type != BUNDLE:
        raise InputError(Problem(DRAFTS, "no Bundle of orders", "Send a Bundle, empty when there is none."))
    return bundle


def record(call: Call, parts: Mapping[str, Part], complete: frozenset[str]) -> tuple[Record, ...]:
    """One record for each person of whom the call speaks; what is being ordered counts as ordered now.

    Errors: an `InputError` where nothing speaks of a patient.
    """
    documents = [
        Document(f"prefetch.{key}." if page == 0 else f"prefetch.{key}, page {page + 1}: ", raw)
        for key, each in parts.items()
        for page, raw in enumerate(each.documents)
    ]
    if call.drafts is not None:
        documents.append(Document(f"{DRAFTS}.", call.drafts))
    try:
        records = fhir.read(documents, "request", complete)
    except RecursionError:
        raise InputError(Problem("request", "nested too deeply", "Send FHIR R4 as JSON.")) from None
    if call.drafts is None:
        return records
    return tuple(replace(one, events=tuple(map(_drafted, one.events))) for one in records)


def _drafted(event: Event) -> Event:
    """An order of this request: a draft of this moment, whatever dates and intent it was sent with."""
    if not event.where.startswith(DRAFTS) or event.kind not in _ORDER_KINDS:
        return event
    status = event.status if event.status in {"error", "not-done"} else "draft"
    return replace(event, status=status, intent="order", start=None, end=None, recorded=None)


def _object(
    raw: msgspec.Raw | None, where: str, problems: list[Problem], *, needed: bool = False
) -> Mapping[str, msgspec.Raw]:
    if raw is None or (bytes(raw) == b"null" and not needed):
        if needed:
            problems.append(Problem(where, "missing", "It is required."))
        return {}
    try:
        return _OBJECT.decode(raw)
    except msgspec.DecodeError:
        problems.append(Problem(where, "no object", "Send a JSON object."))
        return {}


def _text(
    raw: msgspec.Raw | None,
    where: str,
    problems: list[Problem],
    *,
    needed: bool = False,
    longest: int = _LONGEST,
) -> str:
    if raw is None or (bytes(raw) == b"null" and not needed):
        if needed:
            problems.append(Problem(where, "missing", "It is required."))
        return ""
    try:
        text = _TEXT.decode(raw)
    except msgspec.DecodeError:
        problems.append(Problem(where, "no text", "Send a JSON string."))
        return ""
    if (needed and not text.strip()) or len(text) > longest:
        problems.append(Problem(where, "empty, or too long", f"Send at most {longest} characters."))
    return text


def _texts(raw: msgspec.Raw | None, where: str, problems: list[Problem]) -> tuple[str, ...] | None:
    if raw is None or bytes(raw) == b"null":
        return None
    try:
        return tuple(_TEXTS.decode(raw))
    except msgspec.DecodeError:
        problems.append(Problem(where, "no list of texts", 'Send ["MedicationRequest/1"].'))
        return None
