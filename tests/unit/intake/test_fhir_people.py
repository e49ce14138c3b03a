"""Whom a resource is about: references in every spelling, and never two persons made one."""

import json

import pytest
from tests.unit.intake.synthetic import PATIENT, bundle, condition, medicine, observation

from corrin import intake
from corrin.errors import InputError

ADDRESS = "http://example.org/fhir/Patient/p"
URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def entries(*pairs) -> dict:
    return {
        "resourceType": "Bundle",
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in pairs],
    }


def ids(data) -> dict[str | None, int]:
    return {record.patient.id: len(record.events) for record in intake.read(data)}


@pytest.mark.parametrize(
    ("url", "reference"),
    [
        (ADDRESS, "Patient/p"),
        (ADDRESS, ADDRESS),
        (ADDRESS, ADDRESS + "/_history/2"),
        (ADDRESS, "Patient/p/_history/2"),
        (URN, URN),
        (URN, "Patient/p"),
        ("Patient/p", "Patient/p"),
        (None, "Patient/p"),
        (None, "http://elsewhere.example.org/fhir/Patient/p"),
        (None, "urn:uuid:p"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_reference_leads_to_the_patient_however_it_is_spelled_and_whatever_comes_first(
    url, reference, first
):
    pairs = [(url, PATIENT), (None, observation(subject={"reference": reference}))]
    assert ids(entries(*(pairs if first else pairs[::-1]))) == {"p": 1}


def test_the_same_id_on_two_servers_is_two_persons():
    elsewhere = "http://elsewhere.example.org/fhir/Patient/p"
    found = intake.read(
        entries(
            (ADDRESS, PATIENT),
            (elsewhere, PATIENT | {"birthDate": "1990"}),
            ("http://example.org/fhir/Observation/1", observation()),
            ("http://elsewhere.example.org/fhir/Observation/1", observation(status="amended")),
            (None, observation(subject={"reference": elsewhere}, status="preliminary")),
        )
    )
    assert [[event.status for event in record.events] for record in found] == [
        ["final"],
        ["corrected", "preliminary"],
    ]


def test_an_absolute_reference_to_another_server_is_another_person():
    stranger = observation(subject={"reference": "http://b.example.org/Patient/p"})
    found = intake.read(entries((ADDRESS, PATIENT), (None, stranger)))
    assert [(record.patient.where, len(record.events)) for record in found] == [
        ("Bundle.entry[0].resource", 0),
        ("", 1),
    ]


def test_without_a_subject_a_resource_is_about_the_one_patient_there_is():
    assert ids(bundle(PATIENT, {**condition(), "subject": None})) == {"p": 1}
    assert ids(bundle(PATIENT, {**condition(), "subject": {"display": "the patient"}})) == {"p": 1}
    assert ids(bundle(PATIENT, {**condition(), "subject": {"reference": "#inside"}})) == {"p": 1}


def test_a_bundle_without_a_patient_resource_is_about_whom_it_names():
    (record,) = intake.read(bundle(condition(), medicine()))
    assert (record.patient.id, len(record.events)) == ("p", 2)
    assert record.ignored[-1].reason == "no Patient resource: age and sex are not known"


def test_a_bundle_that_names_nobody_is_about_one_person_without_a_name():
    (record,) = intake.read(bundle({**condition(), "subject": None}))
    assert (record.patient.id, len(record.events)) == (None, 1)


def test_a_single_resource_is_read_by_itself():
    assert intake.read(PATIENT)[0].patient.where == "Patient"
    assert intake.read(observation())[0].events[0].where == "Observation.valueQuantity"


def test_a_list_of_resources_has_a_place_for_each():
    (record,) = intake.read([PATIENT, observation()])
    assert record.events[0].where == "[1].valueQuantity"


def test_a_bundle_within_a_bundle_and_on_a_line_keeps_its_place():
    inner = json.loads(bundle(observation()))
    (record,) = intake.read(bundle(PATIENT, inner))
    assert record.events[0].where == "Bundle.entry[1].resource.entry[0].resource.valueQuantity"
    (record,) = intake.read(json.dumps(PATIENT).encode() + b"\n" + bundle(observation()))
    assert record.events[0].where == "line 2: entry[0].resource.valueQuantity"


def test_a_bundle_too_deep_within_bundles_is_refused():
    deep = json.loads(bundle(observation()))
    for _ in range(20):
        deep = json.loads(bundle(deep))
    (record,) = intake.read(bundle(PATIENT, deep))
    assert record.events == ()
    assert record.ignored[0].reason == "a Bundle within a Bundle, too deep to be meant"


@pytest.mark.parametrize(
    ("changed", "died", "died_on"),
    [({}, False, None), ({"deceasedBoolean": True}, True, None), ({"deceasedDateTime": "2026"}, True, "2026"), ({"deceasedDateTime": "lately"}, True, None), ({"deceasedBoolean": False}, False, None)],
)  # fmt: skip
def test_death(changed, died, died_on):
    patient = intake.read(PATIENT | changed)[0].patient
    assert (patient.died, patient.died_on and patient.died_on.text) == (died, died_on)


@pytest.mark.parametrize(
    ("gender", "sex"), [("male", "male"), ("other", "other"), ("unknown", None), (None, None)]
)
def test_sex_is_as_said_and_otherwise_unknown(gender, sex):
    assert intake.read(PATIENT | {"gender": gender})[0].patient.sex == sex


@pytest.mark.parametrize("birth", ["1955-13-01", "14.03.1955", "19550314"])
def test_a_birth_date_that_is_none_is_listed_and_unknown(birth):
    (record,) = intake.read(PATIENT | {"birthDate": birth})
    assert record.patient.birth is None
    assert record.ignored[0].where == "Patient.birthDate"


def test_two_sexes_for_one_patient_are_none():
    (record,) = intake.read(bundle(PATIENT, PATIENT | {"gender": "male"}))
    assert record.patient.sex is None


def test_a_patient_whose_link_is_no_replacement_goes_on():
    linked = {"other": {"reference": "Patient/q"}, "type": "seealso"}
    assert intake.read(PATIENT | {"link": [linked]})[0].patient.replaced_by is None


def test_a_patient_merged_into_itself_is_not_merged_and_the_link_is_listed():
    linked = {"other": {"reference": f"Patient/{PATIENT['id']}"}, "type": "replaced-by"}
    (record,) = intake.read(PATIENT | {"link": [linked]})
    assert record.patient.replaced_by is None
    assert [one.where for one in record.ignored] == ["Patient.link"]


def test_an_input_of_medicines_alone_to_look_up_speaks_of_nobody():
    with pytest.raises(InputError):
        intake.read(bundle({"resourceType": "Medication", "id": "m"}))


def test_a_medication_nothing_points_to_is_listed():
    (record,) = intake.read(bundle(PATIENT, {"resourceType": "Medication", "id": "m"}))
    assert (record.ignored[0].where, record.ignored[0].reason) == (
        "Bundle.entry[1].resource",
        "no resource that was read points to this Medication",
    )


ANNA, BERTA = (
    {"resourceType": "Patient", "birthDate": "1950"},
    {"resourceType": "Patient", "birthDate": "1990"},
)
MEDICINE_URN = "urn:uuid:11111111-1cbf-4d64-b04d-cd9187a4c6e0"


def about(urn: str, **more) -> dict:
    return observation(subject={"reference": urn}, **more)


def lines(*bundles: dict) -> bytes:
    return "\n".join(map(json.dumps, bundles)).encode()


def told(found) -> list:
    return [(one.patient.birth.text, [str(event.quantity.value) for event in one.events]) for one in found]


def level(value: int) -> dict:
    return {"value": value, "unit": "pg/mL", "code": "pg/mL", "system": "http://unitsofmeasure.org"}


@pytest.mark.parametrize("order", [1, -1])
def test_a_urn_is_local_to_its_bundle_and_two_people_who_have_the_same_stay_two(order):
    """A urn:uuid names a resource within its Bundle; of two Bundles neither speaks of the other's patient."""
    first = entries((URN, ANNA), (None, about(URN, valueQuantity=level(90))))
    second = entries((None, about(URN, valueQuantity=level(400))), (URN, BERTA))
    found = told(intake.read(lines(*[first, second][::order])))
    assert sorted(found) == [("1950", ["90"]), ("1990", ["400"])]


def test_two_ids_under_one_urn_are_two_people_as_well():
    one, other = ({**who, "id": name} for who, name in ((ANNA, "a"), (ANNA, "b")))
    assert ids(json.loads(json.dumps([entries((URN, one)), entries((URN, other), (None, about(URN)))]))) == {
        "a": 0,
        "b": 1,
    }


def test_the_same_patient_sent_again_in_another_bundle_is_one():
    """Split into several Bundles, a record stays one: the Patient bears the same id, or says the same word for word."""
    again = lines(entries((URN, ANNA)), entries((URN, ANNA), (None, about(URN))))
    assert [len(one.events) for one in intake.read(again)] == [1]
    named = lines(entries((URN, PATIENT)), entries((URN, PATIENT | {"gender": "female"}), (None, about(URN))))
    assert [len(one.events) for one in intake.read(named)] == [1]
    elsewhere = lines(entries((URN, ANNA)), entries((None, about(URN))))
    assert [len(one.events) for one in intake.read(elsewhere)] == [1]


def test_what_names_a_urn_of_two_people_from_a_third_bundle_is_on_nobodys_chart():
    found = intake.read(lines(entries((URN, ANNA)), entries((URN, BERTA)), entries((None, about(URN)))))
    assert [len(one.events) for one in found] == [0, 0]
    reasons = [one.reason for one in found[0].ignored]
    assert any("a urn that other Bundles give to different patients" in reason for reason in reasons), reasons


def test_the_same_result_under_the_same_urn_of_two_people_is_a_result_of_both():
    result = about(URN, id="o1", valueQuantity=level(90))
    urn = "urn:uuid:22222222-1cbf-4d64-b04d-cd9187a4c6e0"
    found = intake.read(lines(entries((URN, ANNA), (urn, result)), entries((URN, BERTA), (urn, result))))
    assert sorted(told(found)) == [("1950", ["90"]), ("1990", ["90"])]
    assert not [one for record in found for one in record.ignored if "word for word" in one.reason]


def test_a_medicine_is_what_its_own_bundle_calls_by_its_urn():
    def taken(code: str) -> tuple:
        drug = {"resourceType": "Medication", "code": {"coding": [{"system": RXNORM, "code": code}]}}
        asked = {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "subject": {"reference": URN},
            "medicationReference": {"reference": MEDICINE_URN},
        }
        return (MEDICINE_URN, drug), (None, asked)

    found = intake.read(lines(entries((URN, ANNA), *taken("4511")), entries((URN, BERTA), *taken("5514"))))
    assert [[code.code for event in one.events for code in event.codes] for one in found] == [
        ["4511"],
        ["5514"],
    ]


RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
