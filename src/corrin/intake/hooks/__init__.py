"""The body of a CDS Hooks 2.0 call: what was asked, for whom, and what was handed over beforehand.

Bytes enter; a `Call` leaves, its resources still as they were sent. `record` makes one patient's record of
them. Fields of later versions are passed over; a field that is needed and cannot be read is refused by place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec
from msgspec import structs

from corrin.errors import InputError, Problem
from corrin.intake import content, fhir
from corrin.intake.content import Document
from corrin.intake.fhir.chart import Wanted
from corrin.intake.fhir.r4.datatypes import NOTHING, Shape, unread
from corrin.intake.hooks.prefetch import Part, entries, fields, resource_of, said
from corrin.records import Event, Record

DRAFTS = "context.draftOrders"
_LONGEST = 256
_LONGEST_TOKEN = 1 << 16
_ORDER_KINDS = frozenset({"medicine", "order"})
_WHAT = ("medicationCodeableConcept", "medicationReference", "code")
_NOTHING = frozenset({b"null", b"{}", b'""'})
_VERSION = "/_history/"
_NULL = msgspec.Raw(b"null")


@unread("token_type expires_in scope subject patient")
class _Access(msgspec.Struct, omit_defaults=True):
    access_token: str | None = None


@unread("encounterId")
class _Context(Shape):
    patient_id: str
    user_id: str | None = None
    draft_orders: msgspec.Raw = NOTHING
    selections: tuple[str, ...] | None = None


@unread("extension")
class _Sound(Shape):
    """A call in which every field has its shape, as nearly all have: read in one pass."""

    hook: str
    hook_instance: str
    context: _Context
    prefetch: dict[str, msgspec.Raw] | None = None
    fhir_server: str | None = None
    fhir_authorization: _Access | None = None

    def own(self) -> bytes:
        """The call itself, written again without what was handed over and ordered."""
        ordered = _NULL if self.context.draft_orders else NOTHING
        context = structs.replace(self.context, draft_orders=ordered)
        prefetch = None if self.prefetch is None else dict.fromkeys(self.prefetch, _NULL)
        return msgspec.json.encode(structs.replace(self, context=context, prefetch=prefetch))


_SOUND = msgspec.json.Decoder(_Sound)
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
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
    body: bytes = field(default=b"", repr=False)
    own: int = 0
    """Colons of the call itself, without its drafts and what was handed over, when it is written again."""


def read(raw: bytes) -> Call:
    """One call.

    Errors: an `InputError` that lists every field that is missing or of another shape; never a value.
    """
    raw = content.load(raw, "body")
    if b"\\" in raw and b"\\u0000" in raw:
        raise InputError(Problem("body", "holds the character NUL", "Leave it out."))
    try:
        said = _sound(raw, _SOUND.decode(raw))
    except (msgspec.DecodeError, RecursionError):
        said = None
    return said or _careful(raw)


def _sound(raw: bytes, said: _Sound) -> Call | None:
    """The call, where every field is of a length that may be; None where one is to be named."""
    context, access = said.context, said.fhir_authorization
    call = Call(
        hook=said.hook,
        instance=said.hook_instance,
        patient=context.patient_id,
        drafts=bytes(context.draft_orders) or None,
        selections=context.selections,
        prefetch={key: bytes(value) for key, value in (said.prefetch or {}).items()},
        server=said.fhir_server or "",
        token=(access.access_token if access else None) or "",
        body=raw,
        own=said.own().count(b":"),
    )
    needed = (call.hook, call.instance, call.patient)
    shown = max(map(len, (*needed, call.server, context.user_id or "")))
    fits = shown <= _LONGEST and len(call.token) <= _LONGEST_TOKEN
    return call if fits and all(map(str.strip, needed)) else None


def _careful(raw: bytes) -> Call:
    """The call, read field by field, so that each that cannot be is named."""
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
        token=_text(
            access.get("access_token"), "fhirAuthorization.access_token", problems, longest=_LONGEST_TOKEN
        ),
    )
    _text(context.get("userId"), "context.userId", problems)
    if problems:
        raise InputError(*problems)
    return call


def _whole(raw: bytes) -> Mapping[str, msgspec.Raw]:
    try:
        return _OBJECT.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        list(content.documents(raw, "body") if content.is_json(raw) else ())  # says where it is broken
    raise InputError(Problem("body", "no JSON object", "Send one CDS Hooks request."))


def asks(drafts: bytes, selections: Iterable[str] | None) -> bool:
    """Whether anything was chosen yet: clients call before a drug is, with an order that names none.

    Unknown: where a selection is none of the drafts, nobody can tell which was chosen, and any may be.
    """
    named = [(_names(entry), _says_what(resource_of(entry))) for entry in _drafts(drafts)]
    if selections is None:
        return any(what for _, what in named)
    chosen = [{one, one.partition(_VERSION)[0].rpartition("/")[2]} for one in selections]
    strange = any(not any(one & names for names, _ in named) for one in chosen)
    return any(what and (strange or any(one & names for one in chosen)) for names, what in named)


def _names(entry: msgspec.Raw) -> set[str]:
    """What a draft may be called by: its id, and its address in the Bundle."""
    return {said(resource_of(entry).get("id")), said(fields(entry).get("fullUrl"))} - {""}


def _says_what(resource: Mapping[str, msgspec.Raw]) -> bool:
    """The order names what is ordered, or points to it."""
    return any(key in resource and bytes(resource[key]) not in _NOTHING for key in _WHAT)


def _drafts(raw: bytes) -> list[msgspec.Raw]:
    found = entries(raw)
    if found is None:
        raise InputError(Problem(DRAFTS, "no Bundle of orders", "Send a Bundle, empty when there is none."))
    return found


def record(
    call: Call,
    parts: Mapping[str, Part],
    complete: frozenset[str],
    wanted: Wanted = None,
    once: frozenset[str] = frozenset(),
) -> tuple[Record, ...]:
    """One record for each person of whom the call speaks; what is being ordered counts as ordered now.

    What was sent under the keys of `once` is not looked through for keys given twice. Of an observation with
    none of the codes that are `wanted`, if they are given, only its place is kept.

    Errors: an `InputError` where nothing speaks of a patient.
    """
    documents = [
        Document(
            f"prefetch.{key}." if page == 0 else f"prefetch.{key}, page {page + 1}: ",
            raw,
            twice=() if key in once and raw is call.prefetch.get(key) else None,
            sound=each.sound,
        )
        for key, each in parts.items()
        for page, raw in enumerate(each.documents)
        if key not in once or each.sound is None or each.sound.entry
    ]
    if call.drafts is not None:
        documents.append(Document(f"{DRAFTS}.", call.drafts, twice=() if DRAFTS in once else None))
    try:
        records = fhir.read(documents, "request", complete, wanted)
    except RecursionError:
        raise InputError(Problem("request", "nested too deeply", "Send FHIR R4 as JSON.")) from None
    if call.drafts is None:
        return records
    return tuple(replace(one, events=tuple(map(_drafted, one.events))) for one in records)


def _drafted(event: Event) -> Event:
    """An order of this request: a draft of this moment, whatever dates and intent it was sent with.

    One that stops or halts something orders nothing.
    """
    if not event.where.startswith(DRAFTS) or event.kind not in _ORDER_KINDS:
        return event
    status = {"error": "error", "not-done": "not-done", "stopped": "not-done"}.get(event.status, "draft")
    return event.but(status=status, intent="order", start=None, end=None, recorded=None)


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
