"""Calls that this service makes itself: whose certificates it believes, and why a call came to nothing.

An error enters, a few fixed words leave: nothing that the other side said is repeated.
"""

import ssl
from functools import cache
from http import HTTPStatus

import httpx

UNTRUSTED = "has a certificate that is not trusted here"
LATE = "did not answer in time"
ERROR = "answered with an error"
_WORDS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "does not accept the token, or no longer",
    HTTPStatus.FORBIDDEN: "does not allow it",
    HTTPStatus.NOT_FOUND: "does not have it",
    HTTPStatus.TOO_MANY_REQUESTS: "was asked too often",
}


class Unanswered(httpx.HTTPError):
    """An answer with another status than 200."""

    def __init__(self, status: int) -> None:
        super().__init__("not answered")
        self.status = status


class TooLarge(httpx.HTTPError):
    """An answer beyond what is taken in."""

    def __init__(self) -> None:
        super().__init__("too large")


@cache
def believed() -> ssl.SSLContext:
    """Certificates of the public authorities, and of those that this machine trusts besides: a clinic's own.

    Read once: it takes longer than many a call. OpenSSL looks where the system keeps them, or `SSL_CERT_FILE`
    says.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def why(error: Exception) -> str:
    """Why a call came to nothing, in fixed words; the status where there was one."""
    if isinstance(error, Unanswered):
        redirected = error.status in range(300, 400)
        words = "sends elsewhere, which is not followed" if redirected else _WORDS.get(error.status, ERROR)
        return f"{words} ({error.status})"
    if isinstance(error, TooLarge):
        return "answered with more than is taken in"
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return LATE
    if isinstance(error, httpx.ConnectError):
        return UNTRUSTED if untrusted(error) else "could not be reached"
    return "broke off, or did not answer in HTTP"


def untrusted(error: BaseException | None) -> bool:
    """Among what led to an error is a certificate that was not believed."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
