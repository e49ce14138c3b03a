"""A resource as a response, in a content type that the caller reads."""

import json
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from corrin.errors import Problem
from corrin.exports.fhir.conformance import JSON_TYPES
from corrin.exports.fhir.elements import Json
from corrin.service.refusals import Refused

MEDIA = JSON_TYPES[0]
ANY = frozenset({"*/*", "application/*"})


def respond(request: Request, resource: Json) -> Response:
    """The resource; under the plain name of JSON for whoever asks for that one alone."""
    text = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type=media(request))


def media(request: Request) -> str:
    """The content type to answer in.

    Errors: 406 for whoever reads none of ours (XML is not written).
    """
    wanted = _wanted(request)
    for one in wanted:
        if one in JSON_TYPES:
            return one
        if one in ANY or one == "json":
            return MEDIA
    told = Problem("header Accept", "asks for what is not written", f"Ask for {' or '.join(JSON_TYPES)}.")
    raise Refused(HTTPStatus.NOT_ACCEPTABLE, "accept", told)


def _wanted(request: Request) -> list[str]:
    """What the caller reads, the best first; `_format` outranks the header, as FHIR has it."""
    named = request.query_params.get("_format")
    if named:
        return [named.partition(";")[0].strip().lower().replace(" ", "+")]
    ranked: list[tuple[float, str]] = []
    for part in request.headers.get("accept", "*/*").split(","):
        kind, _, rest = part.partition(";")
        quality = _quality(rest)
        if quality > 0:
            ranked.append((-quality, kind.strip().lower()))
    return [kind for _, kind in sorted(ranked, key=lambda one: one[0])]


def _quality(rest: str) -> float:
    _, _, number = rest.replace(" ", "").partition("q=")
    try:
        return float(number.partition(";")[0]) if number else 1.0
    except ValueError:
        return 0.0
