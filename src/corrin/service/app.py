"""The whole service as one ASGI application: what every route is given, and which routes there are.

A configuration and a clock enter; a Starlette application leaves. It holds no patient: each request brings
its own, and nothing of it outlives the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from corrin import api
from corrin.answers import Desk
from corrin.service.config import Config
from corrin.service.logs import Log
from corrin.service.metrics import Metrics


@dataclass(frozen=True)
class Context:
    """What every route is given: the configuration, the guideline, the clock, the counters and the log.

    `today` is the day of an answer that names none; `now` is seconds since 1970, for what expires.
    """

    config: Config
    today: Callable[[], date]
    now: Callable[[], float]
    metrics: Metrics
    log: Log

    def desk(self, profile: str | None = None) -> Desk:
        """The guideline under the configured profile and site, laid out once; or under another profile."""
        rules = self.config.guideline
        return api.desk(profile or rules.profile, rules.site)


def create(
    config: Config,
    today: Callable[[], date],
    now: Callable[[], float],
    log: Log | None = None,
) -> Starlette:
    """The application for a configuration, with the clock that whoever starts it reads."""
    context = Context(config, today, now, Metrics(), log or Log())
    app = Starlette(routes=routes(context))
    app.state.context = context
    return app


def routes(_context: Context) -> list[BaseRoute]:
    """Every route there is."""
    return []
