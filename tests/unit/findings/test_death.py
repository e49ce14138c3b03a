"""Whoever died on a later day lives on the day of the answer: `as_of` is what was known then."""

from datetime import date

import pytest
from tests.burden.charts import result

import corrin
from corrin import api, findings, intake

GUIDELINE = api.desk().guideline


def dying(**when) -> dict:
    return {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1950-01-01", **when}},
            {"resource": result("2132-9", 90, "pg/mL", "2026-06-01")},
        ],
    }


@pytest.mark.parametrize(
    ("died", "as_of", "ended"),
    [
        ("2026-10-30", "2026-10-29", False),
        ("2026-10-30", "2026-10-30", True),
        ("2026-10-30", "2026-11-22", True),
        ("2026-10-30T04:00:00+01:00", "2026-10-29", False),
        ("2026-11", "2026-10-31", False),
        ("2026-11", "2026-11-10", True),  # perhaps not yet: of somebody who may be dead nothing is said
        ("2027", "2026-12-31", False),
    ],
)
def test_on_a_day_before_the_death_the_person_lives(died, as_of, ended):
    answer = corrin.assess(dying(deceasedDateTime=died), as_of=as_of)
    assert answer.ended == ended
    assert answer.verdicts["b12_status"] == ("unknown" if ended else "deficient")


def test_a_death_without_a_day_is_one_on_every_day():
    assert corrin.assess(dying(deceasedBoolean=True), as_of="2026-06-02").ended
    assert corrin.assess(dying(deceasedDateTime="the third"), as_of="2026-06-02").ended


def test_seen_from_today_a_death_stands_whatever_its_date():
    """A record says that somebody died: that its date is mistyped does not make them alive."""
    (record,) = intake.read(dying(deceasedDateTime="2062-10-30"))
    for present, died in ((True, True), (False, False)):
        known = findings.derive(record, GUIDELINE, date(2026, 11, 22), present=present)
        assert known.patient.died == died
