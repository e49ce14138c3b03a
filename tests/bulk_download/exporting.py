"""A FHIR server that we made, which exports: it makes its client wait, breaks off, forgets, and asks for tokens.

It runs in a thread on this machine. `mode` holds what goes wrong, each so many times.
"""

import asyncio
import gzip
import json
import socket
import threading
import time
from collections import Counter

import jwt
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

TOKEN = "token-that-is-never-shown"  # noqa: S105 - of a server that we made
PATIENTS = [{"resourceType": "Patient", "id": f"p{number}"} for number in range(300)]
RESULTS = [{"resourceType": "Observation", "id": f"o{number}"} for number in range(500)]
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


def ndjson(resources) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in resources)


FILES = {
    "patients": ndjson(PATIENTS),
    "results-1": ndjson(RESULTS[:200]),
    "results-2": gzip.compress(ndjson(RESULTS[200:]), mtime=0),
    "errors": ndjson([OUTCOME]),
    "deleted": ndjson([{"resourceType": "Bundle", "type": "transaction"}]),
}


class Exporter:
    """The server; `asked` are the requests it had, `mode` counts down what goes wrong."""

    def __init__(self) -> None:
        self.mode: Counter[str] = Counter()
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.key = self.signature = ""
        self.audience = ""
        self.manifest = {}
        self.ended = lambda: None
        routes = [
            Route("/fhir/.well-known/smart-configuration", self.discovery),
            Route("/token", self.token, methods=["POST"]),
            Route("/fhir/$export", self.kick_off),
            Route("/fhir/Patient/$export", self.kick_off),
            Route("/fhir/Group/{id}/$export", self.kick_off),
            Route("/fhir/job", self.status, methods=["GET", "DELETE"]),
            Route("/files/{name}", self.file),
        ]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}/fhir"
        config = uvicorn.Config(
            Starlette(routes=routes), port=self.port, log_level="critical", lifespan="off"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def reset(self) -> None:
        self.mode.clear()
        self.asked.clear()
        self.key = self.signature = ""
        self.ended = lambda: None
        output = [
            {"type": "Patient", "url": self.url("patients"), "count": 300},
            {"type": "Observation", "url": self.url("results-1"), "count": 200},
            {"type": "Observation", "url": self.url("results-2")},
        ]
        self.manifest = {
            "transactionTime": "2026-11-22T08:00:00Z", "request": self.base, "requiresAccessToken": False,
            "output": output, "error": [], "deleted": [],
        }  # fmt: skip

    def __enter__(self):
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        self.reset()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(5)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/files/{name}"

    def goes_wrong(self, what: str) -> bool:
        if self.mode[what] > 0:
            self.mode[what] -= 1
            return True
        return False

    def heard(self, request: Request) -> None:
        self.asked.append(
            (request.method, request.url.path, dict(request.headers) | dict(request.query_params))
        )

    def names(self, path: str) -> int:
        return sum(1 for _, asked, _ in self.asked if asked.startswith(path))

    def shut(self, request: Request) -> Response | None:
        """Nobody without a token, once a key is registered."""
        if self.key and (
            request.headers.get("authorization") != f"Bearer {TOKEN}" or self.goes_wrong("token-ended")
        ):
            return JSONResponse(OUTCOME, 401)
        return None

    async def discovery(self, request: Request) -> Response:
        self.heard(request)
        return JSONResponse({"token_endpoint": f"http://127.0.0.1:{self.port}/token"})

    async def token(self, request: Request) -> Response:
        self.heard(request)
        form = await request.form()
        assert form["grant_type"] == "client_credentials"
        claims = jwt.decode(
            form["client_assertion"], self.key, ["ES384"], audience=f"http://127.0.0.1:{self.port}/token"
        )
        assert claims["iss"] == claims["sub"] == "corrin"
        assert claims["jti"]
        if self.goes_wrong("no-token"):
            return JSONResponse({"error": "invalid_client"}, 400)
        return JSONResponse(
            {"access_token": TOKEN, "token_type": "bearer", "expires_in": 300, "scope": form["scope"]}
        )

    async def kick_off(self, request: Request) -> Response:
        self.heard(request)
        if shut := self.shut(request):
            return shut
        assert request.headers["prefer"] == "respond-async"
        if self.goes_wrong("forbidden"):
            return JSONResponse(
                {
                    "resourceType": "OperationOutcome",
                    "issue": [{"code": "forbidden", "diagnostics": "secret"}],
                },
                403,
            )
        if self.goes_wrong("busy"):
            return Response(status_code=429, headers={"retry-after": "0"})
        if self.goes_wrong("no-location"):
            return Response(status_code=202)
        return Response(status_code=202, headers={"content-location": f"{self.base}/job"})

    async def status(self, request: Request) -> Response:  # noqa: PLR0911 - all that may go wrong
        self.heard(request)
        if shut := self.shut(request):
            return shut
        if request.method == "DELETE":
            self.ended()
            return Response(status_code=500 if self.goes_wrong("undeletable") else 202)
        if self.goes_wrong("hang"):
            await asyncio.sleep(4)
        if self.goes_wrong("waiting"):
            return Response(status_code=202, headers={"x-progress": "42 %", "retry-after": "0"})
        if self.goes_wrong("passing"):
            issue = {"severity": "error", "code": "transient"}
            return JSONResponse({"resourceType": "OperationOutcome", "issue": [issue]}, 500)
        if self.goes_wrong("failed"):
            return JSONResponse(OUTCOME, 500)
        if self.goes_wrong("forgotten"):
            return Response(status_code=404)
        if self.goes_wrong("overloaded"):
            return Response(status_code=503)
        if self.goes_wrong("nonsense"):
            return JSONResponse([1, 2])
        return JSONResponse(self.manifest, headers={"expires": "Sun, 22 Nov 2026 09:00:00 GMT"})

    def denied(self, signature: str | None) -> Response | None:
        if signature and signature != self.signature:
            return Response(b"<Error>expired</Error>", 403)
        if self.goes_wrong("moved"):
            return Response(status_code=302, headers={"location": "https://files.example/x?secret=1"})
        if self.goes_wrong("gone"):
            return Response(status_code=410)
        if self.goes_wrong("file-busy"):
            return Response(status_code=503, headers={"retry-after": "0"})
        return None

    def content(self, name: str) -> bytes:
        if self.goes_wrong("short"):
            return b"".join(FILES[name].splitlines(keepends=True)[:100])
        if self.goes_wrong("no-ndjson"):
            return json.dumps(OUTCOME, indent=1).encode()
        return FILES[name]

    async def file(self, request: Request) -> Response:
        self.heard(request)
        if self.manifest["requiresAccessToken"] and (shut := self.shut(request)):
            return shut
        name = request.path_params["name"]
        if no := self.denied(request.query_params.get("signature")):
            return no
        whole = self.content(name)
        start, status, headers = 0, 200, {"etag": f'"{name}"', "content-length": str(len(whole))}
        asked = request.headers.get("range")
        if asked and request.headers.get("if-range") == f'"{name}"':
            start, status = int(asked.removeprefix("bytes=").removesuffix("-")), 206
            if start >= len(whole):
                return Response(status_code=416, headers={"content-range": f"bytes */{len(whole)}"})
            headers |= {
                "content-range": f"bytes {start}-{len(whole) - 1}/{len(whole)}",
                "content-length": str(len(whole) - start),
            }
        if self.goes_wrong("other-part"):
            headers["content-range"] = "bytes 1-2/3"
        breaks = self.goes_wrong("breaks")
        silent = self.goes_wrong("silent")

        async def body():
            if breaks or silent:
                yield whole[start : start + (len(whole) - start) // 2]
                if silent:
                    await asyncio.sleep(4)
                raise ConnectionResetError
            yield whole[start:]

        return StreamingResponse(body(), status, headers)
