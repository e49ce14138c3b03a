"""What each key allows by itself, and all together do not: refused at the start, with its place."""

from urllib.parse import urlsplit

from corrin.errors import Problems, UsageError
from corrin.service.config.nouns import Config, Fhir, Hooks, is_loopback


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
        if getattr(server, key) <= 0:
            problems.refuse(f"{where}: server.{key}", "not above zero", "Leave it out for the default.")
    if server.public_url and not _is_address(server.public_url, plain=config.loopback):
        problems.refuse(f"{where}: server.public_url", "not an https address", "Write https://name.example.")
    _check_hooks(config.hooks, where, problems)
    _check_trust(config, where, problems)
    _check_fhir(config.fhir, where, problems, local=config.loopback)
    problems.speak(UsageError)


def _check_hooks(hooks: Hooks, where: str, problems: Problems) -> None:
    if hooks.fetch_seconds <= 0:
        problems.refuse(f"{where}: hooks.fetch_seconds", "not above zero", "Leave it out for the default.")
    if hooks.comment_limit < 0:
        problems.refuse(f"{where}: hooks.comment_limit", "below zero", "Write 0 to keep no comments.")
    if hooks.feedback and not hooks.feedback.parent.is_dir():
        problems.refuse(f"{where}: hooks.feedback", "in a folder that is not there", "Make the folder first.")
    for origin in hooks.origins:
        if not _is_address(origin, plain=True) or urlsplit(origin).path:
            mend = "Write scheme, name and port only: https://ehr.example."
            problems.refuse(f"{where}: hooks.origins", "holds what is no origin", mend)


def _check_trust(config: Config, where: str, problems: Problems) -> None:
    for number, one in enumerate(config.trust, 1):
        at = f"{where}: [[trust]] number {number}"
        if bool(one.jwks_url) == bool(one.jwks_file):
            problems.refuse(at, "needs its keys, from one place", "Give jwks_url, or jwks_file.")
        if one.jwks_url and not _is_address(one.jwks_url, plain=config.loopback):
            problems.refuse(f"{at}: jwks_url", "not an https address", "Keys are fetched over https only.")
        if one.jwks_file and not one.jwks_file.is_file():
            problems.refuse(f"{at}: jwks_file", "cannot be read", "Name a JSON Web Key Set that is there.")
        if not one.algorithms or set(one.algorithms) - SIGNATURES:
            mend = f"Known here: {', '.join(sorted(SIGNATURES))}."
            problems.refuse(f"{at}: algorithms", "holds one that proves no issuer", mend)
    _check_smart(config, where, problems)


def _check_smart(config: Config, where: str, problems: Problems) -> None:
    for number, one in enumerate(config.smart, 1):
        if not _is_address(one.issuer, plain=config.loopback):
            mend = "Write the FHIR server's address, as it is sent in iss."
            problems.refuse(f"{where}: [[smart]] number {number}: issuer", "not an https address", mend)
        if one.client_secret_file and not one.client_secret_file.is_file():
            at = f"{where}: [[smart]] number {number}: client_secret_file"
            problems.refuse(at, "cannot be read", "Name a file this service may read, or leave it out.")
    issuers = [one.issuer.rstrip("/") for one in config.smart]
    for twice in {one for one in issuers if issuers.count(one) > 1}:
        problems.refuse(f"{where}: [[smart]]", f"{twice} stands twice", "Keep one.")


def _check_fhir(fhir: Fhir, where: str, problems: Problems, *, local: bool) -> None:
    """Patients are read from there: over https, or on this machine for a service that listens here alone."""
    if fhir.server and not _is_fhir(fhir.server, local=local):
        mend = (
            "Write https://name.example/fhir; this machine's own are for a service that listens here alone."
        )
        problems.refuse(f"{where}: fhir.server", "not an https address of a FHIR server", mend)
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
    try:
        parts = urlsplit(text)
        loopback = is_loopback(parts.hostname or "")
        odd = parts.username or parts.port == 0 or set(text) & set("?#\\ ") or ".." in parts.path
    except ValueError:
        return False
    return not odd and (local or not loopback) and _is_address(text, plain=loopback)


def _is_address(text: str, *, plain: bool) -> bool:
    parts = urlsplit(text)
    local = plain and parts.scheme == "http"
    return bool(parts.hostname) and (parts.scheme == "https" or local) and not parts.query
