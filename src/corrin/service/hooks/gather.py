"""From a call to one patient's record: what was handed over, what could be fetched, and what is not there.

A `Call` enters, `Gathered` leaves. A call without what is needed is refused with 412, and one whose data are
about somebody else with 422: an empty answer would look like "nothing to say".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from corrin.errors import CorrinError, InputError, Problem
from corrin.intake import hooks as calls
from corrin.intake.hooks import DRAFTS, Call, keys, prefetch
from corrin.intake.hooks.prefetch import Part
from corrin.records import Record
from corrin.service.hooks import discovery, fetch
from corrin.service.hooks.dictionary import Hooks, Query
from corrin.service.refusals import Refused

WHY: Mapping[str, str] = {
    "not-tried": "not handed over",
    "failed": "the query for it failed",
    "some": "not all of it is there",
}
_MEND = (
    "Send it as prefetch (a searchset Bundle, one resource of its type, or null where nothing was found), or "
    "send fhirServer and fhirAuthorization of a server that is listed here."
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """One patient's record, and the queries of which nothing, or not everything, is known."""

    record: Record
    wanting: tuple[tuple[Query, str], ...]
    unnamed: bool = False
    """A draft order only points to its medicine, and nobody knows which it is."""
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    """By query, why the FHIR server did not answer it whole."""

    def lacks(self, query: Query, found: str) -> str:
        """Why a query is wanting, in words."""
        return _told(found, self.reasons.get(query.key, ""))

    @property
    def whole(self) -> bool:
        """Everything that is needed was looked at."""
        return not self.unnamed and not any(query.needed for query, _ in self.wanting)


async def gather(
    call: Call, hooks: Hooks, source: fetch.Server | None, today: date, seconds: float
) -> Gathered:
    """The record of the patient whom the call is about."""
    parts = {query.key: prefetch.part(call.prefetch.get(query.key), query.type) for query in hooks.queries}
    looked_through = once(call, parts)
    lacking = [query for query in hooks.queries if parts[query.key].found in WHY]
    if source and lacking:
        queries = {query.key: discovery.filled(query, _id(call.patient), today) for query in lacking}
        parts |= await fetch.fetch(source, queries, parts, seconds)
    drafts = {DRAFTS: Part("all", (call.drafts,))} if call.drafts else {}
    parts = await _medicines(parts | drafts, source, seconds)
    unnamed = parts.pop(DRAFTS, Part("all")).found == "some"
    wanting = tuple(
        (query, parts[query.key].found) for query in hooks.queries if parts[query.key].found in WHY
    )
    reasons = {query.key: parts[query.key].why for query, _ in wanting}
    _refuse_lacking(wanting, reasons)
    complete = hooks.complete(key for key, each in parts.items() if each.found == "nothing")
    return Gathered(_one(call, parts, complete, hooks, looked_through), wanting, unnamed, reasons)


def once(call: Call, parts: Mapping[str, Part]) -> frozenset[str]:
    """What need not be looked through for keys given twice; 400 where the call itself gives one."""
    try:
        return keys.once(call, parts)
    except InputError as error:
        raise Refused(400, "malformed", *error.problems) from None


async def _medicines(
    parts: Mapping[str, Part], source: fetch.Server | None, seconds: float
) -> dict[str, Part]:
    """With the medicines that were only pointed to; what cannot be told which it is leaves its list half."""
    lost = prefetch.elsewhere(parts)
    readable = {name for each in lost.values() for name in each if name.startswith(prefetch.MEDICATION)}
    names = sorted(readable)[: fetch.PAGES]
    if source and names:
        found = await fetch.fetch(source, {name: name for name in names}, {}, seconds)
        documents = tuple(raw for each in found.values() for raw in each.documents)
        parts = {**parts, prefetch.MEDICATION: Part("all", documents)}
        lost = prefetch.elsewhere(parts)
    halves = {key: parts[key].but(found="some") for key in lost if parts[key].found == "all"}
    return {**parts, **halves}


def _told(found: str, reason: str) -> str:
    return f"{WHY[found]}: the FHIR server {reason}" if reason else WHY[found]


def _refuse_lacking(wanting: tuple[tuple[Query, str], ...], reasons: Mapping[str, str]) -> None:
    """412 where something that is needed is not there at all; some pages of it are something."""
    problems = [
        Problem(f"prefetch.{query.key}", _told(found, reasons[query.key]), _MEND)
        for query, found in wanting
        if query.needed and found != "some"
    ]
    if problems:
        raise Refused(412, "lacking", *problems)


def refuse_silence(gathered: Gathered) -> None:
    """412 where there is no card, and not everything that is needed was looked at."""
    if not gathered.whole:
        problems = [
            Problem(f"prefetch.{query.key}", gathered.lacks(query, found), _MEND)
            for query, found in gathered.wanting
            if query.needed
        ]
        if gathered.unnamed:
            problems.append(Problem(DRAFTS, "points to a medicine that is not there", "Send it, contained."))
        raise Refused(412, "lacking", *problems)


def _one(
    call: Call,
    parts: Mapping[str, Part],
    complete: frozenset[str],
    hooks: Hooks,
    once: frozenset[str],
) -> Record:
    try:
        records = calls.record(call, parts, complete, hooks.wanted, once)
    except CorrinError as error:
        raise Refused(422, "unreadable", *error.problems) from None
    wanted = _id(call.patient)
    if len(records) != 1:
        strange = next((one.patient for one in records if one.patient.id != wanted), records[0].patient)
        where = strange.where or next(
            (event.where for one in records if one.patient is strange for event in one.events), DRAFTS
        )
        mend = "Send what is about the patient of the context, and nothing else."
        raise Refused(422, "contradiction", Problem(where, "is about another patient", mend))
    (record,) = records
    if not record.patient.where:
        told = Problem(
            "prefetch.patient", "holds no Patient that can be read", "Send the patient of the context."
        )
        raise Refused(422, "unreadable", told)
    if record.patient.id != wanted:
        mend = "Send the Patient whose id is context.patientId."
        raise Refused(
            422, "contradiction", Problem(record.patient.where, "is not the patient of the context", mend)
        )
    return record


def _id(patient: str) -> str:
    return patient.removeprefix("Patient/")
