"""Case files: every way in which a person may answer, and what is refused."""

import json
from decimal import Decimal

import pytest

from corrin import intake
from corrin.errors import InputError
from corrin.intake import dates
from corrin.records import Code, Quantity


def case(**findings):
    return json.dumps({"case": 1, "findings": findings})


def one(**findings):
    """The one event of the one finding."""
    (record,) = intake.read(case(**findings))
    (event,) = record.events
    return event


def test_yes_no_and_not_known():
    (record,) = intake.read(case(leg_weakness=True, fever=False, metformin=None))
    assert [event.polarity for event in record.events] == ["present", "absent", "unknown"]
    assert record.events[2].absent_reason == "asked and not known"
    assert record.events[0].codes == (Code("corrin", "leg_weakness"),)
    assert record.events[0].where == "findings.leg_weakness"
    assert (record.events[0].kind, record.events[0].status, record.events[0].verification) == (
        "answer",
        "final",
        "confirmed",
    )


def test_not_known_in_words_is_the_same_as_null():
    assert one(metformin="not known").polarity == "unknown"
    assert one(metformin="Unknown").absent_reason == "asked and not known"


def test_a_number_is_exact():
    assert one(age_years=71).quantity == Quantity(Decimal(71))
    assert one(serum_b12={"value": 0.1, "unit": "nmol/L"}).quantity == Quantity(Decimal("0.1"), "nmol/L")
    event = intake.read('{"case": 1, "findings": {"x": {"value": 98.10, "unit": "pmol/L"}}}')[0].events[0]
    assert str(event.quantity.value) == "98.10"


def test_a_result_with_comparator_date_and_the_laboratory_s_own_limit():
    event = one(
        mma={
            "comparator": ">",
            "value": 1,
            "unit": "umol/L",
            "date": "2026-11-20",
            "upper_limit": {"value": 0.4},
        }
    )
    assert event.quantity == Quantity(Decimal(1), "umol/L", comparator=">")
    assert event.upper_limit == Quantity(Decimal("0.4"), "umol/L")
    assert event.start == event.end == dates.when("2026-11-20")


def test_an_upper_limit_may_be_a_bare_number_or_in_a_unit_of_its_own():
    assert one(mma={"value": 1, "unit": "umol/L", "upper_limit": 0.4}).upper_limit.unit == "umol/L"
    limit = one(
        mma={"value": 1, "unit": "umol/L", "upper_limit": {"value": 376, "unit": "nmol/L"}}
    ).upper_limit
    assert limit == Quantity(Decimal(376), "nmol/L")


def test_a_word_a_flag_and_a_printed_result_stay_words():
    assert one(homocysteine={"word": "high"}).word == "high"
    assert one(knee_reflexes="brisk").word == "brisk"
    assert one(serum_b12="<83 pg/mL").word == "<83 pg/mL"


def test_a_yes_or_no_in_words_is_a_polarity_and_keeps_its_word():
    event = one(ankle_reflexes="absent")
    assert (event.word, event.polarity) == ("absent", "absent")
    assert one(metformin="yes").polarity == "present"


def test_a_date_is_the_value_and_a_dated_yes_has_a_date_of_its_own():
    assert one(neurological_onset="2026-09").date == dates.when("2026-09")
    assert one(neurological_onset="2026").date == dates.when("2026")
    event = one(saddle_anaesthesia={"value": True, "date": "2026-09"})
    assert (event.polarity, event.start, event.date) == ("present", dates.when("2026-09"), None)


def test_several_results_of_one_finding():
    (record,) = intake.read(
        case(serum_b12=[{"value": 140, "unit": "pg/mL", "date": "2026-01-05"}, {"word": "low"}, None])
    )
    assert [event.where for event in record.events] == [f"findings.serum_b12[{n}]" for n in range(3)]
    assert [event.polarity for event in record.events] == ["present", "present", "unknown"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("98", "a number written as text; leave out the quotation marks"),
        ("2026-13-40", "no date of the calendar"),
        ("", "an empty text"),
        ("x" * 5000, "a text of more than 4096 characters is no result"),
        ([[1]], "neither a yes or no, a number, a word, a date nor an object with a value"),
        (
            {"value": 98, "units": "pmol/L"},
            "a key that is none of comparator, date, unit, upper_limit, value, word",
        ),
        ({"value": 98, "word": "low"}, "either a value or a word is needed"),
        ({"unit": "pmol/L"}, "either a value or a word is needed"),
        ({"value": [98]}, "its value is no single value"),
        ({"value": 98, "unit": 1}, "its unit is no text"),
        ({"value": 98, "comparator": "about"}, "its comparator is none of <, <=, >, >="),
        ({"value": 98, "comparator": ["<"]}, "its comparator is none of <, <=, >, >="),
        ({"value": 98, "upper_limit": "376"}, "its upper limit is no number with a unit"),
        ({"value": 98, "upper_limit": {"value": 1, "of": 2}}, "its upper limit is no number with a unit"),
        ({"value": 98, "date": "2026-02-30"}, "its date is none of the calendar"),
        ({"value": 98, "date": 2026}, "its date is none of the calendar"),
        ({"value": "98", "unit": "pmol/L"}, "a number written as text; leave out the quotation marks"),
        ({"value": "low", "unit": "pmol/L"}, "a unit or a comparator without a number"),
        ({"word": 3}, "its word is no text"),
    ],
)
def test_an_answer_that_cannot_be_read_was_still_given(answer, why):
    event = one(serum_b12=answer)
    assert event.unreadable == why
    assert (event.polarity, event.quantity, event.word, event.date) == ("unknown", None, None, None)


@pytest.mark.parametrize("number", ["1e400000", "1e99999999999999999999", "0." + "1" * 60, "-1e41"])
def test_a_number_beyond_anything_measured_is_refused_and_not_computed_with(number):
    (record,) = intake.read(
        f'{{"case": 1, "findings": {{"serum_b12": {{"value": {number}, "unit": "pg/mL"}}}}}}'
    )
    assert record.events[0].unreadable == "a number beyond anything that is measured"


def test_a_key_given_twice_in_an_answer_costs_that_answer():
    (record,) = intake.read(
        '{"case": 1, "findings": {"serum_b12": {"value": 98, "value": 980, "unit": "pg/mL"}}}'
    )
    assert record.events[0].unreadable == "a key is given twice"


def test_as_of_patient_and_complete_are_kept():
    (record,) = intake.read(
        {"case": 1, "as_of": "2026-11-22", "patient": "A 7", "complete": ["medicines"], "findings": {}}
    )
    assert (record.as_of, record.patient.id, record.complete) == (
        "2026-11-22",
        "A 7",
        frozenset({"medicines"}),
    )
    assert record.events == ()


def test_what_is_no_part_of_a_case_file_is_listed():
    (record,) = intake.read({"case": 1, "author": "x", "patient": ["A"], "findings": {"serum_b12": []}})
    assert [(line.where, line.reason) for line in record.ignored] == [
        ("author", "no part of a case file"),
        ("findings.serum_b12", "an empty list: nothing is said"),
        ("patient", "a patient is named by one short text"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"case": 2, "findings": {}}', 'input: case: the version of the case file is not one that is read. Write "case": 1.'),
        ('{"case": "1", "findings": {}}', "input: case: the version"),
        ('{"case": 1}', "input: findings: an object of findings is needed"),
        ('{"case": 1, "findings": []}', "input: findings: an object of findings is needed"),
        ('{"case": 1, "as_of": "2026-11", "findings": {}}', "input: as_of: no day of the calendar. Write YYYY-MM-DD."),
        ('{"case": 1, "as_of": 20261122, "findings": {}}', "input: as_of: no day of the calendar"),
        ('{"case": 1, "complete": "medicines", "findings": {}}', "input: complete: a list of parts is needed"),
        ('{"case": 1, "complete": ["all", {}], "findings": {}}', "input: complete[1]: no part that can be declared complete"),
        ('{"case": 1, "findings": {"fever": true, "fever": false}}', "input: findings.fever: given twice"),
        ('{"case": 1, "findings": {}, "findings": {"fever": true}}', "input: findings: given twice"),
    ],
)  # fmt: skip
def test_a_case_file_that_cannot_be_read_says_where_and_how_to_mend_it(text, says):
    with pytest.raises(InputError) as caught:
        intake.read(text)
    assert says in str(caught.value)


def test_all_problems_of_a_case_file_are_said_at_once():
    with pytest.raises(InputError) as caught:
        intake.read('{"case": 3, "as_of": "soon", "findings": []}')
    assert [problem.where for problem in caught.value.problems] == [
        "input: case",
        "input: findings",
        "input: as_of",
    ]


def test_a_key_that_might_name_a_patient_is_not_repeated_in_an_error():
    with pytest.raises(InputError) as caught:
        intake.read(
            '{"case": 1, "findings": {"Mr. So and so, 12 Long Lane": 1, "Mr. So and so, 12 Long Lane": 2}}'
        )
    assert "Long Lane" not in str(caught.value)


def test_case_files_one_a_line_are_a_record_each_with_its_line():
    records = intake.read(case(fever=True) + "\n\n" + case(fever=False) + "\n")
    assert [record.events[0].where for record in records] == [
        "line 1: findings.fever",
        "line 3: findings.fever",
    ]


def test_a_list_of_case_files_is_a_record_each():
    records = intake.read([json.loads(case(fever=True)), json.loads(case(fever=False))])
    assert [record.events[0].where for record in records] == ["[0].findings.fever", "[1].findings.fever"]


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ('{"case": 1, "findings": ', "input: line 2: malformed JSON at column"),
        ('{"resourceType": "Patient"}', "input: line 2: no case file among case files"),
        ('{"case": 1, "findings": 3}', "input: line 2: findings: an object of findings is needed"),
    ],
)
def test_a_line_that_would_lose_a_patient_is_an_error(second, says):
    with pytest.raises(InputError) as caught:
        intake.read(case(fever=True) + "\n" + second)
    assert says in str(caught.value)


def on_record(days, **answers) -> str:
    return json.dumps({"case": 1, "findings": answers, "on_record": days})


def test_a_day_on_record_is_a_date_of_its_own_beside_a_yes():
    (record,) = intake.read(on_record({"symptom_on_record": {"fever": "2026-03"}}, fever=True))
    (event,) = [one for one in record.events if one.codes == (Code("corrin", "symptom_on_record"),)]
    assert (event.date.text, event.where) == ("2026-03", "on_record.symptom_on_record.fever")


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"fever": False}, "findings.fever is not true: its day does not count"),
        ({"fever": None}, "findings.fever is not true: its day does not count"),
        ({}, "findings.fever is not true: its day does not count"),
        ({"fever": True, "symptom_on_record": "2026-05-01"}, "findings.symptom_on_record counts instead"),
    ],
)
def test_a_day_on_record_that_does_not_count_is_listed_with_its_reason(answers, why):
    (record,) = intake.read(on_record({"symptom_on_record": {"fever": "2026-03-01"}}, **answers))
    assert not [one for one in record.events if one.where.startswith("on_record")]
    assert [(one.where, one.reason) for one in record.ignored] == [("on_record.symptom_on_record.fever", why)]


@pytest.mark.parametrize(
    ("days", "where", "what"),
    [
        (["2026-03-01"], "on_record", "an object is needed"),
        ({"symptom_on_record": "2026-03-01"}, "on_record.symptom_on_record", "an object is needed"),
        (
            {"symptom_on_record": {"fever": "2026-02-30"}},
            "on_record.symptom_on_record.fever",
            "no day of the calendar",
        ),
        (
            {"symptom_on_record": {"fever": 2026}},
            "on_record.symptom_on_record.fever",
            "no day of the calendar",
        ),
        (
            {"symptom_on_record": {"fever": None}},
            "on_record.symptom_on_record.fever",
            "no day of the calendar",
        ),
    ],
)
def test_days_on_record_of_another_shape_are_refused_by_their_place(days, where, what):
    with pytest.raises(InputError) as raised:
        intake.read(on_record(days, fever=True))
    (problem,) = raised.value.problems
    assert problem.where.endswith(f": {where}")
    assert problem.what == what
    assert problem.mend


def test_a_day_on_record_that_is_given_twice_is_refused():
    text = '{"case": 1, "findings": {}, "on_record": {"a": {"b": "2026-03-01", "b": "2026-04-01"}}}'
    with pytest.raises(InputError, match="given twice"):
        intake.read(text)
