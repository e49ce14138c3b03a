"""Reading what was not handed over beforehand, from the FHIR server that the client itself names and opens.

A query and a token enter, a `Part` leaves. Only servers that are listed are read: over https, without
following a redirect, a few pages of a few megabytes at most, and all of it within one time-out.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpx

from corrin.intake.hooks.prefetch import Part, part
from corrin.service import calling
from corrin.service.config import TOKEN, is_loopback

PAGES = 20
LARGEST = 8_000_000
_HEADERS = {"accept": "application/fhir+json", "accept-encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Server:
    """A FHIR server that may be read, and the token that opens it (empty: it is open); never printed."""

    base: str
    token: str = field(repr=False)


def server(base: str, token: str, listed: Sequence[str], *, local: bool) -> Server | None:
    """The server a call names, when it is listed and reached safely; None otherwise.

    Plain http and this machine's own addresses are only for a service that itself listens here alone.
    """
    if not base:
        return None
    plain = base.rstrip("/")
    parts = urlsplit(plain)
    loopback = is_loopback(parts.hostname or "")
    safe = parts.scheme == "https" or (parts.scheme == "http" and local and loopback)
    known = plain in {one.rstrip("/") for one in listed}
    odd = parts.username or parts.query or parts.fragment or (loopback and not local)
    if not known or not safe or odd or not TOKEN.fullmatch(token):
        return None
    return Server(plain, token)


async def fetch(
    source: Server, queries: Mapping[str, str], begun: Mapping[str, Part], seconds: float
) -> dict[str, Part]:
    """Each query's part, all at once; one that is late, refused or broken has failed, and says no more.

    A part of which the first pages were handed over is carried on at its next page.
    """
    timeout = httpx.Timeout(seconds)
    headers = _HEADERS | ({"authorization": f"Bearer {source.token}"} if source.token else {})
    limits = httpx.Limits(max_connections=len(queries) or 1)
    async with httpx.AsyncClient(
        timeout=timeout, headers=headers, limits=limits, trust_env=False, verify=calling.believed()
    ) as client:

        async def one(key: str, query: str) -> Part:
            before = begun[key] if key in begun and begun[key].next else None
            return await _read(client, source, query, before, seconds)

        parts = await asyncio.gather(*(one(key, query) for key, query in queries.items()))
    return dict(zip(queries, parts, strict=True))


async def _read(
    client: httpx.AsyncClient, source: Server, query: str, before: Part | None, seconds: float
) -> Part:
    documents = list(before.documents) if before else []
    address = f"{source.base}/{query}" if before is None else _within(source, before.next)
    try:
        async with asyncio.timeout(seconds):
            return await _pages(client, source, query, address, documents)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return _broken(documents, calling.why(error))


async def _pages(
    client: httpx.AsyncClient, source: Server, query: str, address: str, documents: list[bytes]
) -> Part:
    """Page after page onto `documents`, each from the same server; with pages left over it is not whole."""
    size, seen = 0, set[str]()
    while address and address not in seen and len(seen) < PAGES:
        seen.add(address)
        raw = await _get(client, address, LARGEST - size)
        page = part(raw, query.partition("?")[0].partition("/")[0])
        if page.found not in {"all", "some"}:
            return _broken(documents, "answered with an error, or with no FHIR")
        size += len(raw)
        documents.append(raw)
        if page.found == "all":
            return Part("all", tuple(documents))
        address = _within(source, page.next)
    left = f"has more than {PAGES} pages" if address else "names a next page that is not on the same server"
    return _broken(documents, left)


def _broken(documents: Sequence[bytes], why: str) -> Part:
    """What there is of a query that was not answered to its end."""
    return Part("some" if documents else "failed", tuple(documents), why=why)


def _within(source: Server, address: str) -> str:
    """The address of a page, unless it leads away from the server: the token would go with it."""
    whole = urljoin(f"{source.base}/", address)
    ours, theirs = urlsplit(source.base), urlsplit(whole)
    same = (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
    inside = theirs.path == ours.path or theirs.path.startswith(f"{ours.path}/")
    return whole if address and same and inside and ".." not in theirs.path else ""


async def _get(client: httpx.AsyncClient, address: str, largest: int) -> bytes:
    """The body of one answer; anything but 200, or more than may be, is an error."""
    taken = bytearray()
    async with client.stream("GET", address) as answer:
        if answer.status_code != HTTPStatus.OK:
            raise calling.Unanswered(answer.status_code)
        async for some in answer.aiter_bytes():
            taken += some
            if len(taken) > largest:
                raise calling.TooLarge
    return bytes(taken)
