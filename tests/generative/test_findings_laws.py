"""Laws that hold for every record: order, repetition and the future say nothing; what is written can be read back."""

import json
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from tests.generative.events import Maker, on

from corrin import guideline
from corrin.findings import WHY, Findings, Interpreter

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def interpreter():
    return Interpreter(guideline.read())


@pytest.fixture(scope="module")
def records(interpreter):
    maker = Maker(interpreter.guideline, AS_OF, Random(7))
    return [maker.record() for _ in range(600)]


def known(interpreter, record):
    findings = interpreter.derive(record, AS_OF)
    return findings.row, findings.why


def test_the_order_of_events_says_nothing(interpreter, records):
    for record in records:
        turned = replace(record, events=record.events[::-1])
        assert known(interpreter, turned) == known(interpreter, record)


def test_an_event_that_is_sent_twice_is_one(interpreter, records):
    for record in records:
        twice = replace(record, events=record.events * 2)
        assert known(interpreter, twice) == known(interpreter, record)


def test_what_has_not_happened_yet_changes_nothing_and_is_counted(interpreter, records):
    tomorrow = on(AS_OF + timedelta(days=1))
    for record in records:
        later = [
            event.but(start=tomorrow, end=None, recorded=tomorrow)
            for event in record.events
            if event.date is None
            and event.status not in {"error", "planned", "not-done"}
            and event.intent != "plan"
            and event.verification != "unconfirmed"
        ]
        told = interpreter.derive(replace(record, events=(*record.events, *later)), AS_OF)
        assert (told.row, told.why) == known(interpreter, record)
        assert told.future == interpreter.derive(record, AS_OF).future + len(later)


def test_every_finding_is_known_or_has_one_reason_why_not(interpreter, records):
    columns = {name for name, each in interpreter.guideline.declared.findings.items() if each.kind != "date"}
    for record in records:
        row, why = known(interpreter, record)
        assert row.keys() | why.keys() == columns
        assert not row.keys() & why.keys()
        assert set(why.values()) <= set(WHY)
        assert (None, None) not in row.values()


def test_every_event_is_used_refused_or_listed_with_a_reason(interpreter, records):
    for record in records:
        settled = interpreter.settler.settle(record, AS_OF)
        placed = {each.where for each in (*settled.facts, *settled.refused, *settled.ignored)}
        assert {event.where for event in record.events} <= placed
        assert all(each.reason for each in (*settled.refused, *settled.ignored))


def test_findings_written_as_json_are_read_back_as_they_were(interpreter, records):
    for record in records[:100]:
        findings = interpreter.derive(record, AS_OF)
        assert Findings.from_dict(json.loads(json.dumps(findings.to_dict()))) == findings
