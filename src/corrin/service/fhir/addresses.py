"""The addresses of the FHIR endpoint."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import corrin
from corrin.exports import fhir
from corrin.exports.fhir.coordinates import read
from corrin.service import receiving
from corrin.service.context import Context
from corrin.service.fhir.apply import apply
from corrin.service.fhir.printing import media, respond
from corrin.service.hooks.trust import Door

BASE = "/fhir"


def routes(context: Context) -> list[BaseRoute]:
    """Everything that is served below `/fhir`."""
    identity = read(context.desk().guideline).id
    guideline = context.desk().guideline
    door = Door(context.config, context.now)

    async def metadata(request: Request) -> Response:
        address = f"{context.config.base_url}{BASE}"
        return respond(request, fhir.capability_statement(guideline, address, corrin.__version__))

    async def plan_definition(request: Request) -> Response:
        return respond(request, fhir.plan_definition(context.desk().guideline))

    async def questionnaire(request: Request) -> Response:
        return respond(request, fhir.questionnaire(context.desk().guideline))

    async def answered(request: Request, *, named: bool) -> Response:
        async def admit() -> object:
            return await door.admit(request.headers.get("authorization", ""), request.url.path)

        media(request)
        return respond(request, await apply(context, receiving.taken(request), admit, named=named))

    async def apply_named(request: Request) -> Response:
        return await answered(request, named=True)

    async def apply_any(request: Request) -> Response:
        return await answered(request, named=False)

    plan = f"{BASE}/PlanDefinition"
    return [
        Route(f"{BASE}/metadata", metadata),
        Route(f"{plan}/{identity}", plan_definition),
        Route(f"{BASE}/Questionnaire/{identity}", questionnaire),
        Route(f"{plan}/{identity}/$apply", apply_named, methods=["POST"]),
        Route(f"{plan}/$apply", apply_any, methods=["POST"]),
    ]
