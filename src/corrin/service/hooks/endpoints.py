"""The addresses of CDS Hooks 2.0: discovery, one for each service, and feedback on its cards.

Requests enter, already of a size, a kind and an origin that may enter; JSON leaves. An error is never an
empty list of cards: it is a status, and an OperationOutcome that names the place.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from corrin import api
from corrin.errors import InputError, Problem
from corrin.intake import hooks as calls
from corrin.intake.hooks import DRAFTS, Call
from corrin.service import receiving
from corrin.service.config import Config, Trust
from corrin.service.hooks import cards, dictionary, discovery, fetch, gather
from corrin.service.hooks.dictionary import Hooks, Service
from corrin.service.hooks.feedback import Ledger
from corrin.service.hooks.trust import Door
from corrin.service.refusals import Refused

if TYPE_CHECKING:
    from corrin.service.context import Context

ORDERS = ("order-select", "order-sign")
BASE = "/cds-services"
UNREADABLE = ("hooks.feedback", "Corrin-Unreadable-Lines")
"""The key whose file holds torn lines, and the header that says of an export how many it lacks."""


class Endpoints:
    """Everything the routes share: the door, the feedback that is kept."""

    def __init__(self, context: "Context") -> None:
        self.context = context
        self.door = Door(context.config, context.now)
        self.place = _place(context.config)
        kept = context.config.hooks
        offered = frozenset(self.hooks.overrides)
        self.ledger = Ledger(kept.feedback, offered, kept.comment_limit)
        torn = self.ledger.torn()
        if torn:
            context.log.say("feedback-unreadable", count=torn, place=f"lines of {UNREADABLE[0]}")

    @property
    def hooks(self) -> Hooks:
        """The dictionary of the guideline that answers."""
        return dictionary.read(self.context.desk().guideline)

    def routes(self) -> list[BaseRoute]:
        """The three addresses."""
        return [
            Route(BASE, self.discover, methods=["GET"]),
            Route(f"{BASE}/{{service}}", self.call, methods=["POST"]),
            Route(f"{BASE}/{{service}}/feedback", self.feedback, methods=["GET", "POST"]),
        ]

    async def discover(self, request: Request) -> Response:
        """Which services there are: nothing of a patient, so a token is checked only when one is sent."""
        token = request.headers.get("authorization", "")
        if token:
            await self.door.admit(token, request.url.path)
        return _json(discovery.document(self.hooks, self.context.today()))

    async def call(self, request: Request) -> Response:
        """Zero cards or one."""
        trust = None
        if not self.door.open:
            trust = await self.door.admit(request.headers.get("authorization", ""), request.url.path)
        service = self.service(request)
        call = _read(receiving.taken(request), service)
        if service.hook == ORDERS[0] and call.drafts and not calls.asks(call.drafts, call.selections):
            gather.once(call, {})
            return self.answered(service, [])
        return self.answered(service, await self.decide(call, trust))

    async def feedback(self, request: Request) -> Response:
        """Take what became of cards; hand out what was taken."""
        await self.door.admit(request.headers.get("authorization", ""), request.url.path)
        service = self.service(request)
        if request.method == "POST":
            self.ledger.take(service.id, receiving.taken(request))
            return _json({})
        lines = "".join(f"{line}\n" for line in self.ledger.lines(service.id))
        torn = self.ledger.torn()
        said = {UNREADABLE[1]: str(torn)} if torn else None
        return Response(lines, headers=said, media_type="application/x-ndjson")

    def service(self, request: Request) -> Service:
        """The service of the address."""
        asked = request.path_params["service"]
        for one in self.hooks.services:
            if one.id == asked:
                return one
        told = Problem("address", "no service of this name", f"GET {BASE} lists those there are.")
        raise Refused(404, "service", told)

    async def decide(self, call: Call, trust: Trust | None) -> Sequence[cards.Json]:
        """From a call to its card."""
        config, hooks, today = self.context.config, self.hooks, self.context.today()
        listed = trust.fhir if trust else config.hooks.fhir
        source = None
        if call.server:
            source = fetch.server(call.server, call.token, listed, local=config.loopback)
        gathered = await gather.gather(call, hooks, source, today, config.hooks.fetch_seconds)
        answer = api.answer(gathered.record, self.context.desk(), today, present=True)
        self.context.metrics.answer(gathered.record, answer)
        card = cards.make(answer, gathered, hooks, call, self.place)
        if card is None and not answer.ended:
            gather.refuse_silence(gathered)
        return [card] if card else []

    def answered(self, service: Service, shown: Sequence[cards.Json]) -> Response:
        """The answer, counted by what kind of card it is."""
        kinds = [str(one["indicator"]) for one in shown] or ["none"]
        for kind in kinds:
            self.context.metrics.card(service.hook, kind)
        return _json({"cards": list(shown)})


def _read(raw: bytes, service: Service) -> Call:
    """The call, for this very hook, with the orders that such a hook brings."""
    try:
        call = calls.read(raw)
        if call.drafts is not None:
            calls.asks(call.drafts, None)
    except InputError as error:
        raise Refused(400, "malformed", *error.problems) from None
    if call.hook != service.hook:
        told = Problem("hook", "not the hook of this service", f"Call it with {service.hook}.")
        raise Refused(400, "hook", told)
    if service.hook in ORDERS and call.drafts is None:
        raise Refused(
            400, "malformed", Problem(DRAFTS, "missing", "Send a Bundle, empty when there is none.")
        )
    if service.hook == ORDERS[0] and call.selections is None:
        raise Refused(400, "malformed", Problem("context.selections", "missing", "Send a list of orders."))
    return call


def _place(config: Config) -> cards.Place:
    base = config.base_url
    return cards.Place(f"{base}/", f"{base}/smart/launch" if config.smart else "")


def _json(body: object) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")
