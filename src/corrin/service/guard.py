"""What every request passes before a route sees it, and every answer on its way out.

A request enters as it comes from the network; one that is whole, small enough, of a known kind, for this
host and from a page that may ask goes on. Every answer gets the headers that keep a browser from leaking it,
is counted, and logged without a word of what it holds.
"""

import asyncio
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corrin.errors import Problem
from corrin.service import receiving, refusals
from corrin.service.config import Config
from corrin.service.logs import Log
from corrin.service.metrics import Metrics
from corrin.service.refusals import Refused

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",  # `no-referrer` would send `Origin: null` with the page's own form
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_HEADERS = {name.encode(): value.encode() for name, value in HEADERS.items()}
_CACHE = b"cache-control"
HOOKS = "/cds-services"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = READING | {"POST", "PUT", "PATCH", "DELETE"}


class Guard:
    """The middleware around all routes."""

    def __init__(self, app: ASGIApp, config: Config, metrics: Metrics, log: Log) -> None:
        self.app = app
        self.config = config
        self.metrics = metrics
        self.log = log
        self.hosts = config.hosts
        self.origins = frozenset(config.hooks.origins)
        self.own = _origin(config.base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it; a WebSocket is refused."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await receive()
            await send({"type": "websocket.close", "code": 1003})
            return
        headers = named(scope)
        passing = Passing(scope, send, self.allowed(scope, headers))
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(self.config.server.answer_seconds):
                await self.passed(passing, scope, headers, receive)
        except Refused as refused:
            await passing.refuse(refused, receive)
        except TimeoutError:
            told = Problem("answer", "took too long", "Send less at a time, or try again.")
            await passing.refuse(Refused(504, "time-out", told), receive)
        except Exception as error:  # noqa: BLE001 - nothing of it may reach anybody but by its type
            told = Problem("service", "failed", "Report it with the id in the header X-Request-Id.")
            await passing.refuse(Refused(500, "fault", told), receive)
            self.log.say(
                "fault", request=passing.identity, exception=type(error).__name__, place=_place(error)
            )
        finally:
            self.note(passing, scope, time.perf_counter() - begun)

    async def passed(
        self, passing: "Passing", scope: Scope, headers: Mapping[str, str], receive: Receive
    ) -> None:
        """Check the request, take in its body, and hand both to the routes."""
        self.check_host(headers)
        if scope["method"] not in READING or within_hooks(scope):
            self.check_origin(scope, headers)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(scope, receive, passing.send)
            return
        if scope["method"] not in READING:
            receiving.check_kind(scope["path"], headers)
        body = await receiving.body(headers, receive, self.config.server)
        passing.taken = len(body)
        scope[receiving.TAKEN] = body
        await self.app(scope, receiving.replay(body, receive), passing.send)

    def check_host(self, headers: Mapping[str, str]) -> None:
        """Refuse a name that is not ours: a page elsewhere could point its own name at this machine."""
        given = headers.get("host", "")
        if given in self.hosts:
            return
        try:
            host = urlsplit(f"//{given}").hostname or ""
        except ValueError:
            host = ""
        if host not in self.hosts:
            mend = "Call the service by its own name, or list the name in server.hosts."
            raise Refused(421, "host", Problem("header Host", "not a name of this service", mend))

    def check_origin(self, scope: Scope, headers: Mapping[str, str]) -> None:
        """Refuse a request that a page elsewhere makes a browser send; hooks may come from listed origins."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if within_hooks(scope) and origin in self.origins:
            return
        host = headers.get("host", "")
        ours = origin is None or origin == self.own or _netloc(origin) == host.lower()
        if not ours or site not in {None, "same-origin", "none"}:
            mend = "Send it from this service's own page, or list the origin in hooks.origins."
            raise Refused(403, "origin", Problem("header Origin", "a page of another origin", mend))

    def allowed(self, scope: Scope, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers by which a browser lets a listed origin read what a hook answers."""
        if not within_hooks(scope):
            return {}
        origin = headers.get("origin")
        vary = {"vary": "Origin"}
        if origin not in self.origins:
            return vary
        return vary | {"access-control-allow-origin": str(origin), "access-control-expose-headers": EXPOSED}

    def note(self, passing: "Passing", scope: Scope, seconds: float) -> None:
        """Count the request, and write its line in the log."""
        route = getattr(scope.get("route"), "path", None)
        named = f"{scope.get('root_path', '')}{route}" if route is not None else "(none)"
        method = scope["method"] if scope["method"] in METHODS else "(other)"
        reason = scope.get("reason")
        self.metrics.request(named, method, passing.status, seconds)
        if reason:
            self.metrics.refusal(reason)
        self.log.say(
            "request",
            request=passing.identity,
            route=named,
            method=method,
            status=passing.status,
            milliseconds=round(seconds * 1000, 2),
            bytes_in=passing.taken,
            bytes_out=passing.given,
            reason=reason,
        )


EXPOSED = "X-Request-Id"


class Passing:
    """One request on its way: its id, how it was answered, and how much went in and out."""

    def __init__(self, scope: Scope, send: Send, more: Mapping[str, str]) -> None:
        self.identity = secrets.token_hex(8)
        scope["request_id"] = self.identity
        self._scope, self._send, self._more = scope, send, more
        self.status = 0
        self.taken = 0
        self.given = 0

    async def send(self, message: Message) -> None:
        """Hand an answer on, with the headers every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            more = {name.encode(): value.encode() for name, value in self._more.items()}
            ours = {**_HEADERS, b"x-request-id": self.identity.encode(), **more}
            given = message.get("headers", ())
            if within_static(self._scope) and any(name == _CACHE for name, _ in given):
                del ours[_CACHE]
            message["headers"] = [one for one in given if one[0] not in ours] + list(ours.items())
        else:
            self.given += len(message.get("body", b""))
        await self._send(message)

    async def refuse(self, refused: Refused, receive: Receive) -> None:
        """Answer with a refusal, unless an answer has begun."""
        if self.status:
            self._scope["reason"] = refused.reason
            return
        await refusals.response(Request(self._scope), refused)(self._scope, receive, self.send)


def named(scope: Scope) -> Mapping[str, str]:
    """The headers of a request by their names; of one that is given twice, the first."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed([*scope["headers"]])}


def within_hooks(scope: Scope) -> bool:
    """The request is for a CDS Hooks address."""
    return refusals.within(scope["path"], HOOKS)


def within_static(scope: Scope) -> bool:
    """A file that is the same for everybody, and may be kept by a browser."""
    return refusals.within(scope["path"], "/static")


async def _preflight(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Authorization, Content-Type",
        "access-control-max-age": "600",
    }
    await Response(status_code=204, headers=headers if within_hooks(scope) else {})(scope, receive, send)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _place(error: BaseException) -> str:
    """Where in the program it happened; what the exception says may hold a value, and is not kept."""
    at: Any = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    if at is None:
        return ""
    module = str(at.tb_frame.f_globals.get("__name__", ""))
    return f"{module}:{at.tb_lineno}"
