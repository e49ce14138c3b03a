"""Run the application in uvicorn: one worker, no access log of its own, a graceful stop."""

import logging
from collections.abc import Callable
from datetime import date

import uvicorn

from corrin.service import app
from corrin.service.config import Config
from corrin.service.logs import Log


def run(config: Config, today: Callable[[], date], now: Callable[[], float]) -> None:
    """Serve until a signal to stop; then finish what is being answered, for so long as configured."""
    log = Log(now=now)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    server = config.server
    uvicorn.run(
        app.create(config, today, now, log),
        host=server.host,
        port=server.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=server.stop_seconds,
        timeout_keep_alive=30,
        http="httptools",
    )
