"""A record system that we made launches the page: both ways in, and everything that can go wrong on the way."""

import asyncio
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.burden.charts import RXNORM, SNOMED, coded
from tests.burden.charts import condition as charted
from tests.smart.ehr import SECRET, TOKEN, Ehr, observation

from corrin.service.app import create
from corrin.service.config import Config, Hooks, Smart
from corrin.service.logs import Log

HERE = "http://127.0.0.1:8000"
HTML = {"accept": "text/html"}
NOW = 1_795_305_600.0


class Browser:
    """The service, and somebody's browser: cookies are kept, redirects are looked at one by one."""

    def __init__(self, config: Config) -> None:
        self.clock = NOW
        self.written = io.StringIO()
        self.app = create(config, lambda: date(2026, 11, 22), lambda: self.clock, Log(self.written))
        self.cookies = httpx.Cookies()
        self.seen: list[httpx.Response] = []

    def go(self, address: str, method="GET", **more) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app) if address.startswith(("/", HERE)) else None
            async with httpx.AsyncClient(
                transport=transport, base_url=HERE, cookies=self.cookies, timeout=10
            ) as client:
                got = await client.request(method, address, **more)
                if transport:
                    self.cookies = client.cookies
                return got

        got = asyncio.run(call())
        self.seen.append(got)
        return got

    def follow(self, got: httpx.Response) -> httpx.Response:
        while got.is_redirect:
            got = self.go(got.headers["location"])
        return got


@pytest.fixture(scope="module")
def running():
    with Ehr() as ehr:
        yield ehr


@pytest.fixture
def ehr(running):
    running.reset()
    return running


@pytest.fixture
def config(ehr) -> Config:
    return Config(smart=(Smart(ehr.issuer, "corrin-page"),), hooks=Hooks(fetch_seconds=8.0))


@pytest.fixture
def hasty(config) -> Browser:
    """A service that waits for nobody."""
    return Browser(replace(config, hooks=Hooks(fetch_seconds=1.5)))


@pytest.fixture
def browser(config) -> Browser:
    return Browser(config)


def launch(ehr: Ehr) -> str:
    return f"/smart/launch?iss={ehr.issuer}&launch=word-42"


def value(page: str, name: str) -> str:
    """What a field of the page holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, f"no field {name}"
    return unescape(re.search(r'value="([^"]*)"', found[0])[1])


def test_a_launch_from_the_record_system_opens_the_page_filled(browser, ehr):
    away = browser.go(launch(ehr))
    assert away.status_code == 303
    asked = {key: values[0] for key, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert asked["aud"] == ehr.issuer
    assert (asked["launch"], asked["response_type"], asked["code_challenge_method"]) == (
        "word-42",
        "code",
        "S256",
    )
    assert {"launch", "patient/Patient.rs", "patient/Observation.rs"} <= set(asked["scope"].split())
    page = browser.follow(away)
    assert page.status_code == 200
    assert value(page.text, "age_years") == "71"
    assert value(page.text, "serum_b12") == "98"


def test_each_value_says_where_and_when_it_came_from(browser, ehr):
    text = browser.follow(browser.go(launch(ehr))).text
    assert f"Observation in 127.0.0.1:{ehr.port}, 2026-11-20" in text
    assert f"Patient in 127.0.0.1:{ehr.port}" in text
    assert "Check every value" in text


def test_the_page_says_whose_record_it_was_filled_from(browser, ehr):
    text = browser.follow(browser.go(launch(ehr))).text
    identity = ehr.patient["id"]
    assert value(text, "case.patient") == identity
    assert f'<p class="who">{identity}, 71 years' in text


def test_every_page_of_results_is_read(browser, ehr):
    text = browser.follow(browser.go(launch(ehr))).text
    assert ehr.asked.count("Observation") >= 3
    assert "2026-09-01" in text


def test_a_launch_from_outside_lets_the_record_system_ask_for_the_patient(browser, ehr):
    away = browser.go("/smart/start")
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert "launch" not in asked
    assert "launch/patient" in asked["scope"][0].split()
    assert browser.follow(away).status_code == 200


def test_with_several_record_systems_somebody_chooses(config, ehr):
    other = Smart("https://ehr.example/fhir", "corrin-page")
    browser = Browser(replace(config, smart=(*config.smart, other)))
    page = browser.go("/smart/start")
    assert "https://ehr.example/fhir" in page.text
    assert browser.go(f"/smart/start?iss={ehr.issuer}").status_code == 303


def test_a_confidential_client_shows_its_secret_to_the_token_endpoint_alone(config, ehr, tmp_path):
    ehr.confidential = True
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    smart = replace(config.smart[0], client_secret_file=tmp_path / "secret")
    browser = Browser(replace(config, smart=(smart,)))
    assert browser.follow(browser.go(launch(ehr))).status_code == 200
    assert not [one for one in browser.seen if SECRET in str(one.url) + one.text + str(one.headers)]


def test_no_token_no_code_and_no_verifier_reaches_the_browser_or_the_log(browser, ehr):
    browser.follow(browser.go(launch(ehr)))
    told = "\n".join(f"{one.url} {one.headers} {one.text}" for one in browser.seen if one.url.port == 8000)
    assert TOKEN not in told
    assert "code_verifier" not in told
    log = browser.written.getvalue()
    assert "/smart/callback" in log
    assert not [word for word in (TOKEN, "code-0", "word-42", "p1", "state=") if word in log]


def test_the_cookie_holds_an_id_that_no_script_and_no_foreign_form_gets(browser, ehr):
    browser.follow(browser.go(launch(ehr)))
    launched, forgotten, session = [
        cookie for one in browser.seen for cookie in one.headers.get_list("set-cookie")
    ]
    kept = r"=([\w-]{43}); HttpOnly; Max-Age=\d+; Path=%s; SameSite=lax"
    first = re.fullmatch(rf"corrin_launch_[0-9a-f]{{32}}{kept % '/smart'}", launched)
    second = re.fullmatch(rf"corrin_smart{kept % '/smart/page/[0-9a-f]{32}'}", session)
    assert forgotten.startswith(f'{launched.partition("=")[0]}=""; ')
    assert first[1] != second[1]


def test_beyond_this_machine_the_cookie_is_for_https_alone(config, ehr):
    server = replace(config.server, public_url="https://corrin.example")
    browser = Browser(replace(config, server=server))
    assert "Secure" in browser.go(launch(ehr)).headers["set-cookie"]


def test_everything_can_be_corrected_before_it_counts(browser, ehr):
    page = browser.follow(browser.go(launch(ehr))).text
    form = {
        "age_years": value(page, "age_years"),
        "serum_b12": "410",
        "serum_b12.unit": "pg/mL",
        "leg_weakness": "yes",
    }
    answer = browser.go("/answer", "POST", data=form, headers={"origin": HERE})
    assert answer.status_code == 200
    assert value(answer.text, "serum_b12") == "410"


@pytest.mark.parametrize(
    "path",
    [
        "/smart/launch?iss=https://evil.example/fhir&launch=1",
        "/smart/launch?launch=1&iss=",
        "/smart/start?iss=http://127.0.0.1:1/fhir",
    ],
)
def test_a_server_that_is_not_listed_is_never_called(browser, ehr, path):
    got = browser.go(path)
    assert got.status_code == 403
    assert "evil" not in got.text
    assert not ehr.asked


def test_a_launch_without_its_word_is_refused(browser, ehr):
    assert browser.go(f"/smart/launch?iss={ehr.issuer}").status_code == 400


def test_without_a_record_system_there_is_nothing_to_launch():
    assert Browser(Config()).go("/smart/start").status_code == 404


def callback(browser: Browser, ehr: Ehr) -> str:
    """The address to which the record system sends the browser back."""
    away = browser.go(launch(ehr))
    return browser.go(away.headers["location"]).headers["location"]


def test_a_wrong_state_is_refused_before_any_code_is_used(browser, ehr):
    back = re.sub(r"state=[^&]+", "state=guessed", callback(browser, ehr))
    assert browser.go(back).status_code == 400
    assert "token" not in ehr.asked


def test_a_callback_in_another_browser_is_refused(browser, ehr):
    back = callback(browser, ehr)
    browser.cookies = httpx.Cookies()
    assert browser.go(back).status_code == 400
    assert "token" not in ehr.asked


def test_a_code_that_is_replayed_opens_nothing(browser, ehr):
    back = callback(browser, ehr)
    before = httpx.Cookies(browser.cookies)
    assert browser.go(back).status_code == 303
    assert browser.go(back).status_code == 400
    browser.cookies = before
    assert browser.go(back).status_code == 400, "a state counts once, also in the browser that brought it"
    assert ehr.asked.count("token") == 1


def signing_in(browser: Browser) -> list[str]:
    """The launches on their way, as the browser's cookies name them."""
    return [cookie.name for cookie in browser.cookies.jar if cookie.name.startswith("corrin_launch_")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_sign_ins_at_once_in_one_browser_both_open_their_patient(browser, ehr, order):
    ehr.people = {"p1": ehr.patient, "p2": {"resourceType": "Patient", "id": "p2", "birthDate": "1990-01-01"}}
    ehr.observations = []
    backs = [callback(browser, ehr)]
    ehr.launched = "p2"
    backs.append(callback(browser, ehr))
    assert len(signing_in(browser)) == 2
    for one in order:
        page = browser.follow(browser.go(backs[one]))
        assert page.status_code == 200
        assert value(page.text, "case.patient") == ("p1", "p2")[one]
    assert not signing_in(browser), "each launch takes its own cookie with it"


def test_the_cookie_of_one_launch_does_not_open_another(browser, ehr):
    first = callback(browser, ehr)
    one = signing_in(browser)[0]
    second = callback(browser, ehr)
    other = next(name for name in signing_in(browser) if name != one)
    kept = {cookie.name: cookie.value for cookie in browser.cookies.jar}
    browser.cookies = httpx.Cookies({one: kept[other], other: kept[one]})
    assert browser.go(first).status_code == 400
    assert browser.go(second).status_code == 400
    assert "token" not in ehr.asked


def test_a_browser_keeps_eight_launches_on_their_way_and_forgets_the_oldest(browser, ehr):
    backs = [callback(browser, ehr) for _ in range(9)]
    assert len(signing_in(browser)) == 8
    assert browser.go(backs[0]).status_code == 400
    assert browser.go(backs[1]).status_code == 303
    assert browser.go(backs[8]).status_code == 303


def test_whoever_takes_too_long_to_sign_in_begins_again(browser, ehr):
    back = callback(browser, ehr)
    browser.clock += 601
    assert browser.go(back).status_code == 400


def test_a_record_system_that_says_no_is_told(browser, ehr):
    ehr.mode = "denied"
    got = browser.go(callback(browser, ehr), headers=HTML)
    assert got.status_code == 403
    assert "token" not in ehr.asked
    assert "access was declined, by you or by it (access_denied)." in got.text
    assert "<h1>The record was not opened</h1>" in got.text
    assert "this says nothing about the patient" in got.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "invalid_scope",
            "it does not give the scopes that were asked for (invalid_scope). Ask whoever runs",
        ),
        ("temporarily_unavailable", "it is busy (temporarily_unavailable)."),
        ("<b>p1</b>", "the record system did not let you in. Open the page"),
    ],
)
def test_why_nobody_was_let_in_is_told_in_our_words_alone(browser, ehr, error, said):
    ehr.mode = f"denied-{error}"
    got = browser.go(callback(browser, ehr), headers=HTML)
    assert said in got.text
    assert "p1" not in got.text


@pytest.mark.parametrize(
    ("mode", "status"),
    [("discovery-500", 502), ("no-pkce", 502), ("unsafe", 502)],
)
def test_a_record_system_that_cannot_be_trusted_to_sign_in_is_not_used(browser, ehr, mode, status):
    ehr.mode = mode
    assert browser.go(launch(ehr)).status_code == status


@pytest.mark.parametrize(("mode", "status"), [("token-500", 502), ("nobody", 502), ("no-bearer", 502)])
def test_a_token_endpoint_that_fails_is_told_without_its_words(browser, ehr, mode, status):
    back = callback(browser, ehr)
    ehr.mode = mode
    got = browser.go(back)
    assert got.status_code == status
    assert "record system" in got.text
    assert TOKEN not in got.text


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (
            "token-says-invalid_client",
            "says invalid_client: it does not know client_id, or its secret is another",
        ),
        ("token-says-invalid_grant", "says invalid_grant: the code is used or too old"),
        ("token-says-words-of-p1", "answered with an error (400)"),
        ("token-500", "answered with an error (500)"),
        ("token-elsewhere", "sends elsewhere, which is not followed (302)"),
        ("token-html", "answered with no JSON object"),
    ],
)
def test_why_there_is_no_token_is_told_in_our_words_alone(browser, ehr, mode, said):
    back = callback(browser, ehr)
    ehr.mode = mode
    got = browser.go(back, headers=HTML)
    assert f"token endpoint of the record system: {said}" in got.text
    assert "p1" not in got.text


def test_a_record_system_that_hangs_is_not_waited_for(hasty, ehr):
    ehr.mode = "discovery-hangs"
    assert hasty.go(launch(ehr)).status_code == 504


def test_a_token_endpoint_that_hangs_is_not_waited_for(hasty, ehr):
    back = callback(hasty, ehr)
    ehr.mode = "token-hangs"
    assert hasty.go(back).status_code == 504


def test_what_could_not_be_read_is_said_above_the_page(browser, ehr):
    ehr.mode = "conditions-500"
    page = browser.follow(browser.go(launch(ehr)))
    assert page.status_code == 200
    assert "<h3>Not everything could be read there</h3>" in page.text
    told = "Condition (conditions): could not be read; the record system answered with an error (500)."
    assert told in page.text
    assert value(page.text, "serum_b12") == "98"


def test_pages_that_break_off_are_said_above_the_page(browser, ehr):
    ehr.mode = "pages-break"
    text = browser.follow(browser.go(launch(ehr))).text
    told = "Observation (results): read in part only; the record system answered with an error (500)."
    assert told in text
    assert value(text, "serum_b12") == "98"


def test_a_launch_that_read_everything_raises_no_alarm(browser, ehr):
    assert "Not everything could be read" not in browser.follow(browser.go(launch(ehr))).text


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("forbidden-Observation", "the record system does not allow it (403)."),
        ("outcome-Observation", "the record system answered with an error, or with no FHIR."),
    ],
)
def test_results_that_were_not_handed_over_are_not_tests_that_were_never_done(browser, ehr, mode, said):
    ehr.mode = mode
    text = browser.follow(browser.go(launch(ehr))).text
    assert f"Observation (results, recent): could not be read; {said}" in text
    for name in ("serum_b12", "active_b12", "mma"):
        assert value(text, name) == "not used: not handed over"
    assert "No result on record that counts" not in text
    assert "Not settled by the results there are" in text


def test_a_result_that_nobody_has_is_a_test_that_was_not_done(browser, ehr):
    ehr.observations = []
    text = browser.follow(browser.go(launch(ehr))).text
    assert value(text, "serum_b12") == ""
    assert "No result on record that counts" in text


def test_a_type_that_may_not_be_read_is_named_and_the_results_stand(browser, ehr):
    ehr.mode = "forbidden-MedicationRequest"
    text = browser.follow(browser.go(launch(ehr))).text
    assert (
        "MedicationRequest (requests): could not be read; the record system does not allow it (403)." in text
    )
    assert value(text, "serum_b12") == "98"


def test_what_is_known_there_and_fits_no_field_is_said_above_the_page(browser, ehr):
    ehr.others = [
        {
            "resourceType": "MedicationAdministration",
            "status": "completed",
            "medicationCodeableConcept": coded(RXNORM, "5514"),
            "subject": {"reference": "Patient/p1"},
            "effectiveDateTime": "2026-09",
            "dosage": {"route": {"text": "intramuscular"}},
        }
    ]
    text = browser.follow(browser.go(launch(ehr))).text
    assert "Known there, and not shown here: " in text
    assert "Doses of B12 given so far" in text.partition("Known there, and not shown here: ")[2][:200]
    assert value(text, "last_b12_dose") == "2026-09"


def test_without_the_patient_there_is_no_page(browser, ehr):
    ehr.mode = "fhir-500"
    got = browser.follow(browser.go(launch(ehr)))
    assert got.status_code == 502
    assert "did not hand over the patient: does not accept the token, or no longer (401)" in got.text


def test_data_about_another_patient_are_refused(browser, ehr):
    ehr.patient = ehr.patient | {"id": "p2"}
    assert browser.follow(browser.go(launch(ehr))).status_code == 422


def test_a_refused_unit_stays_refused_on_the_page(browser, ehr):
    ehr.observations = [observation(1, 98, "2026-11-20", "furlongs")]
    text = browser.follow(browser.go(launch(ehr))).text
    assert value(text, "serum_b12").startswith("not used: ")
    assert "sent as 98 furlongs" in text


@pytest.mark.parametrize(("expires", "later"), [(60, 61), (100_000, 3601)])
def test_a_session_that_is_over_opens_nothing(browser, ehr, expires, later):
    ehr.expires = expires
    page = browser.follow(browser.go(launch(ehr)))
    assert page.status_code == 200
    browser.clock += later
    assert browser.go(page.url.path).status_code == 401


def test_a_session_can_be_ended_from_its_page(browser, ehr):
    page = browser.follow(browser.go(launch(ehr)))
    there = page.url.path
    end = f'<form id="end" method="post" action="{there}/end"><button>End this launch</button></form>'
    assert end in page.text
    cookies = httpx.Cookies(browser.cookies)
    sent = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
    assert browser.go(f"{there}/end", "POST", headers=sent).status_code == 303
    assert not [one for one in browser.cookies.jar if one.name == "corrin_smart"]
    browser.cookies = cookies
    assert browser.go(there).status_code == 401


def two_tabs(browser, ehr):
    """A launch for p1, and then one for p2 in the same browser; the addresses of the two pages."""
    ehr.people = {"p1": ehr.patient, "p2": {"resourceType": "Patient", "id": "p2", "birthDate": "1990-01-01"}}
    one = browser.follow(browser.go(launch(ehr))).url.path
    ehr.launched, ehr.observations = "p2", []
    return one, browser.follow(browser.go(launch(ehr))).url.path


def test_a_tab_that_is_reloaded_shows_its_own_patient_after_a_launch_for_another(browser, ehr):
    one, other = two_tabs(browser, ehr)
    assert value(browser.go(one).text, "case.patient") == "p1"
    assert value(browser.go(other).text, "case.patient") == "p2"


def test_ending_the_launch_of_one_tab_leaves_that_of_the_other(browser, ehr):
    one, other = two_tabs(browser, ehr)
    sent = {"origin": HERE, "content-type": "application/x-www-form-urlencoded"}
    assert browser.go(f"{one}/end", "POST", headers=sent).status_code == 303
    assert browser.go(one).status_code == 401
    assert value(browser.go(other).text, "case.patient") == "p2"


def test_only_the_page_of_a_launch_has_a_launch_to_end(browser):
    assert "End this launch" not in browser.go("/").text


def test_a_guessed_session_opens_nothing(browser, ehr):
    there = browser.follow(browser.go(launch(ehr))).url.path
    for guessed in ("guessed", ""):
        browser.cookies = httpx.Cookies({"corrin_smart": guessed})
        for address in (there, f"/smart/page/{hashlib.sha256(guessed.encode()).hexdigest()[:32]}"):
            assert browser.go(address).status_code == 401


def test_an_address_that_is_none_of_ours_is_refused_and_no_fault(browser, ehr):
    browser.follow(browser.go(launch(ehr)))
    for address in ("/smart/page/%C3%A9", "/smart/page/x"):
        assert browser.go(address).status_code == 401


TINGLING, WEAK_LEGS = "91019004", "249945007"


def condition(code: str, began: str) -> dict:
    return charted(coded(SNOMED, code), "active", began, "2026-11-01") | {
        "subject": {"reference": "Patient/p1"}
    }


@pytest.fixture
def on_record(browser, ehr) -> str:
    """The page of a launch: tingling since 1 March, weak legs since 1 September, both still there."""
    ehr.others = [condition(TINGLING, "2026-03-01"), condition(WEAK_LEGS, "2026-09-01")]
    return browser.follow(browser.go(launch(ehr))).text


def corrected(browser, page: str, **answers) -> str:
    """The page after some of its answers were changed; the rest stands as it was filled."""
    chosen = re.findall(r"<input type=radio name=(\w+) value=(\w+) checked>", page)
    form = dict(chosen) | {
        "age_years": value(page, "age_years"),
        "serum_b12": value(page, "serum_b12"),
        "serum_b12.unit": "pmol/L",
        "serum_b12.date": "2026-11-20",
        "case.dated": value(page, "case.dated"),
    }
    answer = browser.go("/answer", "POST", data=form | answers, headers={"origin": HERE})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("hidden", ["case.kept", "case.dated"])
def test_a_hidden_field_that_was_torn_on_the_way_is_a_clear_refusal_of_the_service(browser, hidden):
    answer = browser.go("/answer", "POST", data={hidden: "{" * 9999}, headers={"origin": HERE})
    assert answer.status_code == 422
    assert f"{hidden}: is not what the page carried along" in answer.text
    assert "{{{" not in answer.text


def beside(page: str) -> str:
    """What stands beside the day on record."""
    return unescape(re.search(r'<p id="n-symptom_on_record-0"[^>]*>([^<]*)<', page)[1])


def test_the_days_on_record_stand_beside_their_field_each_with_its_symptom(on_record):
    assert value(on_record, "symptom_on_record") == ""
    assert "2026-03-01 (" in beside(on_record)
    assert "2026-09-01 (" in beside(on_record)
    assert "At least 266 days since onset" in on_record  # 1 March to 22 November


def test_nothing_changed_counts_as_it_was_filled(browser, on_record):
    assert "At least 266 days since onset" in corrected(browser, on_record)


def test_a_symptom_corrected_to_no_takes_its_day_with_it_and_the_next_counts(browser, on_record):
    for answered in ("no", "null"):
        page = corrected(browser, on_record, paraesthesia=answered)
        assert "At least 82 days since onset" in page  # 1 September to 22 November
        assert "2026-03-01" not in beside(page)
        assert "No longer counted, answered otherwise here: " in beside(page)


def test_without_any_of_the_symptoms_on_record_no_clock_runs(browser, on_record):
    page = corrected(browser, on_record, paraesthesia="no", leg_weakness="no")
    assert "since onset" not in page


def test_a_symptom_that_is_there_after_all_brings_its_day_back(browser, on_record):
    page = corrected(browser, on_record, paraesthesia="no")
    again = corrected(browser, page, paraesthesia="yes")
    assert "At least 266 days since onset" in again


def test_a_day_that_somebody_types_replaces_those_on_record(browser, on_record):
    page = corrected(browser, on_record, symptom_on_record="2026-11-02")
    assert "At least 20 days since onset" in page
    assert "What stands here counts instead" in beside(page)


@pytest.mark.parametrize(
    "odd",
    ['{"symptom_on_record": 3}', '{"serum_b12": {"paraesthesia": "2026-03-01"}}',
     '{"symptom_on_record": {"paraesthesia": 3, "nothing": "2026-03-01"}}'],
    ids=range(3),
)  # fmt: skip
def test_carried_days_that_are_none_of_ours_are_not_read(browser, on_record, odd):
    page = corrected(browser, on_record, **{"case.dated": odd})
    assert "since onset" not in page


def sent_again(browser, page: str) -> dict:
    """The case file of a page that was filled by a launch."""
    chosen = dict(re.findall(r"<input type=radio name=(\w+) value=(\w+) checked>", page))
    form = chosen | {"age_years": value(page, "age_years"), "case.dated": value(page, "case.dated")}
    return browser.go("/case", "POST", data=form, headers={"origin": HERE}).json()


def opened(browser, saved: dict) -> httpx.Response:
    file = {"file": ("a.case.json", json.dumps(saved).encode(), "application/json")}
    return browser.go("/open", "POST", files=file, headers={"origin": HERE})


def test_a_saved_case_file_knows_which_symptom_a_day_on_record_belongs_to(browser, on_record):
    saved = sent_again(browser, on_record)
    assert saved["on_record"] == {
        "symptom_on_record": {"paraesthesia": "2026-03-01", "leg_weakness": "2026-09-01"}
    }
    assert "symptom_on_record" not in saved["findings"]
    again = opened(browser, saved).text
    assert beside(again) == beside(on_record)
    assert "At least 266 days since onset" in again
    page = corrected(browser, on_record, **{"paraesthesia": "no", "case.dated": value(again, "case.dated")})
    assert "At least 82 days since onset" in page


def test_what_is_saved_is_answered_as_the_page_was(browser, on_record):
    saved = sent_again(browser, on_record)
    answer = browser.go("/assess", "POST", json=saved).json()
    facts = [one for one in answer["used"] if one["where"].startswith("on_record.symptom_on_record.")]
    assert {one["printed"] for one in facts} == {"2026-03-01", "2026-09-01"}


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"symptom_on_recod": {}}, "on_record.symptom_on_recod: no date that answers bring along"),
        (
            {"symptom_on_record": {"paresthesia": "2026-03-01"}},
            "on_record.symptom_on_record.paresthesia: no answer that brings this date. Did you mean “paraesthesia”?",
        ),
        ({"symptom_on_record": 3}, "on_record.symptom_on_record: an object is needed"),
    ],
)
def test_a_case_file_with_a_day_of_no_symptom_is_refused_by_its_place(browser, days, said):
    got = opened(browser, {"case": 1, "findings": {"paraesthesia": True}, "on_record": days})
    assert got.status_code == 400
    assert said in unescape(got.text)
