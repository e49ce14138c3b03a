"""What can be set, key by key, each with its default."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

TOKEN = re.compile(r"[\x21-\x7e]{1,65536}")
"""A bearer token that breaks no header."""
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
class Fhir:
    """The FHIR server that `$apply` reads when no data come along; its token stands alone in a file."""

    server: str = ""
    token_file: Path | None = None

    @property
    def token(self) -> str | None:
        """The token; empty without a file, None where the file holds none that fits into a header."""
        if self.token_file is None:
            return ""
        try:
            text = self.token_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return text if TOKEN.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set. Without a file: this machine only, the profile `uk`, nobody trusted."""

    server: Server = field(default_factory=Server)
    guideline: Rules = field(default_factory=Rules)
    hooks: Hooks = field(default_factory=Hooks)
    trust: tuple[Trust, ...] = ()
    smart: tuple[Smart, ...] = ()
    fhir: Fhir = field(default_factory=Fhir)

    @property
    def loopback(self) -> bool:
        """Only programs on this machine can reach the service."""
        return is_loopback(self.server.host)

    @property
    def reach(self) -> str:
        """Who can call the service, in words: what a proxy hands on comes from this machine as well."""
        if self.trust:
            return f"{len(self.trust)} trusted issuers"
        return "open to whoever the proxy lets through" if self.server.public_url else "this machine only"

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
