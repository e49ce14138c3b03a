"""A body as it comes in: of a kind that is read, never more of it than allowed, within the time allowed.

Messages from the network enter; the whole body leaves, or a refusal.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.types import Message, Receive

from corrin.errors import Problem
from corrin.service import refusals
from corrin.service.config import Server
from corrin.service.refusals import Refused

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
DRAINED = 32_000_000
"""So much of a body too large is read and thrown away: who is still sending would not hear the answer."""


TAKEN = "corrin.body"
"""Under which name a request's scope has its body."""


def taken(request: Request) -> bytes:
    """The body of a request, which was taken in before any route saw it."""
    return request.scope[TAKEN]


def check_kind(path: str, headers: Mapping[str, str]) -> None:
    """Refuse a body of a kind that the address does not read, and one that is packed."""
    kind, _, rest = headers.get("content-type", "").partition(";")
    named = kind.strip().lower()
    if named not in refusals.JSON_KINDS and (kind or headers.get("content-length", "0") != "0"):
        programs = refusals.speaks_fhir(path) or refusals.speaks_json(path)
        known = refusals.JSON_KINDS if programs else refusals.JSON_KINDS | FORMS
        if named not in known:
            mend = f"Send one of: {', '.join(sorted(known))}."
            raise Refused(415, "content-type", Problem("header Content-Type", "not read here", mend))
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip(' "')
    if charset not in {"", "utf-8", "utf8"}:
        told = Problem("header Content-Type", "a charset other than UTF-8", "Send UTF-8.")
        raise Refused(415, "content-type", told)
    if headers.get("content-encoding", "identity").lower() != "identity":
        told = Problem("header Content-Encoding", "a packed body", "Send it as it is.")
        raise Refused(415, "content-encoding", told)


async def body(headers: Mapping[str, str], receive: Receive, server: Server) -> bytes:
    """The whole body, never more of it than allowed, within the time allowed."""
    limit = server.body_limit
    announced = headers.get("content-length", "0")
    size = int(announced) if announced.isascii() and announced.isdigit() else 0
    try:
        async with asyncio.timeout(server.receive_seconds):
            if size > limit + DRAINED:
                raise _too_large(limit)
            return await _received(receive, limit)
    except TimeoutError:
        told = Problem("body", "did not arrive in time", "Send it in one go.")
        raise Refused(408, "slow-body", told, headers={"connection": "close"}) from None


async def _received(receive: Receive, limit: int) -> bytes:
    """The body; beyond the limit it is thrown away as it comes, and refused."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "gone", Problem("body", "broke off", "Send the whole of it."))
        part = message.get("body", b"")
        size += len(part)
        if size <= limit:
            parts.append(part)
        if size > limit + DRAINED or (size > limit and not message.get("more_body")):
            raise _too_large(limit)
        if not message.get("more_body"):
            return b"".join(parts)


def _too_large(limit: int) -> Refused:
    told = Problem("body", f"larger than {limit} bytes", "Send one patient, and no more than is needed.")
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", told, headers={"connection": "close"})


def replay(body: bytes, receive: Receive) -> Receive:
    """The body that was taken in, once; then whatever comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
