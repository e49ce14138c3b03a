"""Who may call: a listed record system, with a JWT it signed for this very address and has not used before.

A request's token enters; the `Trust` of its issuer leaves. Whoever is not believed gets a bare 401: not
why. A token is never written anywhere. Without a list of systems the service is open, and answers this
machine only.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import httpx
import jwt

from corrin.service import calling
from corrin.service.config import Config, Trust
from corrin.service.refusals import Refused

LEEWAY = 30
"""Seconds by which two clocks may differ."""
LONGEST = 3600
"""Seconds a token may last: how long its id has to be remembered."""
MOST_REMEMBERED = 100_000
KEYS_LAST = 600
KEYS_REST = 30
"""Seconds for which keys are kept, and for which they are not asked for again."""
_TOKEN_LENGTH = 16_384
_KEYS_LENGTH = 1_000_000


class Doubt(Exception):  # noqa: N818 - not an error of the program: somebody who is not believed
    """A token that is not believed; the word is for the log, and for nobody else."""


class Door:
    """Believes or refuses callers; remembers the ids of tokens until they expire."""

    def __init__(self, config: Config, now: Callable[[], float]) -> None:
        self._trusted = {one.issuer: one for one in config.trust}
        self._base = config.base_url
        self._now = now
        self._seen: dict[str, float] = {}
        self._keys: dict[str, tuple[float, jwt.PyJWKSet]] = {}
        self._tried: dict[str, float] = {}

    @property
    def open(self) -> bool:
        """Nobody is listed: whoever reaches this machine's own address may call."""
        return not self._trusted

    async def admit(self, authorization: str, path: str) -> Trust | None:
        """The system that calls; None when the door is open.

        Errors: 401 without a word.
        """
        if self.open:
            return None
        try:
            return await self._believe(authorization, f"{self._base}{path}")
        except (Doubt, jwt.PyJWTError, ValueError, TypeError, RecursionError):
            headers = {"www-authenticate": "Bearer"}
            raise Refused(401, "token", headers=headers, bare=True) from None

    async def _believe(self, authorization: str, address: str) -> Trust:
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > _TOKEN_LENGTH:
            raise Doubt("none")
        header = cast("Mapping[str, Any]", jwt.get_unverified_header(token))
        claims = cast("Mapping[str, Any]", jwt.decode(token, options={"verify_signature": False}))
        trust = self._trusted.get(str(claims.get("iss")))
        algorithm = header.get("alg")
        if trust is None or algorithm not in trust.algorithms or header.get("crit"):
            raise Doubt("issuer or algorithm")
        key = await self._key(trust, header.get("kid"), str(algorithm))
        verified = jwt.decode(
            token,
            key=key.key,  # not the PyJWK, which would have its own idea of the algorithm
            algorithms=[str(algorithm)],
            audience=address,
            issuer=trust.issuer,
            options={
                "require": ["iss", "aud", "exp", "iat", "jti"],
                "strict_aud": True,
                "verify_exp": False,  # by the clock that was handed in, just below
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        self._in_time(verified)
        self._once(trust, verified)
        return trust

    def _in_time(self, claims: Mapping[str, Any]) -> None:
        now = self._now()
        issued, expires, begins = claims["iat"], claims["exp"], claims.get("nbf", claims["iat"])
        if not all(_is_number(one) for one in (issued, expires, begins)):
            raise Doubt("no times")
        late, early = expires + LEEWAY <= now, max(issued, begins) - LEEWAY > now
        if late or early or expires - issued > LONGEST:
            raise Doubt("out of time")

    def _once(self, trust: Trust, claims: Mapping[str, Any]) -> None:
        """A token's id counts once; it is forgotten when the token could no longer be used."""
        identity = claims["jti"]
        if not isinstance(identity, str) or not identity:
            raise Doubt("no id")
        now = self._now()
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen = {key: until for key, until in self._seen.items() if until > now}
        mark = hashlib.sha256(f"{trust.issuer}\n{identity}".encode()).hexdigest()
        if self._seen.get(mark, 0) > now or len(self._seen) >= MOST_REMEMBERED:
            raise Doubt("seen before")
        self._seen[mark] = float(claims["exp"]) + LEEWAY

    async def _key(self, trust: Trust, kid: object, algorithm: str) -> jwt.PyJWK:
        """The issuer's key of this name and of the kind the algorithm wants; an unknown one is asked for."""
        for anew in (False, True):
            keys = await self._key_set(trust, anew=anew)
            fitting = [
                key
                for key in keys.keys
                if key.public_key_use in {None, "sig"}
                and (kid is None or key.key_id == kid)
                and key.key_type == _family(algorithm)
            ]
            if len(fitting) == 1:
                return fitting[0]
        raise Doubt("no such key")

    async def _key_set(self, trust: Trust, *, anew: bool) -> jwt.PyJWKSet:
        now = self._now()
        known = self._keys.get(trust.issuer)
        rested = now - self._tried.get(trust.issuer, -KEYS_REST) >= KEYS_REST
        if known and not (rested and (anew or now - known[0] > KEYS_LAST)):
            return known[1]
        if not rested:
            raise Doubt("keys were not to be had")
        self._tried[trust.issuer] = now
        raw = trust.jwks_file.read_bytes() if trust.jwks_file else await _fetched(trust.jwks_url)
        keys = jwt.PyJWKSet.from_dict(json.loads(raw))
        self._keys[trust.issuer] = (now, keys)
        return keys


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _family(algorithm: str) -> str:
    """The type of key that an algorithm signs with."""
    return {"ES": "EC", "Ed": "OKP"}.get(algorithm[:2], "RSA")


async def _fetched(url: str) -> bytes:
    """A key set from the configured address: no redirect, no other address, not for long."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False, verify=calling.believed()) as client:
            answer = await client.get(url, headers={"accept": "application/json"})
    except httpx.HTTPError:
        raise Doubt("keys were not to be had") from None
    if not answer.is_success or len(answer.content) > _KEYS_LENGTH:
        raise Doubt("keys were not to be had")
    return answer.content
