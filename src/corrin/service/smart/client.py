"""What is asked of a record system: where people sign in, and a token for the code they come back with.

Every address is https, or this machine's own for a service that listens here alone. No redirect is followed;
every answer is bounded in size and time. What the other side says goes into no error and no log.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

from corrin.errors import Problem
from corrin.service import calling
from corrin.service.config import Config, Smart, is_loopback
from corrin.service.refusals import Refused
from corrin.service.smart.sessions import Pending

DISCOVERY = "/.well-known/smart-configuration"
METHOD = "S256"
LARGEST = 1_000_000
JSON = {"accept": "application/json"}
_TOKEN_CHARACTERS = frozenset(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Doors:
    """Where somebody signs in, and where a code becomes a token."""

    authorization: str
    token: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, whom it is for, and how long it says it lasts."""

    token: str
    patient: str
    seconds: float


class Client:
    """This service as a client of the record systems of its configuration."""

    def __init__(self, config: Config) -> None:
        self.seconds = config.hooks.fetch_seconds
        self.local = config.loopback
        self.redirect = f"{config.base_url}/smart/callback"

    async def doors(self, smart: Smart) -> Doors:
        """The doors of a record system, as its own discovery names them.

        Errors: 502, 504 where it does not answer, names no safe address, or does not know PKCE with S256.
        """
        said = await self._ask("GET", f"{smart.issuer.rstrip('/')}{DISCOVERY}", "discovery")
        doors = Doors(_text(said, "authorization_endpoint"), _text(said, "token_endpoint"))
        if not (self._safe(doors.authorization) and self._safe(doors.token)):
            raise _bad("discovery", "names no https address to sign in at, or none for tokens")
        methods = said.get("code_challenge_methods_supported")
        if not isinstance(methods, list) or METHOD not in methods:
            raise _bad("discovery", "does not offer PKCE with S256, as SMART App Launch 2 asks")
        return doors

    async def token(self, smart: Smart, pending: Pending, code: str) -> Granted:
        """The token for a code, and the patient it was launched for.

        Errors: 502, 504 where there is none; nothing of the answer is told.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "code_verifier": pending.verifier,
        }
        secret = _secret(smart)
        if secret is None:
            form["client_id"] = smart.client_id
        auth = None if secret is None else httpx.BasicAuth(smart.client_id, secret)
        said = await self._ask("POST", pending.token_endpoint, "token endpoint", form=form, auth=auth)
        token, patient = _text(said, "access_token"), _text(said, "patient")
        if _text(said, "token_type").lower() != "bearer" or not token or set(token) - _TOKEN_CHARACTERS:
            raise _bad("token endpoint", "gave no bearer token")
        if not patient or len(patient) > MOST_OF_AN_ID:
            raise _bad("token endpoint", "named no patient: the launch was for nobody")
        seconds = said.get("expires_in")
        known = isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > 0
        return Granted(token, patient, float(seconds) if known and seconds is not None else UNSAID)

    def _safe(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return False
        loopback = is_loopback(host)
        return bool(host) and not parts.username and (
            (parts.scheme == "https" and not loopback) or (self.local and loopback)
        )  # fmt: skip

    async def _ask(
        self,
        method: str,
        address: str,
        what: str,
        form: Mapping[str, str] | None = None,
        auth: httpx.BasicAuth | None = None,
    ) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(self.seconds):
                status, raw = await self._body(method, address, form, auth)
        except (TimeoutError, httpx.TimeoutException):
            told = Problem(f"{what} of the record system", calling.LATE, "Launch again in a while.")
            raise Refused(HTTPStatus.GATEWAY_TIMEOUT, "smart-time-out", told) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _bad(what, calling.why(error)) from None
        said = _object(raw)
        code = _text(said, "error") if status != HTTPStatus.OK else ""
        if code in ERRORS:
            raise _bad(what, f"says {code}: {ERRORS[code]}")
        if status != HTTPStatus.OK:
            raise _bad(what, calling.why(calling.Unanswered(status)))
        if not said:
            raise _bad(what, "answered with no JSON object")
        return said

    async def _body(
        self, method: str, address: str, form: Mapping[str, str] | None, auth: httpx.BasicAuth | None
    ) -> tuple[int, bytes]:
        taken = bytearray()
        async with (
            httpx.AsyncClient(
                timeout=self.seconds, trust_env=False, follow_redirects=False, verify=calling.believed()
            ) as client,
            client.stream(method, address, data=form, auth=auth, headers=JSON) as answer,
        ):
            async for some in answer.aiter_bytes():
                taken += some
                if len(taken) > LARGEST:
                    raise calling.TooLarge
        return answer.status_code, bytes(taken)


MOST_OF_AN_ID = 64
UNSAID = 300.0
"""Seconds for a token that does not say how long it lasts."""
ERRORS: Mapping[str, str] = {
    "invalid_client": "it does not know client_id, or its secret is another: compare [[smart]]",
    "invalid_grant": "the code is used or too old, or the redirect address is not the registered one",
    "invalid_request": "it wants to be asked in another way",
    "invalid_scope": "it does not give the scopes that were asked for",
    "unauthorized_client": "client_id may not do this",
    "unsupported_grant_type": "it gives no token for a code",
}
"""What a token endpoint may say went wrong (RFC 6749, 5.2); nothing else of its answer is repeated."""


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        said: object = json.loads(raw)
    except (ValueError, RecursionError):
        said = None
    return cast("Mapping[str, Any]", said) if isinstance(said, dict) else {}


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return value if isinstance(value, str) else ""


def _bad(what: str, why: str) -> Refused:
    mend = "Ask whoever runs the record system; then launch again."
    return Refused(HTTPStatus.BAD_GATEWAY, "smart-server", Problem(f"{what} of the record system", why, mend))


def _secret(smart: Smart) -> str | None:
    """The secret of a confidential client, read when it is needed; None for a public one."""
    if smart.client_secret_file is None:
        return None
    try:
        return smart.client_secret_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        told = Problem("[[smart]] client_secret_file", "cannot be read", "Name a file this service may read.")
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "smart-secret", told) from None
