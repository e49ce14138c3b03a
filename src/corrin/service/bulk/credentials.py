"""SMART Backend Services: a signed assertion becomes a token, renewed before it ends, and never shown.

A TOML file enters (client_id, private_key_file, and what is needed beside), tokens leave, one at a time.
"""

import json
import secrets
import tomllib
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import httpx
import jwt

from corrin.errors import InputError, Problem, UsageError, did_you_mean
from corrin.service.bulk.order import World, safe
from corrin.service.config import TOKEN

DISCOVERY = "/.well-known/smart-configuration"
ALGORITHMS = ("ES384", "RS384")
_KEYS = ("client_id", "private_key_file", "key_id", "algorithm", "scope", "token_url", "file_hosts")
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LASTS = 240
"""Seconds of an assertion: below the five minutes that SMART allows."""
_EARLY = 30.0
_UNSAID = 300.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who this client is to the server; the key is never printed."""

    client_id: str
    key: str = field(repr=False)
    key_id: str = ""
    algorithm: str = "ES384"
    scope: str = "system/*.read"
    token_url: str = ""
    file_hosts: tuple[str, ...] = ()


def read_credentials(path: Path) -> Credentials:
    """The credentials in a file.

    Errors: `UsageError` with every key that is unknown, missing or of another type.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UsageError(
            Problem(
                f"--auth {path.name}", "no TOML that can be read", "Write client_id and private_key_file."
            )
        ) from None
    problems = _problems(path.name, said)
    if problems:
        raise UsageError(*problems)
    return Credentials(
        client_id=said["client_id"],
        key=_key(path, said["private_key_file"]),
        key_id=str(said.get("key_id", "")),
        algorithm=str(said.get("algorithm", ALGORITHMS[0])),
        scope=str(said.get("scope", "system/*.read")),
        token_url=said.get("token_url", ""),
        file_hosts=tuple(map(str, cast("list[object]", said.get("file_hosts", [])))),
    )


def _problems(name: str, said: dict[str, Any]) -> list[Problem]:
    """Every key that is unknown, missing or of another type."""
    problems = [
        Problem(f"{name}: {key}", "nothing that is known here", did_you_mean(key, _KEYS))
        for key in said
        if key not in _KEYS
    ]
    problems += [
        Problem(f"{name}: {key}", "missing", "Write it as a text.")
        for key in ("client_id", "private_key_file")
        if not isinstance(said.get(key), str) or not said[key]
    ]
    if said.get("algorithm", ALGORITHMS[0]) not in ALGORITHMS:
        problems.append(
            Problem(f"{name}: algorithm", "none that SMART asks for", f"Write {' or '.join(ALGORITHMS)}.")
        )
    url = said.get("token_url", "")
    if url and not (isinstance(url, str) and safe(url)):
        problems.append(Problem(f"{name}: token_url", "no https address", "Write https://HOST/token."))
    return problems


def _key(path: Path, name: str) -> str:
    """The private key, beside the file that names it; not one that others on this machine may read."""
    place = path.parent / name
    try:
        key = place.read_text("utf-8")
        mode = place.stat().st_mode
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            Problem(f"{path.name}: private_key_file", "cannot be read", "Name a PEM file that you may read.")
        ) from None
    if mode & 0o077:
        raise UsageError(
            Problem(f"{path.name}: private_key_file", "others may read it as well", f"chmod 600 {place.name}")
        )
    return key


class Tokens:
    """The token of the moment."""

    def __init__(self, server: str, credentials: Credentials, client: httpx.Client, world: World) -> None:
        self._server, self._credentials, self._client, self._world = server, credentials, client, world
        self._token, self._ends = "", 0.0
        self._renewed = 0

    def token(self) -> str:
        """A token that still holds for a while.

        Errors: `InputError` where none is given.
        """
        if not self._token or self._world.clock() >= self._ends:
            self._token, seconds = self._new()
            self._ends = self._world.clock() + max(seconds - _EARLY, seconds / 2)
        return self._token

    def forget(self) -> bool:
        """Give the token up, as the server does not take it; False when it was given up too often."""
        if self._renewed >= 2:  # noqa: PLR2004 - a second refusal of a new token is meant
            return False
        self._token = ""
        self._renewed += 1
        return True

    def _new(self) -> tuple[str, float]:
        address = self._credentials.token_url or self._discovered()
        form = {
            "grant_type": "client_credentials",
            "scope": self._credentials.scope,
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._assertion(address),
        }
        said = self._asked("POST", address, form)
        token, kind, seconds = said.get("access_token"), said.get("token_type"), said.get("expires_in")
        if not isinstance(token, str) or not TOKEN.fullmatch(token) or str(kind).lower() != "bearer":
            raise _refused("gives no bearer token")
        known = isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > 0
        return token, float(cast("float", seconds)) if known else _UNSAID

    def _assertion(self, address: str) -> str:
        now = int(self._world.now())
        claims = {
            "iss": self._credentials.client_id,
            "sub": self._credentials.client_id,
            "aud": address,
            "exp": now + _LASTS,
            "jti": secrets.token_urlsafe(24),
        }
        headers = {"kid": self._credentials.key_id} if self._credentials.key_id else None
        try:
            return jwt.encode(claims, self._credentials.key, self._credentials.algorithm, headers=headers)
        except (jwt.PyJWTError, ValueError, TypeError):
            raise UsageError(
                Problem(
                    "private_key_file",
                    "no key of this algorithm",
                    "Name a PEM of RSA (RS384) or EC P-384 (ES384).",
                )
            ) from None

    def _discovered(self) -> str:
        base = self._server.partition("$export")[0].rstrip("/")
        said = self._asked("GET", f"{base}{DISCOVERY}")
        address = said.get("token_endpoint")
        if not isinstance(address, str) or not safe(address):
            raise _refused("names no safe address for tokens", "Write token_url into the file of --auth.")
        return address

    def _asked(self, method: str, address: str, form: dict[str, str] | None = None) -> dict[str, object]:
        headers, status = {"accept": "application/json"}, HTTPStatus.OK.value
        try:
            answer = self._client.request(method, address, data=form, headers=headers)
            status = answer.status_code
            said: object = json.loads(answer.content) if status == HTTPStatus.OK else None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise _refused("does not answer") from None
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise _refused(
                f"answers {status}",
                "Check client_id, key and scope, and that the key is registered.",
            )
        return cast("dict[str, object]", said)


def _refused(what: str, mend: str = "Ask whoever runs the server.") -> InputError:
    return InputError(Problem("the server's authorization", what, mend))
