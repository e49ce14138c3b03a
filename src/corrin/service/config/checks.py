"""What each key allows by itself, and all together do not: refused at the start, with its place."""

import json
import math
import os
import re
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlsplit

from corrin.errors import Problems, UsageError
from corrin.service.config.nouns import Config, Fhir, Server, is_loopback


def check(config: Config, where: str = "configuration") -> None:
    """Refuse what each key allows by itself but all together do not: open doors most of all."""
    problems = Problems()
    server = config.server
    if not config.loopback and not config.trust:
        problems.refuse(
            f"{where}: server.host",
            "not a loopback address, and nobody is trusted: whoever reaches it could call the service",
            "Listen on 127.0.0.1, or name the record systems that may call in [[trust]].",
        )
    if not 0 < server.port < 65536:  # noqa: PLR2004 - the ports there are
        problems.refuse(f"{where}: server.port", "not a port", "Write a number from 1 to 65535.")
    for key in ("body_limit", "receive_seconds", "answer_seconds", "stop_seconds"):
        _check_amount(getattr(server, key), f"{where}: server.{key}", problems)
    _check_names(server, where, problems, local=config.loopback)
    _check_hooks(config, where, problems)
    _check_trust(config, where, problems)
    _check_fhir(config.fhir, where, problems, local=config.loopback)
    problems.speak(UsageError)


def _check_amount(number: float, at: str, problems: Problems) -> None:
    if not (math.isfinite(number) and number > 0):
        what = "without end" if number > 0 else "not above zero"
        problems.refuse(at, what, "Leave it out for the default.")


def _check_names(server: Server, where: str, problems: Problems, *, local: bool) -> None:
    """What others call the service: its page and its redirects begin at the root of a name."""
    if server.public_url and not _is_address(server.public_url, plain=local):
        problems.refuse(f"{where}: server.public_url", "not an https address", "Write https://name.example.")
    elif _split(server.public_url).path.strip("/"):
        mend = "Give the service a name of its own: https://corrin.clinic.example."
        problems.refuse(f"{where}: server.public_url", "below the root of another name", mend)
    for name in server.hosts:
        if not _NAME.fullmatch(name):
            mend = "Write the name alone, without scheme and port: corrin.internal.example."
            problems.refuse(f"{where}: server.hosts", "holds what is no name", mend)


def _check_hooks(config: Config, where: str, problems: Problems) -> None:
    hooks = config.hooks
    _check_amount(hooks.fetch_seconds, f"{where}: hooks.fetch_seconds", problems)
    if hooks.comment_limit < 0:
        problems.refuse(f"{where}: hooks.comment_limit", "below zero", "Write 0 to keep no comments.")
    if hooks.feedback:
        _check_feedback(hooks.feedback, f"{where}: hooks.feedback", problems)
    _check_servers(hooks.fhir, f"{where}: hooks.fhir", problems, local=config.loopback)
    for origin in hooks.origins:
        if not _is_address(origin, plain=True) or _split(origin).path:
            mend = "Write scheme, name and port only: https://ehr.example."
            problems.refuse(f"{where}: hooks.origins", "holds what is no origin", mend)


def _check_feedback(file: Path, at: str, problems: Problems) -> None:
    """It is written much later, when nobody looks."""
    if file.is_dir():
        problems.refuse(at, "a folder", "Name a file.")
    elif not file.parent.is_dir():
        problems.refuse(at, "in a folder that is not there", "Make the folder first.")
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        problems.refuse(at, "cannot be written by this service", "Name a file that its user may write.")


def _check_servers(servers: tuple[str, ...], at: str, problems: Problems, *, local: bool) -> None:
    if not all(_is_fhir(one, local=local) for one in servers):
        problems.refuse(at, "holds what is no https address of a FHIR server", _SERVER)


def _check_trust(config: Config, where: str, problems: Problems) -> None:
    for number, one in enumerate(config.trust, 1):
        at = f"{where}: [[trust]] number {number}"
        if bool(one.jwks_url) == bool(one.jwks_file):
            problems.refuse(at, "needs its keys, from one place", "Give jwks_url, or jwks_file.")
        if one.jwks_url and not _is_address(one.jwks_url, plain=config.loopback):
            problems.refuse(f"{at}: jwks_url", "not an https address", "Keys are fetched over https only.")
        if one.jwks_file and not _holds_keys(one.jwks_file):
            mend = "Name a JSON Web Key Set that is there."
            problems.refuse(f"{at}: jwks_file", "holds no keys, or cannot be read", mend)
        if not one.issuer.strip():
            problems.refuse(f"{at}: issuer", "empty", "Write the iss of its tokens.")
        _check_servers(one.fhir, f"{at}: fhir", problems, local=config.loopback)
        if not one.algorithms or set(one.algorithms) - SIGNATURES:
            mend = f"Known here: {', '.join(sorted(SIGNATURES))}."
            problems.refuse(f"{at}: algorithms", "holds one that proves no issuer", mend)
    _check_smart(config, where, problems)


def _check_smart(config: Config, where: str, problems: Problems) -> None:
    for number, one in enumerate(config.smart, 1):
        if not _is_address(one.issuer, plain=config.loopback):
            mend = "Write the FHIR server's address, as it is sent in iss."
            problems.refuse(f"{where}: [[smart]] number {number}: issuer", "not an https address", mend)
        if not one.client_id.strip():
            at = f"{where}: [[smart]] number {number}: client_id"
            problems.refuse(at, "empty", "Write the name under which the service is registered there.")
        if one.client_secret_file and not _text(one.client_secret_file).strip():
            at = f"{where}: [[smart]] number {number}: client_secret_file"
            mend = "Name a file this service may read, or leave it out."
            problems.refuse(at, "empty, or cannot be read", mend)
    issuers = [one.issuer.rstrip("/") for one in config.smart]
    for twice in {one for one in issuers if issuers.count(one) > 1}:
        problems.refuse(f"{where}: [[smart]]", f"{twice} stands twice", "Keep one.")


def _check_fhir(fhir: Fhir, where: str, problems: Problems, *, local: bool) -> None:
    """Patients are read from there: over https, or on this machine for a service that listens here alone."""
    if fhir.server and not _is_fhir(fhir.server, local=local):
        problems.refuse(f"{where}: fhir.server", "not an https address of a FHIR server", _SERVER)
    if fhir.token_file and not fhir.server:
        problems.refuse(f"{where}: fhir.token_file", "a token without a server", "Name fhir.server as well.")
    if fhir.token is None:
        mend = "Name a file this service may read, with the token alone in it."
        problems.refuse(f"{where}: fhir.token_file", "holds no bearer token, or cannot be read", mend)


SIGNATURES = frozenset(
    {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"}
)
"""Signatures by which only the issuer can have signed: never `none`, never a shared secret (HS*)."""


def _is_fhir(text: str, *, local: bool) -> bool:
    parts = _split(text)
    loopback = is_loopback(parts.hostname or "")
    odd = parts.username or set(text) & set("?#\\ ") or ".." in parts.path
    return not odd and (local or not loopback) and _is_address(text, plain=loopback)


def _is_address(text: str, *, plain: bool) -> bool:
    parts = _split(text)
    local = plain and parts.scheme == "http"
    return bool(parts.hostname) and (parts.scheme == "https" or local) and not parts.query


def _split(text: str) -> SplitResult:
    """The parts of an address; no parts of what is none."""
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else urlsplit("")
    except ValueError:
        return urlsplit("")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _holds_keys(file: Path) -> bool:
    try:
        given: object = json.loads(_text(file))
    except (ValueError, RecursionError):
        return False
    keys = cast("dict[str, object]", given).get("keys") if isinstance(given, dict) else None
    return isinstance(keys, list) and bool(cast("list[object]", keys))


_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")
"""The name of a machine, or its address; an IPv6 address without its brackets."""
_SERVER = "Write https://name.example/fhir; this machine's own are for a service that listens here alone."
