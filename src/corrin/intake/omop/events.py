"""One row of a table of the CDM becomes one event, in the words that FHIR's resources become as well.

A row and what its concepts say enter, an `Event` leaves. What the CDM holds by convention only is not taken
for a fact: docs/clarifications.md lists the conventions, and what is made of each.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, cast

from corrin.intake import dates
from corrin.intake.fhir.chart import Chart
from corrin.intake.fhir.r4 import terms as fhir
from corrin.intake.omop import results, sig, tables, terms
from corrin.intake.omop.codes import Codes, Heard
from corrin.records import Event, When

_MIDNIGHT = "00:00:00"
_UNREAD_DATE = f"its date is none of the calendar and is left out. {dates.MEND}"


class Told(NamedTuple):
    """A row of one person, with its table, its place, and the codes that it says."""

    table: str
    row: tables.Row
    codes: Codes
    where: str
    visit_end: str | None = None


def write(told: Told, heard: Heard, chart: Chart) -> None:
    """Put the event of one row on the chart; what cannot be placed is listed there."""
    _WRITE[told.table](told, heard, chart)


@lru_cache(maxsize=1 << 14)
def moment(day: str | None, exact: str | None = None) -> When | None:
    """The day, or the minute where a time of that same day is given; midnight is a time that nobody knew."""
    written = (day or exact or "").strip()
    begins, _, clock = (exact or written).strip().replace("T", " ").partition(" ")
    if clock and not clock.startswith(_MIDNIGHT) and begins == written[: len(begins)]:
        at = dates.when(f"{begins}T{clock}")
        if at is not None:
            return at
    return dates.when(written.replace("T", " ").partition(" ")[0]) if written else None


def _dated(told: Told, chart: Chart, day: str | None, exact: str | None = None) -> When | None:
    when = moment(day, exact)
    if day and when is None:
        chart.ignore(told.where, _UNREAD_DATE)
    return when


def _measurement(told: Told, heard: Heard, chart: Chart) -> None:
    row = cast("tables.Measurement", told.row)
    start = _dated(told, chart, row.measurement_date, row.measurement_datetime)
    unit = heard.unit(row.unit_concept_id, row.unit_source_value)
    value = results.measured(row, heard, unit)
    if results.empty(value) and _is_statement(row.measurement_concept_id, heard):
        value = results.PRESENT
    chart.events.append(
        Event(
            kind="observation",
            codes=told.codes,
            where=told.where,
            text=heard.name(row.measurement_concept_id),
            quantity=value.quantity,
            word=value.word,
            word_codes=value.word_codes,
            flag=results.flag(row.value_as_concept_id, heard) if value.quantity else "",
            upper_limit=results.limit(row.range_high, unit),
            start=start,
            end=start,
            status="final",
            polarity=value.polarity,
            absent_reason=value.absent_reason,
            unreadable=value.unreadable,
            identity=told.where,
        )
    )


def _observation(told: Told, heard: Heard, chart: Chart) -> None:
    """A statement or an answer; under a heading (history, family, allergy) its value is what it speaks of."""
    row = cast("tables.Observation", told.row)
    start = _dated(told, chart, row.observation_date, row.observation_datetime)
    kind = _heading(row.observation_concept_id, heard)
    if kind:
        codes = heard.everywhere.get(row.value_as_concept_id or 0, ()) or told.codes
        status = "resolved" if kind == "condition" else "unknown"
        intent = "family" if kind == "family" else "actual"
        chart.events.append(
            Event(kind, codes, told.where, recorded=start, status=status, intent=intent, identity=told.where)
        )
    elif not told.codes:
        chart.ignore(told.where, "a value under a heading that is not read")
    else:
        _answer(told, row, heard, chart, start)


def _heading(concept: int | None, heard: Heard) -> str:
    """The kind of what the value speaks of, where the concept is only its heading; else empty."""
    name = heard.name(concept).casefold()
    if concept in terms.FAMILY or name.startswith(terms.FAMILY_NAME):
        return "family"
    if name.startswith(terms.ALLERGY_NAME):
        return "allergy"
    return "condition" if concept in terms.HISTORY else ""


def _answer(told: Told, row: tables.Observation, heard: Heard, chart: Chart, start: When | None) -> None:
    value = results.observed(row, heard, heard.unit(row.unit_concept_id, row.unit_source_value))
    if results.empty(value) and not _is_question(row.observation_concept_id, told.codes, heard):
        value = results.PRESENT
    chart.events.append(
        Event(
            kind="observation",
            codes=told.codes,
            where=told.where,
            text=heard.name(row.observation_concept_id),
            quantity=value.quantity,
            word=value.word,
            word_codes=value.word_codes,
            date=value.date,
            start=start,
            end=start,
            status="final",
            polarity=value.polarity,
            absent_reason=value.absent_reason,
            unreadable=value.unreadable,
            identity=told.where,
        )
    )


def _is_statement(concept: int | None, heard: Heard) -> bool:
    """A concept that says something by itself, without a value."""
    known = heard.concepts.get(concept or 0)
    return known is not None and known.kind in terms.FINDING_CLASSES


def _is_question(concept: int | None, codes: Codes, heard: Heard) -> bool:
    """A concept that says nothing without an answer: LOINC's are, and SNOMED's that are no findings."""
    known = heard.concepts.get(concept or 0)
    if known is None:
        return any(code.system == "loinc" for code in codes)
    return known.vocabulary == "LOINC" or (
        known.vocabulary == "SNOMED" and known.kind not in terms.FINDING_CLASSES
    )


def _condition(told: Told, heard: Heard, chart: Chart) -> None:
    row = cast("tables.Condition", told.row)
    start = _dated(told, chart, row.condition_start_date, row.condition_start_datetime)
    end = _dated(told, chart, row.condition_end_date)
    source = (row.condition_status_source_value or "").strip().casefold()
    verification = fhir.VERIFICATION.get(source, "unknown")
    if row.condition_status_concept_id in terms.UNCONFIRMED:
        verification = "unconfirmed"
    elif row.condition_status_concept_id in terms.CONFIRMED:
        verification = "confirmed"
    over = row.condition_status_concept_id in terms.RESOLVED or bool((row.stop_reason or "").strip())
    status = fhir.CLINICAL.get(source, "unknown")
    if over or (end is not None and _ended(row, start, end, told.visit_end)):
        status = "resolved"
    name = heard.name(row.condition_concept_id)
    family = name.casefold().startswith(terms.FAMILY_NAME)
    chart.events.append(
        Event(
            kind="family" if family else "condition",
            codes=told.codes,
            where=told.where,
            text=name,
            start=start,
            end=end if status == "resolved" else None,
            status="error" if verification == "error" else status,
            verification=verification,
            polarity="absent" if verification == "refuted" else "present",
            intent="family" if family else "actual",
            identity=told.where,
        )
    )


def _ended(row: tables.Condition, start: When | None, end: When, visit_end: str | None) -> bool:
    """Whether the end of the row is the end of the disease: not of a claim, a visit, a day."""
    if row.condition_type_concept_id in terms.CLAIMS:
        return False
    if start is not None and end.first_day == start.first_day:
        return False
    visit = moment(visit_end)
    return visit is None or visit.first_day != end.first_day


def _drug(told: Told, heard: Heard, chart: Chart) -> None:
    """An exposure; its type says how it is known that it was taken."""
    row = cast("tables.Drug", told.row)
    medium = terms.MEDIUM.get(row.drug_type_concept_id or 0, "")
    start = _dated(told, chart, row.drug_exposure_start_date, row.drug_exposure_start_datetime)
    end = (
        _dated(told, chart, row.verbatim_end_date)
        or _dated(told, chart, row.drug_exposure_end_date)
        or _supplied(start, row.days_supply)
    )
    said = sig.read(row.sig)
    chart.events.append(
        Event(
            kind="medicine",
            codes=told.codes,
            where=told.where,
            text=heard.name(row.drug_concept_id),
            start=start,
            end=end,
            recorded=start if medium == terms.REQUEST else None,
            status=_drug_status(row.stop_reason, medium, end),
            intent="order" if medium == terms.REQUEST else "actual",
            medium=medium,
            dose=said.dose,
            times_a_day=said.times_a_day,
            as_needed=said.as_needed,
            route=heard.name(row.route_concept_id) or row.route_source_value or said.route,
            identity=told.where,
        )
    )


def _drug_status(stop_reason: str | None, medium: str, end: When | None) -> str:
    """Running until its end; one that was given, handed over, or has no end is not known to run on."""
    reason = (stop_reason or "").strip().casefold()
    if reason:
        return "completed" if reason in terms.COMPLETED else "stopped"
    if medium == terms.ADMINISTRATION:
        return "completed"
    return "unknown" if end is None else "active"


def _supplied(start: When | None, days: int | None) -> When | None:
    """The last day for which something was supplied, where no end is given."""
    if start is None or days is None or days <= 0:
        return None
    last = date(1970, 1, 1) + timedelta(days=start.first_day + days - 1)
    return dates.when(last.isoformat())


def _era(told: Told, heard: Heard, chart: Chart) -> None:
    row = cast("tables.Era", told.row)
    start = _dated(told, chart, row.drug_era_start_date)
    end = _dated(told, chart, row.drug_era_end_date)
    chart.events.append(
        Event(
            kind="medicine",
            codes=told.codes,
            where=told.where,
            text=heard.name(row.drug_concept_id),
            start=start,
            end=end,
            status="unknown" if end is None else "active",
            identity=told.where,
        )
    )


def _procedure(told: Told, heard: Heard, chart: Chart) -> None:
    row = cast("tables.Procedure", told.row)
    start = _dated(told, chart, row.procedure_date, row.procedure_datetime)
    end = _dated(told, chart, row.procedure_end_date)
    chart.events.append(
        Event(
            kind="procedure",
            codes=told.codes,
            where=told.where,
            text=heard.name(row.procedure_concept_id),
            start=start,
            end=end or start,
            status="completed",
            identity=told.where,
        )
    )


_WRITE: Mapping[str, Callable[[Told, Heard, Chart], None]] = {
    "measurement": _measurement,
    "observation": _observation,
    "condition_occurrence": _condition,
    "drug_exposure": _drug,
    "drug_era": _era,
    "procedure_occurrence": _procedure,
}
