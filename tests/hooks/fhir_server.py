"""A FHIR server on this machine, in a thread: it answers, pages, fails, redirects, or hangs, as a test asks."""

import asyncio
import contextlib
import socket
import threading

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from tests.hooks.requests import PATIENT, outcome, searchset

TOKEN = "a-token-of-the-record-system"  # noqa: S105 - of no system


class FhirServer:
    """What it holds by type, how it behaves by type, and what it was asked."""

    def __init__(self, **held) -> None:
        self.held = held
        self.ways: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.pages = 3
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}/fhir"

    async def answer(self, request: Request) -> Response:  # noqa: C901, PLR0911 - one for each way
        kind = request.path_params["kind"]
        self.asked.append((kind, request.headers.get("authorization", "")))
        if self.ways.get(kind) == "open":
            return JSONResponse(self.held[kind])
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse(outcome(), 401)
        way = self.ways.get(kind, "")
        page = int(request.query_params.get("page", "1"))
        if way == "hangs":
            await asyncio.sleep(30)
        if way == "fails":
            return JSONResponse(outcome(), 500)
        if way == "redirects":
            return RedirectResponse(f"http://localhost:{self.port}/elsewhere/{kind}")
        if way == "babbles":
            return Response(b"<html>not FHIR</html>", media_type="text/html")
        if way == "one":
            return JSONResponse(self.held[kind])
        if kind == "Patient":
            return JSONResponse(self.held.get("Patient", PATIENT))
        found = self.held.get(kind, [])
        if way == "breaks off after the first":
            if page == 1:
                return JSONResponse(searchset(*found, following=f"{self.base}/{kind}?page=2"))
            return JSONResponse(outcome(), 500)
        if way in {"pages", "pages for ever", "pages elsewhere", "breaks off"}:
            last = page >= self.pages and way != "pages for ever"
            if way == "breaks off" and page == 2:
                return JSONResponse(outcome(), 500)
            there = f"http://localhost:{self.port}/elsewhere" if way == "pages elsewhere" else self.base
            following = None if last else f"{there}/{kind}?page={page + 1}"
            return JSONResponse(searchset(*(found if page == self.pages else []), following=following))
        return JSONResponse(searchset(*found))

    async def elsewhere(self, request: Request) -> Response:
        self.asked.append(("elsewhere", request.headers.get("authorization", "")))
        return JSONResponse(searchset())

    @contextlib.contextmanager
    def running(self):
        routes = [
            Route("/fhir/{kind}", self.answer),
            Route("/fhir/{kind}/{id}", self.answer),
            Route("/elsewhere/{rest:path}", self.elsewhere),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            port=self.port,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=0,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            threading.Event().wait(0.01)
        try:
            yield self
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(5)
