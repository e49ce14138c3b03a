"""A launch in a real browser: the page is filled, a value is corrected, and no secret is there to be read."""

import io
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
import uvicorn
from tests.burden.charts import SNOMED, coded
from tests.burden.charts import condition as charted
from tests.smart.ehr import TOKEN, Ehr
from tests.web.browser import started, tab

from corrin.service.app import create
from corrin.service.config import Config, Hooks, Smart
from corrin.service.logs import Log


@contextmanager
def served(issuer: str):
    """The service on a free port, with one record system."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = Config(smart=(Smart(issuer, "corrin-page"),), hooks=Hooks(fetch_seconds=8.0))
    config = replace(config, server=replace(config.server, port=port))
    app = create(config, lambda: date(2026, 11, 22), lambda: 1_795_305_600.0, Log(io.StringIO()))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_launch_fills_the_page_and_leaves_nothing_to_steal(scripts):
    with Ehr() as ehr, served(ehr.issuer) as address, started() as browser:
        options = {"java_script_enabled": scripts}
        with tab(browser, "http://127.0.0.1", **options) as page:
            page.goto(f"{address}/smart/launch?iss={ehr.issuer}&launch=word")
            assert page.url.startswith(f"{address}/smart/page/")
            level = page.locator('input[name="serum_b12"]').first
            assert level.input_value() == "98"
            assert page.get_by_text(f"Observation in 127.0.0.1:{ehr.port}, 2026-11-20").first.is_visible()
            assert TOKEN not in page.content()
            (cookie,) = page.context.cookies(page.url)
            assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("corrin_smart", True, "Lax")
            assert not page.context.cookies(f"{address}/")
            if scripts:
                assert (
                    page.evaluate("document.cookie + JSON.stringify({...localStorage, ...sessionStorage})")
                    == "{}"
                )
                level.fill("410")
                page.get_by_text("= 555.7 pg/mL").first.wait_for()


def test_what_was_changed_or_cleared_no_longer_counts_as_from_the_record_system():
    with (
        Ehr() as ehr,
        served(ehr.issuer) as address,
        started() as browser,
        tab(browser, "http://127.0.0.1") as page,
    ):
        page.goto(f"{address}/smart/launch?iss={ehr.issuer}&launch=word")
        told = page.locator(".field", has=page.locator("#f-serum_b12")).locator(".origin-of")
        said = "one => getComputedStyle(one, '::before').content"
        assert told.evaluate(said) == "none"
        page.locator("#f-serum_b12").fill("410")
        page.get_by_text("= 555.7 pg/mL").first.wait_for()
        assert told.evaluate(said) == '"changed here; before: "'
        assert page.locator(".origin-of").first.evaluate(said) == "none"
        page.click("#clear")
        assert not told.is_visible()
        assert not page.get_by_text("Filled from").is_visible()
        page.click("#undo")
        assert told.is_visible()
        assert page.get_by_text("Filled from").is_visible()


def test_a_symptom_that_is_corrected_while_one_looks_takes_its_day_on_record_with_it():
    with (
        Ehr() as ehr,
        served(ehr.issuer) as address,
        started() as browser,
        tab(browser, "http://127.0.0.1") as page,
    ):
        ehr.others = [
            charted(coded(SNOMED, "91019004"), "active", "2026-03-01", "2026-11-01")
            | {"subject": {"reference": "Patient/p1"}}
        ]
        page.goto(f"{address}/smart/launch?iss={ehr.issuer}&launch=word")
        beside, clock = page.locator("#n-symptom_on_record-0"), page.locator("#answer")
        tingling = page.locator("input[name=paraesthesia]")
        assert beside.inner_text() == "On record: 2026-03-01 (Numbness or tingling). A date here replaces it."
        assert "266 days since onset" in clock.inner_text()  # 1 March to 22 November
        tingling.and_(page.locator("[value=no]")).check()
        page.get_by_text("No longer counted, answered otherwise here: Numbness or tingling.").wait_for()
        assert "since onset" not in clock.inner_text()
        page.click("#clear")
        beside.filter(has_not_text="counted").wait_for(state="attached")
        assert beside.inner_text() == ""
        page.click("#undo")
        page.get_by_text("No longer counted, answered otherwise here: Numbness or tingling.").wait_for()
        tingling.and_(page.locator("[value=yes]")).check()
        page.get_by_text("On record: 2026-03-01").wait_for()
        assert "266 days since onset" in clock.inner_text()
