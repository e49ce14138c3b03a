"""The same made-up people, written as FHIR and as a CDM, come to the same findings, as far as a CDM can carry them."""

from datetime import date

from tests.synthesis.conftest import ENOUGH, records

from corrin import findings, guideline

AS_OF = date(2026, 11, 22)


def carried(record) -> bool:
    """A CDM has no orders, no results that are not final, no specimens, no dates less than a day, no end of an allergy,
    one day for when a condition began and when it was noted.
    """
    return not any(
        event.kind == "order"
        or (event.kind == "observation" and event.status not in {"final", "corrected", "error"})
        or "urine" in event.specimen.lower()
        or (event.kind == "allergy" and event.status == "resolved")
        or (event.medium == "request" and event.end is None)
        or (
            event.kind == "condition"
            and len({each.first_day for each in (event.start, event.recorded) if each}) > 1
        )
        or (event.start is not None and event.start.first_day != event.start.last_day)
        for event in record.events
    )


def test_the_findings_are_the_same(populations):
    model = guideline.load()
    fhir, cdm = (
        {number(name): record for name, record in records(populations[form][0], form).items()}
        for form in ("fhir", "omop")
    )
    compared = 0
    for name, record in fhir.items():
        if carried(record) and name in cdm:
            compared += 1
            rows = [findings.derive(one, model, AS_OF).row for one in (record, cdm[name])]
            assert rows[0] == rows[1], name
    assert compared > ENOUGH / 2


def number(name: str) -> int:
    return int(name.rpartition("-")[2])
