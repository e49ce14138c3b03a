"""What is remembered between a launch and its end: in memory, for so long, under ids nobody can guess."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

LAUNCH_SECONDS = 600
"""How long somebody may take to sign in."""
SESSION_SECONDS = 3600
"""The longest that a token is kept, whatever its issuer says."""
MOST = 1000
"""Launches, and sessions, at one time: the oldest goes when there are more."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Pending:
    """A launch that was sent to sign in: its FHIR server, whose browser, and what proves the code is ours."""

    issuer: str
    browser: str = field(repr=False)
    verifier: str = field(repr=False)
    token_endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Who may read what: a FHIR server, a patient, and the token, which never leaves this process."""

    issuer: str
    patient: str = field(repr=False)
    token: str = field(repr=False)


class Store(Generic[Kept]):
    """Things under random ids, each until its time is over."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._kept: dict[str, tuple[float, Kept]] = {}

    def put(self, thing: Kept, seconds: float) -> str:
        """Keep it for so many seconds; its id."""
        now = self._now()
        self._kept = {key: one for key, one in self._kept.items() if one[0] > now}
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        identity = secrets.token_urlsafe(32)
        self._kept[identity] = (now + seconds, thing)
        return identity

    def get(self, identity: str) -> Kept | None:
        """What is kept under an id, while its time lasts."""
        until, thing = self._kept.get(identity, (0.0, None))
        return thing if until > self._now() else None

    def take(self, identity: str) -> Kept | None:
        """The same, once."""
        thing = self.get(identity)
        self._kept.pop(identity, None)
        return thing
