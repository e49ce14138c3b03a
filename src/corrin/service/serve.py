"""Run the application in uvicorn: one worker, no log of its own, a graceful stop.

A configuration and a clock enter; it returns when a signal to stop came and everything begun was answered.
"""

import ctypes
import gc
import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import uvicorn

from corrin.errors import Problem, UsageError
from corrin.service import app
from corrin.service.config import Config, Server
from corrin.service.logs import Log

IDLE_SECONDS = 30
MOST_YOUNG = 100_000
"""Objects that are made before the interpreter looks for cycles among them: an answer leaves hardly any."""
MOST_AT_ONCE = 200
"""Connections beyond these are answered 503 by uvicorn: one worker cannot serve more."""
MAPS = Path("/proc/self/maps")
"""Where Linux tells which memory this process holds."""
_LARGE = 2 * 1024 * 1024
_COLLAPSE = 25  # MADV_COLLAPSE of Linux 6.1, which the module `mmap` does not name


def run(
    config: Config, today: Callable[[], date], now: Callable[[], float], begun: Callable[[], None]
) -> None:
    """Serve until a signal to stop; then finish what is being answered, for so long as configured.

    `begun` is called once nothing stands in the way: the guideline is laid out, the address is ours.
    """
    served = app.create(config, today, now, Log(now=now))
    listening = listen(config.server)
    begun()
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL + 1)  # its messages hold addresses and tracebacks
    settings = uvicorn.Config(
        served,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http="httptools",
        ws="none",
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=config.server.stop_seconds,
    )
    settle()
    with suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run(sockets=[listening])


def settle() -> None:
    """Make what is laid out by now cheap to keep: it stays for good.

    No answer waits while it is searched for what could go, and it lies on large pages where Linux has them:
    a call that comes after a pause finds the caches cold, and most of what it waits for is where things lie.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MOST_YOUNG)
    try:
        maps = MAPS.read_text("ascii", "replace")
    except OSError:
        return  # no Linux, or one that does not tell: memory stays where it lies
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, size in large(maps.splitlines()):
        advise(start, size, _COLLAPSE)  # an older kernel knows no such advice, and nothing changes


def large(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Address and size of what could lie on large pages: memory of no file that is written to."""
    for line in maps:
        span, rights, *_, name = [*line.split(maxsplit=5), ""][:6]
        if name not in {"", "[heap]"} or not rights.startswith("rw"):
            continue
        start, end = (int(one, 16) for one in span.split("-"))
        first = -(-start // _LARGE) * _LARGE
        if end - first >= _LARGE:
            yield first, (end - first) // _LARGE * _LARGE


def listen(server: Server) -> socket.socket:
    """The socket that requests come to.

    Errors: a `UsageError` where somebody listens already, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((server.host, server.port))
    except OSError as error:
        listening.close()
        why = error.strerror or "not an address of this machine"
        told = Problem(
            f"{server.host}:{server.port}", f"cannot be listened on ({why})", "Choose another --port."
        )
        raise UsageError(told) from None
    return listening
