"""The report: one file, nothing from elsewhere, no number that may not be shown, and readable by everybody."""

import json
import re
from pathlib import Path

import pytest
from tests.population import people, screens
from tests.web.browser import started

from corrin import guideline
from corrin.population import outputs, report

MODEL = guideline.load()


@pytest.fixture(scope="module")
def screened(tmp_path_factory) -> Path:
    return screens.screen(people.population(), tmp_path_factory.mktemp("report") / "out")


def written(screened: Path, **options) -> str:
    return report.write(outputs.opened(screened, MODEL), MODEL, **options).read_text("utf-8")


@pytest.fixture(scope="module")
def shared(screened) -> str:
    return written(screened)


def test_it_is_one_small_file_without_script_and_with_nothing_from_elsewhere(shared):
    assert len(shared.encode()) < 1_000_000
    assert "<script" not in shared
    assert not re.search(r"(src|href|xlink:href)=\"(?!#)", shared)
    assert not re.search(r"url\((?!#)|@import", shared)


def test_it_says_of_which_day_and_under_which_guideline(shared):
    assert "22 Nov 2026" in shared
    assert MODEL.hash in shared
    assert "made here" in shared


def test_each_chart_has_a_text_and_a_table(shared):
    charts = re.findall(r'<svg class="chart [a-z]+" role="img" aria-label="([^"]+)"', shared)
    assert len(charts) >= 4
    assert all(len(said) > 20 for said in charts)
    assert shared.count("<figure>") == shared.count("The same as a table")


def test_the_limits_of_the_profile_stand_in_the_histogram(shared):
    # S21 and S22: 180 and 350 pg/mL. 30 people have 100, 15 have 265, nobody more.
    assert "Deficient: below 180 pg/mL" in shared
    assert "Borderline: 180 to 350 pg/mL" in shared
    assert re.search(r"Deficient: below 180 pg/mL</th><td class=\"n\">30</td>", shared)
    assert re.search(r"Borderline: 180 to 350 pg/mL</th><td class=\"n\">15</td>", shared)


def test_without_identifiers_no_patient_is_in_it(shared):
    for name in ("low-", "between-", "few-", "treated-"):
        assert not re.search(rf"\b{name}\d", shared)


def test_of_fewer_people_than_may_be_shown_nothing_is_said_but_that(tmp_path):
    # Two with red flags or none: even which action is listed, or which age is a column, would tell of one of them.
    asked = {"leg_weakness": True, "age_years": 50, "sex": "female", "serum_b12": people.level(100)}
    told = written(screens.screen(people.person("one", 2, "North", **asked), tmp_path / "out"))
    assert "There are fewer than 10 people here" in told
    assert not {'id="first"', 'id="gaps"', 'id="rates"', 'id="funnel"'} & set(
        re.findall(r'id="[a-z]+"', told)
    )
    for word in ("Start B12 treatment now", "North", "45 to 59", "Female"):
        assert word not in told
    shown = written(screens.screen(people.person("one", 2, "North", **asked), tmp_path / "two"), below=0)
    assert "Start B12 treatment now" in shown


def test_a_code_of_no_system_and_what_was_sent_are_written_for_people(tmp_path):
    folder = screens.screen(people.population(), tmp_path / "out")
    found = [
        ("unmapped", "|Serum B12"),
        ("refused", "serum_b12: measured in `Urine`. It counts in serum only."),
    ]
    ingest = {subject: [{"what": what, "number": 12, "where": []}] for subject, what in found}
    (folder / "ingest.json").write_text(json.dumps(ingest), "utf-8")
    told = written(folder)
    assert "<span>Serum B12</span>" in told
    assert "<span>Serum B12: measured in “Urine”. It counts in serum only.</span>" in told


def test_three_deaths_and_two_children_are_nowhere(shared):
    funnel = shared[shared.index('id="funnel"') : shared.index('id="quality"')]
    assert not re.search(r'<td class="n">[1-9]</td>', funnel)
    assert "60" not in re.findall(r'<td class="n">(\d+)</td>', funnel)


def test_with_identifiers_patients_are_named_with_their_reason_and_it_says_so(screened):
    named = written(screened, identifiers=True)
    assert "This report names patients" in named
    assert "low-0" in named
    assert "not shown</span>" not in named
    written(screened)


def test_a_population_of_nobody_has_a_report(tmp_path):
    screens.screen([], tmp_path / "out")
    outputs.write(tmp_path / "out", MODEL)
    said = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Nothing was refused" in said


def test_what_a_record_says_is_escaped(tmp_path):
    evil = people.person(
        "x", 1, '<script>"', **{"age_years": 50, "serum_b12": people.level(100), **people.NOT_TREATED}
    )
    screens.screen(evil, tmp_path / "out")
    said = written(tmp_path / "out", identifiers=True)
    assert "<script>" not in said
    assert "&lt;script&gt;" in said


@pytest.fixture(scope="module")
def browser():
    with started() as found:
        yield found


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_on_a_phone_and_on_a_desk(browser, screened, shared, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto((screened / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_it_prints_with_every_table_open(browser, screened, shared, tmp_path):
    context = browser.new_context()
    page = context.new_page()
    page.goto((screened / "report.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("#clock table").is_visible()
    assert not page.locator("nav").is_visible()
    context.close()
