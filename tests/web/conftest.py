"""The page in a bare application, on one day, called within this process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from tests.web.patients import TODAY, fields

from corrin import api, web
from corrin.answers import Desk


@dataclass(frozen=True)
class Given:
    """What the page needs of the service: a guideline and a day."""

    laid: Desk | None = None
    today: Callable[[], date] = lambda: TODAY

    def desk(self, profile: str | None = None) -> Desk:
        return self.laid if self.laid and profile is None else api.desk(profile or "uk")


class Page:
    """`get` and `post` answer with an httpx.Response; a form is given as findings, or as what a browser sends."""

    def __init__(self, desk: Desk | None = None) -> None:
        self.app = Starlette(routes=web.routes(Given(desk)))

    def get(self, path: str = "/") -> httpx.Response:
        return self._call("GET", path)

    def post(
        self, path: str, findings: dict | list | None = None, *, part: bool = False, **more
    ) -> httpx.Response:
        sent = fields(findings) if isinstance(findings, dict) else findings or []
        sent = [*sent, *((name.replace("_", ".", 1), value) for name, value in more.items())]
        headers = {"content-type": "application/x-www-form-urlencoded"} | (
            {"x-part": "answer"} if part else {}
        )
        return self._call("POST", path, content=urlencode(sent), headers=headers)

    def open(self, content: bytes) -> httpx.Response:
        return self._call("POST", "/open", files={"file": ("case.json", content, "application/json")})

    def _call(self, method: str, path: str, **more) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, **more)

        return asyncio.run(call())


@pytest.fixture(scope="session")
def page() -> Page:
    return Page()
