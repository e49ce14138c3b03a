"""Laboratory results: which one answers, words and flags, the laboratory's own limit, what is old, what is refused."""

from datetime import timedelta

import pytest
from tests.unit.findings.charts import AS_OF, answer, found, interpreter, lab, medicine, when


def ago(days: int) -> str:
    return (AS_OF - timedelta(days=days)).isoformat()


# --- which of several -------------------------------------------------------------------------------------


def test_the_latest_collection_answers_and_the_lowest_is_not_forgotten():
    told = found(lab("serum_b12", "160 pg/mL", ago(200)), lab("serum_b12", "400 pg/mL", ago(20)))
    assert told.row["serum_b12"] == (400_000, 400_000)
    assert told.row["serum_b12_lowest"] == (160_000, 160_000)
    assert told.row["serum_b12_second_highest"] == (160_000, 160_000)


def test_the_second_highest_needs_two_results_and_a_repeat_of_one_is_not_two():
    once = lab("serum_b12", "1200 pg/mL", ago(20))
    assert found(once, once).why["serum_b12_second_highest"] == "never-asked"
    again = found(once, lab("serum_b12", "1200 pg/mL", ago(50)), lab("serum_b12", ">900 pg/mL", ago(80)))
    assert again.row["serum_b12_second_highest"] == (1_200_000, 1_200_000)
    open_ended = found(lab("serum_b12", ">2000 pg/mL", ago(9)), lab("serum_b12", "1500 pg/mL", ago(50)))
    assert open_ended.row["serum_b12_second_highest"] == (1_500_000, 1_500_000)


def test_two_results_of_one_day_give_the_span_between_them():
    told = found(lab("serum_b12", "170 pg/mL", ago(5)), lab("serum_b12", "190 pg/mL", ago(5)))
    assert told.row["serum_b12"] == (170_000, 190_000)


def test_a_result_of_the_month_may_be_later_than_one_of_a_day_in_it():
    told = found(lab("serum_b12", "170 pg/mL", "2026-11"), lab("serum_b12", "400 pg/mL", ago(5)))
    assert told.row["serum_b12"] == (170_000, 400_000)


def test_a_result_without_a_date_is_in_the_window_and_may_be_the_latest():
    told = found(lab("serum_b12", "170 pg/mL", None), lab("serum_b12", "400 pg/mL", ago(5)))
    assert told.row["serum_b12"] == (170_000, 400_000)


def test_open_ends_in_both_directions_are_a_result_that_could_be_anything():
    told = found(lab("serum_b12", "<200 pg/mL", ago(5)), lab("serum_b12", ">300 pg/mL", ago(5)))
    assert told.row["serum_b12"] == (0, None)


def test_a_corrected_result_replaces_the_one_of_the_same_time_and_the_same_twice_is_one():
    wrong, right = lab("serum_b12", "400 pg/mL"), lab("serum_b12", "140 pg/mL", status="corrected")
    told = found(wrong, right)
    assert told.row["serum_b12"] == (140_000, 140_000)
    assert told.row["serum_b12_lowest"] == (140_000, 140_000)
    assert told.why["serum_b12_second_highest"] == "never-asked"
    assert [line.where for line in told.ignored] == [wrong.where]
    assert [line.reason for line in found(right, right).ignored] == [f"the same result as {right.where}"]


def test_a_later_version_replaces_an_earlier_one_of_another_time():
    final = lab("serum_b12", "400 pg/mL", ago(5), identity="x|1")
    told = found(final, lab("serum_b12", "140 pg/mL", ago(6), identity="x|1", status="corrected"))
    assert told.row["serum_b12"] == (140_000, 140_000)
    assert told.ignored[0].reason == "replaced by a later version of the same result"


def test_one_sample_in_two_units_counts_in_the_finding_s_own_and_the_other_is_shown():
    own, other = lab("serum_b12", "180 pg/mL"), lab("serum_b12", "132.8 pmol/L")
    told = found(other, own)
    assert told.row["serum_b12"] == (180_000, 180_000)
    assert [(line.where, line.reason) for line in told.ignored] == [
        (other.where, "another result of the same time is used instead: 132.8 pmol/L")
    ]


def test_two_numbers_of_one_day_in_different_units_are_both_seen_by_the_lowest():
    """410 pg/mL is above 350, and 100 pmol/L is below 133 (S21, S23): of one day they may be two samples.

    The lowest of the window is then 100 x 1.35537 = 135.537 pg/mL; which of the two counts today is unchanged.
    """
    told = found(lab("serum_b12", "410 pg/mL"), lab("serum_b12", "100 pmol/L"))
    assert told.row["serum_b12"] == (410_000, 410_000)
    assert told.row["serum_b12_lowest"] == (135_537, 135_537)


def test_a_number_in_another_unit_that_was_corrected_is_not_the_lowest():
    wrong = lab("serum_b12", "100 pmol/L")
    right = lab("serum_b12", "400 pg/mL", status="corrected")
    assert found(wrong, right).row["serum_b12_lowest"] == (400_000, 400_000)
    both = found(lab("serum_b12", "100 pmol/L", status="corrected"), right)
    assert both.row["serum_b12_lowest"] == (135_537, 135_537)


def test_a_word_beside_a_number_of_the_same_day_is_not_the_lowest():
    told = found(lab("serum_b12", "410 pg/mL"), lab("serum_b12", word="low"))
    assert told.row["serum_b12_lowest"] == (410_000, 410_000)


@pytest.mark.parametrize(
    ("finding", "value", "window"),
    [
        ("serum_b12", "265 pg/mL", 365),
        ("active_b12", "40 pmol/L", 365),
        ("mma", "300 nmol/L", 365),
        ("haemoglobin", "120 g/L", 180),
        ("mcv", "99 fL", 180),
        ("egfr", "75 mL/min/{1.73_m2}", 365),
    ],
)
def test_a_result_counts_for_its_window_and_not_a_day_longer(finding, value, window):
    assert finding in found(lab(finding, value, ago(window))).row
    assert found(lab(finding, value, ago(window + 1))).why[finding] == "out-of-window"


# --- what outlasts its window -----------------------------------------------------------------------------


def test_a_deficient_level_counts_ever_while_nothing_was_measured_or_given_since():
    old = lab("serum_b12", "150 pg/mL", ago(900))
    told = found(old)
    assert told.row["serum_b12"] == (150_000, 150_000)
    assert told.row["serum_b12_lowest"] == (150_000, 150_000)
    assert told.beyond == {"serum_b12": 900, "serum_b12_lowest": 900}
    assert found(lab("serum_b12", "200 pg/mL", ago(900))).why["serum_b12"] == "out-of-window"
    assert found(lab("serum_b12", "<200 pg/mL", ago(900))).why["serum_b12"] == "out-of-window"
    assert found(lab("serum_b12", "<83 pg/mL", ago(900))).row["serum_b12"] == (None, 82_999)


def test_a_repeat_or_b12_since_ends_an_old_deficiency():
    old = lab("serum_b12", "150 pg/mL", ago(900))
    assert found(old, lab("serum_b12", "400 pg/mL", ago(700))).why["serum_b12"] == "out-of-window"
    assert found(old, lab("serum_b12", "400 pg/mL", ago(7))).row["serum_b12_lowest"] == (400_000, 400_000)
    dose = medicine("5514", ago(800), medium="administration")
    assert found(old, dose).why["serum_b12"] == "out-of-window"
    vitamins = medicine("11248", ago(800), ago(700), medium="statement", status="completed")
    assert found(old, vitamins).why["serum_b12"] == "out-of-window"
    assert found(old, answer("last_b12_dose", ago(800))).why["serum_b12"] == "out-of-window"


def test_b12_before_or_of_an_unknown_time_or_only_drafted_leaves_an_old_deficiency_standing():
    old = lab("serum_b12", "150 pg/mL", ago(900))
    for event in (
        medicine("5514", ago(1000), medium="administration"),
        medicine("5514", status="draft"),
        answer("b12_treatment", said=True),
        lab("serum_b12", on=ago(700), word="12,5 pg/mL"),
    ):
        assert found(old, event).row["serum_b12"] == (150_000, 150_000)


def test_a_raised_mma_counts_ever_by_the_laboratory_s_limit_or_else_above_the_default():
    assert found(lab("mma", "401 nmol/L", ago(900))).row["mma"] == (401_000, 401_000)
    assert found(lab("mma", "400 nmol/L", ago(900))).why["mma"] == "out-of-window"
    own = found(lab("mma", "330 nmol/L", ago(900), limit="318 nmol/L"))
    assert (own.row["mma"], own.row["mma_over_limit"]) == ((330_000, 330_000), "yes")
    wide = found(lab("mma", "450 nmol/L", ago(900), limit="500 nmol/L"))
    assert (wide.why["mma"], wide.why["mma_over_limit"]) == ("out-of-window", "out-of-window")
    assert found(lab("active_b12", "24 pmol/L", ago(900))).row["active_b12"] == (24_000, 24_000)


# --- words and flags --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "interval"),
    [
        ("undetectable", (None, 179_999)),
        ("low", (None, 350_000)),
        ("Low", (None, 350_000)),
        ("normal", (0, None)),
        ("high", (0, None)),
        ("<83 pg/mL", (None, 82_999)),
    ],
)
def test_a_b12_in_words_is_as_wide_as_the_word(word, interval):
    told = found(lab("serum_b12", word=word))
    assert told.row["serum_b12"] == interval
    assert told.row["serum_b12_refused"] == "no"


@pytest.mark.parametrize(
    ("flag", "interval"),
    [("L", (None, 350_000)), ("LL", (None, 350_000)), ("N", (0, None)), ("H", (0, None))],
)
def test_a_flag_speaks_where_there_is_no_usable_number(flag, interval):
    told = found(lab("serum_b12", "140 furlong", flag=flag))
    assert told.row["serum_b12"] == interval
    assert told.row["serum_b12_refused"] == "yes"
    assert [line.text for line in told.refused] == ["140 furlong"]
    silent = found(lab("serum_b12", polarity="unknown", absent_reason="error", flag=flag))
    assert silent.row["serum_b12"] == interval


def test_a_flag_on_a_usable_b12_is_not_used():
    assert found(lab("serum_b12", "400 pg/mL", flag="L")).row["serum_b12"] == (400_000, 400_000)


def test_a_number_of_the_same_time_speaks_before_a_word():
    told = found(lab("serum_b12", word="low"), lab("serum_b12", "98 pmol/L"))
    assert told.row["serum_b12"] == (132_826, 132_826)


def test_homocysteine_said_to_be_high_is_there_and_could_be_anything():
    assert found(answer("homocysteine", "high")).row["homocysteine"] == (0, None)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("positive", "positive"),
        ("Positive", "positive"),
        ("NEG", "negative"),
        ("not detected", "negative"),
        ("borderline", None),
    ],
)
def test_an_antibody_is_positive_or_negative_or_refused(word, expected):
    told = found(lab("intrinsic_factor_antibody", word=word))
    assert told.row.get("intrinsic_factor_antibody") == expected
    assert told.row["intrinsic_factor_antibody_refused"] == ("no" if expected else "yes")


def test_an_antibody_given_by_flag_alone_is_read_from_it():
    assert found(lab("intrinsic_factor_antibody", flag="POS")).row["intrinsic_factor_antibody"] == "positive"


# --- the laboratory's own limit for MMA -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "limit", "flag", "expected"),
    [
        ("350 nmol/L", "318 nmol/L", "", "yes"),
        ("318 nmol/L", "318 nmol/L", "", "no"),
        ("0.45 umol/L", "0.40 umol/L", "", "yes"),
        ("0.40 umol/L", "0.40 umol/L", "", "no"),
        ("0.45 umol/L", "400 nmol/L", "", "yes"),
        ("32 ng/mL", "32 ng/mL", "", "no"),
        ("32.1 ug/L", "32 ng/mL", "", "yes"),
        ("<500 nmol/L", "400 nmol/L", "", "straddles"),
        ("<400 nmol/L", "400 nmol/L", "", "no"),
        (">400 nmol/L", "400 nmol/L", "", "yes"),
        (">=400 nmol/L", "400 nmol/L", "", "straddles"),
        (">300 nmol/L", "400 nmol/L", "", "straddles"),
        ("350 nmol/L", None, "H", "yes"),
        ("350 nmol/L", None, "N", "no"),
        ("350 nmol/L", None, "L", "no"),
        ("350 nmol/L", None, "", None),
        ("350 nmol/L", "318 nmol/L", "N", "yes"),
        ("350 nmol/L", "3 furlong", "H", "yes"),
        ("350 furlong", None, "H", "yes"),
    ],
)
def test_a_raised_mma_is_raised_by_the_laboratory_s_limit_then_by_its_flag(value, limit, flag, expected):
    told = found(lab("mma", value, limit=limit, flag=flag))
    assert told.row.get("mma_over_limit") == expected


def test_an_mma_in_words_has_no_number_but_an_answer():
    told = found(lab("mma", word="high"))
    assert (told.row["mma"], told.row["mma_over_limit"]) == ((0, None), "yes")


def test_a_later_mma_without_a_limit_does_not_inherit_the_limit_of_an_earlier_one():
    told = found(lab("mma", "350 nmol/L", ago(90), limit="318 nmol/L"), lab("mma", "300 nmol/L", ago(9)))
    assert told.row["mma"] == (300_000, 300_000)
    assert told.why["mma_over_limit"] == "never-asked"


def test_a_limit_answered_by_itself_belongs_to_every_result_without_one_and_two_that_differ_to_none():
    told = found(answer("mma", "0.45 umol/L"), answer("mma_upper_limit", "0.40 umol/L"))
    assert (told.row["mma_over_limit"], told.row["mma_upper_limit"]) == ("yes", (400_000, 400_000))
    unclear = found(
        answer("mma", "0.45 umol/L"),
        answer("mma_upper_limit", "0.40 umol/L"),
        answer("mma_upper_limit", "0.50 umol/L"),
    )
    assert unclear.why["mma_over_limit"] == "never-asked"


def test_the_printed_limit_is_a_finding_and_one_that_cannot_be_read_is_refused():
    assert found(lab("mma", "350 nmol/L", limit="0.318 umol/L")).row["mma_upper_limit"] == (318_000, 318_000)
    told = found(lab("mma", "350 nmol/L", limit="3 furlong"))
    assert told.row["mma_upper_limit_refused"] == "yes"
    assert told.row["mma"] == (350_000, 350_000)
    assert [line.finding for line in told.refused] == ["mma_upper_limit"]


# --- refused, preliminary, not done -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (lab("serum_b12", "400 pg/mL", ago(20)), lab("serum_b12", "400", ago(10)), "yes"),
        (lab("serum_b12", "400 pg/mL", ago(20)), lab("serum_b12", "400", ago(20)), "yes"),
        (lab("serum_b12", "400 pg/mL", ago(20)), lab("serum_b12", "400", ago(30)), "no"),
        (lab("serum_b12", "400 pg/mL", ago(20)), lab("serum_b12", "400", None), "yes"),
        (
            lab("serum_b12", "400 pg/mL", ago(20)),
            lab("serum_b12", "150 pg/mL", ago(10), status="preliminary"),
            "yes",
        ),
        (
            lab("serum_b12", "400 pg/mL", ago(20)),
            lab("serum_b12", "150 pg/mL", ago(20), status="preliminary"),
            "no",
        ),
        (
            lab("serum_b12", "400 pg/mL", ago(20)),
            lab("serum_b12", "150 pg/mL", ago(10), status="unknown"),
            "yes",
        ),
        (lab("serum_b12", "400", ago(400)), answer("leg_weakness", said=True), "no"),
        (lab("serum_b12", "400", ago(365)), answer("leg_weakness", said=True), "yes"),
        (lab("serum_b12", "150 pg/mL", ago(900)), lab("serum_b12", "400", ago(700)), "yes"),
    ],
)
def test_a_refused_or_preliminary_result_that_is_not_older_than_the_one_used_is_told(first, second, expected):
    assert found(first, second).row["serum_b12_refused"] == expected


def test_a_preliminary_result_is_listed_and_not_used():
    told = found(lab("serum_b12", "150 pg/mL", status="preliminary"))
    assert told.why["serum_b12"] == "refused"
    assert [(line.text, line.reason) for line in told.refused] == [("150 pg/mL", "preliminary")]


@pytest.mark.parametrize(
    ("reason", "why", "refused"),
    [
        ("error", "refused", "yes"),
        ("unknown", "refused", "yes"),
        ("temp-unknown", "refused", "yes"),
        ("not-performed", "never-asked", "no"),
        ("asked-declined", "asked-and-not-known", "no"),
    ],
)
def test_a_result_without_a_value_was_done_unless_it_says_otherwise(reason, why, refused):
    told = found(lab("mma", polarity="unknown", absent_reason=reason))
    assert told.why["mma"] == why
    assert told.row["mma_refused"] == refused


@pytest.mark.parametrize(
    ("specimen", "used"),
    [
        ("", True),
        ("Serum", True),
        ("EDTA plasma", False),
        ("Plasma", True),
        ("Venous blood", True),
        ("Urine", False),
        ("Whole blood", False),
        ("Dried blood spot", False),
    ],
)
def test_b12_and_mma_count_in_serum_or_plasma_only(specimen, used):
    for finding, value in (("serum_b12", "150 pg/mL"), ("mma", "500 nmol/L")):
        told = found(lab(finding, value, specimen=specimen))
        expected = used or specimen == "EDTA plasma"
        assert (finding in told.row) == expected
        assert told.row[f"{finding}_refused"] == ("no" if expected else "yes")
    assert "haemoglobin" in found(lab("haemoglobin", "120 g/L", specimen="Whole blood")).row


def test_the_date_of_the_report_is_never_the_date_of_the_sample():
    told = found(lab("serum_b12", "265 pg/mL", None, recorded=when(ago(900))))
    assert told.row["serum_b12"] == (265_000, 265_000)
    fact = told.evidence["serum_b12"][0]
    assert (fact.first, fact.last) == (None, None)


# --- nearest ----------------------------------------------------------------------------------------------


def test_kidney_function_is_the_nearest_to_the_mma():
    egfr = [
        lab("egfr", "85 mL/min/{1.73_m2}", ago(10)),
        lab("egfr", "40 mL/min/{1.73_m2}", ago(190)),
        lab("egfr", "70 mL/min/{1.73_m2}", ago(300)),
    ]
    assert found(*egfr, lab("mma", "350 nmol/L", ago(200))).row["egfr"] == (40_000, 40_000)
    assert found(*egfr).row["egfr"] == (85_000, 85_000)
    assert found(*egfr, lab("mma", "350 nmol/L", None)).row["egfr"] == (85_000, 85_000)


def test_two_as_near_as_each_other_give_the_span_and_one_without_a_date_is_always_near():
    mma = lab("mma", "350 nmol/L", ago(100))
    both = found(
        mma, lab("egfr", "85 mL/min/{1.73_m2}", ago(90)), lab("egfr", "40 mL/min/{1.73_m2}", ago(110))
    )
    assert both.row["egfr"] == (40_000, 85_000)
    undated = found(
        mma, lab("egfr", "85 mL/min/{1.73_m2}", ago(90)), lab("egfr", "40 mL/min/{1.73_m2}", None)
    )
    assert undated.row["egfr"] == (40_000, 85_000)


def test_kidney_function_more_than_365_days_from_the_mma_does_not_count():
    old = lab("mma", "900 nmol/L", ago(900))
    assert found(old, lab("egfr", "40 mL/min/{1.73_m2}", ago(700))).row["egfr"] == (40_000, 40_000)
    assert found(old, lab("egfr", "40 mL/min/{1.73_m2}", ago(100))).why["egfr"] == "out-of-window"


# --- what a person writes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "text", "interval"),
    [
        ("serum_b12", "132.9 pmol/L", (179_999, 179_999)),
        ("age_years", "<17 a", (None, 16_999)),
        ("days_since_last_dose", "30 d", (30_000, 30_000)),
        ("months_since_last_dose", "2 mo", (2_000, 2_000)),
        ("mma", ">1 umol/L", (1_000_001, None)),
    ],
)
def test_a_number_on_a_page_is_read_as_a_result_is(finding, text, interval):
    assert interpreter().number(finding, text) == interval
