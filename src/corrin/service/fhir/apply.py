"""`PlanDefinition/$apply`: one patient's data enter, a CarePlan leaves; whoever sent them decides."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from corrin import api, intake
from corrin.errors import InputError, Problem
from corrin.exports import fhir
from corrin.exports.fhir.coordinates import read as coordinates_of
from corrin.intake.fhir.people import OWNERLESS
from corrin.records import Record
from corrin.service.context import Context
from corrin.service.fhir.fetched import fetched
from corrin.service.fhir.parameters import DATA, PLAN, ROOT, Asked, Given, Json, read, refuse
from corrin.service.refusals import Refused

Admit = Callable[[], Awaitable[object]]

_MEMBER = re.compile(r"\[([0-9]+)\]\.?")
_INSIDE = re.compile(r"(?:[A-Z][A-Za-z]*\b)?(.*)", re.DOTALL)


async def apply(context: Context, body: bytes, admit: Admit, *, named: bool) -> Json:
    """The CarePlan for one call; `named`: the address itself names the PlanDefinition.

    `admit` lets in whoever may have a patient read from the configured server, and raises for anybody else.

    Errors: 400, 404, 422, 502, each with its place; 401 of `admit`.
    """
    asked = read(body)
    _check_plan(context, asked, named=named)
    if asked.data or not context.config.fhir.server:
        record, others = _record(asked)
        notes = _notes(asked, others)
    else:
        await admit()
        record, lacking = await fetched(context, asked)
        notes = [*_notes(asked, 0), *lacking]
    answer = api.answer(record, context.desk(), context.today(), present=True)
    context.metrics.answer(record, answer)
    return fhir.care_plan(answer, asked.subject, tuple(notes))


def _check_plan(context: Context, asked: Asked, *, named: bool) -> None:
    """Another plan than ours cannot be applied."""
    if asked.plan is None:
        if named:
            return
        raise refuse(
            HTTPStatus.UNPROCESSABLE_ENTITY, "plan", f"{ROOT}.parameter", "no PlanDefinition is named",
            f"Name it by url, canonical or {PLAN}, or post to its own address.",
        )  # fmt: skip
    coordinates = coordinates_of(context.desk().guideline)
    resource = asked.plan.resource
    said = asked.plan.text or str(resource.get("url") or resource.get("id") or "")
    ours = {coordinates.url("PlanDefinition"), coordinates.id, f"PlanDefinition/{coordinates.id}"}
    if said not in {*ours, coordinates.canonical("PlanDefinition")}:
        raise refuse(
            HTTPStatus.NOT_FOUND, "plan", asked.plan.place, "another PlanDefinition than the one served here",
            f"Name {coordinates.canonical('PlanDefinition')}.",
        )  # fmt: skip


def _record(asked: Asked) -> tuple[Record, int]:
    """The subject's record, and how many other patients the data speak of."""
    if not asked.data:
        raise refuse(
            HTTPStatus.UNPROCESSABLE_ENTITY, "data", f"{ROOT}.parameter",
            f"{DATA} is missing: a subject alone says nothing, and no FHIR server is configured to ask",
            "Send the patient's resources as a Bundle, or a QuestionnaireResponse, in data; or name the FHIR "
            "server to read as server of [fhir] in the configuration of this service.",
        )  # fmt: skip
    records = _read(asked.data)
    named = [one for one in records if one.patient.id == asked.subject]
    nameless = [one for one in records if one.patient.id is None]
    _refuse_ownerless(asked, records, nameless if named else [])
    chosen = (named or nameless)[:1]
    if not chosen:
        raise refuse(
            HTTPStatus.UNPROCESSABLE_ENTITY, "subject", _path("", asked.data),
            "the data speak of another patient than the subject", "Send the data of the subject.",
        )  # fmt: skip
    return chosen[0], len(records) - 1


def _refuse_ownerless(asked: Asked, records: tuple[Record, ...], nameless: list[Record]) -> None:
    """What may be the subject's and may be another's can neither be used nor left out."""
    found = [one.where for record in records for one in record.ignored if one.reason.endswith(OWNERLESS)]
    found += [record.patient.where for record in nameless]
    if found:
        raise refuse(
            HTTPStatus.UNPROCESSABLE_ENTITY, "subject", _path(found[0], asked.data),
            "does not say of whom it is, and the data speak of several patients",
            "Write the subject into it, or the id into a Patient; or send the data of one patient.",
        )  # fmt: skip


def _read(data: tuple[Given, ...]) -> tuple[Record, ...]:
    """Every resource that came along, read together.

    Errors: 422, with places as they stand in the Parameters.
    """
    resources = [one.resource for one in data]
    try:
        return intake.read(resources[0] if len(resources) == 1 else resources, DATA)
    except InputError as error:
        problems = [Problem(_path(one.where, data), one.what, one.mend) for one in error.problems]
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "data", *problems) from None


def _path(where: str, data: tuple[Given, ...]) -> str:
    """`data: Bundle.entry[3].resource` as a path from the Parameters on."""
    inside = where.removeprefix(DATA).lstrip(": ")
    several = _MEMBER.match(inside) if len(data) > 1 else None
    given = data[int(several[1]) if several else 0]
    rest = inside[several.end() :] if several else inside
    found = _INSIDE.fullmatch(rest)
    return f"{given.place}.resource{found[1] if found else ''}"


def _notes(asked: Asked, others: int) -> list[str]:
    """What came along and made no difference."""
    notes: list[str] = []
    if asked.unused:
        notes.append(f"Accepted without use: {', '.join(asked.unused)}.")
    if others:
        notes.append(f"The data speak of other patients as well ({others}): nothing of theirs was used.")
    return notes
