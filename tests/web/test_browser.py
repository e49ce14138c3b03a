"""The page in a real browser: while typing, without a script, by keyboard, on a phone, in large type, in print."""

import json
import re

import pytest
from tests.web import browser
from tests.web.patients import ALL, STOP, UNTESTED, case

PHONE = {"viewport": {"width": 390, "height": 844}}
STATES = ("empty", "stop", "refused", "red-flag")


@pytest.fixture(scope="module")
def address():
    with browser.served() as found:
        yield found


@pytest.fixture(scope="module")
def chromium():
    with browser.started() as found:
        yield found


@pytest.fixture
def tab(chromium, address):
    """Opens a tab on the page, filled with a patient."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def open_(findings: dict | None = None, **options):
            page = stack.enter_context(browser.tab(chromium, address, **options))
            page.goto("/")
            if findings:
                content = json.dumps(case(findings)).encode()
                page.set_input_files(
                    "#file", {"name": "a.json", "mimeType": "application/json", "buffer": content}
                )
                page.click("#open button")
                page.locator("text=Opened from a case file").wait_for()
                page.wait_for_load_state()
            return page

        yield open_


def choose(page, name: str, word: str) -> None:
    page.check(f"input[name={name}][value={word}]")


def test_the_answer_changes_while_somebody_types(tab):
    page = tab()
    choose(page, "leg_weakness", "yes")
    page.locator("#tests").get_by_text("Serum B12").wait_for()
    page.fill("[name=serum_b12]", "98")
    page.locator("#n-serum_b12-0").get_by_text("no unit").wait_for()
    assert page.get_attribute("[name=serum_b12] >> nth=0", "aria-invalid") == "true"
    page.select_option("[name='serum_b12.unit'] >> nth=0", "pmol/L")
    page.locator("#n-serum_b12-0").get_by_text("= 132.8 pg/mL").wait_for()
    page.locator("#bar").get_by_text("Deficient").wait_for()
    assert page.get_attribute("[name=serum_b12] >> nth=0", "aria-invalid") == "false"
    assert "132.8 pg/mL" in page.input_value("#chart-text")
    assert "?" not in page.url


KEYS = """async all => {
  const field = document.querySelector('[name=age_years]');
  for (const years of all) {
    field.value = years;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise(done => setTimeout(done, 35));
  }
}"""


def test_of_keys_in_quick_succession_the_last_one_is_answered(tab):
    page = tab(STOP)
    page.evaluate(KEYS, [str(years) for years in range(72, 80)])
    page.locator("#answer .who").get_by_text("79 years").wait_for()
    page.wait_for_timeout(300)
    assert "79 years" in page.text_content("#why")


def test_one_key_clears_and_one_button_brings_it_back(tab):
    page = tab(UNTESTED)
    page.focus("input[name=fever][value=no]")
    page.keyboard.press("Escape")
    page.locator("#answer").get_by_text("Nothing is known of this patient yet").wait_for()
    assert page.input_value("[name=age_years]") == ""
    page.click("#undo")
    page.locator("#tests").get_by_text("Serum B12").wait_for()
    assert page.input_value("[name=age_years]") == "71"


@pytest.mark.parametrize("field", ["age_years", "case.patient", "case.as_of", "neurological_onset"])
def test_escape_within_a_field_of_text_clears_nothing(tab, field):
    page = tab(UNTESTED)
    page.focus(f"[name='{field}']")
    page.keyboard.press("Escape")
    assert page.input_value("[name=age_years]") == "71"


def test_a_choice_is_taken_back_by_choosing_it_again_or_with_delete(tab):
    page = tab()
    flags = page.locator("#red-flags")
    for back in (lambda: page.click("input[name=fever][value=no]"), lambda: page.keyboard.press("Delete")):
        page.click("input[name=fever][value=no]")
        flags.get_by_text("Asked and absent: fever").wait_for()
        back()
        flags.get_by_text("Asked and absent").wait_for(state="detached")
        assert not page.is_checked("input[name=fever][value=no]")
    page.click("legend:has-text('Fever') + label")
    page.click("input[name=fever][value=no]")
    flags.get_by_text("Asked and absent: fever").wait_for()
    page.keyboard.press("Space")
    assert page.is_checked("input[name=fever][value=no]")


def test_enter_answers_without_leaving_the_page(tab, address):
    page = tab()
    page.fill("[name=age_years]", "71")
    page.keyboard.press("Enter")
    page.locator("#answer .who").get_by_text("71 years").wait_for()
    assert page.url == f"{address}/"
    assert page.evaluate("document.activeElement.id") == "bar"


def test_from_the_bar_of_a_phone_the_answer_is_one_tap_away(tab):
    page = tab(UNTESTED, **PHONE)
    page.click("#bar .jump")
    top = page.evaluate("document.getElementById('h-answer').getBoundingClientRect().top")
    assert 0 <= top < 400


def test_folded_parts_stay_open_when_the_answer_changes(tab):
    page = tab(UNTESTED)
    page.click("#why summary")
    choose(page, "fever", "no")
    page.locator("#red-flags").get_by_text("Asked and absent").wait_for()
    assert page.locator("#why").get_attribute("open") is not None


def test_when_the_service_is_gone_the_page_says_so(tab):
    page = tab(UNTESTED, forgiven="504")
    page.route("**/answer", lambda route: route.fulfill(status=504, body=""))
    choose(page, "fever", "no")
    page.locator("#bar").get_by_text("what is shown is old").wait_for()


def test_without_a_script_a_button_answers(tab):
    page = tab(java_script_enabled=False)
    choose(page, "leg_weakness", "yes")
    page.fill("[name=serum_b12] >> nth=0", "98")
    page.select_option("[name='serum_b12.unit'] >> nth=0", "pmol/L")
    page.click("button.main")
    assert page.url.endswith("/answer")
    assert "Deficient" in page.inner_text("#status")
    assert page.is_checked("input[name=leg_weakness][value=yes]")
    assert page.is_visible("textarea") or page.locator("#text summary").is_visible()
    page.click("#clear")
    assert "Nothing is known" in page.inner_text("#answer")


def test_by_keyboard_alone_a_patient_is_given_and_answered(tab):
    page = tab()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    to(page, "age_years")
    page.keyboard.type("71")
    to(page, "leg_weakness")
    page.keyboard.press("Space")
    page.locator("#tests").get_by_text("Serum B12").wait_for()
    to(page, "serum_b12")
    page.keyboard.type("98")
    page.keyboard.press("Tab")
    page.keyboard.type("pm")
    page.locator("#bar").get_by_text("Deficient").wait_for()
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('formaction')") == "/pdf":
            break
    assert page.evaluate("document.activeElement.innerText") == "PDF"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def to(page, name: str) -> None:
    """Tab until a field has the focus, which is then in sight."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            box = page.evaluate(
                "(r => [r.top, r.bottom, innerHeight])(document.activeElement.getBoundingClientRect())"
            )
            assert 0 <= box[0] < box[1] <= box[2]
            return
    raise AssertionError(name)


DEEP = pytest.mark.deep
BOTH = [(state, scheme) for state in STATES for scheme in ("light", "dark")]
AT_ONCE = {("empty", "light"), ("stop", "dark"), ("refused", "light"), ("red-flag", "dark")}


@pytest.mark.parametrize(
    ("state", "scheme"), [pytest.param(*one, marks=() if one in AT_ONCE else DEEP) for one in BOTH]
)
def test_axe_finds_nothing(tab, state, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = tab(ALL[state], color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    rules = {
        "resultTypes": ["violations"],
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
    found = Axe().run(page, options=rules)
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize(
    "state", ["stop", *(pytest.param(one, marks=DEEP) for one in ("empty", "refused", "red-flag"))]
)
def test_a_phone_shows_everything_without_scrolling_sideways(tab, state):
    page = tab(ALL[state], **PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bar = page.locator("#bar").bounding_box()
    assert bar["y"] + bar["height"] == pytest.approx(844, abs=1)
    assert bar["height"] < 844 / 3


def test_the_focus_on_a_phone_is_never_under_the_bar(tab):
    page = tab(**PHONE)
    for _ in range(40):
        page.keyboard.press("Tab")
        bottom = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
        assert bottom <= page.locator("#bar").bounding_box()["y"] + 1


@pytest.mark.parametrize("width", [1280, 390])
def test_text_at_twice_its_size_fits(tab, width):
    page = tab(STOP, viewport={"width": width, "height": 900})
    page.evaluate(
        "new Promise(done => { document.documentElement.style.setProperty('font-size', '200%'); done() })"
    )
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 32
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.locator("section.out").bounding_box()["width"]
    assert wide > width * 0.45, "the answer is squeezed into a strip"


def test_print_opens_what_is_folded_and_keeps_the_borders(tab):
    page = tab(STOP)
    page.emulate_media(media="print")
    assert page.locator("#why").get_by_text("Rows that hold").is_visible()
    assert (
        page.locator("#answer").get_by_text("To be stopped until").first.is_visible()
        or page.locator(".box.loud").first.is_visible()
    )
    assert page.evaluate("getComputedStyle(document.querySelector('.box.loud')).borderTopWidth") != "0px"
    assert not page.is_visible("#intake")


def test_print_without_a_script_opens_what_is_folded(tab):
    page = tab(STOP, java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.locator("#why h4").first.is_visible()


def test_what_is_taken_away_arrives_as_files(tab):
    page = tab(STOP)
    for action, name in (("/case", "weak-legs.case.json"), ("/calendar", "weak-legs.ics")):
        with page.expect_download() as download:
            page.click(f"button[formaction='{action}']")
        assert download.value.suggested_filename == name
    assert "?" not in page.url


def test_the_calendar_comes_and_goes_with_what_has_a_day(tab):
    page = tab(STOP)
    button = page.locator("button[formaction='/calendar']")
    assert button.is_visible()
    page.click("#clear")
    button.wait_for(state="detached")
    page.click("#undo")
    button.wait_for()


def test_the_text_for_the_record_is_copied(tab, address):
    page = tab(UNTESTED)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.click("#text summary")
    page.click("#copy")
    page.locator("#copied").get_by_text("Copied").wait_for()
    assert re.search(r"Guideline \d", page.evaluate("navigator.clipboard.readText()"))


def test_nothing_is_stored_in_the_browser(tab):
    page = tab(STOP)
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0


def test_clearing_takes_away_what_was_kept_from_a_file_as_well(tab):
    page = tab({"leg_weakness": {"value": True, "date": "2026-08"}})
    page.locator("[id='n-case.kept']").get_by_text("Kept as it stood").wait_for()
    page.click("#clear")
    page.locator("#answer").get_by_text("Nothing is known of this patient yet").wait_for()
    assert page.text_content("[id='n-case.kept']") == ""
