"""One patient read from the record system that launched, with the queries of CDS Hooks.

The same data, so the same answer; a session enters, a case file with its origins leaves.
"""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from urllib.parse import urlsplit

from corrin.answers import Desk
from corrin.errors import InputError, Problem
from corrin.exports.case import Carried, carried
from corrin.intake import hooks as calls
from corrin.intake.hooks import Call, Part
from corrin.records import Record
from corrin.service.hooks import dictionary, discovery, fetch
from corrin.service.hooks.dictionary import Hooks
from corrin.service.refusals import Refused
from corrin.service.smart.sessions import Session

PATIENT = "Patient"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, as a case file with its origins, and what has to be said of it."""

    carried: Carried
    said: str


async def read(session: Session, desk: Desk, today: date, seconds: float, *, local: bool) -> Reading:
    """The patient of a session.

    Errors: 502 where the patient cannot be read, 422 where what came is about somebody else.
    """
    source = fetch.server(session.issuer, session.token, [session.issuer], local=local)
    if source is None:
        raise _lacking("cannot be read safely: its address, or the token it gave")
    hooks = dictionary.read(desk.guideline)
    queries = {one.key: discovery.filled(one, session.patient, today) for one in hooks.queries}
    parts = await fetch.fetch(source, queries, {}, seconds)
    record = _record(session, hooks, parts)
    host = urlsplit(session.issuer).netloc
    kinds = {one.key: one.type for one in hooks.queries}
    made = carried(record, desk.guideline, today, lambda where: _place(where, kinds, host))
    return Reading(made, _said(hooks, parts, made, desk, host))


def _record(session: Session, hooks: Hooks, parts: dict[str, Part]) -> Record:
    kinds = {one.key: one.type for one in hooks.queries}
    if all(part.found in {"failed", "nothing"} for key, part in parts.items() if kinds[key] == PATIENT):
        raise _lacking("did not hand over the patient")
    empty = [key for key, part in parts.items() if part.found == "nothing"]
    call = Call("", "", session.patient, None, None, {}, session.issuer, "")
    try:
        records = calls.record(call, parts, hooks.complete(empty))
    except InputError:
        raise _lacking("handed over what cannot be read") from None
    record = next((one for one in records if one.patient.id == session.patient), None)
    if record is None or len(records) != 1:
        told = Problem(
            "FHIR server", "handed over data about another patient", "Launch again; tell its owner."
        )
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "contradiction", told)
    return record


def _lacking(what: str) -> Refused:
    told = Problem("FHIR server", what, "Launch again, or fill in the page by hand.")
    return Refused(HTTPStatus.BAD_GATEWAY, "smart-server", told)


def _place(where: str, kinds: dict[str, str], host: str) -> str:
    """`prefetch.labs.entry[3].resource` is an Observation of the record system."""
    key = where.removeprefix("prefetch.").partition(".")[0].partition(",")[0]
    return f"{kinds.get(key, PATIENT)} in {host}"


def _said(hooks: Hooks, parts: dict[str, Part], made: Carried, desk: Desk, host: str) -> str:
    """What stands above the form: from where it was filled, and what is lacking."""
    said = [f"Filled from {host}. Check every value: what you change here counts, and is sent nowhere."]
    failed = [one.key for one in hooks.queries if parts[one.key].found == "failed"]
    partly = [one.key for one in hooks.queries if parts[one.key].found == "some"]
    if failed:
        said.append(f"Could not be read: {', '.join(failed)}.")
    if partly:
        said.append(f"Read in part only: {', '.join(partly)}.")
    if made.left:
        said.append(f"Known there, and not shown here: {', '.join(map(desk.wording.label, made.left))}.")
    return " ".join(said)
