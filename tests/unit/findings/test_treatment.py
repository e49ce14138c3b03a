"""B12 itself: what is treatment, what was given before a sample, what was stopped, and how many doses there were."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.unit.findings.charts import AS_OF, EVERYTHING, answer, condition, found, lab, medicine

from corrin.records import Quantity

B12, HYDROXOCOBALAMIN, PRODUCT = "11248", "5514", "309594"
INJECTED = {"route": "Intramuscular route"}


def ago(days: int) -> str:
    return (AS_OF - timedelta(days=days)).isoformat()


def tablets(micrograms, start=None, times: int | None = 1, **more):
    """B12 by mouth."""
    dose = None if micrograms is None else Quantity(Decimal(str(micrograms)), "mcg")
    daily = None if times is None else Decimal(times)
    return medicine(B12, start or ago(60), route="Oral", dose=dose, times_a_day=daily, **more)


def value(name, *events, **more):
    told = found(*events, **more)
    return told.row.get(name) or told.why[name]


# --- what is treatment ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (medicine(B12, ago(60), **INJECTED), "yes"),
        (medicine(HYDROXOCOBALAMIN, ago(60)), "yes"),
        (medicine(PRODUCT, ago(60)), "yes"),
        (medicine("B03BA03", ago(60), system="atc"), "yes"),
        (medicine("V03AB33", ago(60), system="atc", **INJECTED), "never-asked"),
        (tablets(1000), "yes"),
        (tablets(50), "yes"),
        (tablets("49.9"), "never-asked"),
        (tablets(25, times=2), "yes"),
        (tablets("2.4"), "never-asked"),
        (tablets(None), "never-asked"),
        (tablets(1000, times=None), "never-asked"),
        (tablets(1000, as_needed=True), "never-asked"),
        (medicine(HYDROXOCOBALAMIN, ago(60), route="Oral"), "never-asked"),
        (medicine(B12, ago(60)), "never-asked"),
        (tablets(1000, ago(0), status="draft"), "yes"),
        (tablets(1000, ago(1), status="draft"), "never-asked"),
        (tablets(1000, status="completed"), "yes"),
        (tablets(1000, status="stopped"), "yes"),
        (tablets(1000, status="error"), "never-asked"),
        (tablets(1000, status="planned"), "never-asked"),
        (tablets(1000, status="not-done"), "never-asked"),
        (tablets(1000, medium="statement", polarity="absent"), "never-asked"),
        (tablets(1000, medium="administration"), "yes"),
        (condition("308752009", ago(900), kind="procedure", status="completed"), "yes"),
        (condition("170826002", ago(900), kind="observation", status="final"), "yes"),
        (answer("b12_treatment", said=True), "yes"),
        (answer("b12_treatment", said=False), "no"),
        (answer("b12_treatment", said=None), "asked-and-not-known"),
    ],
)
def test_treatment_is_any_injection_or_50_micrograms_a_day_by_mouth(event, expected):
    assert value("b12_treatment", event) == expected


def test_the_antidote_is_no_treatment_under_whichever_code_stands_beside_it():
    both = medicine(HYDROXOCOBALAMIN, ago(60), **INJECTED)
    antidote = both.but(codes=(*both.codes, *medicine("V03AB33", system="atc").codes))
    told = found(antidote)
    assert told.why["b12_treatment"] == "never-asked"
    assert told.why["b12_ordered"] == "never-asked"


def test_a_medicine_of_unknown_strength_says_why_it_is_no_treatment_but_precedes_a_sample():
    told = found(tablets(None, ago(60)), lab("serum_b12", "400 pg/mL", ago(10)))
    assert told.why["b12_treatment"] == "never-asked"
    assert told.row["b12_before_sample"] == "yes"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (medicine(HYDROXOCOBALAMIN, ago(400)), "yes"),
        (medicine(HYDROXOCOBALAMIN, status="draft"), "yes"),
        (medicine(HYDROXOCOBALAMIN, ago(0), status="draft"), "yes"),
        (medicine(HYDROXOCOBALAMIN, ago(1), status="draft"), "never-asked"),
        (medicine(HYDROXOCOBALAMIN, ago(60), ago(1)), "never-asked"),
        (medicine(HYDROXOCOBALAMIN, ago(60), status="completed"), "never-asked"),
        (medicine(HYDROXOCOBALAMIN, ago(60), medium="statement"), "never-asked"),
        (tablets("2.4"), "never-asked"),
        (condition("308752009", ago(1), kind="order", status="active"), "yes"),
    ],
)
def test_b12_is_ordered_by_a_request_that_stands_or_a_draft_of_this_moment(event, expected):
    assert value("b12_ordered", event) == expected


def test_never_treated_and_nothing_ordered_need_a_source_that_lists_everything():
    told = found(complete=EVERYTHING)
    assert (told.row["b12_treatment"], told.row["b12_ordered"]) == ("no", "no")
    assert found(complete=("requests", "statements")).why["b12_treatment"] == "never-asked"
    assert found(complete=("medicines",)).why["b12_treatment"] == "never-asked"


# --- stopped ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([medicine(HYDROXOCOBALAMIN, ago(400), ago(100), status="stopped")], "yes"),
        ([medicine(HYDROXOCOBALAMIN, ago(400), status="stopped")], "yes"),
        ([medicine(HYDROXOCOBALAMIN, ago(400))], "no"),
        ([medicine(HYDROXOCOBALAMIN, ago(400), medium="administration")], "never-asked"),
        ([medicine(HYDROXOCOBALAMIN, ago(400), ago(100), status="completed")], "never-asked"),
        (
            [
                medicine(HYDROXOCOBALAMIN, ago(400), ago(100), status="stopped"),
                medicine(HYDROXOCOBALAMIN, ago(50), medium="administration"),
            ],
            "never-asked",
        ),
        (
            [
                medicine(HYDROXOCOBALAMIN, ago(400), ago(100), status="stopped"),
                medicine(HYDROXOCOBALAMIN, ago(150), medium="administration"),
            ],
            "yes",
        ),
        (
            [
                medicine(HYDROXOCOBALAMIN, ago(400), ago(100), status="stopped"),
                medicine(HYDROXOCOBALAMIN, ago(50)),
            ],
            "no",
        ),
        ([condition("170826002", ago(90), kind="procedure", status="completed")], "yes"),
        ([answer("b12_treatment_stopped", said=True)], "yes"),
        ([tablets("2.4", status="stopped")], "never-asked"),
    ],
)
def test_a_treatment_is_stopped_when_it_says_so_and_nothing_was_given_later(events, expected):
    assert value("b12_treatment_stopped", *events) == expected


# --- before the sample ------------------------------------------------------------------------------------


def injection(at: str):
    return medicine(HYDROXOCOBALAMIN, at, medium="administration")


def test_sampled_at_nine_and_treated_at_eleven_is_before_treatment_whenever_the_report_came():
    sample = lab(
        "serum_b12", "410 pg/mL", "2026-11-10T09:00", recorded=lab("serum_b12", on="2026-11-12").start
    )
    told = found(sample, injection("2026-11-10T11:00"), complete=EVERYTHING)
    assert told.row["b12_before_sample"] == "no"
    assert found(sample, injection("2026-11-10T08:00")).row["b12_before_sample"] == "yes"
    assert found(sample, injection("2026-11-10T09:00"), complete=EVERYTHING).row["b12_before_sample"] == "no"


@pytest.mark.parametrize(
    ("sample", "given", "incomplete", "complete"),
    [
        ("2026-11-10", "2026-11-10", "never-asked", "no"),
        ("2026-11-10", "2026-11-10T08:00", "never-asked", "no"),
        ("2026-11-10T09:00", "2026-11-10", "never-asked", "no"),
        ("2026-11-10", "2026-11-09", "yes", "yes"),
        ("2026-11-10", "2026-11-11", "never-asked", "no"),
        ("2026-11", "2026-10-31", "yes", "yes"),
        ("2026-11", "2026-11-05", "never-asked", "never-asked"),
        ("2026-11-10", "2026-11", "never-asked", "never-asked"),
        ("2026-11-10", "2026", "never-asked", "never-asked"),
        (None, "2026-11-05", "never-asked", "never-asked"),
        ("2026-11-10", None, "never-asked", "never-asked"),
    ],
)
def test_a_sample_of_the_day_of_treatment_comes_first_and_what_is_not_sure_is_unknown(
    sample, given, incomplete, complete
):
    events = (lab("serum_b12", "410 pg/mL", sample), injection(given))
    assert value("b12_before_sample", *events) == incomplete
    assert value("b12_before_sample", *events, complete=EVERYTHING) == complete


def test_no_b12_before_the_sample_needs_requests_statements_and_administrations():
    sample = lab("serum_b12", "410 pg/mL")
    assert value("b12_before_sample", sample, complete=EVERYTHING) == "no"
    for part in EVERYTHING:
        rest = tuple(other for other in EVERYTHING if other != part)
        assert value("b12_before_sample", sample, complete=rest) == "never-asked"
    assert value("b12_before_sample", sample, complete=("medicines",)) == "never-asked"
    assert value("b12_before_sample", complete=EVERYTHING) == "never-asked"


def test_only_the_sample_that_counts_is_compared_and_any_of_the_three_tests_is():
    dose = injection(ago(100))
    first, later = lab("serum_b12", "150 pg/mL", ago(200)), lab("serum_b12", "400 pg/mL", ago(20))
    assert value("b12_before_sample", first, dose, complete=EVERYTHING) == "no"
    assert value("b12_before_sample", first, later, dose) == "yes"
    assert value("b12_before_sample", first, lab("mma", "200 nmol/L", ago(20)), dose) == "yes"
    assert value("b12_before_sample", lab("homocysteine", "9 umol/L", ago(20)), dose) == "never-asked"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (medicine(B12, ago(60), ago(50), medium="statement", status="completed"), "yes"),
        (medicine("V03AB33", ago(60), system="atc", medium="administration"), "yes"),
        (medicine(B12, ago(60), status="draft"), "no"),
        (medicine(B12, ago(60), intent="plan"), "no"),
        (medicine(B12, ago(60), status="not-done", medium="administration"), "no"),
        (medicine(B12, ago(60), medium="statement", polarity="absent"), "no"),
        (medicine(B12, None, medium="statement"), "never-asked"),
        (condition("170826002", ago(60), kind="procedure", status="completed"), "yes"),
        (condition("170826002", ago(5), kind="procedure", status="completed"), "never-asked"),
        (answer("b12_treatment_started", ago(60)), "yes"),
        (answer("b12_treatment_started", ago(5)), "no"),
        (answer("last_b12_dose", ago(60)), "yes"),
        (answer("last_b12_dose", ago(5)), "never-asked"),
        (answer("b12_treatment", said=True), "never-asked"),
        (answer("b12_treatment", said=False), "no"),
    ],
)
def test_any_b12_that_was_taken_may_precede_a_sample_whatever_its_strength(event, expected):
    assert (
        value("b12_before_sample", lab("serum_b12", "410 pg/mL", ago(20)), event, complete=EVERYTHING)
        == expected
    )


def test_what_was_asked_outweighs_what_was_concluded():
    events = (lab("serum_b12", "410 pg/mL", ago(20)), injection(ago(60)))
    assert value("b12_before_sample", *events, answer("b12_before_sample", said=False)) == "no"
    assert (
        value(
            "b12_before_sample",
            lab("serum_b12", "410 pg/mL"),
            answer("b12_before_sample", said=True),
            complete=EVERYTHING,
        )
        == "yes"
    )


# --- doses and dates --------------------------------------------------------------------------------------


def test_doses_are_counted_by_the_day_and_more_may_have_been_given():
    doses = [
        injection("2026-11-02"),
        injection("2026-11-04T09:00"),
        injection("2026-11-04T17:00"),
        injection("2026-11-06"),
    ]
    told = found(*doses)
    assert told.row["b12_doses_given"] == (3_000, None)
    assert told.row["days_since_last_dose"] == (16_000, 16_000)
    assert told.row["days_since_treatment_started"] == (20_000, 20_000)
    assert found(*doses, complete=("administrations",)).row["b12_doses_given"] == (3_000, 3_000)


def test_doses_dated_to_a_month_are_at_least_one_and_at_most_each():
    rough = [injection("2026-09"), injection("2026-10")]
    assert found(*rough).row["b12_doses_given"] == (1_000, None)
    assert found(*rough, complete=("administrations",)).row["b12_doses_given"] == (1_000, 2_000)
    assert found(complete=("administrations",)).row["b12_doses_given"] == (0, 0)


@pytest.mark.parametrize(
    ("said", "expected"), [("6", (6_000, 6_000)), ("1", (3_000, None)), (">=6", (6_000, None))]
)
def test_the_number_a_person_gives_counts_unless_more_doses_are_dated(said, expected):
    doses = [injection(ago(days)) for days in (9, 7, 5)]
    assert found(*doses, answer("b12_doses_given", said)).row["b12_doses_given"] == expected


def test_a_request_or_a_statement_is_no_dose_and_a_dose_not_given_is_none():
    for event in (
        medicine(HYDROXOCOBALAMIN, ago(9)),
        medicine(HYDROXOCOBALAMIN, ago(9), medium="statement"),
        medicine(HYDROXOCOBALAMIN, ago(9), medium="administration", status="not-done"),
    ):
        assert found(event).why["b12_doses_given"] == "never-asked"
    assert found(condition("308752009", ago(9), kind="procedure", status="completed")).row[
        "days_since_last_dose"
    ] == (9_000, 9_000)


def test_the_first_of_several_beginnings_is_the_beginning():
    told = found(
        medicine(HYDROXOCOBALAMIN, ago(90)), answer("b12_treatment_started", ago(120)), injection(ago(80))
    )
    assert told.row["days_since_treatment_started"] == (120_000, 120_000)
    assert told.row["months_since_treatment_started"] == (3_000, 3_000)


def test_a_dose_without_a_date_may_be_the_last():
    told = found(injection(ago(80)), injection(None))
    assert told.row["days_since_last_dose"] == (0, 80_000)
