"""A limit that is changed in parameters.toml changes the page, the card, the PDF and the text for the record."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from tests.burden.charts import result
from tests.hooks.requests import WEAK_LEGS, prefetch, request, send
from tests.integration.test_one_limit import edit
from tests.service.calling import Calls
from tests.web.patients import fields
from tests.web.test_exports import weasyprint, words  # noqa: F401 - a fixture

from corrin import api, guideline
from corrin.answers import Desk

LEVEL = 185
PATIENT = {
    "age_years": 71,
    "leg_weakness": True,
    "serum_b12": {"value": LEVEL, "unit": "pg/mL", "date": "2026-11-20"},
}
FORM = {"content-type": "application/x-www-form-urlencoded"}
DEFICIENT, BORDERLINE = "Deficient: the level is below the limit", "Borderline: "


@pytest.fixture
def changed(tmp_path) -> Desk:
    """The guideline with the lower limit of serum B12 at 190 pg/mL (140 pmol/L) instead of 180 (133)."""
    folder = tmp_path / "guideline"
    shutil.copytree(guideline.folder(), folder)
    edit(folder, "parameters.toml", 'value = 180\nunit = "pg/mL"', 'value = 190\nunit = "pg/mL"')
    edit(folder, "parameters.toml", 'pair = "133 pmol/L"', 'pair = "140 pmol/L"')
    edit(
        folder,
        "2-diagnose.md",
        "S21 Serum B12 below 180 pg/mL (133 pmol/L)",
        "S21 Serum B12 below 190 pg/mL (140 pmol/L)",
    )
    return Desk(guideline.read(folder))


def said(calls: Calls, tmp_path) -> Iterator[str]:
    """What the page, the PDF and the text for the record say of one patient at 185 pg/mL, red flags and statements aside."""
    form = urlencode(fields(PATIENT))
    page = calls.post("/answer", content=form, headers=FORM).text
    yield page.partition('id="status"')[2].partition("</section>")[0]
    printed = words(calls.post("/pdf", content=form, headers=FORM).content, tmp_path)
    yield printed.partition("Where things stand")[2].partition("Recommended")[0]
    yield calls.post("/text", content=form, headers=FORM).text.partition("Given:")[0]


def card(calls: Calls) -> dict:
    """The one card of the same patient."""
    level = result("14685-2", LEVEL, "pg/mL", "2026-11-20")
    (one,) = send(calls, request(parts=prefetch(level, WEAK_LEGS))).json()["cards"]
    return one


def test_a_changed_limit_shows_on_page_card_pdf_and_text(changed, weasyprint, tmp_path, monkeypatch):  # noqa: F811
    before = Calls()
    for text in said(before, tmp_path):
        assert BORDERLINE in text
        assert DEFICIENT not in text
    assert card(before)["indicator"] == "info"
    assert f"Serum B12 {LEVEL} pg/mL" in card(before)["detail"]
    assert BORDERLINE.casefold() in card(before)["detail"].casefold()

    monkeypatch.setattr(api, "desk", lambda *_, **__: changed)
    after = Calls()
    for text in said(after, tmp_path):
        assert DEFICIENT in text
        assert BORDERLINE not in text
    assert card(after)["indicator"] == "critical"
    assert DEFICIENT.casefold() in card(after)["detail"].casefold()
