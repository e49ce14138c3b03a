"""The Parameters of `$apply`: for whom, and with which data.

Bytes enter; the patient's id, the data and what was accepted without use leave. What cannot be placed is
refused with the path of the element.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any, cast

from corrin.errors import Problem
from corrin.service.refusals import Refused

Json = dict[str, Any]

ROOT = "Parameters"
SUBJECT, DATA, PLAN = "subject", "data", "planDefinition"
NAMES = ("url", "canonical", PLAN)
UNUSED = frozenset(
    {
        "encounter", "practitioner", "organization", "userType", "userLanguage", "userTaskContext",
        "setting", "settingContext", "includeData",
    }
)  # fmt: skip
"""Parameters of the operation that change nothing here: accepted, and said in the answer."""
TEXTS = ("valueString", "valueUri", "valueCanonical", "valueUrl", "valueId")

_ID = re.compile(r"(?:((?:https?://|urn:)[^?#]*?)/)?(?:([A-Z][A-Za-z]*)/)?([A-Za-z0-9\-.]{1,64})")


@dataclass(frozen=True, slots=True)
class Given:
    """One parameter, and where it stands; `text` and `resource` are empty where there is none."""

    name: str
    place: str
    text: str
    resource: Json


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of `$apply`: a patient's id, data (with their places), a plan, what goes unused.

    `server` is that of an absolute subject, empty of a relative one; `place` is where the subject stands.
    """

    subject: str
    server: str
    place: str
    data: tuple[Given, ...]
    plan: Given | None
    unused: tuple[str, ...]


def refuse(status: HTTPStatus, reason: str, where: str, what: str, mend: str) -> Refused:
    """A refusal with one place."""
    return Refused(status, reason, Problem(where, what, mend))


def read(body: bytes) -> Asked:
    """The parameters of one call.

    Errors: 400 for what is no Parameters resource, 422 for one that cannot be carried out.
    """
    given = list(_given(_object(body)))
    subjects = [one for one in given if one.name == SUBJECT]
    server, subject = _subject(subjects)
    return Asked(
        subject=subject,
        server=server,
        place=subjects[0].place,
        data=tuple(_data(one) for one in given if one.name == DATA),
        plan=next((one for one in given if one.name in NAMES), None),
        unused=tuple(dict.fromkeys(one.name for one in given if one.name in UNUSED)),
    )


def _object(body: bytes) -> Json:
    if not body.strip():
        raise refuse(
            HTTPStatus.BAD_REQUEST, "empty", ROOT, "the body is empty", "Send a Parameters resource."
        )
    try:
        sent = json.loads(body, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _FaultError) else "malformed JSON"
        raise refuse(HTTPStatus.BAD_REQUEST, "malformed", ROOT, why, "Send JSON as FHIR has it.") from None
    if not isinstance(sent, dict) or cast("Json", sent).get("resourceType") != ROOT:
        raise refuse(
            HTTPStatus.BAD_REQUEST, "resource", ROOT, "the body is no Parameters resource",
            'Send {"resourceType": "Parameters", "parameter": [...]} with subject and data.',
        )  # fmt: skip
    return cast("Json", sent)


class _FaultError(ValueError):
    """A fault of the JSON, in words that hold no value of it."""


def _no_number(_name: str) -> None:
    message = "holds NaN or Infinity"
    raise _FaultError(message)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object; a key that is given twice would be lost in silence."""
    plain = dict(pairs)
    if len(plain) != len(pairs):
        message = "a key is given twice in one object"
        raise _FaultError(message)
    return plain


def _given(sent: Json) -> Iterator[Given]:
    many = sent.get("parameter")
    if not isinstance(many, list):
        raise refuse(
            HTTPStatus.UNPROCESSABLE_ENTITY, "parameter", f"{ROOT}.parameter", "missing, or no list",
            "Send subject and data as parameters.",
        )  # fmt: skip
    known = {SUBJECT, DATA, *NAMES, *UNUSED}
    for index, one in enumerate(cast("list[object]", many)):
        place = f"{ROOT}.parameter[{index}]"
        entry = cast("Json", one) if isinstance(one, dict) else {}
        name = entry.get("name")
        if not isinstance(name, str) or name not in known:
            mend = f"Send {SUBJECT} and {DATA}; accepted without use: {', '.join(sorted(UNUSED))}."
            raise refuse(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "parameter",
                f"{place}.name",
                "no parameter of this operation",
                mend,
            )
        resource = entry.get("resource")
        yield Given(name, place, _text(entry), cast("Json", resource) if isinstance(resource, dict) else {})


def _text(entry: Mapping[str, object]) -> str:
    reference = entry.get("valueReference")
    if isinstance(reference, dict):
        return _plain(cast("Json", reference).get("reference"))
    return next((_plain(entry[key]) for key in TEXTS if key in entry), "")


def _plain(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _subject(given: Sequence[Given]) -> tuple[str, str]:
    """The server of one patient, where it is named, and the patient's id."""
    unprocessable = HTTPStatus.UNPROCESSABLE_ENTITY
    mend = 'Send {"name": "subject", "valueString": "Patient/<id>"}.'
    if not given:
        raise refuse(unprocessable, "subject", f"{ROOT}.parameter", "there is no subject", mend)
    if len(given) > 1:
        raise refuse(
            unprocessable, "subject", given[1].place, "a second subject", "Ask for one patient a call."
        )
    found = _ID.fullmatch(given[0].text)
    if not found or found[2] not in {None, "Patient"}:
        raise refuse(unprocessable, "subject", given[0].place, "the subject is no Patient", mend)
    return found[1] or "", found[3]


def _data(given: Given) -> Given:
    if not isinstance(given.resource.get("resourceType"), str):
        raise refuse(
            HTTPStatus.UNPROCESSABLE_ENTITY, "data", f"{given.place}.resource", "data without a resource",
            "Send a Bundle or a QuestionnaireResponse as resource.",
        )  # fmt: skip
    return given
