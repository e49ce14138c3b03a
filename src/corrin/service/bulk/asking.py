"""One request to the server, tried again with pauses while there is hope, then refused in words.

A method and an address enter, an answer leaves. The token goes to the server itself, and to file servers that
the site names; no redirect is followed; no answer's text goes into an error.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

import httpx

from corrin.errors import InputError, Problem
from corrin.service import calling
from corrin.service.bulk.credentials import Credentials, Tokens
from corrin.service.bulk.order import Order, Patience, World, safe

AGAIN = frozenset({429, 500, 502, 503, 504})
_DOUBLE = 2
LARGEST = 64_000_000


class Asking:
    """Requests to one server."""

    def __init__(
        self,
        order: Order,
        credentials: Credentials | None,
        patience: Patience,
        world: World,
    ) -> None:
        self.host = order.host
        self.patience = patience
        self._world = world
        self._origin = _origin(order.server)
        self._until = world.clock() + patience.altogether
        timeout = httpx.Timeout(patience.read, connect=patience.connect)
        self._client = httpx.Client(
            timeout=timeout, trust_env=False, follow_redirects=False, verify=calling.believed()
        )
        self._tokens = Tokens(order.server, credentials, self._client, world) if credentials else None
        self._trusted = frozenset(credentials.file_hosts if credentials else ())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def headers(self, address: str, *, with_token: bool = True) -> dict[str, str]:
        """The token, where it may go.

        Errors: an address that is not safe, or a host that must not have the token.
        """
        if not safe(address):
            raise self.refused("names an address that is neither https nor on this machine")
        if not with_token or self._tokens is None:
            return {}
        if _origin(address) != self._origin and urlsplit(address).netloc not in self._trusted:
            host = urlsplit(address).netloc
            raise InputError(
                Problem(
                    self.host,
                    f"wants the token to be sent to {host}",
                    f'If that host is theirs, write `file_hosts = ["{host}"]` into the file of --auth.',
                )
            )
        return {"authorization": f"Bearer {self._tokens.token()}"}

    def ask(
        self, method: str, address: str, headers: Mapping[str, str], again: frozenset[int] = AGAIN
    ) -> httpx.Response:
        """An answer, whatever it says; what is overloaded, broken or silent is tried again.

        Errors: `InputError` when the last try has failed as well.
        """
        failed = 0
        while True:
            try:
                answer = self._client.request(method, address, headers={**headers, **self.headers(address)})
            except (httpx.TransportError, httpx.InvalidURL) as error:
                failed += 1
                self.again(failed, _silent(error))
                continue
            if answer.status_code == HTTPStatus.UNAUTHORIZED and self.renew():
                continue
            self.stays(answer)
            if answer.status_code not in again:
                return answer
            failed += 1
            self.again(failed, f"answers {answer.status_code}", answer.headers.get("retry-after"))

    @contextmanager
    def stream(
        self, address: str, headers: Mapping[str, str], *, with_token: bool
    ) -> Generator[httpx.Response]:
        """The body of a file as it comes."""
        sent = {**headers, **self.headers(address, with_token=with_token)}
        with self._client.stream("GET", address, headers=sent) as answer:
            yield answer

    def stays(self, answer: httpx.Response) -> None:
        """Follow nobody elsewhere: where a redirect leads, the site did not say that one may go.

        Errors: `InputError` that names the host.
        """
        if answer.has_redirect_location:
            host = urlsplit(answer.headers["location"]).netloc or self.host
            raise self.refused(
                f"redirects to {host} (it answers {answer.status_code}), and redirects are not followed",
                "Write the address itself, or ask whoever runs the server to send what was asked for.",
            )

    def renew(self) -> bool:
        """Forget the token, so that the next request has a new one; False where that was done just now."""
        return self._tokens is not None and self._tokens.forget()

    def again(self, failed: int, why: str, after: str | None = None) -> None:
        """Wait before the next try; longer each time, or as long as the server says.

        Errors: `InputError` when there was enough of it.
        """
        if failed >= self.patience.tries:
            raise self.refused(f"{why}, {failed} times over", "Start again later: what was brought is kept.")
        pause = self.patience.first_pause * _DOUBLE ** (failed - 1)
        self.wait(self._seconds(after) if after else min(pause, self.patience.longest_pause))

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the end of all patience."""
        if self._world.clock() + seconds > self._until:
            raise self.refused(
                "is not ready in the time that was given to it",
                "Start again: the same export is asked for again.",
            )
        self._world.sleep(max(seconds, 0.0))

    def pause(self, answer: httpx.Response, waited: int) -> float:
        """How long to wait for an export: as the server says, else longer each time."""
        after = answer.headers.get("retry-after")
        longest = self.patience.longest_pause
        if after:
            return min(max(self._seconds(after), self.patience.first_pause), self.patience.altogether)
        return min(self.patience.first_pause * _DOUBLE ** min(waited, 16), longest)

    def _seconds(self, after: str) -> float:
        """`Retry-After`: seconds, or a date; what is neither is one second."""
        try:
            return max(float(int(after)), 0.0)
        except ValueError:
            pass
        try:
            return max(parsedate_to_datetime(after).timestamp() - self._world.now(), 0.0)
        except (ValueError, TypeError):
            return 1.0

    def refused(self, what: str, mend: str = "Ask whoever runs the server.") -> InputError:
        """Something that the server did not do as it should."""
        return InputError(Problem(self.host, what, mend))


def _silent(error: Exception) -> str:
    if calling.untrusted(error):
        return calling.UNTRUSTED
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return "cannot be reached"
    if isinstance(error, httpx.TimeoutException):
        return "does not answer in time"
    return "breaks off"


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
