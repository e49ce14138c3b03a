"""Feedback on cards: late, repeated, for many at once; kept without a patient, and handed out again."""

import json
from uuid import uuid4

import pytest
from tests.hooks.requests import card, told
from tests.hooks.test_cards import UNTESTED
from tests.service.calling import JSON, Calls

from corrin.service.config import Config, Hooks

PATH = "/cds-services/corrin-patient-view/feedback"
WHEN = "2026-11-22T09:30:00+00:00"
CARD, SUGGESTION = str(uuid4()), str(uuid4())
ACCEPTED = {
    "card": CARD,
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": SUGGESTION}],
    "outcomeTimestamp": WHEN,
}
REASON = {
    "code": "cds-not-applicable",
    "system": "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes",
}
OVERRIDDEN = {
    "card": CARD,
    "outcome": "overridden",
    "overrideReason": {"reason": REASON, "userComment": "Mrs Smith was tested last week"},
    "outcomeTimestamp": WHEN,
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "feedback.jsonl"


@pytest.fixture
def keeping(file) -> Calls:
    return Calls(Config(hooks=Hooks(feedback=file)))


def give(calls, *entries):
    return calls.post(PATH, json={"feedback": list(entries)})


def kept(calls):
    answer = calls.get(PATH)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def test_an_accepted_card_is_kept_with_its_suggestions_and_its_time(keeping):
    assert give(keeping, ACCEPTED).status_code == 200
    assert kept(keeping) == [
        {
            "service": "corrin-patient-view",
            "card": CARD,
            "outcome": "accepted",
            "suggestions": [SUGGESTION],
            "time": WHEN,
        }
    ]


def test_a_card_set_aside_is_kept_with_its_reason_and_without_the_comment(keeping, file):
    assert give(keeping, OVERRIDDEN).status_code == 200
    (line,) = kept(keeping)
    assert line["reason"] == "cds-not-applicable"
    assert "Smith" not in file.read_text()


def test_a_comment_is_kept_where_a_site_asks_for_it_and_no_more_of_it_than_that(file):
    calls = Calls(Config(hooks=Hooks(feedback=file, comment_limit=9)))
    give(calls, OVERRIDDEN)
    assert kept(calls)[0]["comment"] == "Mrs Smith"


def test_a_reason_that_we_did_not_offer_is_kept_as_another(keeping):
    reason = {"reason": {"code": "local-7", "system": "https://ehr.example"}}
    give(keeping, {**OVERRIDDEN, "overrideReason": reason})
    assert kept(keeping)[0]["reason"] == "other"


def test_the_same_feedback_twice_is_kept_once_also_after_a_restart(keeping, file):
    give(keeping, ACCEPTED, ACCEPTED)
    give(keeping, ACCEPTED)
    give(Calls(Config(hooks=Hooks(feedback=file))), ACCEPTED)
    assert len(kept(keeping)) == 1


def test_many_cards_in_one_body_are_all_kept(keeping):
    many = [{**OVERRIDDEN, "card": str(uuid4())} for _ in range(50)]
    give(keeping, *many)
    assert [line["card"] for line in kept(keeping)] == [one["card"] for one in many]


def test_feedback_belongs_to_its_service(keeping):
    keeping.post("/cds-services/corrin-order-sign/feedback", json={"feedback": [ACCEPTED]})
    assert kept(keeping) == []


def test_feedback_on_a_card_that_was_shown_is_accepted(keeping):
    shown = card(keeping, UNTESTED)
    taken = [{"id": shown["suggestions"][0]["uuid"]}]
    assert give(keeping, {**ACCEPTED, "card": shown["uuid"], "acceptedSuggestions": taken}).status_code == 200


def test_without_a_file_feedback_is_accepted_and_not_kept():
    calls = Calls()
    assert give(calls, ACCEPTED).status_code == 200
    assert kept(calls) == []


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({**ACCEPTED, "card": "Mrs Smith"}, "feedback[0].card"),
        ({**ACCEPTED, "card": None}, "feedback[0].card"),
        ({**ACCEPTED, "outcome": "ignored"}, "feedback[0].outcome"),
        ({**ACCEPTED, "acceptedSuggestions": []}, "feedback[0].acceptedSuggestions"),
        ({**ACCEPTED, "acceptedSuggestions": [3]}, "feedback[0].acceptedSuggestions[0].id"),
        ({**ACCEPTED, "acceptedSuggestions": [{"id": "Smith"}]}, "feedback[0].acceptedSuggestions[0].id"),
        ({**ACCEPTED, "outcomeTimestamp": "yesterday"}, "feedback[0].outcomeTimestamp"),
        ({**OVERRIDDEN, "overrideReason": "because"}, "feedback[0].overrideReason"),
        (
            {**OVERRIDDEN, "overrideReason": {"reason": {"code": "Mrs Smith"}}},
            "feedback[0].overrideReason.reason",
        ),
        ({**OVERRIDDEN, "overrideReason": {"userComment": 3}}, "feedback[0].overrideReason.userComment"),
        (3, "feedback[0]"),
    ],
)
def test_feedback_that_cannot_be_read_is_refused_by_place_and_nothing_of_it_is_kept(keeping, entry, place):
    places = told(give(keeping, entry, {**ACCEPTED, "card": str(uuid4())}), 400)
    assert f"{place}: " in places
    assert "Smith" not in places
    assert kept(keeping) == []


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"3", b"{}", b'{"feedback": []}', b'{"feedback": {}}', b"{", b"\xff"]
)
def test_a_body_that_is_no_feedback_is_refused(keeping, raw):
    assert told(keeping.post(PATH, content=raw, headers=JSON), 400)


def test_feedback_on_an_unknown_service_is_not_found(keeping):
    assert told(keeping.post("/cds-services/nothing/feedback", json={"feedback": [ACCEPTED]}), 404)


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x0b", "\x1e", "\x00", "\ud800", "é"], ids=ascii)
def test_no_character_of_a_comment_breaks_what_is_kept(file, odd):
    comment = f"tested{odd}last week"
    config = Config(hooks=Hooks(feedback=file, comment_limit=100))
    body = json.dumps({"feedback": [OVERRIDDEN | {"overrideReason": {"userComment": comment}}]})
    for _restarted in range(2):
        calls = Calls(config)
        assert calls.post(PATH, content=body, headers=JSON).status_code == 200
        assert [line["comment"] for line in kept(calls)] == [comment]


def test_a_comment_kept_as_it_was_typed_is_known_again(file):
    line = {
        "card": CARD,
        "comment": "é",
        "outcome": "overridden",
        "service": "corrin-patient-view",
        "time": WHEN,
    }
    file.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    calls = Calls(Config(hooks=Hooks(feedback=file, comment_limit=100)))
    assert give(calls, OVERRIDDEN | {"overrideReason": {"userComment": "é"}}).status_code == 200
    assert kept(calls) == [line]
