"""The turns of single resources that no fixture shows, one at a time."""

from decimal import Decimal

import pytest
from tests.unit.intake.synthetic import PATIENT, bundle, coded, condition, medicine, observation

from corrin import intake
from corrin.records import Code, Quantity

LIST = {
    "resourceType": "List",
    "status": "current",
    "code": coded("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "medications"),
    "subject": {"reference": "Patient/p"},
    "emptyReason": coded("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown"),
}


def read(*resources):
    (record,) = intake.read(bundle(PATIENT, *resources))
    return record


def event(resource):
    (one,) = read(resource).events
    return one


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("registered", "preliminary"), ("preliminary", "preliminary"), ("final", "final"), ("amended", "corrected"),
        ("corrected", "corrected"), ("cancelled", "not-done"), ("entered-in-error", "error"), ("unknown", "unknown"),
        ("Final", "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_status_of_an_observation(sent, status):
    assert event(observation(status=sent)).status == status


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("active", "active"), ("on-hold", "stopped"), ("cancelled", "not-done"), ("completed", "completed"),
        ("entered-in-error", "error"), ("stopped", "stopped"), ("draft", "draft"), ("unknown", "unknown"), ("ended", "unknown"),
    ],
)  # fmt: skip
def test_status_of_a_medicine_that_was_asked_for(sent, status):
    assert event(medicine(status=sent)).status == status


@pytest.mark.parametrize(
    ("intent", "read_as"),
    [("order", "order"), ("original-order", "order"), ("instance-order", "order"), ("plan", "plan"), ("proposal", "plan"), ("option", "plan")],
)  # fmt: skip
def test_an_intent_that_nobody_signed_is_a_plan(intent, read_as):
    assert event(medicine(intent=intent)).intent == read_as
    assert event({**medicine("ServiceRequest", intent=intent), "code": coded("x", "y")}).intent == read_as


@pytest.mark.parametrize(
    ("clinical", "status"),
    [("active", "active"), ("recurrence", "active"), ("relapse", "active"), ("inactive", "resolved"), ("remission", "resolved"), ("resolved", "resolved")],
)  # fmt: skip
def test_clinical_status(clinical, status):
    assert event(condition(clinicalStatus=coded("any", clinical))).status == status


@pytest.mark.parametrize(
    "ended",
    [
        {"abatementDateTime": "2026-10"}, {"abatementPeriod": {"start": "2026-09", "end": "2026-10"}}, {"abatementString": "in spring"},
        {"abatementAge": {"value": 70}}, {"abatementRange": {}, "abatementBoolean": True}, {"abatementDateTime": "2026-13"},
    ],
)  # fmt: skip
def test_a_condition_without_a_status_that_ended_in_any_way_is_resolved(ended):
    assert event(condition(clinicalStatus=None, **ended)).status == "resolved"


def test_the_end_of_a_condition_is_the_end_of_its_abatement():
    one = event(condition(abatementPeriod={"start": "2026-09", "end": "2026-10"}))
    assert one.end.text == "2026-10"


def test_an_onset_that_is_an_age_is_listed():
    record = read(condition(onsetAge={"value": 70, "unit": "a"}))
    assert (record.events[0].start, record.ignored[0].where) == (None, "Bundle.entry[1].resource.onset")


@pytest.mark.parametrize(
    ("effective", "start", "end"),
    [
        ({"effectiveDateTime": "2026-11-10"}, "2026-11-10", "2026-11-10"),
        ({"effectiveDateTime": None, "effectiveInstant": "2026-11-10T09:00:00Z"}, "2026-11-10T09:00:00Z", "2026-11-10T09:00:00Z"),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-09", "end": "2026-11-10"}}, "2026-11-09", "2026-11-10"),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-09"}}, "2026-11-09", None),
        ({"effectiveDateTime": None, "issued": "2026-11-12T08:00:00Z"}, None, None),
    ],
)  # fmt: skip
def test_when_a_sample_was_taken(effective, start, end):
    one = event(observation(**effective))
    assert (one.start and one.start.text, one.end and one.end.text) == (start, end)


@pytest.mark.parametrize(
    "effective", [{"effectiveTiming": {"event": ["2026"]}}, {"effectivePeriod": {"start": "soon"}}]
)
def test_a_time_that_cannot_be_read_makes_the_result_unreadable(effective):
    assert event({**observation(), "effectiveDateTime": None, **effective}).unreadable


@pytest.mark.parametrize(
    ("value", "quantity"),
    [
        ({"value": 140, "unit": "pg/mL"}, Quantity(Decimal(140), "pg/mL")),
        ({"value": 140, "unit": "pg/mL", "code": "pg/mL"}, Quantity(Decimal(140), "pg/mL", "pg/mL")),
        ({"value": 140, "code": "1", "unit": "pg/mL", "system": "http://snomed.info/sct"}, Quantity(Decimal(140), "pg/mL")),
        ({"value": -0.5, "unit": ""}, Quantity(Decimal("-0.5"))),
        ({"value": 1e3, "unit": None}, Quantity(Decimal("1000.0"))),
    ],
)  # fmt: skip
def test_the_unit_and_the_ucum_code_are_told_apart(value, quantity):
    assert event(observation(valueQuantity=value)).quantity == quantity


def test_decimals_are_as_printed():
    raw = bundle(PATIENT, observation()).replace(b'"value": 140', b'"value": 140.250')
    assert str(intake.read(raw)[0].events[0].quantity.value) == "140.250"


@pytest.mark.parametrize(
    ("value", "word", "polarity"),
    [
        ({"valueCodeableConcept": coded("http://snomed.info/sct", "373066001")}, "yes", "present"),
        ({"valueCodeableConcept": coded("http://snomed.info/sct", "260385009")}, "negative", "absent"),
        ({"valueCodeableConcept": coded("http://loinc.org", "LA9633-4")}, "present", "present"),
        ({"valueCodeableConcept": coded("http://terminology.hl7.org/CodeSystem/v2-0136", "N")}, "no", "absent"),
        ({"valueCodeableConcept": coded("http://snomed.info/sct", "261665006")}, "unknown", "unknown"),
        ({"valueCodeableConcept": coded("http://other.example.org", "N")}, "", "present"),
        ({"valueCodeableConcept": {"text": "No"}}, "No", "absent"),
        ({"valueString": " Not known "}, "Not known", "unknown"),
        ({"valueString": "2026"}, "2026", "present"),
    ],
)  # fmt: skip
def test_coded_and_written_words(value, word, polarity):
    one = event({**observation(), "valueQuantity": None, **value})
    assert (one.word, one.polarity) == (word, polarity)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"valueString": "  "}, "an empty text"),
        ({"valueCodeableConcept": {}}, "an empty text"),
        ({"valueTime": "09:00"}, "a valueTime, which is not read as a result"),
        ({"valueRatio": {"numerator": {"value": 1}}}, "a valueRatio, which is not read as a result"),
        ({"valueDateTime": "2026-02-30"}, "no date of the calendar"),
        ({"valueInteger": 1.5, "valueReference": {}}, "two values of different types"),
    ],
)
def test_values_that_cannot_be_read(value, why):
    assert event({**observation(), "valueQuantity": None, **value}).unreadable == why


def test_an_integer_and_a_date_are_values_too():
    assert event({**observation(), "valueQuantity": None, "valueInteger": 3}).quantity == Quantity(Decimal(3))
    assert event({**observation(), "valueQuantity": None, "valueDateTime": "2026-09"}).date.text == "2026-09"


@pytest.mark.parametrize(
    ("ranges", "limit"),
    [
        ([{"high": {"value": 376, "unit": "nmol/L"}}], Quantity(Decimal(376), "nmol/L")),
        ([{"low": {"value": 79}, "high": {"value": 376}}], Quantity(Decimal(376), "pg/mL", "pg/mL")),
        ([{"high": {"value": 376}, "type": coded("any", "normal")}, {"high": {"value": 500}, "type": coded("any", "treatment")}], Quantity(Decimal(376), "pg/mL", "pg/mL")),
        ([{"high": {"value": 376}}, {"high": {"value": 400}}], None),
        ([{"text": "up to 376"}], None),
        ([{"high": {"value": "376"}}], None),
    ],
)  # fmt: skip
def test_the_laboratory_s_upper_limit_is_the_one_normal_one(ranges, limit):
    assert event(observation(referenceRange=ranges)).upper_limit == limit


@pytest.mark.parametrize(
    ("uri", "system"),
    [
        ("http://loinc.org", "loinc"), ("https://loinc.org/", "loinc"), ("urn:oid:2.16.840.1.113883.6.1", "loinc"),
        ("http://snomed.info/sct/900000000000207008/version/20240101", "snomed"), ("http://www.whocc.no/atc", "atc"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "icd10cm"), ("http://purl.obolibrary.org/obo/hp.owl", "hpo"),
        ("https://corrin.example/findings", "corrin"), ("http://local.example.org/codes", "http://local.example.org/codes"), (None, ""),
    ],
)  # fmt: skip
def test_code_systems_have_short_names(uri, system):
    assert event(observation(code=coded(uri, "x"))).codes == (Code(system, "x"),)


@pytest.mark.parametrize(
    ("timing", "times"),
    [
        ({"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}, Decimal(2)),
        ({"repeat": {"period": 2, "periodUnit": "d"}}, Decimal("0.5")),
        ({"repeat": {"frequency": 1, "period": 12, "periodUnit": "h"}}, Decimal(2)),
        ({"repeat": {"frequency": 3, "period": 1, "periodUnit": "wk"}}, Decimal(3) / 7),
        ({"repeat": {"frequency": 1, "period": 1, "periodUnit": "mo"}}, Decimal(1) / 30),
        ({"code": coded("any", "TID")}, Decimal(3)),
        ({"code": {"text": "now and then"}}, None),
        ({"repeat": {"frequency": 1, "period": 0, "periodUnit": "d"}}, None),
        ({"repeat": {"frequency": 1, "period": 1, "periodUnit": "fortnight"}}, None),
        ({"repeat": {"frequency": "one", "period": 1, "periodUnit": "d"}}, None),
    ],
)  # fmt: skip
def test_how_often_a_day(timing, times):
    found = event(medicine(dosageInstruction=[{"timing": timing}])).times_a_day
    assert found == times or abs(found - times) < Decimal("1e-20")


def test_a_statement_of_a_day_goes_on_and_one_of_a_period_ends():
    going_on = event(medicine("MedicationStatement", effectiveDateTime="2026-01-01"))
    over = event(medicine("MedicationStatement", effectivePeriod={"start": "2026-01", "end": "2026-02"}))
    assert (going_on.start.text, going_on.end, over.end.text) == ("2026-01-01", None, "2026-02")


def test_a_medicine_whose_date_is_none_is_kept_without_it():
    record = read(medicine(authoredOn="2026-02-30"))
    assert (record.events[0].start, record.ignored[0].where) == (None, "Bundle.entry[1].resource")


def test_an_instruction_not_to_give_is_no_medicine():
    record = read(medicine(doNotPerform=True))
    assert record.events == ()
    assert record.ignored[0].reason == "an instruction not to give it: nothing was given or ordered"


def test_a_list_that_says_none_is_known_declares_its_part_complete():
    assert read(LIST).complete == frozenset({"medicines"})


@pytest.mark.parametrize(
    "beside",
    [
        medicine(modifierExtension=[{"url": "x"}]),
        medicine(medicationCodeableConcept={"text": "something for sugar"}),
        medicine(medicationCodeableConcept=None, medicationReference={"reference": "Medication/not-here"}),
        medicine(medicationCodeableConcept=coded("http://local.example.org", "17")),
        {"resourceType": "MedicationOrder", "status": "active"},
        {"resourceType": "OperationOutcome"},
        "no resource",
    ],
    ids=["refused", "text alone", "not here", "local code", "DSTU2", "failed", "broken"],
)
def test_a_part_of_which_something_could_not_be_read_is_not_complete(beside):
    record = read(LIST, beside)
    assert record.complete == frozenset()
    assert "medicines: declared complete, and not all could be read" in [
        line.reason for line in record.ignored
    ]


@pytest.mark.parametrize(
    "changed",
    [{"entry": [{"item": {"reference": "x"}}]}, {"status": "retired"}, {"emptyReason": coded("x", "notasked")}, {"code": None}],
)  # fmt: skip
def test_any_other_list_declares_nothing(changed):
    record = read({**LIST, **changed})
    assert record.complete == frozenset()
    assert record.ignored[0].reason == "a List: what it names is read on its own"


def test_pages_that_were_not_sent_leave_nothing_complete():
    (record,) = intake.read(bundle(PATIENT, LIST, link=[{"relation": "next", "url": "x"}]))
    assert record.complete == frozenset()


def test_an_observation_whose_time_is_malformed_is_unreadable_not_undated():
    one = event(observation(effectiveDateTime=20261110))
    assert (one.quantity, one.unreadable) == (None, "expected `str`, got `int`")


def test_a_result_inside_a_report_is_the_patient_s_and_has_no_identity_elsewhere():
    inner = {key: value for key, value in observation(id="1").items() if key != "subject"}
    report = {
        "resourceType": "DiagnosticReport",
        "subject": {"reference": "Patient/p"},
        "contained": [inner, inner],
    }
    record = read(report)
    assert [(one.where, one.identity) for one in record.events] == [
        ("Bundle.entry[1].resource.contained[0].valueQuantity", ""),
        ("Bundle.entry[1].resource.contained[1].valueQuantity", ""),
    ]
    (record,) = intake.read(bundle(PATIENT, {**PATIENT, "id": "q"}, report))[:1]
    assert len(record.events) == 2


def test_a_malformed_question_costs_that_question_and_its_own():
    form = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "item": [
            {"linkId": 7, "answer": []},
            {"linkId": "fever", "answer": [{"valueBoolean": True}]},
            {"linkId": "x", "item": [3]},
        ],
    }
    record = read(form)
    assert [one.where for one in record.events] == ["Bundle.entry[1].resource.item[1].answer[0]"]
    assert [line.where for line in record.ignored] == [
        "Bundle.entry[1].resource.item[0]",
        "Bundle.entry[1].resource.item[2].item[0]",
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"valueDecimal": 1.5}, Quantity(Decimal("1.5"))),
        ({"valueInteger": 3}, Quantity(Decimal(3))),
        ({"valueQuantity": {"value": 98, "unit": "pmol/L"}}, Quantity(Decimal(98), "pmol/L")),
        ({"valueDecimal": "1.5"}, "a number written as text"),
        ({"valueDate": "2026-02-30"}, "no date of the calendar"),
        ({"valueTime": "09:00"}, "an answer of a type that is not read"),
        ({"valueUri": "x"}, "an answer of a type that is not read"),
    ],
)
def test_answers_of_every_type(answer, expected):
    form = {"resourceType": "QuestionnaireResponse", "item": [{"linkId": "x", "answer": [answer]}]}
    one = event(form)
    assert (one.quantity or one.unreadable) == expected


def test_questions_below_an_answer_and_below_a_group_are_read_in_order():
    below = {"linkId": "b", "answer": [{"valueBoolean": False}]}
    form = {
        "resourceType": "QuestionnaireResponse",
        "item": [
            {"linkId": "g", "item": [{"linkId": "a", "answer": [{"valueBoolean": True, "item": [below]}]}]},
            {"linkId": "c", "answer": [{"valueBoolean": True}]},
        ],
    }
    assert [one.codes[0].code for one in read(form).events] == ["a", "b", "c"]
