"""Diagnoses, allergies, procedures, orders and what runs in the family: coded statements without a result.

One resource enters, its events leave. Refuted is absent; whatever was entered in error says so in its status.
"""

from corrin.intake import dates
from corrin.intake.fhir.chart import Chart
from corrin.intake.fhir.r4 import elements, terms
from corrin.intake.fhir.r4.shapes import Allergy, Condition, FamilyHistory, Order, Procedure, Resource
from corrin.records import Event, When

_LEFT_OUT = f"its date is none of the calendar and is left out. {dates.MEND}"
_FAMILY = "family history"


def write_condition(condition: Condition, prefix: str, chart: Chart) -> None:
    """Put one Condition on the chart; one that speaks of the family is not the patient's own."""
    start, _, sound = elements.span(condition.onset_date_time, condition.onset_period)
    ended, end_end, end_sound = elements.span(condition.abatement_date_time, condition.abatement_period)
    over = ended is not None or not end_sound or _abated(condition)
    if condition.onset_age or condition.onset_range or condition.onset_string:
        chart.ignore(f"{prefix}onset", "an onset that is no date; when it began stays unknown")
    if not (sound and end_sound):
        chart.ignore(prefix.rstrip(".: "), _LEFT_OUT)
    status = elements.first_code(condition.clinical_status, terms.CLINICAL) or (
        "resolved" if over else "unknown"
    )
    text = elements.label(condition.code)
    family = text.casefold().startswith(_FAMILY) or _FAMILY in bytes(condition.category).decode().casefold()
    chart.events.append(
        _verified(
            condition,
            prefix,
            kind="family" if family else "condition",
            status=status,
            start=start,
            end=end_end or ended,
            recorded=elements.moment(condition.recorded_date),
        )
    )


def write_allergy(allergy: Allergy, prefix: str, chart: Chart) -> None:
    """Put one AllergyIntolerance on the chart."""
    start, _, sound = elements.span(allergy.onset_date_time, None)
    if not sound:
        chart.ignore(f"{prefix}onsetDateTime", _LEFT_OUT)
    chart.events.append(
        _verified(
            allergy,
            prefix,
            kind="allergy",
            status=elements.first_code(allergy.clinical_status, terms.CLINICAL) or "unknown",
            start=start,
            end=None,
            recorded=elements.moment(allergy.recorded_date),
        )
    )


def write_procedure(procedure: Procedure, prefix: str, chart: Chart) -> None:
    """Put one Procedure on the chart."""
    start, end, sound = elements.span(procedure.performed_date_time, procedure.performed_period)
    if not sound:
        chart.ignore(f"{prefix}performed", _LEFT_OUT)
    chart.events.append(
        Event(
            kind="procedure",
            codes=elements.codes(procedure.code),
            where=prefix.rstrip(".: "),
            text=elements.label(procedure.code),
            start=start,
            end=end,
            status=terms.EVENT.get(procedure.status or "", "unknown"),
            identity=_identity(procedure),
        )
    )


def write_order(order: Order, prefix: str, chart: Chart) -> None:
    """Put one ServiceRequest on the chart: a test that was asked for is no test that was done."""
    if order.do_not_perform:
        chart.ignore(prefix.rstrip(".: "), "an instruction not to do it: nothing was ordered")
        return
    start, end, sound = elements.span(order.occurrence_date_time, order.occurrence_period)
    recorded = elements.moment(order.authored_on)
    if not sound or (order.authored_on and recorded is None):
        chart.ignore(prefix.rstrip(".: "), _LEFT_OUT)
    chart.events.append(
        Event(
            kind="order",
            codes=elements.codes(order.code),
            where=prefix.rstrip(".: "),
            text=elements.label(order.code),
            start=start or recorded,
            end=end,
            recorded=recorded,
            status=terms.REQUEST.get(order.status or "", "unknown"),
            intent="plan" if order.intent in terms.PLANS else "order",
            identity=_identity(order),
        )
    )


def write_family(history: FamilyHistory, prefix: str, chart: Chart) -> None:
    """Put each condition of a relative on the chart, as the family's."""
    for index, condition in enumerate(history.condition or ()):
        chart.events.append(
            Event(
                kind="family",
                codes=elements.codes(condition.code),
                where=f"{prefix}condition[{index}]",
                text=elements.label(condition.code),
                recorded=elements.moment(history.date),
                status=terms.FAMILY.get(history.status or "", "unknown"),
                intent="family",
                identity=_identity(history),
            )
        )


def _abated(condition: Condition) -> bool:
    """Ended, at a time that is given in no way that can be read."""
    written = (
        condition.abatement_period,
        condition.abatement_age,
        condition.abatement_range,
        condition.abatement_string,
        condition.abatement_boolean,
    )
    return any(written)


def _verified(  # noqa: PLR0913 - what both resources have, under one name
    resource: Condition | Allergy,
    prefix: str,
    *,
    kind: str,
    status: str,
    start: When | None,
    end: When | None,
    recorded: When | None,
) -> Event:
    verification = elements.first_code(resource.verification_status, terms.VERIFICATION) or "unknown"
    return Event(
        kind=kind,
        codes=elements.codes(resource.code),
        where=prefix.rstrip(".: "),
        text=elements.label(resource.code),
        start=start,
        end=end,
        recorded=recorded,
        status="error" if verification == "error" else status,
        verification=verification,
        polarity="absent" if verification == "refuted" else "present",
        intent="family" if kind == "family" else "actual",
        identity=_identity(resource),
    )


def _identity(resource: Resource) -> str:
    return f"{resource.resource_type}/{resource.id}" if resource.id else ""
