"""Every question of the form becomes a case file, and the page answers what Corrin answers to that file."""

import json
import re

import pytest
from tests.web import patients
from tests.web.patients import ALL, TODAY, case, fields

import corrin
from corrin import api
from corrin.errors import InputError
from corrin.web import fields as questions
from corrin.web import form

DESK = api.desk("uk")
FIELDS = questions.fields(DESK)


def samples(field) -> list:
    """Everything a person may say to a question."""
    if field.kind == "choice":
        return [True, False, None]
    if field.kind == "word":
        return [{"word": word} for word, _ in field.options if word != "null"] + [None]
    if field.kind == "date":
        return ["2026-09-10", "2026-09", "2025"]
    if not field.units:
        return [71, None]
    dated = [{"value": 71, "unit": unit, "date": "2026-11-20"} for unit, _ in field.units]
    bounds = [
        {"value": 71.5, "unit": field.units[0][0], "comparator": sign} for sign in ("<", "<=", ">", ">=")
    ]
    return [*dated, *bounds, *({"word": word} for word in field.words), {"value": 71}]


EVERY = [(field.id, sample) for field in FIELDS.values() for sample in samples(field)]


def entries(sent: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in sent:
        found.setdefault(name, []).append(value)
    return found


def told(answer) -> dict:
    """Everything that an answer says; the order in which facts were given carries no meaning."""
    said = answer.to_dict()
    return {**said, "used": sorted(said["used"], key=str)}


def plain(given):
    """`{"word": "high"}` is what `"high"` says."""
    return given["word"] if isinstance(given, dict) and set(given) == {"word"} else given


@pytest.mark.parametrize(("finding", "sample"), EVERY, ids=str)
def test_every_answer_to_every_question_reaches_the_case_file(finding, sample):
    filled = form.submitted(entries(fields({finding: sample})), DESK)
    made, _, problems = form.case(filled, DESK, TODAY)
    assert not problems
    assert plain(made["findings"][finding]) == plain(sample)


@pytest.mark.parametrize(("finding", "sample"), EVERY, ids=str)
def test_every_answer_in_a_case_file_is_shown_on_the_form_and_saved_as_it_was(finding, sample):
    filled = form.fill(case({finding: sample}), DESK)
    assert not filled.kept
    made, _, _ = form.case(filled, DESK, TODAY)
    assert plain(made["findings"][finding]) == plain(sample)


def test_every_finding_that_a_person_can_be_asked_stands_on_the_page(page):
    text = page.get().text
    asked = [one.id for one in DESK.guideline.declared.findings.values() if one.asked]
    assert len(asked) > 100
    assert not [name for name in asked if f'name="{name}"' not in text and f"name={name} " not in text]


@pytest.mark.parametrize("name", ALL)
def test_the_page_says_what_corrin_says_of_the_saved_case_file(page, name):
    saved = page.post("/case", ALL[name])
    assert saved.headers["content-disposition"].startswith("attachment")
    answer = corrin.assess(saved.json())
    assert told(answer) == told(corrin.assess(case(ALL[name])))
    shown = page.post("/answer", ALL[name], part=True).text
    assert answer.identity.hash[:12] in shown
    for member in answer.members(DESK.guideline.verdicts["actions"]):
        assert member.words in shown


@pytest.mark.parametrize("name", ALL)
def test_a_case_file_that_was_saved_opens_to_the_same_answer(page, name):
    saved = page.post("/case", ALL[name])
    opened = page.open(saved.content)
    assert opened.status_code == 200
    part = page.post("/answer", ALL[name], part=True).text
    answer = part.partition('<div id="answer">')[2].partition('<div id="chart-text">')[0]
    assert answer.strip().removesuffix("</div>").strip() in opened.text


def test_what_no_field_can_show_is_kept_and_saved_as_it_was(page):
    odd = {
        "leg_weakness": {"value": True, "date": "2026-08"},
        "mma": {"value": 0.4, "unit": "umol/L", "upper_limit": 0.3},
    }
    given = case({**odd, "metformin": True}, complete=["medicines"])
    filled = form.fill(given, DESK)
    assert dict(filled.kept) == odd
    assert form.case(filled, DESK, TODAY)[0] == given
    opened = page.open(json.dumps(given).encode())
    assert "Kept as it stood in the case file" in opened.text
    again = form.submitted({form.KEPT: [form.hidden(filled)], "metformin": ["yes"]}, DESK)
    assert form.case(again, DESK, TODAY)[0] == given


def test_an_answer_on_the_form_replaces_what_was_kept():
    filled = form.fill(case({"leg_weakness": {"value": True, "date": "2026-08"}}), DESK)
    again = form.submitted({form.KEPT: [form.hidden(filled)], "leg_weakness": ["no"]}, DESK)
    assert form.case(again, DESK, TODAY)[0]["findings"] == {"leg_weakness": False}


def test_a_value_may_be_typed_with_its_comparator_and_unit():
    filled = form.submitted(
        entries([("serum_b12", "<83 pg/mL"), ("serum_b12.unit", ""), ("serum_b12.date", "")]), DESK
    )
    assert form.case(filled, DESK, TODAY)[0]["findings"]["serum_b12"] == {
        "comparator": "<",
        "value": 83,
        "unit": "pg/mL",
    }


@pytest.mark.parametrize("finding", ["age_years", "neurological_onset", "serum_b12", "sex", "fever"])
def test_asked_and_not_known_is_shown_in_words_and_saved_as_it_was(page, finding):
    given = {finding: None}
    opened = page.open(json.dumps(patients.case(given)).encode()).text
    assert not re.findall(r'<input[^>]*value="null"', opened)
    filled = form.fill(patients.case(given), DESK)
    assert filled.value(finding) in {"not known", "null"}
    assert form.case(filled, DESK, TODAY)[0]["findings"] == given


@pytest.mark.parametrize("finding", ["age_years", "neurological_onset", "serum_b12"])
def test_not_known_can_be_typed_where_a_number_or_a_day_is_asked(page, finding):
    saved = page.post("/case", [(finding, "Not known")]).json()
    assert saved["findings"] == {finding: None}


@pytest.mark.parametrize(
    ("typed", "chosen", "unit"),
    [
        ("98 pmol/L", "", "pmol/L"),
        ("98", "pmol/L", "pmol/L"),
        ("98 pmol/l", "pmol/L", "pmol/L"),
        ("98 pg/mL", "pmol/L", "pg/mL and pmol/L"),
    ],
)
def test_a_unit_is_typed_or_chosen_and_two_that_differ_are_both_handed_on(typed, chosen, unit):
    filled = form.submitted(entries([("serum_b12", typed), ("serum_b12.unit", chosen)]), DESK)
    assert form.case(filled, DESK, TODAY)[0]["findings"]["serum_b12"] == {"value": 98, "unit": unit}


def test_a_value_in_two_units_is_refused_by_both_names_and_never_a_number(page):
    text = page.post("/answer", [("serum_b12", "98 pg/mL"), ("serum_b12.unit", "pmol/L")], part=True).text
    assert "the unit “pg/mL and pmol/L” is not read here" in text
    assert "Not settled by the results there are" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-98", "a negative number: -98 pg/mL"),
        ("=<83", "= at most 83 pg/mL"),
        ("98 H", "the unit “H and pg/mL” is not read here"),
        ("98,5", "a comma in the number"),
    ],
)
def test_a_sign_that_is_typed_is_read_as_it_is_meant_or_refused(page, typed, said):
    text = page.post("/answer", [("serum_b12", typed), ("serum_b12.unit", "pg/mL")], part=True).text
    assert said in text.partition('<p id="n-serum_b12-0"')[2].partition("</p>")[0]


def test_the_day_of_the_answer_can_be_given(page):
    saved = page.post("/case", patients.UNTESTED, case_as_of="2026-10-01").json()
    assert saved["as_of"] == "2026-10-01"


def test_the_regimens_of_another_country_can_be_chosen(page):
    drug = "<strong>Cyanocobalamin 100 mcg"
    assert drug in page.post("/answer", patients.STOP, part=True, case_profile="us").text
    assert drug not in page.post("/answer", patients.STOP, part=True).text


@pytest.mark.parametrize("hidden", [form.KEPT, form.DATED])
@pytest.mark.parametrize("sent", ["{", "[]", "3", "[" * 9999, '{"findings":' * 9999], ids=range(5))
def test_a_hidden_field_that_comes_back_otherwise_is_refused_and_what_it_held_not_lost(hidden, sent):
    with pytest.raises(InputError) as refused:
        form.submitted({"age_years": ["71"], hidden: [sent]}, DESK)
    (problem,) = refused.value.problems
    assert (problem.where, problem.mend) == (hidden, "Open the page again.")
