"""A request that is refused, told as its caller reads: problem JSON, OperationOutcome, or plain words.

What went wrong enters as problems (where, what, mend) that hold no patient's value; a response leaves.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from corrin.errors import CorrinError, GuidelineError, InputError, Problem, UsageError
from corrin.exports import fhir

FHIR_FAMILIES = ("/cds-services", "/fhir")
LAUNCHES = "/smart"
PROGRAM_FAMILIES = ("/assess", "/openapi.json", "/metrics", "/health", "/ready")

JSON_KINDS = frozenset({"application/json", "application/fhir+json"})
"""The content types in which programs may send."""

ISSUE_TYPES: Mapping[int, str] = {
    400: "structure", 401: "login", 403: "forbidden", 404: "not-found",
    405: "not-supported", 406: "not-supported",
    408: "timeout", 412: "required", 413: "too-long", 415: "not-supported", 421: "security",
    422: "processing", 502: "transient", 503: "transient", 504: "timeout",
}  # fmt: skip
"""The FHIR issue type of each status; any other is `exception`."""


class Refused(HTTPException):
    """A request that cannot be carried out; `reason` is one fixed word, counted in the metrics.

    A bare refusal has no body at all (401: nothing is told to somebody who is not known).
    """

    def __init__(
        self,
        status: int,
        reason: str,
        *problems: Problem,
        headers: Mapping[str, str] | None = None,
        bare: bool = False,
    ) -> None:
        super().__init__(status, HTTPStatus(status).phrase, headers)
        self.reason = reason
        self.problems = problems
        self.bare = bare


def within(path: str, family: str) -> bool:
    """The path is this route, or below it."""
    return path == family or path.startswith(f"{family}/")


def speaks_fhir(path: str) -> bool:
    """Whoever calls this path reads OperationOutcomes."""
    return any(within(path, family) for family in FHIR_FAMILIES)


def speaks_json(path: str) -> bool:
    """Whoever calls this path is a program that reads problem JSON."""
    return any(within(path, family) for family in PROGRAM_FAMILIES)


def response(request: Request, refused: Refused) -> Response:
    """The refusal in the words of the route's family; it repeats nothing of the request."""
    request.scope["reason"] = refused.reason
    headers = dict(refused.headers or {})
    if refused.bare:
        return Response(status_code=refused.status_code, headers=headers)
    path = request.url.path
    if speaks_fhir(path):
        body = operation_outcome(refused.status_code, refused.problems)
        return _json(body, "application/fhir+json", refused.status_code, headers)
    if not speaks_json(path) and "text/html" in request.headers.get("accept", ""):
        return Response(page(refused, path), refused.status_code, headers, "text/html")
    return _json(problem(refused), "application/problem+json", refused.status_code, headers)


def page(refused: Refused, path: str = "") -> str:
    """A refusal for a person at a browser: what is wrong, what to do, and the way back to an empty page."""
    told = "".join(f"<p>{escape(str(one))}</p>" for one in refused.problems)
    title, beside = _headed(refused, path)
    back = '<p><a href="/">To an empty page</a></p>'
    return bare_page(title, f'<section role="alert"><h1>{title}</h1>{beside}{told}{back}</section>')


def bare_page(title: str, inside: str) -> str:
    """A page of a few lines of HTML, which looks like the others."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Corrin</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/corrin.css"></head>'
        f"<body><main>{inside}</main></body></html>"
    )


def _headed(refused: Refused, path: str) -> tuple[str, str]:
    """What stands above a refusal: of a launch, that nothing was learned of the patient."""
    if not within(path, LAUNCHES):
        return escape(refused.detail), ""
    return (
        "The record was not opened",
        "<p>Nothing of it is shown here, so this says nothing about the patient.</p>",
    )


def problem(refused: Refused) -> dict[str, object]:
    """A refusal as RFC 9457 has it, with each problem's place and mend."""
    said: dict[str, object] = {
        "type": "about:blank",
        "title": refused.detail,
        "status": refused.status_code,
        "reason": refused.reason,
    }
    if refused.problems:
        said["detail"] = " ".join(str(one) for one in refused.problems)
        said["problems"] = [
            {"where": one.where, "what": one.what, "mend": one.mend} for one in refused.problems
        ]
    return said


def operation_outcome(status: int, problems: Sequence[Problem]) -> dict[str, object]:
    """A refusal as FHIR has it: an issue for each problem, its place in `expression` where it is a path."""
    told = problems or (Problem("request", HTTPStatus(status).phrase, ""),)
    return fhir.operation_outcome(told, ISSUE_TYPES.get(status, "exception"))


def of_error(error: CorrinError, body: bytes = b"") -> Refused:
    """The refusal of what cannot be read or carried out: 400 for no JSON, 422 for no patient in it."""
    if isinstance(error, InputError):
        return Refused(422 if _is_json(body) else 400, "unreadable", *error.problems)
    if isinstance(error, UsageError):
        return Refused(422, "unusable", *error.problems)
    told = Problem("guideline", "cannot be read as it is set up here", "Run `corrin check` on this machine.")
    return Refused(500, "guideline", told)


async def on_refused(request: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such route, no such method) and ours."""
    if isinstance(error, Refused):
        return response(request, error)
    if isinstance(error, HTTPException):
        return response(request, of_http(error))
    raise error


async def on_error(request: Request, error: Exception) -> Response:
    """A CorrinError that a route let through."""
    if isinstance(error, InputError | UsageError | GuidelineError):
        return response(request, of_error(error, b"{}"))
    raise error


def of_http(error: HTTPException) -> Refused:
    """A refusal of Starlette in our words: its own may repeat the request."""
    reason, told = TOLD.get(error.status_code, ("request", None))
    return Refused(error.status_code, reason, *([told] if told else []), headers=error.headers)


TOLD: Mapping[int, tuple[str, Problem]] = {
    400: ("request", Problem("request", "cannot be read", "Send it as documented.")),
    404: ("route", Problem("address", "nothing is served there", "Look at /openapi.json and /cds-services.")),
    405: ("method", Problem("method", "not one of this address", "The header Allow names those there are.")),
}


def _json(body: object, kind: str, status: int, headers: Mapping[str, str]) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, headers, kind)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
