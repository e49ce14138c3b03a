"""What a clinician may take up with one click: the next tests, the course, and what not to order.

An answer and the record it rests on enter; suggestions leave. Which action brings which is in the dictionary;
nothing is suggested that is ordered already.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, cast
from uuid import UUID

from corrin.answers import Answer
from corrin.exports.fhir import coordinates as fhir
from corrin.exports.fhir import requests
from corrin.exports.fhir.elements import reference
from corrin.intake.hooks import DRAFTS
from corrin.records import Record
from corrin.service.hooks.dictionary import Hooks

Json = dict[str, Any]

_STANDS = frozenset({"active", "draft"})
_OURS = ("id", "note")
"""Elements of a request that the client's own record fills in, or has no use for."""


def suggest(answer: Answer, record: Record, hooks: Hooks) -> list[Json]:
    """Everything there is to suggest, without ids."""
    actions = {action.id for action in answer.plan.actions}
    laid = fhir.read(answer.desk.guideline)
    subject = reference("Patient", record.patient.id)
    found: list[Json] = []
    if hooks.withdraw.action in actions:
        found += _withdrawals(answer, record, hooks)
    if actions & hooks.treatment:
        found += [_create(one, _course(one)) for one in requests.medicines(answer, laid, subject)]
    if actions & hooks.tests:
        ordered = _ordered(record)
        tests = requests.tests(answer, laid, subject, noted=False)
        found += [_create(one, _words(one["code"])) for one in tests if not ordered & _tokens(one["code"])]
    return found


def named(suggestions: Iterable[Json], card: str) -> list[Json]:
    """Suggestions with their ids: the same for the same content on the same card."""
    return [{**one, "uuid": uuid_of(f"{card}\n{one['label']}")} for one in suggestions]


def uuid_of(text: str) -> str:
    """The same UUID for the same text.

    Version 8 of RFC 9562, out of BLAKE2b: version 5 asks OpenSSL for SHA-1 anew each time, for longer than
    all the rest of a suggestion takes.
    """
    digest = int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big")
    return str(UUID(int=digest & ~(0xF000 << 64 | 0xC000 << 48) | 0x8000 << 64 | 0x8000 << 48))


def _create(request: Json, what: str) -> Json:
    label = f"Order: {what}"
    resource = {key: value for key, value in request.items() if key not in _OURS}
    return {"label": label, "actions": [{"type": "create", "description": label, "resource": resource}]}


def _course(request: Json) -> str:
    texts = [one["text"] for one in request["dosageInstruction"] if "text" in one]
    return texts[0] if texts else _words(request["medicationCodeableConcept"])


def _words(concept: Mapping[str, Any]) -> str:
    return str(concept["text"])


def _tokens(concept: Mapping[str, Any]) -> set[str]:
    codes = cast("list[dict[str, str]]", concept.get("coding", []))
    return {one["code"] for one in codes} | {_words(concept).casefold()}


def _ordered(record: Record) -> set[str]:
    """Codes and words of the tests that are ordered, in this request or before."""
    orders = [one for one in record.events if one.kind == "order" and one.status in _STANDS]
    codes = {code.code for one in orders for code in one.codes}
    return codes | {one.text.casefold() for one in orders if one.text}


def _withdrawals(answer: Answer, record: Record, hooks: Hooks) -> Iterator[Json]:
    """A draft of this request that should not stand: taken out again, by the client's own id."""
    places = {fact.where for fact in answer.findings.evidence.get(hooks.withdraw.finding, ())}
    text = hooks.withdraw.text
    for event in record.events:
        if event.where in places and event.where.startswith(DRAFTS) and event.identity:
            action = {"type": "delete", "description": text, "resourceId": event.identity}
            yield {"label": text, "actions": [action]}
