"""The addresses of the FHIR endpoint."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import corrin
from corrin.exports import fhir
from corrin.exports.fhir.coordinates import read
from corrin.service.context import Context
from corrin.service.fhir.apply import apply
from corrin.service.fhir.printing import media, respond

BASE = "/fhir"


def routes(context: Context) -> list[BaseRoute]:
    """Everything that is served below `/fhir`."""
    identity = read(context.desk().guideline).id
    guideline = context.desk().guideline

    async def metadata(request: Request) -> Response:
        address = f"{context.config.base_url}{BASE}"
        return respond(request, fhir.capability_statement(guideline, address, corrin.__version__))

    async def plan_definition(request: Request) -> Response:
        return respond(request, fhir.plan_definition(context.desk().guideline))

    async def questionnaire(request: Request) -> Response:
        return respond(request, fhir.questionnaire(context.desk().guideline))

    async def apply_named(request: Request) -> Response:
        media(request)
        return respond(request, apply(context, await request.body(), named=True))

    async def apply_any(request: Request) -> Response:
        media(request)
        return respond(request, apply(context, await request.body(), named=False))

    plan = f"{BASE}/PlanDefinition"
    return [
        Route(f"{BASE}/metadata", metadata),
        Route(f"{plan}/{identity}", plan_definition),
        Route(f"{BASE}/Questionnaire/{identity}", questionnaire),
        Route(f"{plan}/{identity}/$apply", apply_named, methods=["POST"]),
        Route(f"{plan}/$apply", apply_any, methods=["POST"]),
    ]
