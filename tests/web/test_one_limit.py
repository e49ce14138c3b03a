"""A limit that is changed in parameters.toml changes the page, the card, the PDF and the text for the record."""

import shutil

import pytest
from tests.integration.test_one_limit import edit
from tests.web.conftest import Page
from tests.web.test_exports import weasyprint, words  # noqa: F401 - a fixture

from corrin import guideline
from corrin.answers import Desk

PATIENT = {
    "age_years": 71,
    "leg_weakness": True,
    "serum_b12": {"value": 185, "unit": "pg/mL", "date": "2026-11-20"},
}
DEFICIENT, BORDERLINE = "Deficient: the level is below the limit", "Borderline: "


@pytest.fixture
def changed(tmp_path) -> Page:
    """The page of a guideline whose lower limit of serum B12 is 190 pg/mL instead of 180."""
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
    return Page(Desk(guideline.read(folder)))


def card(page: Page) -> str:
    """The level of the card, which hooks send as it stands in the answer."""
    from tests.web.patients import TODAY, case

    from corrin import api, intake

    desk = next(
        route for route in page.app.routes if getattr(route, "path", "") == "/"
    ).endpoint.__self__.context.desk()
    (record,) = intake.read(case(PATIENT))
    return str(api.answer(record, desk, TODAY).verdicts["card"])


def test_a_changed_limit_shows_on_page_card_pdf_and_text(changed, page, weasyprint, tmp_path):  # noqa: F811
    for shown, said, not_said in ((page, BORDERLINE, DEFICIENT), (changed, DEFICIENT, BORDERLINE)):
        assert said in shown.post("/answer", PATIENT, part=True).text
        assert (
            not_said
            not in shown.post("/answer", PATIENT, part=True)
            .text.partition('id="chart-text"')[0]
            .partition('id="missing"')[0]
        )
        assert said in shown.post("/text", PATIENT).text
        assert said in words(shown.post("/pdf", PATIENT).content, tmp_path)
    assert (card(page), card(changed)) == ("info", "critical")
