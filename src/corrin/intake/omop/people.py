"""Who the CDM speaks of: the rows of one person_id become one `Patient`.

A date of birth that is filled up by convention (the first of the month, the fifteenth of June) is not
believed: what the columns of year, month and day leave open stays open.
"""

from collections.abc import Iterable, Mapping

from corrin.intake import dates
from corrin.intake.fhir.chart import Chart
from corrin.intake.fhir.people import together
from corrin.intake.omop import terms
from corrin.intake.omop.tables import Person
from corrin.records import Patient, When

_YEARS = range(1000, 10000)


def patient(
    rows: Iterable[Person], deaths: Iterable[str | None], sites: Mapping[int, str], chart: Chart
) -> Patient:
    """One person; where two rows of the same id disagree, nobody knows."""
    first, *others = rows
    found = _read(first, sites, chart)
    for row in others:
        other = _read(row, sites, chart)
        chart.ignore(other.where, "a second row of the same person_id: taken together")
        found = together(found, other, chart)
    died = [dates.when((day or "").partition(" ")[0]) for day in deaths]
    if not died:
        return found
    when = died[0] if len({one and one.first for one in died}) == 1 else None
    if len(died) > 1 and when is None:
        where = f"death: person_id {first.person_id}"
        chart.ignore(where, "two dates of death; when the patient died is unknown")
    return _dead(found, when)


def _dead(found: Patient, when: When | None) -> Patient:
    return Patient(
        id=found.id,
        birth=found.birth,
        sex=found.sex,
        died=True,
        died_on=when,
        replaced_by=found.replaced_by,
        where=found.where,
        site=found.site,
    )


def _read(row: Person, sites: Mapping[int, str], chart: Chart) -> Patient:
    where = f"person: person_id {row.person_id}"
    written = _birth(row)
    birth = dates.when(written) if written else None
    if written and birth is None:
        chart.ignore(where, f"its birth is no date of the calendar. {dates.MEND}")
    sex = terms.SEX.get(row.gender_concept_id or 0)
    if sex is None and not row.gender_concept_id:
        sex = terms.SEX_WORDS.get((row.gender_source_value or "").strip().casefold())
    site = row.care_site_id
    return Patient(
        id=str(row.person_id),
        birth=birth,
        sex=sex,
        where=where,
        site=None if not site else sites.get(site, str(site)),
    )


def _birth(row: Person) -> str:
    if row.year_of_birth is None or row.year_of_birth not in _YEARS:
        return ""
    parts = [f"{row.year_of_birth:04}"]
    for part in (row.month_of_birth, row.day_of_birth):
        if not part:
            break
        parts.append(f"{part:02}")
    return "-".join(parts)
