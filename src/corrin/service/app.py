"""The whole service as one ASGI application: which routes there are, and what stands around them.

A configuration and a clock enter; a Starlette application leaves. It holds no patient: each request brings
its own, and nothing of it outlives the answer.
"""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import corrin
from corrin import web
from corrin.errors import CorrinError, Problem
from corrin.service import fhir, hooks, json_api, smart
from corrin.service.config import Config
from corrin.service.context import Context
from corrin.service.guard import Guard
from corrin.service.logs import Log
from corrin.service.metrics import Metrics
from corrin.service.refusals import Refused, on_error, on_refused

__all__ = ["Context", "create"]

PROMETHEUS = "text/plain; version=0.0.4"


def create(
    config: Config, today: Callable[[], date], now: Callable[[], float], log: Log | None = None
) -> Starlette:
    """The application for a configuration, with the clock that whoever starts it reads.

    Errors: `UsageError` and `GuidelineError` for a profile or a site's file that cannot be read: it does not
    start without its guideline.
    """
    metrics, lines = Metrics(), log or Log(now=now)
    context = Context(config, today, now, metrics, lines)
    context.desk()
    app = Starlette(
        routes=routes(context),
        middleware=[Middleware(Guard, config=config, metrics=metrics, log=lines)],
        exception_handlers={HTTPException: on_refused, CorrinError: on_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # a redirect would repeat the address that was asked for
    app.state.context = context
    app.state.ready = False
    return app


def routes(context: Context) -> list[BaseRoute]:
    """Every route there is."""
    return [
        *hooks.routes(context),  # called most often, so found first
        Route("/health", health),
        Route("/ready", ready),
        Route("/metrics", counts),
        *json_api.routes(context),
        *fhir.routes(context),
        *smart.routes(context),
        *web.routes(context),
    ]


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None]:
    """Ready between the start and the signal to stop; both are logged."""
    context: Context = app.state.context
    identity = context.desk().guideline
    context.log.say(
        "serving",
        address=context.config.base_url,
        version=corrin.__version__,
        guideline=f"{identity.version} {identity.hash[:12]}",
        profile=identity.profile,
        trust=context.config.reach,
    )
    app.state.ready = True
    yield
    app.state.ready = False
    context.log.say("ending")


async def health(_request: Request) -> Response:
    """The process runs, and this is what it runs."""
    return _json({"status": "up", "version": corrin.__version__})


async def ready(request: Request) -> Response:
    """The guideline is laid out, and requests are answered."""
    if not request.app.state.ready:
        told = Problem("service", "starting, or stopping", "Ask again.")
        raise Refused(503, "not-ready", told)
    context: Context = request.app.state.context
    guideline = context.desk().guideline
    said = {"version": guideline.version, "hash": guideline.hash, "profile": guideline.profile}
    trust = "configured" if context.config.trust else f"open: {context.config.reach}"
    return _json({"status": "ready", "guideline": said, "trust": trust})


async def counts(request: Request) -> Response:
    """What has been counted since the start, for Prometheus."""
    context: Context = request.app.state.context
    return Response(context.metrics.text(), media_type=PROMETHEUS)


def _json(said: object) -> Response:
    return Response(json.dumps(said), media_type="application/json")
