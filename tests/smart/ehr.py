"""A record system that we made: it signs in, gives tokens, and hands over one patient, page by page.

It runs in a thread on this machine. `mode` makes it misbehave.
"""

import asyncio
import base64
import hashlib
import socket
import threading
import time
from urllib.parse import parse_qs, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

TOKEN = "token-that-never-leaves-the-server"  # noqa: S105 - of a record system that we made
SECRET = "known-to-both"  # noqa: S105
PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1955-03-02", "gender": "female"}


def observation(number: int, value: float, day: str, unit="pmol/L") -> dict:
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "14685-2"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }


class Ehr:
    """The record system; `asked` are the requests it had."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.reset()
        routes = [
            Route("/fhir/.well-known/smart-configuration", self.discovery),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/fhir/{kind}/{id}", self.read),
            Route("/fhir/{kind}", self.search),
        ]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = uvicorn.Config(
            Starlette(routes=routes), port=self.port, log_level="critical", lifespan="off"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def reset(self) -> None:
        self.mode = ""
        self.confidential = False
        self.expires = 3600
        self.patient = PATIENT
        self.people: dict[str, dict] = {}
        self.launched = "p1"
        self.observations = [observation(1, 98, "2026-11-20"), observation(2, 140, "2026-09-01")]
        self.others: list[dict] = []
        self.codes.clear()
        self.asked.clear()

    def __enter__(self):
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(5)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.base}/fhir"

    def discovery(self, _request):
        self.asked.append("discovery")
        if self.mode == "discovery-hangs":
            time.sleep(3)
        if self.mode == "discovery-500":
            return PlainTextResponse("no", 500)
        methods = ["plain"] if self.mode == "no-pkce" else ["S256"]
        elsewhere = "http://198.51.100.7" if self.mode == "unsafe" else self.base
        return JSONResponse({
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{elsewhere}/token",
            "code_challenge_methods_supported": methods,
        })  # fmt: skip

    def authorize(self, request):
        asked = dict(request.query_params)
        if self.mode.startswith("denied"):
            error = self.mode.removeprefix("denied-") if "-" in self.mode else "access_denied"
            there = {"error": error, "error_description": "words of p1", "state": asked["state"]}
        else:
            code = f"code-{len(self.codes)}"
            self.codes[code] = asked | {"launched": self.launched}
            there = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(there)}", 302)

    async def token(self, request):
        self.asked.append("token")
        if self.mode == "token-hangs":
            await asyncio.sleep(3)
        if self.mode == "token-500":
            return PlainTextResponse("no", 500)
        if self.mode == "token-elsewhere":
            return RedirectResponse(f"{self.base}/other", 302)
        if self.mode == "token-html":
            return PlainTextResponse("<html>maintenance</html>")
        if self.mode.startswith("token-says-"):
            told = {"error": self.mode.removeprefix("token-says-"), "error_description": "words of p1"}
            return JSONResponse(told, 400)
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        asked = self.codes.pop(form["code"], None)
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        known = asked and asked["code_challenge"] == made.rstrip(b"=").decode()
        if self.confidential:
            wanted = "Basic " + base64.b64encode(f"corrin-page:{SECRET}".encode()).decode()
            known = known and request.headers.get("authorization") == wanted and "client_id" not in form
        else:
            known = known and form.get("client_id") == "corrin-page"
        if not known or form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        said = {
            "access_token": TOKEN,
            "token_type": "Bearer",
            "expires_in": self.expires,
            "patient": asked["launched"],
        }
        if self.mode == "nobody":
            del said["patient"]
        if self.mode == "no-bearer":
            said |= {"token_type": "mac"}
        return JSONResponse(said)

    def read(self, request):
        self.asked.append(request.url.path)
        if request.headers.get("authorization") != f"Bearer {TOKEN}" or self.mode == "fhir-500":
            return PlainTextResponse("no", 401)
        return JSONResponse(self.people.get(request.path_params["id"], self.patient))

    def search(self, request):
        """Observations come one a page; everything else is empty."""
        kind = request.path_params["kind"]
        self.asked.append(kind)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return PlainTextResponse("no", 401)
        if self.mode == "conditions-500" and kind == "Condition":
            return PlainTextResponse("no", 500)
        if self.mode == f"forbidden-{kind}":
            return PlainTextResponse("no", 403)
        if self.mode == f"outcome-{kind}":
            issue = [{"severity": "error", "code": "processing"}]
            held = {"resource": {"resourceType": "OperationOutcome", "issue": issue}}
            return JSONResponse({"resourceType": "Bundle", "type": "searchset", "entry": [held]})
        bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [], "link": []}
        bundle["entry"] = [{"resource": one} for one in self.others if one["resourceType"] == kind]
        if self.mode == "pages-break" and "page" in request.query_params:
            return PlainTextResponse("no", 500)
        if kind == "Observation" and "14685-2" in str(request.url):
            page = int(request.query_params.get("page", "0"))
            bundle["entry"] = [{"resource": one} for one in self.observations[page : page + 1]]
            if page + 1 < len(self.observations):
                there = request.url.include_query_params(page=page + 1)
                bundle["link"] = [{"relation": "next", "url": str(there)}]
        return JSONResponse(bundle)
