"""The card itself: its level from the guideline's table, its shape as CDS Hooks 2.0 has it."""

import json
import re
from uuid import RFC_4122, UUID

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest
from tests.burden.charts import RXNORM, SNOMED, coded, condition, result
from tests.hooks import shown
from tests.hooks.requests import (
    B12_INJECTION,
    B12_TEST,
    FOLIC_ACID,
    LOW_B12,
    METFORMIN,
    NUMB_FEET,
    PATIENT,
    WEAK_LEGS,
    card,
    no_card,
    prefetch,
    request,
)
from tests.service.calling import Calls

from corrin.service.config import Config, Rules, Smart
from corrin.service.hooks.cards import escaped, verbatim

URGENT = request(parts=prefetch(LOW_B12, WEAK_LEGS, METFORMIN))
UNTESTED = request(parts=prefetch(WEAK_LEGS, METFORMIN))
EMERGENCY = request(
    parts=prefetch(condition(coded(SNOMED, "165232002"), "active", "2026-11-20", "2026-11-20"))
)
NUMB_ON_FOLIC_ACID = request(parts=prefetch(NUMB_FEET, {**FOLIC_ACID, "status": "active"}))
ALL = {"urgent": URGENT, "untested": UNTESTED, "emergency": EMERGENCY, "folic acid": NUMB_ON_FOLIC_ACID}


@pytest.fixture(params=ALL)
def one(request, calls):
    return card(calls, ALL[request.param])


def test_untreated_deficiency_with_weak_legs_is_critical(calls):
    assert card(calls, URGENT)["indicator"] == "critical"


def test_weak_legs_on_metformin_never_tested_is_only_information(calls):
    assert card(calls, UNTESTED)["indicator"] == "info"


def test_a_current_emergency_sign_is_critical_and_says_so_first(calls):
    one = card(calls, EMERGENCY)
    assert one["indicator"] == "critical"
    assert one["summary"].startswith("A red flag")


def test_every_red_flag_stands_on_the_card_beside_a_low_level(calls):
    incontinent = condition(coded(SNOMED, "165232002"), "active", "2026-11-20", "2026-11-20")
    one = card(calls, request(parts=prefetch(incontinent, LOW_B12, WEAK_LEGS)))
    flags, _, rest = one["detail"].partition("**Red flags**")[2].partition("**Known**")
    assert "bladder or bowel disturbance" in flags
    assert "below the limit" in rest


def test_the_number_a_verdict_rests_on_stands_beside_it_as_used_as_printed_and_when(calls):
    assert "Serum B12 132.8 pg/mL (98 pmol/L, 20 Nov 2026)" in card(calls, URGENT)["detail"]


def test_why_there_is_a_card_stands_first_in_its_text(calls):
    why = card(calls, NUMB_ON_FOLIC_ACID)["detail"].splitlines()[:3]
    assert why[0] == "**Why**"
    assert why[2].startswith("- Folic acid without B12")


def test_two_courses_from_two_sources_are_both_told_and_never_mixed():
    detail = card(Calls(Config(guideline=Rules(profile="us"))), URGENT)["detail"]
    course = detail.partition("**Course**")[2].partition("**")[0]
    assert "- cyanocobalamin 100 mcg" in course
    assert "- hydroxocobalamin 1 mg" in course
    assert "the clinician picks one; they are never mixed" in course


def test_a_card_says_which_drug_is_withheld_and_which_course_stands_alone():
    leber = condition(coded(SNOMED, "194045006"), "active", "2020-01-01", "2020-01-02")
    detail = card(
        Calls(Config(guideline=Rules(profile="us"))), request(parts=prefetch(LOW_B12, NUMB_FEET, leber))
    )["detail"]
    course = detail.partition("**Course**")[2].partition("**Next tests**")[0]
    assert "Cyanocobalamin is not planned for this patient: see the cautions" in course
    assert "hydroxocobalamin 1 mg, intramuscular" in course
    assert "the clinician picks one" not in course


def test_folic_acid_with_numb_feet_and_no_b12_is_critical(calls):
    assert card(calls, NUMB_ON_FOLIC_ACID)["indicator"] == "critical"


def test_a_stopped_treatment_of_a_lasting_cause_is_a_warning(calls):
    overdue = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "5514"),
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2025-11-01",
        "dosage": {"route": {"text": "intramuscular"}},
    }
    assert card(calls, request(parts=prefetch(LOW_B12, overdue)))["indicator"] == "warning"


def test_injections_that_ceased_months_ago_are_overdue_though_no_record_says_which_regimen(calls):
    """As a record system has them: an order that stands, and what was given; nobody records a regimen."""
    order = {**B12_INJECTION, "status": "active", "authoredOn": "2025-11-22"}
    days = ["2025-11-22", "2025-11-24", "2025-11-26", "2026-02-02"]
    given = [
        {
            "resourceType": "MedicationAdministration",
            "id": f"given-{day}",
            "status": "completed",
            "medicationCodeableConcept": coded(RXNORM, "5514"),
            "subject": {"reference": "Patient/p"},
            "effectiveDateTime": day,
        }
        for day in days
    ]
    one = card(calls, request(parts=prefetch(order, *given)))
    assert one["indicator"] == "warning"
    assert one["summary"].startswith("A dose of B12 is overdue")


def test_nothing_to_say_is_an_empty_list_of_cards(calls):
    assert no_card(calls, request())


@pytest.mark.parametrize(
    "ended",
    [
        {"deceasedBoolean": True},
        {"deceasedDateTime": "2026-11-01"},
        {"link": [{"type": "replaced-by", "other": {"reference": "Patient/q"}}]},
    ],
)
def test_nobody_who_died_or_was_merged_away_gets_a_card(calls, ended):
    parts = prefetch(LOW_B12, WEAK_LEGS, patient={**PATIENT, **ended})
    assert no_card(calls, request(parts=parts))


def test_there_is_never_more_than_one_card(calls):
    parts = prefetch(
        LOW_B12,
        NUMB_FEET,
        {**FOLIC_ACID, "status": "active"},
        condition(coded(SNOMED, "165232002"), "active", "2026-11-20", "2026-11-20"),
    )
    assert card(calls, request(parts=parts))["indicator"] == "critical"


def test_the_summary_is_one_line_of_plain_text_below_140_characters(one):
    assert 0 < len(one["summary"]) < 140
    assert not set(one["summary"]) & set("\n*_`<>[]")


def test_the_detail_is_markdown_with_headings_lists_and_the_guideline_behind_it(one):
    assert one["detail"].startswith("**Why**\n\n- ")
    assert "Guideline 2026.1" in one["detail"]
    assert "<" not in one["detail"].replace("\\<", "")


def test_the_indicator_is_one_of_three_words(one):
    assert one["indicator"] in {"info", "warning", "critical"}


def test_the_source_has_a_label_an_absolute_address_and_a_topic(one):
    source = one["source"]
    assert source["label"].startswith("Corrin")
    assert source["url"] == "http://127.0.0.1:8000/"
    assert set(source["topic"]) == {"system", "code", "display"}
    assert all(isinstance(text, str) and text for text in source["topic"].values())
    assert "icon" not in source


def test_a_source_leads_to_no_page_about_this_patient(one):
    assert "?" not in one["source"]["url"]
    assert "p" not in one["source"]["url"].removeprefix("http://").split("/")[1:]


def test_the_card_and_its_suggestions_have_uuids(one):
    ids = [one["uuid"], *(each["uuid"] for each in one.get("suggestions", ()))]
    assert len({str(UUID(each)) for each in ids}) == len(ids)
    assert {(UUID(each).version, UUID(each).variant) for each in ids} == {(8, RFC_4122)}


def test_suggestions_come_with_the_way_to_choose_among_them(one):
    assert ("suggestions" in one) == ("selectionBehavior" in one)
    assert one.get("selectionBehavior", "any") in {"any", "at-most-one"}


def test_an_untested_patient_is_offered_the_test_with_its_verified_code(calls):
    suggestions = {each["label"]: each for each in card(calls, UNTESTED)["suggestions"]}
    resource = suggestions["Order: serum B12"]["actions"][0]["resource"]
    assert resource["resourceType"] == "ServiceRequest"
    assert resource["status"] == "draft"
    assert resource["code"]["coding"] == [{"system": "http://loinc.org", "code": "2132-9"}]
    assert resource["subject"] == {"reference": "Patient/p"}
    assert "Order: full blood count" in suggestions


def test_a_borderline_level_is_answered_with_mma(calls):
    borderline = result("2132-9", 265, "pg/mL", "2026-11-20")
    suggestions = card(calls, request(parts=prefetch(borderline, NUMB_FEET)))["suggestions"]
    codes = [each["actions"][0]["resource"].get("code", {}).get("coding") for each in suggestions]
    assert [{"system": "http://loinc.org", "code": "13964-2"}] in codes


def test_treatment_is_offered_as_the_course_of_the_profile(calls):
    (course, *_) = card(calls, URGENT)["suggestions"]
    resource = course["actions"][0]["resource"]
    assert resource["resourceType"] == "MedicationRequest"
    assert resource["medicationCodeableConcept"]["text"] == "hydroxocobalamin"
    assert resource["dosageInstruction"][0]["text"].startswith(
        "1 mg hydroxocobalamin, intramuscular, every 2 days"
    )


def test_suggested_requests_are_valid_fhir_r4(one):
    kinds = {"ServiceRequest": ServiceRequest, "MedicationRequest": MedicationRequest}
    actions = [action for each in one.get("suggestions", ()) for action in each["actions"]]
    for action in actions:
        assert action["type"] == "create"
        assert action["description"]
        kinds[action["resource"]["resourceType"]].model_validate(action["resource"])
        assert "id" not in action["resource"], "a resource that is new has no id yet"


def test_every_suggestion_is_one_action_or_all_of_them_together(one):
    for each in one.get("suggestions", ()):
        assert isinstance(each["label"], str)
        assert isinstance(each["actions"], list)
        assert each.get("isRecommended", True) in {True, False}


def test_the_reasons_to_set_a_card_aside_are_codes_of_hl7_with_their_displays(one):
    for reason in one["overrideReasons"]:
        assert reason["system"] == "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
        assert isinstance(reason["code"], str)
        assert isinstance(reason["display"], str)
        assert reason["display"]


def test_a_smart_launch_is_linked_where_one_is_configured(calls):
    config = Config(smart=(Smart("https://ehr.example/fhir", "corrin"),))
    (link,) = card(Calls(config), URGENT)["links"]
    assert link == {"label": link["label"], "url": "http://127.0.0.1:8000/smart/launch", "type": "smart"}
    assert link["label"]
    assert "links" not in card(calls, URGENT)


def empties(value, at="card"):
    if value in (None, "", [], {}):
        yield at
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from empties(each, f"{at}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from empties(each, f"{at}[{index}]")


def test_nothing_in_a_card_is_null_or_empty(one):
    assert not list(empties(one))


def test_the_same_content_within_a_hook_instance_is_the_same_card(calls):
    again = {**URGENT, "prefetch": dict(reversed(URGENT["prefetch"].items()))}
    other = {**URGENT, "hookInstance": "another"}
    assert card(calls, again) == card(calls, URGENT)
    assert card(calls, other)["uuid"] != card(calls, URGENT)["uuid"]


def test_what_was_sent_and_could_not_be_used_stands_on_the_card(calls):
    no_unit = result("2132-9", 98, "furlongs", "2026-11-20")
    detail = card(calls, request(parts=prefetch(no_unit, WEAK_LEGS, METFORMIN)))["detail"]
    assert "**Sent, and not used**" in detail
    assert "furlongs" in detail


def test_a_result_that_could_not_be_used_is_a_card_although_nothing_else_is_known(calls):
    # A28, KI6: silence would look like a result that was read.
    one = card(calls, request(parts=prefetch(result("2132-9", 98, "furlongs", "2026-11-20"))))
    assert one["indicator"] == "info"
    assert one["summary"].startswith("A result of B12 or MMA was sent that could not be used")
    assert "furlongs" in one["detail"]


def test_no_such_card_once_the_test_is_ordered_again(calls):
    no_unit = result("2132-9", 98, "furlongs", "2026-11-20")
    ordered = {**B12_TEST, "status": "active", "authoredOn": "2026-11-21"}
    assert no_card(calls, request(parts=prefetch(no_unit, ordered)))


def test_a_low_level_of_a_child_is_not_passed_over(calls):
    # A01: under 16 refer; nothing is said of treatment. 98 pmol/L lies below the limit for adults (S21).
    child = {**PATIENT, "birthDate": "2016-02-03"}
    one = card(calls, request(parts=prefetch(LOW_B12, WEAK_LEGS) | {"patient": child}))
    assert one["indicator"] == "warning"
    assert one["summary"].startswith("A low B12 level under 16: refer")
    assert "say so in the referral" in one["detail"]
    assert "suggestions" not in one


def test_a_child_without_a_low_level_is_no_card(calls):
    child = {**PATIENT, "birthDate": "2016-02-03"}
    normal = result("14685-2", 400, "pmol/L", "2026-11-20")
    assert no_card(calls, request(parts=prefetch(normal, WEAK_LEGS) | {"patient": child}))


def test_words_from_a_record_cannot_become_markup(calls):
    evil = result("2132-9", 98, "[x](http://evil.example) `<img src=x>`", "2026-11-20")
    detail = card(calls, request(parts=prefetch(evil, WEAK_LEGS, METFORMIN)))["detail"]
    (line,) = [each for each in detail.splitlines() if "evil.example" in each]
    unquoted = re.sub(r"^- Serum B12 `[^`]*`", "", line)
    assert unquoted != line, "between backticks nothing is a mark, a tag or a link"
    assert not set(re.sub(r"\\.", "", unquoted)) & set("<>[]`*_")
    assert "://" not in unquoted


def test_markdown_marks_are_escaped():
    assert escaped("a *b* <c> [d](e)\n# f") == r"a \*b\* \<c\> \[d\](e) \# f"
    assert "://" not in escaped("see http://evil.example")
    assert verbatim("a `b`\n\nc") == "`a 'b' c`"
    assert verbatim(" ") == "`-`"


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_the_same_patient_gets_the_same_card_while_orders_are_written(calls, hook):
    paracetamol = {
        **FOLIC_ACID,
        "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "161"),
    }
    body = request(hook, prefetch(LOW_B12, WEAK_LEGS, METFORMIN), [paracetamol])
    assert card(calls, body)["summary"] == card(calls, URGENT)["summary"]


@pytest.mark.parametrize("name", shown.PATIENTS)
def test_the_cards_in_the_documents_are_those_the_service_gives(name):
    kept = (shown.FOLDER / f"{name}.card.json").read_text("utf-8")
    assert shown.cards(name) == kept, "look at it, then: python -m tests.hooks.shown"


def test_the_cards_in_the_documents_are_of_the_level_their_patients_deserve():
    kept = {
        name: json.loads((shown.FOLDER / f"{name}.card.json").read_text("utf-8")) for name in shown.PATIENTS
    }
    levels = {name: [one["indicator"] for one in card["cards"]] for name, card in kept.items()}
    assert levels == {
        "empty": [],
        "stop": ["critical"],
        "untested": ["info"],
        "refused": ["info"],
        "red-flag": ["critical"],
    }


@pytest.mark.parametrize("name", shown.PATIENTS)
@pytest.mark.parametrize("kind", ["desktop", "phone", "print", "pdf"])
def test_there_is_a_picture_of_each_patient_in_each_shape(name, kind):
    assert (shown.FOLDER / f"{name}-{kind}.png").read_bytes()[:4] == b"\x89PNG"


def test_a_result_of_a_day_to_come_is_listed_as_sent_and_not_used(calls):
    """A typed year: the level may be of any day, so nothing is said of it but that it was sent."""
    typed = LOW_B12 | {"effectiveDateTime": "2062-11-20"}
    shown = card(calls, request(parts=prefetch(typed, WEAK_LEGS)))["detail"]
    assert "**Sent, and not used**" in shown
    assert "Serum B12 `98 pmol/L`: dated after today. Send the day of the sample." in shown


def test_a_card_that_recommends_a_first_dose_names_the_drug(calls):
    tired = request(parts=prefetch(LOW_B12))
    detail = card(calls, tired)["detail"]
    assert "Give the first dose now" in detail
    assert "hydroxocobalamin 1 mg, intramuscular: the first dose, the same in every regimen" in detail, "S29"


def test_the_withdrawal_of_a_draft_says_what_not_to_order_and_why_not_yet(calls):
    [first, *_] = card(calls, request("order-sign", prefetch(NUMB_FEET), [FOLIC_ACID]))["suggestions"]
    assert first["label"] == "Do not order folic acid before B12", "S33"
    assert first["actions"] == [
        {"type": "delete", "description": first["label"], "resourceId": "MedicationRequest/draft-1"}
    ]
