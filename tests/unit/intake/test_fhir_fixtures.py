"""Every fixture of `tests/fixtures/fhir`, with the events expected of it, as a FHIR engineer would read it."""

from decimal import Decimal

import pytest
from tests.conftest import ROOT

from corrin import intake
from corrin.intake import dates
from corrin.records import Code, Quantity

FIXTURES = ROOT / "tests" / "fixtures" / "fhir"
SERUM_B12 = Code("loinc", "2132-9")
MMA = Code("loinc", "13964-2")
METFORMIN = Code("rxnorm", "6809")
FOLIC_ACID = Code("rxnorm", "4511")


def records(name: str):
    return intake.read(next(FIXTURES.glob(f"{name}.*json")))


def record(name: str):
    (only,) = records(name)
    return only


def told(name: str, *fields: str) -> list[tuple]:
    """The fields of each event, in order."""
    return [tuple(getattr(event, field) for field in fields) for event in record(name).events]


def ignored(name: str) -> dict[str, str]:
    return {line.where.removeprefix("Bundle."): line.reason for line in record(name).ignored}


def pg_ml(value: str, comparator: str = "") -> Quantity:
    return Quantity(Decimal(value), "pg/mL", "pg/mL", comparator)


def test_entered_in_error_says_so_in_the_status():
    assert told("entered-in-error", "kind", "status") == [
        ("observation", "error"),
        ("condition", "error"),
        ("medicine", "error"),
    ]


def test_an_amended_result_shares_its_identity_with_the_first():
    assert told("amended", "quantity", "status", "identity") == [
        (pg_ml("410"), "final", "http://lab.example.org/results|R-1"),
        (pg_ml("140"), "corrected", "http://lab.example.org/results|R-1"),
    ]


def test_of_two_versions_of_one_resource_the_later_counts():
    assert told("later-version", "quantity", "status") == [(pg_ml("140"), "corrected")]
    assert ignored("later-version") == {
        "entry[2].resource": "an earlier version of a resource that was sent as well"
    }


def test_preliminary_and_registered_are_not_final():
    assert told("preliminary", "codes", "status", "quantity", "absent_reason") == [
        ((SERUM_B12,), "preliminary", pg_ml("140"), ""),
        ((MMA,), "preliminary", None, "no value was sent"),
    ]


def test_a_repeated_resource_is_listed_and_a_copied_result_stays():
    assert told("duplicate", "identity", "quantity") == [
        ("Observation/b12", pg_ml("140")),
        ("Observation/b12-copy", pg_ml("140")),
    ]
    assert ignored("duplicate") == {
        "entry[2].resource": "the same as Bundle.entry[1].resource, word for word"
    }


def test_refuted_is_absent_provisional_is_not_confirmed_and_abated_is_resolved():
    assert told("refuted-condition", "polarity", "verification", "status") == [
        ("absent", "refuted", "unknown"),
        ("present", "unconfirmed", "active"),
        ("present", "confirmed", "resolved"),
        ("present", "unknown", "resolved"),
    ]


def test_an_onset_and_an_abatement_are_the_period_of_a_condition():
    legs = record("refuted-condition").events[2]
    assert (legs.start.text, legs.end.text, legs.recorded.text) == ("2026-08-01", "2026-10-01", "2026-08-02")


def test_what_runs_in_the_family_is_not_the_patient_s():
    assert told("family-history", "kind", "intent", "text") == [
        ("family", "family", "Pernicious anaemia"),
        ("family", "family", "Type 1 diabetes"),
        ("family", "family", "Family history of coeliac disease"),
        ("family", "family", "Underactive thyroid"),
    ]
    assert record("family-history").events[1].where == "Bundle.entry[1].resource.condition[1]"


def test_no_x_is_absent_in_every_way_of_saying_it_and_a_text_alone_has_no_code():
    assert told("no-x", "polarity", "word") == [
        ("absent", None),
        ("absent", "no"),
        ("absent", "Nee"),
        ("absent", "negative"),
        ("present", "yes"),
        ("present", None),
    ]
    assert record("no-x").events[-1].codes == ()


def test_stopped_draft_withdrawn_planned_and_not_taken_medicines():
    assert told("stopped-and-draft-medicines", "text", "status", "intent", "medium", "polarity") == [
        ("metformin", "stopped", "order", "request", "present"),
        ("folic acid", "draft", "order", "request", "present"),
        ("omeprazole", "not-done", "order", "request", "present"),
        ("famotidine", "active", "plan", "request", "present"),
        ("pregabalin", "active", "actual", "statement", "absent"),
        ("topiramate", "completed", "actual", "statement", "present"),
        ("hydroxocobalamin", "not-done", "actual", "administration", "present"),
    ]
    assert ignored("stopped-and-draft-medicines") == {
        "entry[5].resource": "an instruction not to give it: nothing was given or ordered"
    }


def test_a_stopped_medicine_has_the_period_it_was_taken():
    metformin, folic_acid, *_, topiramate, _ = record("stopped-and-draft-medicines").events
    assert (metformin.start.text, metformin.end.text) == ("2024-02-01", "2025-06-30")
    assert (topiramate.start.text, topiramate.end.text) == ("2025-01", "2026-03")
    assert (folic_acid.start.text, folic_acid.end) == ("2026-11-22", None)


def test_dose_frequency_route_and_as_needed():
    omeprazole, metformin = record("as-needed").events
    assert (omeprazole.dose, omeprazole.times_a_day, omeprazole.route, omeprazole.as_needed) == (
        Quantity(Decimal(20), "mg", "mg"),
        Decimal(2),
        "by mouth",
        True,
    )
    assert (metformin.medium, metformin.times_a_day) == ("dispense", Decimal(2) / 7)
    assert ignored("as-needed") == {
        "entry[1].resource.dosageInstruction": "only the first of several dosage instructions is read"
    }


def test_a_combination_product_has_the_codes_of_every_ingredient():
    both = (FOLIC_ACID, Code("rxnorm", "11248"))
    assert told("combination-product", "codes", "text") == [
        (both, "folic acid with B12"),
        (both, "B vitamins, one tablet"),
        ((Code("rxnorm", "860975"), Code("atc", "A10BD07")), "sitagliptin with metformin"),
    ]
    assert ignored("combination-product") == {
        "entry[5].resource": "its medicine is not in the input, so nobody knows which it is"
    }


def test_a_year_only_birth_date_is_an_interval():
    birth = record("year-only-birth-date").patient.birth
    assert (birth.first, birth.last) == (dates.when("1955-01-01").first, dates.when("1955-12-31").last)


def test_a_future_date_is_kept_and_an_impossible_one_makes_the_result_unreadable():
    future, impossible, legs = record("future-date").events
    assert future.start.text == "2027-01-05"
    assert (impossible.quantity, impossible.unreadable) == (None, "its date is none of the calendar")
    assert legs.start is None
    assert list(ignored("future-date")) == ["entry[3].resource"]


def test_a_value_that_is_absent_says_why():
    assert told("data-absent-reason", "polarity", "absent_reason", "unreadable") == [
        ("unknown", "not-performed", ""),
        ("unknown", "error", ""),
        ("unknown", "asked-unknown", ""),
        ("unknown", "", "a value, and a reason why there is none"),
        ("unknown", "no value was sent", ""),
    ]


def test_contained_and_referenced_resources_are_found():
    assert told("contained-resource", "codes", "specimen", "where") == [
        ((SERUM_B12,), "Serum specimen", "Bundle.entry[1].resource.valueQuantity"),
        ((SERUM_B12,), "Urine", "Bundle.entry[2].resource.valueQuantity"),
        ((MMA,), "", "Bundle.entry[4].resource.contained[0].valueQuantity"),
    ]


def test_the_deceased_and_the_merged_away_say_so():
    dead = record("deceased").patient
    assert (dead.died, dead.died_on.text) == (True, "2026-10-30T04:00:00+01:00")
    assert record("merged-patient").patient.replaced_by == "survivor"


def test_the_time_of_the_sample_is_the_collection_and_never_the_report():
    sample, dose = record("sampled-then-treated").events
    assert sample.start.last < dose.start.first < sample.recorded.first
    assert (sample.end, dose.medium, dose.dose) == (
        sample.start,
        "administration",
        Quantity(Decimal(1), "mg", "mg"),
    )
    assert dose.route == "intramuscular"


def test_quantities_are_exact_and_what_is_none_says_why():
    assert told("quantities", "quantity", "word", "unreadable") == [
        (pg_ml("83", "<"), None, ""),
        (None, "<83 pg/mL", ""),
        (None, "undetectable", ""),
        (Quantity(Decimal(140), "pg/mL", "pmol/L"), None, ""),
        (Quantity(Decimal(140)), None, ""),
        (None, None, "a quantity without a number"),
        (None, None, "a number written as text"),
        (Quantity(Decimal(98), "pmol/l"), None, ""),
        (None, None, "a comparator that FHIR R4 does not have"),
        (Quantity(Decimal(412), "nmol/L", "nmol/L"), None, ""),
        (None, None, ""),
        (None, None, "a valueRange, which is not read as a result"),
        (None, None, "two values of different types"),
    ]


def test_the_laboratory_s_flag_and_its_upper_limit():
    mma, mcv = record("quantities").events[9:11]
    assert (mma.flag, mma.upper_limit) == ("H", Quantity(Decimal(376), "nmol/L", "nmol/L"))
    assert (mcv.flag, mcv.absent_reason) == ("High", "no value was sent")


def test_a_malformed_resource_costs_no_more_than_itself():
    assert told("malformed-resources", "where", "unreadable") == [
        ("Bundle.entry[1].resource", ""),
        ("Bundle.entry[2].resource.valueQuantity", ""),
        ("Bundle.entry[3].resource", "expected `object`, got `str`"),
        ("Bundle.entry[4].resource", "expected `str`, got `array`"),
        ("Bundle.entry[10].resource.valueQuantity", ""),
    ]
    assert ignored("malformed-resources") == {
        "entry[1].resource.category": "an object where FHIR has a list; it is not needed",
        "entry[2].resource.issued": "expected `str`, got `int`",
        "entry[3].resource.valueQuantity": "expected `object`, got `str`",
        "entry[4].resource.status": "expected `str`, got `array`",
        "entry[5].resource.clinicalStatus": "expected `object`, got `str`; R4 has a CodeableConcept, and this is another FHIR version (DSTU2 or STU3)",
        "entry[6].resource.code": "expected `object`, got `str`",
        "entry[7].resource.modifierExtension": "modifierExtension may change what it means, and is not understood here",
        "entry[8].resource": "no resource of FHIR: it has no resourceType",
        "entry[9].resource": "no resource of FHIR: it has no resourceType",
        "entry[10]": "a malformed entry: its address is not known",
        "entry[11]": "an entry without a resource",
        "entry[12]": "an entry without a resource",
    }


def test_resources_go_to_the_patient_they_are_about():
    found = records("two-patients")
    assert [(one.patient.id, [event.quantity.value for event in one.events]) for one in found] == [
        ("p", [140]),
        ("other", [640]),
        ("5e1f0000-0000-4000-8000-000000000001", [300]),
    ]
    for one in found:
        reasons = [line.reason for line in one.ignored]
        assert "Observation names no patient, and the input holds several" in reasons
        assert "Observation is about something that is no patient" in reasons
    assert "no Patient resource: age and sex are not known" in [line.reason for line in found[2].ignored]


def test_one_patient_sent_twice_is_one_and_what_differs_is_not_used():
    patient = record("one-patient-twice").patient
    assert (patient.id, patient.sex, patient.birth) == ("p", "female", None)
    assert len(record("one-patient-twice").events) == 1
    assert [line.reason for line in record("one-patient-twice").ignored] == [
        "a second Patient of the same id as Bundle.entry[0].resource: taken together",
        "two dates of birth for one patient; neither is used",
    ]


def test_an_empty_list_that_says_none_is_known_makes_its_part_complete():
    assert record("nothing-known").complete == frozenset({"medicines"})
    assert told("nothing-known", "kind", "status", "codes") == [
        ("allergy", "active", (Code("rxnorm", "5514"),))
    ]


def test_answers_to_a_form_stand_under_their_question():
    assert told("questionnaire", "codes", "polarity", "word") == [
        ((Code("corrin", "leg_weakness"),), "present", None),
        ((Code("corrin", "romberg_positive"),), "absent", "no"),
        ((Code("corrin", "knee_reflexes"),), "present", "brisk"),
        ((Code("corrin", "neurological_onset"),), "present", None),
        ((Code("corrin", "serum_b12"),), "present", None),
        ((Code("corrin", "b12_doses_given"),), "present", None),
        ((Code("corrin", "metformin"),), "unknown", "not known"),
        ((Code("https://corrin.example/forms/first", "7.1"),), "present", "somebody else's question"),
        ((Code("corrin", "saddle_anaesthesia"),), "unknown", None),
    ]
    onset, level, doses = record("questionnaire").events[3:6]
    assert onset.date == dates.when("2026-09")
    assert (level.quantity, level.start) == (Quantity(Decimal(98), "pmol/L"), None)
    assert doses.quantity == Quantity(Decimal(3))
    assert ignored("questionnaire") == {"entry[1].resource.item[6]": "a question without an answer"}


def test_components_are_events_of_their_own_and_a_panel_is_none():
    assert told("components", "codes", "polarity", "word") == [
        ((Code("corrin", "knee_reflexes"),), "present", "brisk"),
        ((Code("corrin", "ankle_reflexes"),), "absent", "absent"),
        ((Code("corrin", "extensor_plantars"),), "present", None),
        ((Code("snomed", "91019004"),), "present", None),
    ]
    assert (
        record("components").events[1].where == "Bundle.entry[3].resource.component[0].valueCodeableConcept"
    )
    assert ignored("components") == {
        "entry[1].resource": "a panel: its members are read on their own",
        "entry[3].resource.component[2]": "expected `object`, got `str`",
        "entry[3].resource.component[3]": "a component without a code says nothing that can be placed",
        "entry[5].resource": "an Observation about its focus, not about the patient",
    }


def test_the_shapes_of_other_fhir_versions_are_refused_by_name():
    assert record("other-fhir-versions").events == ()
    assert ignored("other-fhir-versions") == {
        "entry[1].resource.medication": "FHIR R4 has no medication here; this is another FHIR version",
        "entry[2].resource.taken": "FHIR R4 has no taken here; this is another FHIR version",
        "entry[3].resource.occurrenceDateTime": "FHIR R4 has no occurrenceDateTime here; this is another FHIR version",
        "entry[4].resource.code": "a CodeableReference, which FHIR R4 has not; this is another FHIR version (R5)",
        "entry[5].resource": "MedicationOrder is of another FHIR version (DSTU2); R4 has MedicationRequest (1 in this input)",
        "entry[6].resource.notDone": "FHIR R4 has no notDone here; this is another FHIR version",
    }


def test_a_searchset_says_what_it_does_not_hold():
    assert ignored("searchset") == {
        "link": "there are further pages, which were not handed over",
        "entry[2].resource": "OperationOutcome: the sender reports that something could not be given; what, is unknown (1 in this input)",
        "entry[3].resource": "Claim carries nothing this guideline reads (2 in this input)",
    }


def test_orders_and_procedures():
    assert told("orders-and-procedures", "kind", "status", "intent", "codes") == [
        ("order", "active", "order", (SERUM_B12,)),
        ("order", "draft", "order", (MMA,)),
        ("procedure", "completed", "actual", (Code("snomed", "442338001"),)),
        ("procedure", "not-done", "actual", (Code("snomed", "53442002"),)),
    ]
    assert ignored("orders-and-procedures") == {
        "entry[3].resource": "an instruction not to do it: nothing was ordered"
    }


def test_lines_of_one_patient_and_a_broken_one_among_them():
    assert [event.where for event in record("one-patient").events] == [
        "line 2: valueQuantity",
        "line 3",
        "line 5",
    ]
    assert [(line.where, line.reason) for line in record("one-patient").ignored] == [
        ("line 4", "malformed JSON at column 43: input data was truncated")
    ]


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_every_fixture_is_read_in_a_test_of_its_own(path):
    assert f'"{path.stem}"' in (ROOT / "tests/unit/intake/test_fhir_fixtures.py").read_text("utf-8")
    assert intake.read(path)
