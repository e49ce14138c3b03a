"""The addresses of a SMART launch: begin, come back, see the page, end.

A launch names a FHIR server of the configuration, or it is refused. The browser is sent to sign in with a
`state` that only it can bring back, once; it comes back with a code, which is exchanged on the server. Each
launch has a state and a cookie of its own, each session an address and a cookie: two patients in two tabs
stay two patients, also when both sign in at once.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from corrin import web
from corrin.errors import Problem
from corrin.service import refusals
from corrin.service.config import Smart
from corrin.service.context import Context
from corrin.service.hooks import dictionary
from corrin.service.refusals import Refused
from corrin.service.smart import reading
from corrin.service.smart.client import METHOD, Client, Doors
from corrin.service.smart.sessions import LAUNCH_SECONDS, SESSION_SECONDS, Pending, Session, Store

BASE = "/smart"
PAGE = f"{BASE}/page/{{session}}"
LAUNCH, COOKIE = "corrin_launch_", "corrin_smart"
"""What the cookie of a launch on its way begins with, and the cookie of a session."""
MOST_AT_ONCE = 8
"""Launches on their way in one browser: the oldest is forgotten when there are more."""
UNKNOWN_STATE = (
    "of no launch of this browser: ten minutes are over, the address was opened twice, or cookies are off"
)
MEND = "Open the page from the record system again."
MOST_OF_A_TEXT = 4096


def routes(context: Context) -> list[BaseRoute]:
    """Everything below `/smart`."""
    launches = Launches(context)
    return [
        Route(f"{BASE}/launch", launches.launch),
        Route(f"{BASE}/start", launches.start),
        Route(f"{BASE}/callback", launches.callback),
        Route(PAGE, launches.page),
        Route(f"{PAGE}/end", launches.end, methods=["POST"]),
    ]


class Launches:
    """Launches on their way, and sessions that came of them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.client = Client(context.config)
        self.servers = {one.issuer.rstrip("/"): one for one in context.config.smart}
        self.pending: Store[Pending] = Store(context.now)
        self.sessions: Store[Session] = Store(context.now)

    async def launch(self, request: Request) -> Response:
        """A launch from within a record system: it says which it is, and hands over a word to send back."""
        word = request.query_params.get("launch", "")
        if not word or len(word) > MOST_OF_A_TEXT:
            raise _refused(HTTPStatus.BAD_REQUEST, "smart-launch", "launch", "missing, or too long")
        return await self._sign_in(request, word)

    async def start(self, request: Request) -> Response:
        """A launch from outside: the record system asks who the patient is."""
        if "iss" not in request.query_params and len(self.servers) != 1:
            return self._choice()
        return await self._sign_in(request, "")

    async def callback(self, request: Request) -> Response:
        """Back from signing in, with a code that is exchanged here, once."""
        asked = request.query_params
        state = asked.get("state", "")
        pending = self.pending.take(state)
        browser = request.cookies.get(_launch(state), "")
        if pending is None or not secrets.compare_digest(pending.browser, _digest(browser)):
            raise _refused(HTTPStatus.BAD_REQUEST, "smart-state", "state", UNKNOWN_STATE)
        code = asked.get("code", "")
        if not code or "error" in asked:
            raise _refused(HTTPStatus.FORBIDDEN, "smart-denied", "sign-in", *_denied(asked.get("error", "")))
        smart = self.servers[pending.issuer]
        granted = await self.client.token(smart, pending, code)
        seconds = min(granted.seconds, SESSION_SECONDS)
        session = self.sessions.put(Session(pending.issuer, granted.patient, granted.token), seconds)
        answer = RedirectResponse(_page(session), HTTPStatus.SEE_OTHER)
        answer.delete_cookie(_launch(state), path=BASE)
        return self._remember(answer, COOKIE, session, seconds, _page(session))

    async def page(self, request: Request) -> Response:
        """The page, filled from the record system; read anew each time, so nothing of a patient is kept."""
        identity = _identity(request)
        session = self.sessions.get(identity)
        if session is None:
            raise _refused(HTTPStatus.UNAUTHORIZED, "smart-session", "session", "over, or never begun")
        config = self.context.config
        found = await reading.read(
            session,
            self.context.desk(),
            self.context.today(),
            config.hooks.fetch_seconds,
            local=config.loopback,
        )
        return web.prefilled(self.context, found.carried, found.said, f"{_page(identity)}/end", found.lacking)

    async def end(self, request: Request) -> Response:
        """Forget the session and its token."""
        identity = _identity(request)
        self.sessions.take(identity)
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, path=_page(identity))
        return answer

    def _server(self, request: Request) -> Smart:
        """The FHIR server that a launch names.

        Errors: 403 for one that is not of the configuration: no address from outside is ever called.
        """
        issuer = request.query_params.get("iss", "").rstrip("/")
        if "iss" not in request.query_params and len(self.servers) == 1:
            return next(iter(self.servers.values()))
        if issuer not in self.servers:
            what = "not a FHIR server from which this page may be launched"
            raise _refused(
                HTTPStatus.FORBIDDEN,
                "smart-issuer",
                "iss",
                what,
                "Ask whoever runs this service to add it to the configuration, as [[smart]].",
            )
        return self.servers[issuer]

    async def _sign_in(self, request: Request, word: str) -> Response:
        smart = self._server(request)
        doors: Doors = await self.client.doors(smart)
        browser, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        pending = Pending(smart.issuer.rstrip("/"), _digest(browser), verifier, doors.token)
        state = self.pending.put(pending, LAUNCH_SECONDS)
        asked = {
            "response_type": "code",
            "client_id": smart.client_id,
            "redirect_uri": self.client.redirect,
            "scope": smart.scope or self._scope(word),
            "state": state,
            "aud": smart.issuer,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": METHOD,
        } | ({"launch": word} if word else {})
        joined = "&" if urlsplit(doors.authorization).query else "?"
        there = f"{doors.authorization}{joined}{urlencode(asked)}"
        answer = RedirectResponse(there, HTTPStatus.SEE_OTHER)
        for name in [one for one in request.cookies if one.startswith(LAUNCH)][: 1 - MOST_AT_ONCE]:
            answer.delete_cookie(name, path=BASE)  # a browser sends first what it was given first (RFC 6265)
        return self._remember(answer, _launch(state), browser, LAUNCH_SECONDS, BASE)

    def _scope(self, word: str) -> str:
        """To read what the guideline needs of one patient, and nothing else."""
        hooks = dictionary.read(self.context.desk().guideline)
        kinds = dict.fromkeys(one.type for one in hooks.queries)
        return " ".join(["launch" if word else "launch/patient", *(f"patient/{kind}.rs" for kind in kinds)])

    def _remember(self, answer: Response, name: str, identity: str, seconds: float, path: str) -> Response:
        """The cookie holds an id and nothing else; no script reads it, no other site's form sends it."""
        secure = self.context.config.base_url.startswith("https:")
        answer.set_cookie(
            name, identity, max_age=int(seconds), path=path, secure=secure, httponly=True, samesite="lax"
        )
        return answer

    def _choice(self) -> Response:
        """The record systems there are, to choose from."""
        if not self.servers:
            what = "no record system is configured"
            raise _refused(
                HTTPStatus.NOT_FOUND, "smart-none", "[[smart]]", what, "Add one to the configuration."
            )
        there = {one: escape(f"{BASE}/start?{urlencode([('iss', one)])}") for one in self.servers}
        links = "".join(f'<li><a href="{to}">{escape(one)}</a></li>' for one, to in there.items())
        title = "Choose a record system"
        return HTMLResponse(refusals.bare_page(title, f"<h1>{title}</h1><ul>{links}</ul>"))


def _refused(status: HTTPStatus, reason: str, where: str, what: str, mend: str = MEND) -> Refused:
    return Refused(status, reason, Problem(where, what, mend))


def _denied(error: str) -> tuple[str, str]:
    """What a record system said instead of a code (RFC 6749, 4.1.2.1), not in its words, and what to do."""
    what = "the record system did not let you in"
    if error not in DENIED:
        return what, MEND
    because, mend = DENIED[error]
    return f"{what}: {because} ({error})", mend


ASK = "Ask whoever runs the record system."
DENIED: Mapping[str, tuple[str, str]] = {
    "access_denied": ("access was declined, by you or by it", MEND),
    "invalid_request": ("it wants to be asked in another way", ASK),
    "invalid_scope": ("it does not give the scopes that were asked for", ASK),
    "server_error": ("it had a fault", "Open the page from the record system again in a while."),
    "temporarily_unavailable": ("it is busy", "Open the page from the record system again in a while."),
    "unauthorized_client": ("client_id may not do this", ASK),
    "unsupported_response_type": ("it gives no codes", ASK),
}


def _launch(state: str) -> str:
    """The name of the cookie of one launch, from which nobody can work out its state."""
    return f"{LAUNCH}{_digest(state)[:32]}"


def _page(identity: str) -> str:
    """The address of a session: from its id, which nobody can work out from it."""
    return f"{BASE}/page/{_digest(identity)[:32]}"


def _identity(request: Request) -> str:
    """The session of the browser at this address; none where the two do not belong together."""
    identity = request.cookies.get(COOKIE, "")
    asked: str = request.path_params["session"]
    ours = secrets.compare_digest(_page(identity).encode(), f"{BASE}/page/{asked}".encode())
    return identity if ours else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _challenge(verifier: str) -> str:
    """What proves later that the code came back to whoever asked for it (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
