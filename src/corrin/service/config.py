"""How the service is set up: one TOML file, then the environment, then the command line; every key checked.

A file enters; a frozen `Config` leaves. A key that is not known, or a value that does not fit, is refused
with its place: nothing is guessed, because a typing error in a security setting must not pass.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from corrin.errors import Problem, Problems, UsageError, did_you_mean

PREFIX = "CORRIN_"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """Where the service listens, what it is called from outside, and how much it takes.

    Units: bytes for `body_limit`, seconds for the time-outs.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    hosts: tuple[str, ...] = ()
    body_limit: int = 8_000_000
    receive_seconds: float = 10.0
    answer_seconds: float = 20.0
    stop_seconds: int = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """Which guideline answers: a profile, and a site's own file."""

    profile: str = "uk"
    site: Path | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """A record system whose signed requests are believed: its issuer, and the keys it signs with."""

    issuer: str
    jwks_url: str = ""
    jwks_file: Path | None = None
    algorithms: tuple[str, ...] = ("ES384", "RS384")
    fhir: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hooks:
    """CDS Hooks: browser origins that may call, where feedback is kept, how long a FHIR server may take.

    `fhir` are servers that may be read when nobody is trusted; a trusted system names its own. Comments on
    cards may hold a patient's words: `comment_limit` of their characters are kept, none unless it is set.
    """

    origins: tuple[str, ...] = ()
    feedback: Path | None = None
    fetch_seconds: float = 3.0
    fhir: tuple[str, ...] = ()
    comment_limit: int = 0


@dataclass(frozen=True, slots=True)
class Smart:
    """A FHIR server from which the page may be launched, and the name this service has there."""

    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set. Without a file: this machine only, the profile `uk`, nobody trusted."""

    server: Server = field(default_factory=Server)
    guideline: Rules = field(default_factory=Rules)
    hooks: Hooks = field(default_factory=Hooks)
    trust: tuple[Trust, ...] = ()
    smart: tuple[Smart, ...] = ()

    @property
    def loopback(self) -> bool:
        """Only programs on this machine can reach the service."""
        return is_loopback(self.server.host)

    @property
    def base_url(self) -> str:
        """What others call this service, without a slash at the end."""
        host = f"[{self.server.host}]" if ":" in self.server.host else self.server.host
        return (self.server.public_url or f"http://{host}:{self.server.port}").rstrip("/")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which a request may call this service, without the port."""
        own = {self.server.host, urlsplit(self.base_url).hostname or ""} | set(self.server.hosts)
        loopback = set(LOOPBACK_NAMES) if self.loopback else set[str]()
        return frozenset(name.lower() for name in own | loopback if name)


def is_loopback(host: str) -> bool:
    """The address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration of a file (none: the defaults) with what the environment sets over it.

    Errors: a `UsageError` that lists everything that cannot be placed.
    """
    problems = Problems()
    where = str(file) if file else "configuration"
    given = _file(file) if file else {}
    folder = file.parent if file else Path()
    config = cast("Config", _Reading(problems, folder).noun(Config, given, where, ""))
    config = _environment(config, environment or {}, problems)
    problems.speak(UsageError)
    check(config, where)
    return config


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


SIGNATURES = frozenset(
    {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"}
)
"""Signatures by which only the issuer can have signed: never `none`, never a shared secret (HS*)."""


def _is_address(text: str, *, plain: bool) -> bool:
    parts = urlsplit(text)
    local = plain and parts.scheme == "http"
    return bool(parts.hostname) and (parts.scheme == "https" or local) and not parts.query


def _file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(Problem(str(file), f"cannot be read ({why})", "Name a TOML file.")) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(Problem(str(file), f"not TOML: {error}", "Mend the line.")) from None


class _Reading:
    """Tables of TOML become the nouns above, key by key; relative paths start from the file's folder."""

    def __init__(self, problems: Problems, folder: Path) -> None:
        self.problems = problems
        self.folder = folder

    def noun(self, kind: type, given: Mapping[str, Any], where: str, prefix: str) -> object:
        hints = get_type_hints(kind)
        for key in given.keys() - hints.keys():
            self.problems.refuse(f"{where}: {prefix}{key}", "no such key", did_you_mean(key, hints))
        needed = [one.name for one in fields(kind) if one.name in REQUIRED.get(kind, ())]
        for key in needed:
            if key not in given:
                self.problems.refuse(f"{where}: {prefix}{key}", "missing", "It has no default.")
        known = {
            key: self.value(hints[key], one, where, f"{prefix}{key}")
            for key, one in given.items()
            if key in hints
        }
        return kind(**{key: known.get(key, "") for key in needed} | known)

    def value(self, kind: Any, given: object, where: str, key: str) -> object:  # noqa: ANN401 - a type
        if get_origin(kind) is UnionType:
            kind = get_args(kind)[0]
        if is_dataclass(kind) and isinstance(given, dict):
            return self.noun(cast("type", kind), cast("dict[str, Any]", given), where, f"{key}.")
        if get_origin(kind) is tuple and isinstance(given, list):
            return tuple(
                self.value(get_args(kind)[0], one, where, key) for one in cast("list[object]", given)
            )
        if kind is Path and isinstance(given, str):
            return self.folder / given
        if kind is float and isinstance(given, int) and not isinstance(given, bool):
            return float(given)
        if isinstance(kind, type) and isinstance(given, kind) and not isinstance(given, bool):
            return given
        said = SPOKEN.get(kind, "a table" if is_dataclass(kind) else "a list")
        self.problems.refuse(f"{where}: {key}", f"not {said}", f"Write {said}.")
        return "" if kind in {str, Path} else 1


REQUIRED: Mapping[type, tuple[str, ...]] = {Trust: ("issuer",), Smart: ("issuer", "client_id")}
SPOKEN: Mapping[object, str] = {
    str: "a text", int: "a whole number", float: "a number", Path: "a path in quotes",
}  # fmt: skip


def _environment(config: Config, environment: Mapping[str, str], problems: Problems) -> Config:
    """`CORRIN_SERVER_PORT=9000` sets `port` of `[server]`; lists are separated by commas."""
    reading = _Reading(problems, Path())
    sections = {"server": config.server, "guideline": config.guideline, "hooks": config.hooks}
    for name, text in environment.items():
        section, _, key = name.removeprefix(PREFIX).lower().partition("_")
        if not name.startswith(PREFIX):
            continue
        if section not in sections:
            problems.refuse(name, "names no section", did_you_mean(section, sections))
            continue
        hints = get_type_hints(type(sections[section]))
        if key not in hints:
            problems.refuse(name, "no such key", did_you_mean(key, hints))
            continue
        value = reading.value(hints[key], _typed(hints[key], text), name, key)
        sections[section] = replace(sections[section], **{key: value})
    return replace(config, **cast("dict[str, Any]", sections))


def _typed(kind: Any, text: str) -> object:  # noqa: ANN401 - a type
    if get_origin(kind) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind in {int, float}:
        try:
            return int(text) if kind is int else float(text)
        except ValueError:
            return None
    return text
