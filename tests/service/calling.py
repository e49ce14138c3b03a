"""Call the service within this process, as a client would over the network."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterable
from datetime import date

import httpx

from corrin.service.app import create
from corrin.service.config import Config
from corrin.service.logs import Log

AT = "http://127.0.0.1:8000"
TODAY = date(2026, 11, 22)
NOW = 1_795_305_600.0
JSON = {"content-type": "application/json"}


class Calls:
    """A started service: `get`, `post` and `request` answer with an httpx.Response; `log` is what it wrote."""

    def __init__(self, config: Config | None = None, at: str = AT) -> None:
        self.written = io.StringIO()
        self.app = create(config or Config(), lambda: TODAY, lambda: NOW, Log(self.written))
        self.context = self.app.state.context
        self.app.state.ready = True
        self.at = at

    @property
    def log(self) -> str:
        return self.written.getvalue()

    def get(self, path: str, **more) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more) -> httpx.Response:
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.at) as client:
                return await client.request(method, path, **more)

        return asyncio.run(call())


async def pieces(parts: Iterable[bytes], pause: float = 0.0) -> AsyncIterator[bytes]:
    """A body that comes in pieces, without its length said beforehand."""
    for part in parts:
        await asyncio.sleep(pause)
        yield part
