"""The page without a script, what stands on it, and the errors it names at their field."""

import json
import re

import pytest
from tests.web.patients import ALL, RED_FLAG, REFUSED, STOP, UNTESTED

from corrin import api
from corrin.exports.sheet.layout import layout

STATIC = ("/static/corrin.css", "/static/corrin.js")


def note(text: str, field: str) -> str:
    """What stands beside a field."""
    match = re.search(rf'<p id="n-{field}"[^>]*>([^<]*)</p>', text)
    return match[1] if match else ""


def test_the_first_page_is_light(page):
    sizes = {path: len(page.get(path).content) for path in ("/", *STATIC)}
    assert sizes["/static/corrin.js"] < 3 * 1024
    assert sum(sizes.values()) < 60_000


def test_the_page_has_no_script_or_style_of_its_own(page):
    for findings in ALL.values():
        text = page.post("/answer", findings).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?! src=)", text)


def test_without_a_script_a_submit_answers_with_a_full_page_filled_as_it_was(page):
    text = page.post("/answer", STOP).text
    assert '<form id="intake" method="post" action="/answer"' in text
    assert "name=folic_acid value=yes checked" in text
    assert 'value="98"' in text
    assert 'value="2026-11-20"' in text
    assert "Stop folic acid until B12 is given" in text


CALENDAR = 'formaction="/calendar"'


def test_a_calendar_is_offered_where_something_has_a_day_and_nowhere_else(page):
    assert CALENDAR not in page.get().text
    assert CALENDAR not in page.post("/answer", UNTESTED).text
    assert CALENDAR not in page.post("/answer", UNTESTED, part=True).text
    assert CALENDAR in page.post("/answer", STOP).text
    assert CALENDAR in page.post("/answer", STOP, part=True).text
    assert page.post("/calendar", STOP).content.startswith(b"BEGIN:VCALENDAR")


def test_asked_for_a_calendar_of_nothing_the_page_says_so_filled_as_it_was(page):
    got = page.post("/calendar", UNTESTED)
    assert (got.status_code, got.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "There is no calendar: no dose and no review has a day yet." in got.text
    assert "name=leg_weakness value=yes checked" in got.text


def test_no_value_travels_in_an_address(page):
    text = page.get().text
    assert set(re.findall(r'method="(\w+)"', text)) == {"post"}
    assert not re.search(r'(?:href|action|formaction)="[^"]*\?', text)


def test_a_converted_value_stands_beside_what_was_typed(page):
    assert note(page.post("/answer", STOP, part=True).text, "serum_b12-1") == "= 132.8 pg/mL"


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"serum_b12": {"value": 98}}, "serum_b12-0", "no unit"),
        ({"serum_b12": {"value": 98, "unit": "mcg/dL"}}, "serum_b12-0", "the unit “mcg/dL” is not read"),
        ({"mma": {"value": 1, "unit": "umol/L", "date": "2027-01-02"}}, "mma-0", "dated after today"),
        ({"neurological_onset": "2027-01-02"}, "neurological_onset-0", "a date in the future"),
        ({"neurological_onset": "10/09/2026"}, "neurological_onset-0", "no date"),
        ({"haemoglobin": {"word": "12,5"}}, "haemoglobin-0", "a comma in the number"),
        ({"age_years": 300}, "age_years-0", "implausible"),
        ({"serum_b12": {"value": 98, "unit": "pmol/L", "date": "2026-13-01"}}, "serum_b12-0", "date"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_cannot_be_used_is_named_at_its_field_and_above_the_answer(page, typed, field, said):
    for part in (True, False):
        text = page.post("/answer", typed, part=part).text
        assert said in note(text, field)
        assert "Not used" in text
        assert f'href="#f-{field.rpartition("-")[0]}"' in text


def test_the_wrong_one_of_two_results_is_named_at_its_own_row(page):
    rows = [
        {"value": 98, "unit": "pmol/L", "date": "2026-11-20"},
        {"value": 98, "unit": "mcg/dL", "date": "2026-11-01"},
    ]
    text = page.post("/answer", {"serum_b12": rows}, part=True).text
    assert note(text, "serum_b12-0") == "= 132.8 pg/mL"
    assert "mcg/dL" in note(text, "serum_b12-1")


def test_two_results_of_one_day_that_differ_are_named_at_both(page):
    rows = [{"value": value, "unit": "pmol/L", "date": "2026-11-01"} for value in (98, 400)]
    text = page.post("/answer", {"serum_b12": rows}, part=True).text
    for row in ("serum_b12-0", "serum_b12-1"):
        assert "differs from another result of the same day: read as 132.8 to 542.1 pg/mL" in note(text, row)


def test_two_results_of_different_days_do_not_contradict_each_other(page):
    assert "differs" not in page.post("/answer", STOP, part=True).text


def test_answers_that_contradict_each_other_are_named_at_the_one_that_is_not_used(page):
    for part in (True, False):
        text = page.post("/answer", {"knee_reflexes": "brisk", "hyperreflexia": False}, part=part).text
        assert note(text, "hyperreflexia-0") == "what is recorded contradicts itself"
        assert "Brisk reflexes: what is recorded contradicts itself" in text.partition('id="refused"')[2]


def test_a_result_that_is_too_old_is_named_at_its_field(page):
    old = {"mma": {"value": 200, "unit": "nmol/L", "date": "2022-11-20"}}
    text = page.post("/answer", old, part=True).text
    assert note(text, "mma-0") == "what is recorded is too old, or its date is not known"
    assert "Methylmalonic acid (MMA): what is recorded is too old" in text.partition('id="refused"')[2]
    assert "Nothing is known" not in text


def test_a_refused_result_is_not_drawn_among_the_others(page):
    rows = [
        {"value": 98, "unit": "pmol/L", "date": "2026-11-20"},
        {"value": 120, "unit": "pmol/L", "date": "2026-05-20"},
        {"value": 10_000_000, "unit": "pg/mL", "date": "2026-08-20"},
    ]
    text = page.post("/answer", {"serum_b12": rows}, part=True).text
    assert "20 May 2026: 162.6 pg/mL; 20 Nov 2026: 132.8 pg/mL.</title>" in text


def test_a_question_that_is_misspelt_in_a_case_file_is_named_and_never_called_counted(page):
    given = {"serum_b21": {"value": 98, "unit": "pmol/L"}, "leg weak": True, "leg_weakness": True}
    text = page.open(json.dumps({"case": 1, "findings": given}).encode()).text
    unused = text.partition('id="refused"')[2].partition("</section>")[0]
    assert "serum_b21: no question of this guideline. Did you mean “serum_b12”?" in unused
    assert "(a key that is no id): no question of this guideline." in unused
    assert note(text, "case.kept") == "Kept, and not used: serum_b21; leg weak."
    assert "- NOT USED: serum_b21: no question of this guideline." in text.partition('id="chart-text"')[2]


def test_on_an_earlier_day_a_later_result_has_not_happened_yet(page):
    typed = {"mma": {"value": 1, "unit": "umol/L", "date": "2026-11-20"}}
    told = page.post("/answer", typed, part=True, case_as_of="2026-10-01").text
    assert "has not happened yet" in note(told, "mma-0")


def test_an_answer_for_another_day_says_so_at_its_field(page):
    text = page.post("/answer", UNTESTED, case_as_of="2026-10-01").text
    assert "the answer is for this day, not for today" in note(text, "case.as_of")
    assert not note(page.post("/answer", UNTESTED, case_as_of="2026-11-22").text, "case.as_of")


def test_of_nobody_nothing_is_claimed(page):
    text = page.get().text
    assert "Nothing is known yet" in text
    assert "No result on record that counts" not in text.partition('id="chart-text"')[0]


def test_a_day_of_the_answer_that_is_none_is_named_at_its_field(page):
    assert "no day of the calendar" in note(
        page.post("/answer", UNTESTED, case_as_of="soon").text, "case.as_of"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nothing was chosen"),
        (b"{}", "neither a resource nor a case file"),
        (b"not json", "no case file. Choose a case file that was saved from this page."),
        (b"{not json", "file"),
        (b'{"case": 1, "findings": {}}\n{"case": 1, "findings": {}}', "several patients"),
        (b'{"resourceType": "Patient", "id": "p"}', "no case file"),
        (b'{"case": 2, "findings": {}}', "the version of the case file"),
        (b'{"case": 1, "findings": {}}' + b" " * 1_000_001, "larger than any case file"),
    ],
    ids=["empty", "object", "text", "broken", "several", "fhir", "version", "large"],
)
def test_a_file_that_is_no_case_file_is_refused_above_an_empty_form(page, content, said):
    shown = page.open(content)
    assert shown.status_code == 400
    assert said in shown.text.split("could not be opened")[1][:600]


def test_text_of_a_patient_cannot_become_markup(page):
    given = {
        "case": 1,
        "patient": "<img src=x onerror=alert(1)>",
        "findings": {"serum_b12": {"value": 1, "unit": "<b>"}, "zz": "</textarea><script>"},
    }
    for text in (
        page.open(json.dumps(given).encode()).text,
        page.post("/answer", given["findings"], case_patient=given["patient"]).text,
    ):
        assert "<img" not in text
        assert "&lt;b&gt;" in text
        assert "</textarea><script>" not in text


def test_the_stop_and_the_red_flag_come_before_everything_else(page):
    stop = page.post("/answer", STOP, part=True).text
    flag = page.post("/answer", RED_FLAG, part=True).text
    assert (
        stop.index('class="box loud"')
        < stop.index('id="red-flags"')
        < stop.index('id="status"')
        < stop.index('id="tests"')
    )
    assert flag.index("Emergency") < flag.index("Saddle numbness") < flag.index("Where things stand")


def test_asked_and_absent_is_told_apart_from_not_asked_and_from_not_known(page):
    text = page.post("/answer", {"leg_weakness": True, "fever": False, "sudden_onset": None}, part=True).text
    flags = text.partition('id="red-flags"')[2].partition("</section>")[0]
    assert "Asked and absent:</strong> fever" in flags
    assert "Asked, not known:</strong> began suddenly" in flags
    assert "Not asked:</strong> numbness of the saddle area" in flags


def test_every_tone_has_a_shape_and_a_word(page):
    for findings in ALL.values():
        text = page.post("/answer", findings, part=True).text
        for tone, inner in re.findall(
            r'<div class="(loud|attention|good|plain|unclear)"><dt>.*?</dt><dd>(.*?)</dd>', text, re.DOTALL
        ):
            assert re.search(r'class="shape" aria-hidden="true">[■▲✓●?]<', inner), tone
            assert 'class="visually-hidden">' in inner


def test_a_refused_result_is_never_a_number(page):
    text = page.post("/answer", REFUSED, part=True).text
    assert "Not settled by the results there are" in text
    assert "98 pg/mL" not in text


def test_the_clock_the_doses_and_the_limits_are_shown(page):
    text = page.post("/answer", STOP, part=True).text
    assert "53 to 82 days since onset (in Sep 2026)" in text
    assert "Sun 22 Nov 2026" in text
    assert "<title>Serum B12 over time. 20 May 2026: 162.6 pg/mL; 20 Nov 2026: 132.8 pg/mL.</title>" in text
    assert 'Serum B12 over time <span class="cite">pg/mL</span>' in text
    assert ">180<" in text
    assert "<title>Milestones of recovery" in text
    assert ">today<" in text


def test_thirteen_source_attributes_are_worked_out_from_the_rules(page):
    text = page.get().text
    names = [
        "Citation",
        "Developer",
        "Funding",
        "Release date",
        "Revision date",
        "Race",
        "Ethnicity",
        "Language",
    ]
    names += [
        "Sexual orientation",
        "Gender identity",
        "Sex",
        "Date of birth",
        "Social determinants of health",
        "Health status assessments",
    ]
    for name in names:
        assert f"<dt>{name}</dt>" in text
    assert re.search(r"<dt>Date of birth</dt><dd>used: age in completed years", text)
    assert re.search(r"<dt>Race</dt><dd>not used: no row reads it", text)


def test_every_finding_about_who_somebody_is_belongs_to_an_attribute():
    desk = api.desk()
    told = {finding for one in layout(desk).origin.attributes for finding in one.findings}
    assert {one.id for one in desk.guideline.declared.findings.values() if one.group == "person"} <= told


def test_why_names_rows_statements_sources_and_what_would_change_it(page):
    text = page.post("/answer", STOP, part=True).text
    why = text.partition('id="why"')[2]
    assert re.search(r"D1: S21[^;]*, 2-diagnose\.md:\d+", why)
    assert "because Serum B12 132.8 pg/mL (98 pmol/L, 20 Nov 2026)" in why
    assert "National Institute for Health and Care Excellence" in why
    assert "The smallest change that would change each answer" in text
    assert "Not clinically validated" in text


def test_a_page_filled_from_elsewhere_says_where_each_value_came_from(page):
    from tests.web.conftest import Given
    from tests.web.patients import case

    from corrin import web
    from corrin.exports.case import Carried

    origins = {"serum_b12": "Observation/b12 of 20 Nov 2026, General Hospital"}
    carried = Carried(case(RED_FLAG), origins, ())
    shown = web.prefilled(Given(), carried, said="Filled from the record system.")
    text = bytes(shown.body).decode()
    assert "Filled from the record system. Everything can be corrected below." in text
    assert 'Serum B12 <span class="origin-of">Observation/b12 of 20 Nov 2026, General Hospital</span>' in text
    assert 'value="110"' in text
    assert "Emergency" in text


def test_a_page_says_what_its_sources_stress_without_the_signs_of_the_source(page):
    text = page.post("/answer", STOP, part=True).text
    assert "*" not in text.partition('id="chart-text"')[0]
    assert re.search(r"sources, 1\d{3} to 20\d{2}; each row", text)
