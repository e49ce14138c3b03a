"""What is asked of a server, how patient the asking is, and what came of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from corrin.errors import Problem, UsageError
from corrin.service.config import is_loopback

_NAME = re.compile(r"[A-Z][A-Za-z]{1,63}")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EXPORT = "$export"
NDJSON = "application/fhir+ndjson"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for what, in seconds, and how often something is tried again."""

    connect: float = 10.0
    read: float = 60.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    tries: int = 5
    altogether: float = 86_400.0


@dataclass(frozen=True, slots=True)
class World:
    """What only the outermost room may ask for: to sleep, a clock that runs on, the time of the day."""

    sleep: Callable[[float], None]
    clock: Callable[[], float]
    now: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Order:
    """One export: of all patients, or of a group; of some types; of what changed since."""

    server: str
    out: Path
    group: str | None = None
    types: tuple[str, ...] = ()
    since: str | None = None

    def check(self) -> None:
        """Refuse an order that cannot be carried out.

        Errors: `UsageError`, all of it at once.
        """
        problems: list[Problem] = []
        if not safe(self.server):
            problems.append(
                Problem(
                    "URL", "no https address (http is for this machine alone)", "Write https://HOST/fhir."
                )
            )
        if self.group is not None and not _ID.fullmatch(self.group):
            problems.append(Problem("--group", "no id of FHIR", "Write letters, digits, `-` and `.`."))
        problems += [
            Problem(f"--type {one[:64]}", "no resource type", "Write it as FHIR does: Patient, Observation.")
            for one in self.types
            if not _NAME.fullmatch(one)
        ]
        if self.since is not None and not (_INSTANT.fullmatch(self.since) or _DAY.fullmatch(self.since)):
            problems.append(Problem("--since", "no instant", "Write 2026-01-31 or 2026-01-31T09:00:00Z."))
        if problems:
            raise UsageError(*problems)

    @property
    def address(self) -> str:
        """Where the export is kicked off."""
        base = self.server.rstrip("/")
        if not base.endswith(EXPORT):
            base = f"{base}/{f'Group/{self.group}' if self.group else 'Patient'}/{EXPORT}"
        asked = {"_outputFormat": NDJSON}
        if self.types:
            asked["_type"] = ",".join(self.types)
        if self.since:
            asked["_since"] = f"{self.since}T00:00:00Z" if _DAY.fullmatch(self.since) else self.since
        return f"{base}?{urlencode(asked)}"

    @property
    def host(self) -> str:
        """What an error calls the server."""
        return urlsplit(self.server).netloc


def safe(address: str) -> bool:
    """An address over https, or on this machine; without a name or a password in it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = parts.scheme == "http" and is_loopback(host)
    return bool(host) and not parts.username and not parts.fragment and (parts.scheme == "https" or plain)


@dataclass(frozen=True, slots=True)
class Brought:
    """One file that was brought: its name, resources and bytes; what it was of."""

    name: str
    kind: str
    lines: int
    size: int


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a download."""

    out: Path
    transaction_time: str
    files: tuple[Brought, ...] = field(default_factory=tuple)
    errors: int = 0
    deleted: int = 0
    unended: bool = False

    @property
    def lines(self) -> int:
        """Resources in all files."""
        return sum(each.lines for each in self.files)

    @property
    def size(self) -> int:
        """Bytes, as they lie on the disk."""
        return sum(each.size for each in self.files)
