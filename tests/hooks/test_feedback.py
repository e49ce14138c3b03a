"""Feedback on cards: late, repeated, for many at once; kept without a patient, and handed out again."""

import io
import json
import os
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from tests.hooks.requests import card, told
from tests.hooks.test_cards import UNTESTED
from tests.service.calling import JSON, Calls

from corrin.service.app import create
from corrin.service.config import Config, Hooks
from corrin.service.logs import Log

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


TORN = [
    b'{"card":"5b2a',
    b"\x00\x00\x00\x00",
    b'{"comment":"caf\xc3',
    b"[" * 100_000,
    b'{"card":"5b2a"}',
    b'["service"]',
]


@pytest.mark.parametrize("torn", TORN, ids=range(len(TORN)))
def test_a_line_that_a_crash_tore_stands_in_the_way_of_nothing(keeping, file, torn):
    give(keeping, ACCEPTED)
    with file.open("ab") as more:
        more.write(torn)
    calls = Calls(Config(hooks=Hooks(feedback=file)))
    assert [line["card"] for line in kept(calls)] == [CARD]
    assert give(calls, ACCEPTED, OVERRIDDEN).status_code == 200
    assert [line["outcome"] for line in kept(calls)] == ["accepted", "overridden"]
    assert torn in file.read_bytes().split(b"\n"), "it stays where it was, on a line of its own"
    assert calls.get(PATH).headers["corrin-unreadable-lines"] == "1"


def test_a_last_line_that_lacks_its_end_alone_counts_and_is_known_again(keeping, file):
    give(keeping, ACCEPTED)
    file.write_bytes(file.read_bytes().removesuffix(b"\n"))
    calls = Calls(Config(hooks=Hooks(feedback=file)))
    give(calls, ACCEPTED, OVERRIDDEN)
    assert [line["outcome"] for line in kept(calls)] == ["accepted", "overridden"]
    assert "corrin-unreadable-lines" not in calls.get(PATH).headers


def test_lines_that_cannot_be_read_are_said_at_the_start_and_not_repeated(file):
    file.write_bytes(b'{"comment":"Mrs Smi\n\x00')
    written = io.StringIO()
    create(Config(hooks=Hooks(feedback=file)), lambda: date(2026, 11, 22), lambda: 0.0, Log(written))
    said = json.loads(written.getvalue())
    assert said == {"event": "feedback-unreadable", "count": 2, "place": "lines of hooks.feedback"}


class Full:
    """A disk on which a few bytes more find room, and then none."""

    def __init__(self, file, room: int) -> None:
        self.file, self.room = file, room

    def __getattr__(self, name: str):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, left) -> int:
        if not self.room:
            raise OSError(28, os.strerror(28))
        written = self.file.write(left[: self.room])
        self.room = 0
        return written


def test_a_full_disk_keeps_all_of_a_body_or_nothing_and_says_so(keeping, file, monkeypatch):
    give(keeping, ACCEPTED)
    before = file.read_bytes()
    opened = Path.open
    with monkeypatch.context() as full:
        full.setattr(
            Path,
            "open",
            lambda path, mode="r", *a, **k: (
                Full(opened(path, mode, *a, **k), 300) if mode == "ab" else opened(path, mode, *a, **k)
            ),
        )
        assert "feedback: cannot be kept just now" in told(
            give(keeping, OVERRIDDEN, {**OVERRIDDEN, "card": str(uuid4())}), 503
        )
    assert file.read_bytes() == before
    assert give(keeping, OVERRIDDEN).status_code == 200
    assert [line["outcome"] for line in kept(keeping)] == ["accepted", "overridden"]


@pytest.mark.parametrize(
    "same",
    [
        "2026-11-22T10:30:00+01:00",
        "2026-11-22T04:30:00-05:00",
        "2026-11-22T09:30:00Z",
        "2026-11-22T09:30:00.000Z",
        "2026-11-22T09:30:00",
    ],
)
def test_one_instant_is_one_feedback_in_whatever_zone_it_is_written(keeping, file, same):
    give(keeping, ACCEPTED)
    give(keeping, {**ACCEPTED, "outcomeTimestamp": same})
    give(Calls(Config(hooks=Hooks(feedback=file))), {**ACCEPTED, "outcomeTimestamp": same})
    assert [line["time"] for line in kept(keeping)] == [WHEN]


def test_another_instant_is_another_feedback(keeping):
    give(keeping, ACCEPTED, {**ACCEPTED, "outcomeTimestamp": "2026-11-22T09:30:00+01:00"})
    assert [line["time"] for line in kept(keeping)] == [WHEN, "2026-11-22T08:30:00+00:00"]


def test_a_line_kept_earlier_in_another_zone_is_known_again(keeping, file):
    give(keeping, ACCEPTED)
    file.write_text(file.read_text().replace(WHEN, "2026-11-22T10:30:00+01:00"))
    calls = Calls(Config(hooks=Hooks(feedback=file)))
    give(calls, ACCEPTED)
    assert [line["time"] for line in kept(calls)] == ["2026-11-22T10:30:00+01:00"]


def test_a_time_before_all_time_is_refused(keeping):
    early = {**ACCEPTED, "outcomeTimestamp": "0001-01-01T00:00:00+14:00"}
    assert "feedback[0].outcomeTimestamp: no time" in told(give(keeping, early), 400)
