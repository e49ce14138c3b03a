"""What real CDMs hold, row by row: each test is one trap, with what becomes of it."""

from datetime import date
from decimal import Decimal

import pytest
from tests.omop.cdm import LOW, PRODUCT, UNITS, Cdm
from tests.omop.counting import Counted

from corrin import findings, guideline
from corrin.intake import omop
from corrin.intake.omop import sitemap
from corrin.records import Code, Quantity

B12, MMA, PERNICIOUS = ("loinc", "2132-9"), ("loinc", "13964-2"), ("snomed", "84027009")
METFORMIN = ("rxnorm", "6809")


@pytest.fixture(scope="module")
def wanted():
    return findings.codes(guideline.load())


@pytest.fixture
def cdm():
    made = Cdm()
    made.person(1, "1950-01-02", 8532)
    return made


@pytest.fixture
def read(tmp_path, wanted):
    """Write the CDM as Parquet, and read it."""

    def reading(cdm, **options):
        folder = cdm.parquet(tmp_path / "cdm", without=options.pop("without", ()))
        return list(omop.read(folder, wanted, **options))

    return reading


def measured(cdm, **cells) -> None:
    cells = {
        "measurement_concept_id": cdm.ids[B12], "measurement_date": "2026-10-01",
        "unit_concept_id": UNITS["pg/mL"], **cells,
    }  # fmt: skip
    cdm.add("measurement", 1, **cells)


def one(records):
    [record] = records
    [event] = record.events
    return event


# --- results ---


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"value_as_number": 83.0}, Quantity(Decimal(83), "", "pg/mL")),
        ({"value_as_number": 132.9, "operator_concept_id": 4172703}, Quantity(Decimal("132.9"), "", "pg/mL")),
        ({"value_as_number": 83.0, "operator_concept_id": 4171756}, Quantity(Decimal(83), "", "pg/mL", "<")),
        ({"value_as_number": 2000.0, "operator_concept_id": 4172704}, Quantity(Decimal(2000), "", "pg/mL", ">")),
        ({"value_as_number": 83.0, "operator_concept_id": 4171754}, Quantity(Decimal(83), "", "pg/mL", "<=")),
        ({"value_as_number": 83.0, "operator_concept_id": 4171755}, Quantity(Decimal(83), "", "pg/mL", ">=")),
        ({"value_source_value": "<83"}, Quantity(Decimal(83), "", "pg/mL", "<")),
        ({"value_as_number": 83.0, "value_source_value": "<83"}, Quantity(Decimal(83), "", "pg/mL", "<")),
        ({"value_source_value": "83", "operator_concept_id": 4171756}, Quantity(Decimal(83), "", "pg/mL", "<")),
        ({"value_as_number": 120.0, "value_source_value": "88.5"}, Quantity(Decimal(120), "", "pg/mL")),
    ],
)  # fmt: skip
def test_a_number_keeps_its_comparator_or_has_it_again_from_its_source(cdm, read, cells, expected):
    measured(cdm, **cells)
    assert one(read(cdm)).quantity == expected


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"value_as_number": 83.0, "operator_concept_id": 99}, "the operator concept 99 is not read"),
        ({"value_as_number": 83.0, "value_source_value": "<150"}, "do not say the same"),
        ({"value_as_number": 83.0, "operator_concept_id": 4172704, "value_source_value": "<83"}, "do not say the same"),
        ({"value_as_number": float("nan")}, "a number beyond anything that is measured"),
        ({"value_as_number": float("inf")}, "a number beyond anything that is measured"),
        ({"value_source_value": "1,200"}, "a comma in a number"),
        ({"value_as_concept_id": 77}, "the concept 77 has no name here"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name_and_not_lost(cdm, read, cells, why):
    measured(cdm, **cells)
    event = one(read(cdm))
    assert why in event.unreadable
    assert event.quantity is None


def test_a_measurement_without_a_value_says_that_none_was_sent(cdm, read):
    measured(cdm)
    event = one(read(cdm))
    assert (event.polarity, event.absent_reason) == ("unknown", "no value was sent")


def test_a_unit_that_nothing_maps_goes_on_as_it_is_printed_and_is_refused_by_name(cdm, read):
    measured(cdm, value_as_number=200.0, unit_concept_id=0, unit_source_value="picograms")
    [record] = read(cdm)
    assert record.events[0].quantity == Quantity(Decimal(200), "picograms", "")
    from datetime import date

    [refused] = findings.settle(record, guideline.load(), date(2026, 11, 22)).refused
    assert "the unit `picograms` is not read here" in refused.reason
    assert refused.where == "measurement: measurement_id 1"


def test_a_number_without_any_unit_is_refused(cdm, read):
    from datetime import date

    measured(cdm, value_as_number=200.0, unit_concept_id=0)
    [refused] = findings.settle(read(cdm)[0], guideline.load(), date(2026, 11, 22)).refused
    assert "no unit" in refused.reason


def test_a_low_beside_a_number_is_the_laboratory_s_flag_and_alone_it_is_the_result(cdm, read):
    measured(cdm, value_as_number=150.0, value_as_concept_id=LOW)
    measured(cdm, value_as_concept_id=LOW)
    [record] = read(cdm)
    first, second = record.events
    assert (first.flag, first.word) == ("low", None)
    assert (second.flag, second.word) == ("", "low")


def test_an_upper_limit_of_zero_is_none(cdm, read):
    measured(cdm, value_as_number=300.0, range_high=0.0)
    measured(cdm, value_as_number=300.0, range_high=900.0)
    [record] = read(cdm)
    assert [event.upper_limit for event in record.events] == [None, Quantity(Decimal(900), "", "pg/mL")]


# --- dates ---


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (None, "2026-10-01"),
        ("2026-10-01 00:00:00", "2026-10-01"),
        ("2026-10-01 09:30:00", "2026-10-01T09:30:00"),
        ("2025-01-01 09:30:00", "2026-10-01"),
    ],
)
def test_midnight_is_a_time_that_nobody_knew_and_another_day_s_time_is_not_taken(cdm, read, exact, text):
    measured(cdm, value_as_number=300.0, measurement_datetime=exact)
    assert one(read(cdm)).start.text == text


def test_a_date_that_is_none_leaves_the_result_undated_and_is_listed(cdm, tmp_path, wanted):
    measured(cdm, value_as_number=300.0, measurement_date="2026-02-30")
    [record] = omop.read(cdm.csv(tmp_path / "cdm"), wanted)
    assert record.events[0].start is None
    assert record.ignored[0].where == "measurement: measurement_id 1"


# --- codes ---


def test_concept_zero_is_heard_by_the_concept_or_the_prefixed_text_of_its_source(cdm, read):
    measured(cdm, measurement_concept_id=0, measurement_source_concept_id=cdm.ids[B12], value_as_number=1.0)
    measured(cdm, measurement_concept_id=0, measurement_source_value="LOINC:2132-9", value_as_number=2.0)
    measured(cdm, measurement_concept_id=0, measurement_source_value="2132-9", value_as_number=3.0)
    [record] = read(cdm)
    assert [event.quantity.value for event in record.events] == [1, 2]
    assert all(event.codes == (Code(*B12),) for event in record.events)


def test_a_bare_number_of_a_source_is_nobody_s_code_unless_the_site_says_so(cdm, read, wanted, tmp_path):
    measured(cdm, measurement_concept_id=0, measurement_source_value="B12", value_as_number=2.0)
    assert read(cdm)[0].events == ()
    path = tmp_path / "site.toml"
    path.write_text('[texts]\nB12 = "loinc|2132-9"\n', "utf-8")
    assert one(read(cdm, site_map=sitemap.load(path, wanted))).codes == (Code(*B12),)


def test_a_site_map_stands_in_for_vocabulary_tables(cdm, read, wanted, tmp_path):
    measured(cdm, measurement_concept_id=2_000_000_001, value_as_number=2.0, unit_concept_id=8845)
    path = tmp_path / "site.csv"
    path.write_text("concept_id,source_value,code\n2000000001,,loinc|2132-9\n8845,,ucum|pg/mL\n", "utf-8")
    site = sitemap.load(path, wanted)
    event = one(read(cdm, site_map=site, without=("concept", "concept_ancestor", "concept_relationship")))
    assert event.codes == (Code(*B12),)
    assert event.quantity == Quantity(Decimal(2), "", "pg/mL")


def test_a_code_that_its_vocabulary_replaced_is_heard_and_another_vocabulary_s_is_not(cdm, read):
    cdm.concept(50, "successor", "LOINC", "Lab Test", "99999-9")
    cdm.concept(51, "broader", "SNOMED", "Procedure", "1")
    for successor in (50, 51):
        cdm.rows["concept_relationship"].append(
            {"concept_id_1": cdm.ids[B12], "concept_id_2": successor, "relationship_id": "Maps to"}
        )
    measured(cdm, measurement_concept_id=50, value_as_number=1.0)
    measured(cdm, measurement_concept_id=51, value_as_number=2.0)
    assert one(read(cdm)).quantity.value == 1


def test_a_product_holds_every_ingredient_but_only_as_a_medicine(cdm, read):
    cdm.product(PRODUCT, METFORMIN, ("rxnorm", "11248"))
    cdm.add(
        "drug_exposure",
        1,
        drug_concept_id=PRODUCT,
        drug_exposure_start_date="2026-01-01",
        drug_type_concept_id=32838,
    )
    cdm.add("condition_occurrence", 1, condition_concept_id=PRODUCT, condition_start_date="2026-01-01")
    assert set(one(read(cdm)).codes) == {Code(*METFORMIN), Code("rxnorm", "11248")}


# --- diagnoses ---


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"condition_end_date": "2026-03-01", "condition_type_concept_id": 32840}, "resolved"),
        ({"condition_end_date": "2026-01-01", "condition_type_concept_id": 32840}, "unknown"),
        ({"condition_end_date": "2026-03-01", "condition_type_concept_id": 32810}, "unknown"),
        ({"condition_end_date": "2026-03-01", "visit_occurrence_id": 1}, "unknown"),
        ({"condition_end_date": "2026-04-01", "visit_occurrence_id": 1}, "resolved"),
        ({"condition_status_concept_id": 32906}, "resolved"),
        ({"stop_reason": "cured"}, "resolved"),
        ({"condition_status_source_value": "active"}, "active"),
        ({}, "unknown"),
    ],
)
def test_the_end_of_a_claim_of_a_visit_or_of_a_day_is_not_the_end_of_a_disease(cdm, read, cells, status):
    cdm.add("visit_occurrence", 1, visit_end_date="2026-03-01")
    cdm.add(
        "condition_occurrence",
        1,
        condition_concept_id=cdm.ids[PERNICIOUS],
        condition_start_date="2026-01-01",
        **cells,
    )
    assert one(read(cdm)).status == status


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"condition_status_concept_id": 32899}, ("unconfirmed", "present")),
        ({"condition_status_concept_id": 32893}, ("confirmed", "present")),
        ({"condition_status_source_value": "refuted"}, ("refuted", "absent")),
        ({"condition_status_concept_id": 32902}, ("unknown", "present")),
    ],
)
def test_a_preliminary_diagnosis_is_not_confirmed_and_a_refuted_one_absent(cdm, read, cells, said):
    cdm.add(
        "condition_occurrence",
        1,
        condition_concept_id=cdm.ids[PERNICIOUS],
        condition_start_date="2026-01-01",
        **cells,
    )
    event = one(read(cdm))
    assert (event.verification, event.polarity) == said


def test_history_and_family_stand_in_observations_with_the_disease_as_their_value(cdm, read):
    cdm.concept(4210989, "Family history with explicit context", "SNOMED", "Context-dependent", "x")
    cdm.concept(61, "Allergy to drug", "SNOMED", "Clinical Finding", "y")
    cdm.concept(62, "Risk of", "SNOMED", "Clinical Finding", "z")
    disease = cdm.ids[PERNICIOUS]
    for concept in (1340204, 4210989, 62):
        cdm.add(
            "observation",
            1,
            observation_concept_id=concept,
            observation_date="2026-01-01",
            value_as_concept_id=disease,
        )
    cobalamin = cdm.ids["rxnorm", "11248"]
    cdm.add(
        "observation",
        1,
        observation_concept_id=61,
        observation_date="2026-01-01",
        value_as_concept_id=cobalamin,
    )
    [record] = read(cdm)
    said = [(event.kind, event.status, event.codes[0].code) for event in record.events]
    assert said == [
        ("condition", "resolved", "84027009"),
        ("family", "unknown", "84027009"),
        ("allergy", "unknown", "11248"),
    ]
    assert [one.reason for one in record.ignored] == ["a value under a heading that is not read"]


def test_a_statement_needs_no_value_and_a_question_does(cdm, read):
    for code in (PERNICIOUS, B12):
        cdm.add("observation", 1, observation_concept_id=cdm.ids[code], observation_date="2026-01-01")
    [record] = read(cdm)
    assert [(event.polarity, event.absent_reason) for event in record.events] == [
        ("present", ""),
        ("unknown", "no value was sent"),
    ]


# --- medicines ---


def exposure(cdm, **cells) -> None:
    cells = {
        "drug_concept_id": cdm.ids[METFORMIN], "drug_exposure_start_date": "2026-01-01",
        "drug_exposure_end_date": "2026-01-30", **cells,
    }  # fmt: skip
    cdm.add("drug_exposure", 1, **cells)


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        ({}, "2026-01-30"),
        ({"verbatim_end_date": "2026-05-05"}, "2026-05-05"),
        ({"drug_exposure_end_date": None, "days_supply": 90}, "2026-03-31"),
        ({"drug_exposure_end_date": None, "days_supply": -90}, None),
        ({"drug_exposure_end_date": None}, None),
    ],
)
def test_an_exposure_ends_when_the_source_says_before_what_the_cdm_inferred(cdm, read, cells, end):
    exposure(cdm, **cells)
    event = one(read(cdm))
    assert (event.end.text if event.end else None) == end


@pytest.mark.parametrize(
    ("kind", "medium"),
    [(32838, "request"), (32825, "dispense"), (32818, "administration"), (32865, "statement"), (32817, ""), (0, "")],
)  # fmt: skip
def test_how_it_is_known_stands_in_the_record_s_type_or_is_unknown(cdm, read, kind, medium):
    exposure(cdm, drug_type_concept_id=kind)
    assert one(read(cdm)).medium == medium


@pytest.mark.parametrize(
    ("reason", "status"), [("intolerance", "stopped"), ("Regimen completed", "completed"), (None, "active")]
)
def test_a_reason_for_a_stop_is_a_stop(cdm, read, reason, status):
    exposure(cdm, stop_reason=reason)
    assert one(read(cdm)).status == status


def test_a_dose_is_read_out_of_a_sig_that_is_wholly_understood_and_from_nowhere_else(cdm, read):
    for sig in ("1000 mcg once daily", "take 2 tablets if dizzy", None):
        exposure(cdm, sig=sig)
    [record] = read(cdm)
    assert [event.dose for event in record.events] == [Quantity(Decimal(1000), "mcg"), None, None]


def test_an_era_of_the_cdm_is_one_long_exposure(cdm, read):
    cdm.add(
        "drug_era",
        1,
        drug_concept_id=cdm.ids[METFORMIN],
        drug_era_start_date="2018-01-01",
        drug_era_end_date="2026-10-30",
    )
    event = one(read(cdm))
    assert (event.kind, event.start.text, event.end.text) == ("medicine", "2018-01-01", "2026-10-30")


# --- people ---


def test_a_birth_that_was_filled_up_is_not_believed(read):
    cdm = Cdm()
    cdm.person(1, "1950", birth_datetime="1950-06-15 00:00:00")
    cdm.person(2, "")
    assert [record.patient.birth and record.patient.birth.text for record in read(cdm)] == ["1950", None]


def test_sex_is_the_concept_s_and_else_the_source_s(read):
    cdm = Cdm()
    for number, (concept, source) in enumerate([(8507, "F"), (0, "F"), (8551, "M"), (0, "?"), (8521, None)]):
        cdm.person(number, "1950", concept, gender_source_value=source)
    assert [record.patient.sex for record in read(cdm)] == ["male", "female", None, None, "other"]


def test_two_rows_of_one_person_are_taken_together_and_what_they_disagree_on_is_unknown(cdm, read):
    cdm.person(1, "1951-01-02", 8532)
    [record] = read(cdm)
    assert (record.patient.birth, record.patient.sex) == (None, "female")
    assert [one.reason for one in record.ignored] == [
        "a second row of the same person_id: taken together",
        "two dates of birth for one patient; neither is used",
    ]


def test_the_dead_and_their_site(cdm, read):
    cdm.rows["person"][0]["care_site_id"] = 7
    cdm.rows["care_site"].append({"care_site_id": 7, "care_site_name": "North"})
    cdm.rows["death"] += [{"person_id": 1, "death_date": day} for day in ("2026-01-01", "2026-01-02")]
    [record] = read(cdm)
    assert (record.patient.died, record.patient.died_on, record.patient.site) == (True, None, "North")


def test_rows_of_nobody_are_counted_and_named(cdm, read):
    measured(cdm, value_as_number=1.0)
    for person in (-5, 0, 7, None):
        cdm.add("measurement", person, measurement_concept_id=cdm.ids[B12], measurement_date="2026-01-01")
    cdm.rows["measurement"][-1]["person_id"] = None
    tally = Counted()
    [record] = read(cdm, tally=tally)
    assert len(record.events) == 1
    assert tally.counts["of nobody"] == {"of a person_id that is not in the table person": 4}
    assert "measurement: measurement_id 2" in tally.places["of nobody"]


def test_tables_that_are_not_there_leave_what_they_hold_unknown(cdm, read):
    measured(cdm, value_as_number=1.0)
    absent = (
        "death",
        "care_site",
        "observation",
        "procedure_occurrence",
        "drug_era",
        "visit_occurrence",
        "concept_relationship",
    )
    assert len(one(read(cdm, without=absent)).codes) == 1


def test_texts_that_nothing_maps_are_counted_when_they_come_again(cdm, read):
    for text in ("VIT B12", "VIT B12", "seen once", "LOINC:2132-9", "LOINC:2132-9", None):
        measured(cdm, measurement_concept_id=0, measurement_source_value=text, value_as_number=1.0)
    tally = Counted()
    [record] = read(cdm, tally=tally)
    assert len(record.events) == 2
    assert tally.counts["unmapped"] == {"measurement: VIT B12": 2}


def test_what_a_name_betrays_is_counted_however_rare_and_under_any_concept(cdm, read):
    cdm.concept(777, "Cobalamin (Vitamin B12) in Blood", "LOINC", "Lab Test", "99999-9")
    cdm.concept(778, "Glucose", "LOINC", "Lab Test", "99998-9")
    cdm.concept(2000000009, "Our B12", "Local", "Lab Test", "L1")
    for concept, own, text in (
        (777, 0, "x"),
        (777, 0, "y"),
        (778, 0, "z"),
        (0, 2000000009, "w"),
        (0, 0, "b12 of ward 3"),
        (0, 0, "B12 of ward 4"),
        (0, 0, "glucose of ward 4"),
        (cdm.ids[B12], 777, "B12"),
    ):
        cells = {"measurement_source_concept_id": own, "measurement_source_value": text}
        measured(cdm, measurement_concept_id=concept, value_as_number=1.0, **cells)
    tally = Counted()
    [record] = read(cdm, tally=tally, watch=("b12", "cobalamin"))
    assert len(record.events) == 1
    assert tally.counts["unmapped"] == {
        "measurement: LOINC|99999-9 Cobalamin (Vitamin B12) in Blood": 2,
        "measurement: Local|L1 Our B12": 1,
        "measurement: (a text that stands once)": 2,
    }


def test_a_unit_of_a_concept_that_is_not_in_the_vocabulary_is_named_by_its_number(cdm, read):
    measured(cdm, unit_concept_id=424242, value_as_number=120.0)
    [record] = read(cdm)
    assert record.events[0].quantity == Quantity(Decimal(120), "concept:424242")
    [refused] = findings.settle(record, guideline.load(), date(2026, 11, 22)).refused
    assert "the unit `concept:424242` is not read here" in refused.reason
