"""What every route is given. Nothing in it belongs to one patient."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

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
