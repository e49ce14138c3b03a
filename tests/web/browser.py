"""The whole service on a free port of this machine, and a real browser that reports whatever goes wrong."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from tests.web.patients import TODAY

from corrin.service.app import create
from corrin.service.config import Config
from corrin.service.logs import Log

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
REPORTS = "addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))"


@contextmanager
def served() -> Iterator[str]:
    """The address of a running service."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = Config()
    config = replace(config, server=replace(config.server, port=port))
    app = create(config, lambda: TODAY, lambda: 1_795_305_600.0, Log(io.StringIO()))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@contextmanager
def started() -> Iterator:
    """A browser; the test is skipped where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium: run `make browser`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def tab(browser, address: str, forgiven: str = "", **options) -> Iterator:
    """A tab; afterwards a request that left this machine, an error of the page or a CSP report fails the test; `forgiven` is a part of what may be said."""
    wrong: list[str] = []
    context = browser.new_context(base_url=address, **options)
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    opened.on(
        "request",
        lambda sent: None if sent.url.startswith((address, "data:", "blob:")) else wrong.append(sent.url),
    )
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    if options.get("java_script_enabled", True):
        opened.add_init_script(REPORTS)
    yield opened
    context.close()
    left = [one for one in wrong if not forgiven or forgiven not in one]
    assert not left, left
