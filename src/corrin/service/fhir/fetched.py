"""The subject's record, read from the FHIR server of the configuration with the queries of CDS Hooks.

What is asked enters; a record leaves, whole in everything that is needed, or a refusal that names the query.
"""

from http import HTTPStatus

from corrin.errors import Problem
from corrin.intake.hooks import Call
from corrin.records import Record
from corrin.service.context import Context
from corrin.service.fhir.parameters import Asked, refuse
from corrin.service.hooks import dictionary, fetch, gather
from corrin.service.refusals import Refused

_MEND = "Look at the FHIR server and its token, or send the patient's resources in data."


async def fetched(context: Context, asked: Asked) -> tuple[Record, list[str]]:
    """The record, and which of the queries that are not needed could not be answered.

    Errors: 422 for the patient of another server, 502 where something that is needed cannot be read whole.
    """
    config, today = context.config, context.today()
    base = config.fhir.server.rstrip("/")
    if asked.server and asked.server.rstrip("/") != base:
        raise refuse(
            HTTPStatus.UNPROCESSABLE_ENTITY, "subject", asked.place,
            "the subject is of another server than the one this service reads",
            "Send Patient/<id> of the configured server, or the patient's resources in data.",
        )  # fmt: skip
    hooks = dictionary.read(context.desk().guideline)
    call = Call("", "", asked.subject, None, None, {}, base, "")
    source = _source(context, base)
    try:
        gathered = await gather.gather(call, hooks, source, today, config.hooks.fetch_seconds)
        gather.refuse_silence(gathered)
    except Refused as error:
        told = [Problem(_place(one.where), one.what, _MEND) for one in error.problems]
        raise Refused(HTTPStatus.BAD_GATEWAY, "fhir-server", *told) from None
    notes = [
        f"Not looked up: {query.key}: {gathered.lacks(query, found)}." for query, found in gathered.wanting
    ]
    return gathered.record, notes


def _source(context: Context, base: str) -> fetch.Server:
    """The server, opened with the token as it stands in its file now."""
    token = context.config.fhir.token
    if token is None:
        raise refuse(
            HTTPStatus.INTERNAL_SERVER_ERROR, "fhir-token", "fhir.token_file",
            "holds no bearer token, or cannot be read", "Name a file this service may read.",
        )  # fmt: skip
    return fetch.Server(base, token)


def _place(where: str) -> str:
    """`prefetch.conditions` is the query `conditions`, which nobody handed over here."""
    return where.replace("prefetch.", "query.", 1)
