"""What counts: one test for each line of guideline/what-counts.md, the edge of each window included."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.findings.charts import (
    AS_OF,
    EVERYTHING,
    answer,
    condition,
    found,
    interpreter,
    lab,
    medicine,
    when,
)

from corrin.findings import Interpreter
from corrin.guideline.declared import CodeEntry
from corrin.records import Event, Patient, Record

PARAESTHESIA, COELIAC, INCONTINENCE, CANNOT_WALK = "91019004", "396331005", "165232002", "282145008"
METFORMIN, OMEPRAZOLE, FOLIC_ACID, B12, HYDROXOCOBALAMIN = "6809", "7646", "4511", "11248", "5514"


def ago(days: int) -> str:
    return (AS_OF - timedelta(days=days)).isoformat()


def value(name: str, *events, **more):
    """The finding's value, or why it has none."""
    told = found(*events, **more)
    return told.row.get(name) or told.why[name]


# --- symptoms and signs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (condition(PARAESTHESIA, ago(10)), "yes"),
        (condition(PARAESTHESIA, ago(180)), "yes"),
        (condition(PARAESTHESIA, ago(181)), "out-of-window"),
        (condition(PARAESTHESIA, ago(900), ago(20)), "yes"),
        (condition(PARAESTHESIA, ago(900), ago(900)), "out-of-window"),
        (condition(PARAESTHESIA), "yes"),
        (condition(PARAESTHESIA, "2026"), "yes"),
        (condition(PARAESTHESIA, ago(10), status="resolved"), "never-asked"),
        (condition(PARAESTHESIA, ago(10), verification="refuted", polarity="absent"), "no"),
        (condition(PARAESTHESIA, ago(10), verification="unconfirmed"), "never-asked"),
        (condition(PARAESTHESIA, ago(10), verification="error", status="error"), "never-asked"),
        (condition(PARAESTHESIA, ago(10), status="unknown", verification="unknown"), "yes"),
        (condition(PARAESTHESIA, ago(10), kind="family", intent="family"), "never-asked"),
        (condition(PARAESTHESIA, ago(10), intent="plan"), "never-asked"),
        (condition(PARAESTHESIA, ago(10), kind="observation", polarity="absent", status="final"), "no"),
        (condition(PARAESTHESIA, ago(10), kind="observation", polarity="unknown"), "asked-and-not-known"),
        (condition(PARAESTHESIA, ago(10), kind="observation", status="preliminary"), "refused"),
        (condition(PARAESTHESIA, "2026-11-23"), "never-asked"),
        (condition(PARAESTHESIA, ago(10), kind="allergy"), "never-asked"),
    ],
)
def test_a_symptom_counts_when_it_is_confirmed_and_active_for_180_days(event, expected):
    assert value("paraesthesia", event) == expected


def test_of_several_the_latest_answers_and_one_day_may_contradict_itself():
    before, now = answer("paraesthesia", said=True, on=ago(40)), answer("paraesthesia", said=False, on=ago(2))
    assert value("paraesthesia", before, now) == "no"
    told = found(answer("paraesthesia", said=True, on=ago(2)), now)
    assert told.why["paraesthesia"] == "contradictory"
    assert {fact.word for fact in told.evidence["paraesthesia"]} == {"yes", "no"}
    assert [line.reason for line in told.ignored] == [
        "Numbness or tingling: said to be yes, and otherwise at the same time",
        "Numbness or tingling: said to be no, and otherwise at the same time",
    ]


def test_a_month_that_may_lie_before_or_after_contradicts_rather_than_wins():
    assert (
        value(
            "paraesthesia",
            answer("paraesthesia", said=True, on="2026-11"),
            answer("paraesthesia", said=False, on=ago(5)),
        )
        == "contradictory"
    )


def test_a_condition_coded_by_the_findings_own_id_is_still_a_condition():
    assert (
        value("paraesthesia", condition("paraesthesia", ago(10), system="corrin", status="resolved"))
        == "never-asked"
    )
    assert value("paraesthesia", condition("paraesthesia", ago(10), system="corrin")) == "yes"


# --- red flags --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (condition(INCONTINENCE, ago(3)), "yes"),
        (condition(INCONTINENCE, ago(28)), "yes"),
        (condition(INCONTINENCE, ago(29)), "out-of-window"),
        (condition(INCONTINENCE, "1998-05-04", ago(1)), "out-of-window"),
        (condition(INCONTINENCE, None, ago(3)), "yes"),
        (condition(INCONTINENCE), "out-of-window"),
        (answer("bladder_or_bowel_disturbance", said=True), "yes"),
        (answer("bladder_or_bowel_disturbance", said=False, on=ago(29)), "out-of-window"),
    ],
)
def test_a_red_flag_is_current_for_28_days_from_its_beginning_or_it_is_asked_again(event, expected):
    assert value("bladder_or_bowel_disturbance", event) == expected


def test_one_yes_makes_a_red_flag_whatever_is_said_later():
    told = found(
        condition(INCONTINENCE, ago(20)), answer("bladder_or_bowel_disturbance", said=False, on=ago(1))
    )
    assert told.row["bladder_or_bowel_disturbance"] == "yes"


def test_a_wheelchair_for_years_is_not_a_red_flag():
    assert (
        value("unable_to_walk_unsupported", condition(CANNOT_WALK, "2015-01-01", ago(3))) == "out-of-window"
    )


def test_an_answer_of_a_case_file_is_of_the_day_of_the_case():
    flag = answer("saddle_anaesthesia", said=True)
    assert value("saddle_anaesthesia", flag, said="2026-11-22") == "yes"
    assert value("saddle_anaesthesia", flag, said="2026-01-22") == "out-of-window"
    assert value("saddle_anaesthesia", flag, said="2027-01-01") == "yes"


# --- disease, surgery, family, cancer ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (condition(COELIAC, "1990"), "yes"),
        (condition(COELIAC, "1990", status="resolved"), "yes"),
        (condition(COELIAC), "yes"),
        (condition(COELIAC, ago(9), verification="refuted", polarity="absent"), "no"),
        (condition(COELIAC, ago(9), kind="family", intent="family"), "never-asked"),
        (condition(COELIAC, ago(9), kind="procedure", status="planned"), "never-asked"),
    ],
)
def test_a_disease_that_ever_was_still_counts(event, expected):
    assert value("coeliac_disease", event) == expected


def test_an_operation_that_was_not_done_is_none():
    bypass = condition("442338001", ago(2000), kind="procedure", status="completed")
    assert value("bariatric_surgery", bypass) == "yes"
    assert value("bariatric_surgery", bypass.but(status="not-done")) == "never-asked"


def test_pernicious_anaemia_of_the_mother_is_family_history_and_no_anaemia_of_the_patient():
    told = found(condition("84027009", kind="family", intent="family"))
    assert told.row["family_history"] == "yes"
    assert told.why["anaemia_or_macrocytosis"] == "never-asked"
    own = found(condition("84027009", ago(5)))
    assert own.why["family_history"] == "never-asked"
    assert own.row["anaemia_or_macrocytosis"] == "yes"
    assert own.row["irreversible_cause"] == "yes"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (condition("T1", ago(400)), "yes"),
        (condition("T1", "1998-03-01"), "out-of-window"),
        (condition("T1", "1998-03-01", "1998-03-01"), "out-of-window"),
        (condition("T1", "2010-01-01", ago(30)), "yes"),
        (condition("T1", "2010-01-01", status="resolved", end=when(ago(1826))), "yes"),
        (condition("T1", "2010-01-01", status="resolved", end=when(ago(1827))), "out-of-window"),
        (condition("T1", "2010-01-01", status="resolved"), "out-of-window"),
    ],
)
def test_cancer_counts_while_it_is_noted_or_five_years_after_it_is_resolved(event, expected):
    model = interpreter().guideline
    site = CodeEntry("cancer_history", "snomed", "T1", "", "V1", "a site")
    declared = replace(model.declared, codes=(*model.declared.codes, site))
    told = Interpreter(replace(model, declared=declared)).derive(Record(Patient(), (event,)), AS_OF)
    assert told.row.get("cancer_history", told.why.get("cancer_history")) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (condition("77386006", ago(100)), "yes"),
        (condition("77386006", ago(301)), "out-of-window"),
        (condition("77386006", ago(100), status="resolved"), "never-asked"),
    ],
)
def test_a_pregnancy_counts_for_300_days_while_it_is_active(event, expected):
    assert value("pregnant", event) == expected


def test_an_allergy_to_hydroxocobalamin_warns_and_is_no_treatment():
    told = found(medicine(HYDROXOCOBALAMIN, kind="allergy", status="active", medium=""))
    assert told.row["cobalt_allergy"] == "yes"
    assert "b12_treatment" in told.why
    assert (
        value("cobalt_allergy", medicine(HYDROXOCOBALAMIN, kind="allergy", status="resolved", medium=""))
        == "never-asked"
    )


# --- medicines as risk ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (medicine(METFORMIN, "2015-01-01"), "yes"),
        (medicine(METFORMIN, ago(700), ago(365), status="completed"), "yes"),
        (medicine(METFORMIN, ago(700), ago(366), status="completed"), "out-of-window"),
        (medicine(METFORMIN, ago(700), ago(300), status="stopped"), "yes"),
        (medicine(METFORMIN, ago(700), ago(400), status="stopped"), "out-of-window"),
        (medicine(METFORMIN, ago(700), status="stopped"), "out-of-window"),
        (medicine(METFORMIN, ago(700), ago(400), status="active"), "out-of-window"),
        (medicine(METFORMIN, status="draft"), "never-asked"),
        (medicine(METFORMIN, ago(3), intent="plan"), "never-asked"),
        (medicine(METFORMIN, ago(3), status="error"), "never-asked"),
        (medicine(METFORMIN, ago(3), status="not-done"), "never-asked"),
        (medicine(METFORMIN, "2026-12-01", medium="statement"), "never-asked"),
        (medicine(METFORMIN, medium="statement", polarity="absent"), "no"),
        (medicine(METFORMIN, kind="allergy", medium=""), "never-asked"),
        (medicine("A10BD07", ago(30), system="atc"), "yes"),
        (medicine(METFORMIN, ago(30), as_needed=True), "yes"),
    ],
)
def test_a_medicine_counts_for_365_days_after_it_was_last_taken(event, expected):
    assert value("metformin", event) == expected


def test_a_combination_product_counts_by_each_of_its_codes():
    both = medicine(METFORMIN, ago(10)).but(
        codes=(*medicine("999").codes, *medicine(METFORMIN).codes, *medicine(OMEPRAZOLE).codes),
    )
    told = found(both)
    assert (told.row["metformin"], told.row["proton_pump_inhibitor"]) == ("yes", "yes")


def test_how_long_a_medicine_was_taken_is_recorded():
    told = found(medicine(METFORMIN, ago(500)), medicine("4278", ago(90), ago(30), status="completed"))
    assert told.row["metformin_days"] == (500_000, 500_000)
    assert told.row["acid_suppression_days"] == (60_000, 60_000)
    assert "metformin_days" in found(medicine(METFORMIN, ago(500), status="completed")).why


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (medicine(FOLIC_ACID, ago(3000)), "yes"),
        (medicine(FOLIC_ACID, status="draft"), "yes"),
        (medicine(FOLIC_ACID, ago(5), status="draft"), "yes"),
        (medicine(FOLIC_ACID, ago(60), medium="statement"), "yes"),
        (medicine(FOLIC_ACID, ago(60), ago(1)), "never-asked"),
        (medicine(FOLIC_ACID, ago(60), status="completed"), "never-asked"),
        (medicine(FOLIC_ACID, ago(60), status="stopped"), "never-asked"),
        (medicine(FOLIC_ACID, medium="statement", polarity="absent"), "no"),
    ],
)
def test_folic_acid_counts_while_it_is_taken_or_ordered(event, expected):
    assert value("folic_acid", event) == expected


def test_the_dose_of_folic_acid_is_a_day_s():
    from decimal import Decimal

    from corrin.records import Quantity

    twice = medicine(FOLIC_ACID, ago(9), dose=Quantity(Decimal("2.5"), "mg"), times_a_day=Decimal(2))
    assert value("folic_acid_daily_dose", twice) == (5_000_000, 5_000_000)
    assert value("folic_acid_daily_dose", twice.but(times_a_day=None)) == "never-asked"
    assert value("folic_acid_daily_dose", twice.but(as_needed=True)) == "never-asked"


# --- orders -----------------------------------------------------------------------------------------------


def order(on: str, status: str = "active", **more) -> Event:
    return lab("serum_b12", None, on).but(
        **{"kind": "order", "status": status, "intent": "order", "recorded": when(on)} | more,
    )


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (order(ago(0)), "yes"),
        (order(ago(60)), "yes"),
        (order(ago(61)), "out-of-window"),
        (order(ago(0), "draft"), "yes"),
        (order(ago(1), "draft"), "never-asked"),
        (order(ago(0), "completed"), "never-asked"),
        (order(ago(0), "active", intent="plan"), "never-asked"),
        (order("2026-12-24", recorded=when(ago(1))), "yes"),
        (answer("serum_b12_ordered", said=False), "no"),
    ],
)
def test_an_order_of_a_test_stands_for_60_days(event, expected):
    assert value("serum_b12_ordered", event) == expected


# --- completeness -----------------------------------------------------------------------------------------


def test_absent_is_unknown_unless_the_source_lists_everything():
    assert value("metformin") == "never-asked"
    told = found(complete=("medicines", "conditions", "allergies"))
    for name in ("metformin", "proton_pump_inhibitor", "folic_acid", "coeliac_disease", "cobalt_allergy"):
        assert told.row[name] == "no"
    for name in (
        "leg_weakness",
        "saddle_anaesthesia",
        "nitrous_oxide",
        "low_b12_diet",
        "serum_b12",
        "bariatric_surgery",
        "pregnant",
    ):
        assert told.why[name] == "never-asked"
    assert found(medicine(METFORMIN, ago(3)), complete=("medicines",)).row["metformin"] == "yes"
    assert found(complete=("conditions", "procedures")).row["bariatric_surgery"] == "no"


# --- examination, reflexes, blood count -------------------------------------------------------------------


def test_a_normal_examination_answers_for_every_sign_that_nobody_gave():
    told = found(
        answer("neurological_examination", "normal"),
        answer("romberg_positive", said=True, on=ago(100)),
        answer("spasticity", said=None),
    )
    assert told.row["loss_of_proprioception"] == "no"
    assert told.row["unable_to_walk_unsupported"] == "no"
    assert told.row["romberg_positive"] == "yes"
    assert told.why["spasticity"] == "asked-and-not-known"
    assert told.why["nerve_conduction_slowed"] == "never-asked"
    assert told.why["anaemia_or_macrocytosis"] == "never-asked"
    assert told.why["saddle_anaesthesia"] == "never-asked"
    assert told.why["paraesthesia"] == "never-asked"


def test_an_examination_answers_only_as_long_as_the_sign_itself_would_count():
    told = found(answer("neurological_examination", "normal", on=ago(100)))
    assert told.row["hyperreflexia"] == "no"
    assert told.why["unable_to_walk_unsupported"] == "never-asked"
    assert (
        found(answer("neurological_examination", "normal", on=ago(181))).why["hyperreflexia"] == "never-asked"
    )


def test_an_abnormal_or_missing_examination_answers_for_nothing():
    for word in ("abnormal", "not-done", "Not done"):
        told = found(answer("neurological_examination", word))
        assert told.why["hyperreflexia"] == "never-asked"
    later = found(
        answer("neurological_examination", "normal", on=ago(9)),
        answer("neurological_examination", "abnormal", on=ago(2)),
    )
    assert later.why["hyperreflexia"] == "never-asked"


@pytest.mark.parametrize(
    ("joint", "word", "hyper", "hypo"),
    [
        ("knee_reflexes", "brisk", "yes", None),
        ("ankle_reflexes", "absent", None, "yes"),
        ("ankle_reflexes", "reduced", None, "yes"),
        ("knee_reflexes", "normal", None, None),
    ],
)
def test_jerks_give_brisk_or_reduced_reflexes(joint, word, hyper, hypo):
    told = found(answer(joint, word))
    assert told.row[joint] == word
    assert (told.row.get("hyperreflexia"), told.row.get("hyporeflexia")) == (hyper, hypo)


def test_only_the_laboratory_s_flag_makes_anaemia_or_macrocytosis_of_a_number():
    assert value("anaemia_or_macrocytosis", lab("haemoglobin", "70 g/L")) == "never-asked"
    assert value("anaemia_or_macrocytosis", lab("haemoglobin", "108 g/L", flag="L")) == "yes"
    assert value("anaemia_or_macrocytosis", lab("haemoglobin", "108 g/L", flag="N")) == "never-asked"
    assert value("anaemia_or_macrocytosis", lab("mcv", "103 fL", flag="H")) == "yes"
    assert value("anaemia_or_macrocytosis", lab("mcv", "80 fL", flag="L")) == "never-asked"
    assert value("anaemia_or_macrocytosis", lab("mcv", "103 fL", flag="H", on=ago(181))) == "out-of-window"
    assert found(lab("haemoglobin", "108 g/L", flag="L")).row["haemoglobin"] == (108_000, 108_000)


# --- person and dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("1955-11-22", (71_000, 71_000)),
        ("1955-11-23", (70_000, 70_000)),
        ("1955", (70_000, 71_000)),
        ("1955-11", (70_000, 71_000)),
        ("2026-11-22", (0, 0)),
        ("2010-11-22", (16_000, 16_000)),
    ],
)
def test_age_is_completed_years_and_a_year_alone_may_be_two(birth, expected):
    assert found(patient=Patient(birth=when(birth))).row["age_years"] == expected


def test_a_birth_date_in_the_future_is_refused_and_the_rest_still_read():
    told = found(
        answer("leg_weakness", said=True),
        patient=Patient(birth=when("2027-01-01"), sex="female", where="Patient"),
    )
    assert told.why["age_years"] == "refused"
    assert [(line.finding, line.text) for line in told.refused] == [("age_years", "2027-01-01")]
    assert (told.row["leg_weakness"], told.row["sex"]) == ("yes", "female")


def test_an_age_said_in_a_case_grows_with_the_case():
    assert found(answer("age_years", "71 a"), said="2026-11-22").row["age_years"] == (71_000, 71_000)
    assert found(answer("age_years", "71"), said="2025-11-22").row["age_years"] == (72_000, 72_000)
    assert found(answer("age_years", "71"), said="2025-03-01").row["age_years"] == (72_000, 73_000)


@pytest.mark.parametrize(
    ("onset", "days"),
    [
        ("2026-09-10", (73_000, 73_000)),
        ("2026-09", (53_000, 82_000)),
        ("2026", (0, 325_000)),
        ("2026-11-22", (0, 0)),
    ],
)
def test_an_onset_is_counted_in_days_and_a_month_gives_a_span(onset, days):
    assert found(answer("neurological_onset", onset)).row["days_since_neurological_onset"] == days


def test_of_several_onsets_the_earliest_counts():
    told = found(answer("neurological_onset", "2026-09-10"), answer("neurological_onset", "2026-10"))
    assert told.row["days_since_neurological_onset"] == (73_000, 73_000)


@pytest.mark.parametrize(("onset", "reason"), [("2027-01-01", "a date in the future"), ("soon", "no date")])
def test_an_onset_to_come_or_no_date_at_all_is_refused(onset, reason):
    told = found(answer("neurological_onset", onset))
    assert told.refused[0].reason.startswith(reason)
    assert told.why["days_since_neurological_onset"] == "never-asked"


ON_RECORD = "days_since_symptom_on_record"
FALLS = "R29.6"


@pytest.mark.parametrize(
    ("events", "days"),
    [
        # A30: the condition began on 10 September, 73 days before 22 November; the first symptom no later
        ([condition(PARAESTHESIA, "2026-09-10", "2026-11-01")], (73_000, None)),
        # no beginning: it was there when it was recorded, 30 days ago
        ([condition(PARAESTHESIA, None, "2026-10-23")], (30_000, None)),
        # some day of September: surely by its last, 53 days ago
        ([condition(PARAESTHESIA, "2026-09", "2026-11-01")], (53_000, None)),
        # recorded again within 180 days, begun long before: 900 days ago
        ([condition(PARAESTHESIA, ago(900), ago(20))], (900_000, None)),
        # of two the one that lies longer ago
        ([condition(PARAESTHESIA, ago(20)), condition(CANNOT_WALK, ago(25))], (25_000, None)),
        # somebody says by when it was there: true however long ago that was
        ([answer("symptom_on_record", "2026-03-01")], (266_000, None)),
        # no symptom of today: last recorded 181 days ago, resolved, refuted, of the family, undated
        ([condition(PARAESTHESIA, ago(181))], "out-of-window"),
        ([condition(PARAESTHESIA, ago(10), status="resolved")], "never-asked"),
        (
            [condition(PARAESTHESIA, ago(10), verification="refuted", polarity="absent")],
            "never-asked",
        ),
        ([condition(PARAESTHESIA, ago(10), kind="family", intent="family")], "never-asked"),
        ([condition(PARAESTHESIA)], "never-asked"),
        # found, or answered, 40 days ago: it was there by then; an answer without a date says so of today alone
        ([condition(PARAESTHESIA, ago(40), kind="observation", status="final")], (40_000, None)),
        ([answer("paraesthesia", said=True, on=ago(40))], (40_000, None)),
        ([answer("paraesthesia", said=True)], "never-asked"),
        # of today, or of some day of this month: perhaps it began today, and nothing is known
        ([condition(PARAESTHESIA, ago(0))], "never-asked"),
        ([condition(PARAESTHESIA, "2026-11")], "never-asked"),
        ([answer("paraesthesia", said=False, on=ago(40))], "never-asked"),
        # coeliac disease is no symptom of the nerves, nor is a fall by itself
        ([condition(COELIAC, ago(40))], "never-asked"),
        ([condition(FALLS, ago(40), system="icd10cm")], "never-asked"),
    ],
)
def test_what_is_on_record_of_the_nerves_dates_the_first_symptom_at_the_latest(events, days):
    assert value(ON_RECORD, *events) == days


def test_what_starts_the_clock_from_the_record_are_neurological_features_but_not_thinking_or_vision():
    model = interpreter().guideline
    feature = {cell for row in model.table("neurological-feature").rows for cell in row_inputs(model, row)}
    feature |= {
        cell
        for name in ("neurological-sign", "pyramidal-sign")
        for row in model.table(name).rows
        for cell in row_inputs(model, row)
    }
    raw = {name for name in feature if name in model.declared.findings}
    began = set(model.declared.findings["symptom_on_record"].began)
    assert began == raw - {"cognitive_change", "visual_change"}


def row_inputs(model, row):
    table = next(table for table in model.tables if row in table.rows)
    return [name for name, cell in zip(table.inputs, row.cells, strict=True) if cell.kind != "any"]


def test_months_are_completed_calendar_months():
    told = found(answer("last_b12_dose", "2026-08-31"), as_of=AS_OF)
    assert told.row["months_since_last_dose"] == (2_000, 2_000)
    on_time = found(answer("last_b12_dose", "2026-08-31"), as_of=AS_OF.replace(month=11, day=30))
    assert on_time.row["months_since_last_dose"] == (3_000, 3_000)


# --- what is never used -----------------------------------------------------------------------------------


def test_what_has_not_happened_yet_is_counted_and_not_used():
    told = found(
        lab("serum_b12", "150 pg/mL", "2026-11-23"),
        condition(PARAESTHESIA, "2026-12"),
        answer("leg_weakness", said=True),
    )
    assert told.future == 2
    assert (told.why["serum_b12"], told.why["paraesthesia"], told.row["leg_weakness"]) == (
        "never-asked",
        "never-asked",
        "yes",
    )
    assert {line.reason for line in told.ignored} == {"it has not happened yet on the day of the answer"}


def test_seen_from_today_a_result_of_later_than_tomorrow_has_a_wrong_date_and_is_refused():
    """A28: what was not used leaves a trace. Tomorrow has come somewhere on earth, the day after has not."""
    told = found(lab("serum_b12", "150 pg/mL", "2026-11-24"), present=True)
    assert (told.future, told.why["serum_b12"], told.row["serum_b12_refused"]) == (0, "refused", "yes")
    assert [(line.finding, line.reason) for line in told.refused] == [
        ("serum_b12", "dated after today. Send the day of the sample.")
    ]
    tomorrow = found(lab("serum_b12", "150 pg/mL", "2026-11-23"), present=True)
    assert (tomorrow.future, tomorrow.row["serum_b12_refused"], tomorrow.refused) == (1, "no", ())


def test_a_result_with_a_wrong_date_stands_beside_the_one_that_counts():
    """An earlier level is used as it is; that another was sent, nobody knows of when, is not forgotten."""
    told = found(lab("serum_b12", "150 pg/mL"), lab("serum_b12", "500 pg/mL", "2062-11-01"), present=True)
    assert told.row["serum_b12"] == (150_000, 150_000)
    assert told.row["serum_b12_refused"] == "yes"


def test_what_is_planned_for_later_than_tomorrow_has_no_wrong_date():
    told = found(condition(PARAESTHESIA, "2027-02"), present=True)
    assert (told.future, told.refused) == (1, ())


def test_an_event_that_ends_before_it_begins_is_refused_by_name():
    told = found(medicine(METFORMIN, ago(10), ago(40)))
    assert told.why["metformin"] == "refused"
    assert told.refused[0].reason == "it ends before it begins. Give the two dates in their order."


@pytest.mark.parametrize(
    ("event", "finding", "reason"),
    [
        (answer("leg_weakness", "perhaps"), "leg_weakness", "neither yes nor no. Answer yes or no."),
        (
            answer("leg_weakness", "3 pg/mL"),
            "leg_weakness",
            "a number or a date where a word is needed. Answer yes or no.",
        ),
        (
            answer("knee_reflexes", "lively"),
            "knee_reflexes",
            "none of its words. Answer absent or reduced or normal or brisk.",
        ),
        (
            answer("b12_doses_given", said=True),
            "b12_doses_given",
            "a yes or no is no number. Send the value as a number with its unit.",
        ),
        (
            lab("intrinsic_factor_antibody", "12 U/mL"),
            "intrinsic_factor_antibody",
            "a number where a word is needed. Send positive or negative.",
        ),
        (
            answer("leg_weakness", polarity="unknown", unreadable="a list"),
            "leg_weakness",
            "a list. Answer in one of the ways that the finding has.",
        ),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_name(event, finding, reason):
    told = found(event)
    assert [(line.finding, line.reason) for line in told.refused] == [(finding, reason)]
    assert told.why[finding] == "refused"


def test_what_is_concluded_is_never_asked_and_what_is_not_ours_is_listed():
    told = found(answer("mma_over_limit", "yes"), condition("38341003"))
    assert [line.reason for line in told.ignored] == [
        "concluded from other findings, never asked",
        "of nothing that this guideline asks for",
    ]


def test_an_empty_record_knows_only_that_no_result_was_refused():
    told = found()
    assert set(told.row.values()) == {"no"}
    assert all(name.endswith("_refused") for name in told.row)
    assert set(told.why.values()) == {"never-asked"}
    assert EVERYTHING
