"""One patient in, one answer out, as JSON; and the document that says so.

A case file or a FHIR Bundle enters as the body of a request. What `corrin assess --format json` prints
leaves. The day and the profile may stand in the address: they are not about a patient.
"""

import json
from datetime import date
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from corrin import api, intake
from corrin.errors import CorrinError, Problem
from corrin.records import Record
from corrin.service import receiving, refusals
from corrin.service.context import Context
from corrin.service.json_api import openapi
from corrin.service.refusals import Refused

WHERE = "body"
QUERY = ("as_of", "profile")
GZIP = b"\x1f\x8b"


def routes(context: Context) -> list[BaseRoute]:
    """`POST /assess` and `GET /openapi.json`."""

    async def assess(request: Request) -> Response:
        body = receiving.taken(request)
        asked = _query(context, request)
        record = one_record(body)
        day = asked.get("as_of") or record.as_of
        given = api.day(day) if day else context.today()
        answer = api.answer(record, context.desk(asked.get("profile")), given, present=not day)
        context.metrics.answer(record, answer)
        return Response(answer.to_json() + "\n", media_type="application/json")

    async def document(_request: Request) -> Response:
        return Response(_document(context), media_type="application/json")

    return [Route("/assess", assess, methods=["POST"]), Route("/openapi.json", document)]


def one_record(body: bytes) -> Record:
    """The record of the one patient that a body speaks of.

    Errors: `Refused`, which names the place: 400 for what is no JSON, 422 for what is not one patient.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        mend = "Send a case file or a FHIR Bundle as JSON, neither packed nor as a table."
        raise Refused(400, "no-json", Problem(WHERE, "neither a JSON object nor a list", mend))
    try:
        records = intake.read(body, WHERE)
    except CorrinError as error:
        raise refusals.of_error(error, body) from None
    if len(records) != 1:
        told = Problem(WHERE, f"speaks of {len(records)} patients", "Send one patient at a time.")
        raise Refused(422, "patients", told)
    return records[0]


def _query(context: Context, request: Request) -> dict[str, str]:
    """The day and the profile of the address, each once; anything else is refused, and not repeated."""
    given = request.query_params.multi_items()
    if len({key for key, _ in given}) != len(given) or any(key not in QUERY for key, _ in given):
        mend = f"Known here, each once: {', '.join(QUERY)}. A patient's values belong in the body."
        raise Refused(400, "query", Problem("query", "a parameter that is not read", mend))
    asked = dict(given)
    profiles = context.desk().guideline.profiles
    if "profile" in asked and asked["profile"] not in profiles:
        told = Problem("query: profile", "no such profile", f"Known here: {', '.join(profiles)}.")
        raise Refused(400, "query", told)
    if "as_of" in asked and not _is_day(asked["as_of"]):
        raise Refused(400, "query", Problem("query: as_of", "not a day", "Write it as 2026-11-22."))
    return asked


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@lru_cache(maxsize=4)
def _document(context: Context) -> str:
    written = openapi.document(context.desk().guideline, context.config.base_url)
    return json.dumps(written, ensure_ascii=False)
