"""One patient read from the record system that launched, with the queries of CDS Hooks.

The same data, so the same answer; a session enters, a case file with its origins leaves.
"""

from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from urllib.parse import urlsplit

from corrin.answers import Desk
from corrin.errors import InputError, Problem
from corrin.exports.case import NOT_USED, Carried, carried
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
    """What was read, as a case file with its origins, what has to be said of it, and what is lacking."""

    carried: Carried
    said: str
    lacking: tuple[str, ...] = ()


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
    made = _withheld(made, hooks, parts)
    return Reading(made, _said(made, desk, host), _lacks(hooks, parts))


def _record(session: Session, hooks: Hooks, parts: dict[str, Part]) -> Record:
    kinds = {one.key: one.type for one in hooks.queries}
    if all(part.found in {"failed", "nothing"} for key, part in parts.items() if kinds[key] == PATIENT):
        why = next((f": {part.why}" for key, part in parts.items() if kinds[key] == PATIENT and part.why), "")
        raise _lacking(f"did not hand over the patient{why}")
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


def _said(made: Carried, desk: Desk, host: str) -> str:
    """What stands above the form: from where it was filled, and what no field shows."""
    said = [f"Filled from {host}. Check every value: what you change here counts, and is sent nowhere."]
    if made.left:
        said.append(f"Known there, and not shown here: {', '.join(map(desk.wording.label, made.left))}.")
    return " ".join(said)


def _lacks(hooks: Hooks, parts: dict[str, Part]) -> tuple[str, ...]:
    """A line for each reason why something could not be read, with the type and the queries it is about."""
    told: dict[tuple[str, str, str], list[str]] = {}
    for query in hooks.queries:
        part = parts[query.key]
        if part.found in READ:
            told.setdefault((query.type, READ[part.found], part.why), []).append(query.key)
    return tuple(
        f"{kind} ({', '.join(keys)}): {how}; the record system {why}."
        for (kind, how, why), keys in told.items()
    )


READ = {"failed": "could not be read", "some": "read in part only"}


def _withheld(made: Carried, hooks: Hooks, parts: dict[str, Part]) -> Carried:
    """With each result that may be there and was not handed over as one that cannot be used.

    Unknown: such a test is not one that was never done; the field says so until somebody corrects it.
    """
    asked = {name for query in hooks.queries if parts[query.key].found in READ for name in query.findings}
    found = made.case["findings"]
    added = {one: {"word": WITHHELD} for one in hooks.withheld if one in asked and one not in found}
    return replace(made, case={**made.case, "findings": {**found, **added}})


WITHHELD = f"{NOT_USED}: not handed over"
