"""Medicines: ordered, said to be taken, given, handed over; a combination product has all its ingredients.

One medicine resource enters, one event leaves, or a line that says why not.
"""

from dataclasses import dataclass
from decimal import Decimal

from corrin.intake import dates
from corrin.intake.fhir.chart import Chart, Library
from corrin.intake.fhir.r4 import elements, terms
from corrin.intake.fhir.r4.drugs import (
    Dosage,
    GivenDose,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
    Medicine,
    Timing,
)
from corrin.records import Code, Event, Quantity, When

_NOT_TAKEN = "not-taken"
_PROHIBITION = "an instruction not to give it: nothing was given or ordered"


@dataclass(slots=True)
class _Part:
    """What the four resources say in elements of different names."""

    medium: str = ""
    status: str = "unknown"
    start: When | None = None
    end: When | None = None
    recorded: When | None = None
    sound: bool = True
    intent: str = "actual"
    dosage: tuple[Dosage, ...] | None = None
    given: GivenDose | None = None


def write(medicine: Medicine, prefix: str, chart: Chart, library: Library) -> None:
    """Put one medicine on the chart."""
    at = prefix.rstrip(".: ")
    if isinstance(medicine, MedicationRequest) and medicine.do_not_perform:
        chart.ignore(at, _PROHIBITION)
        return
    part = _part(medicine)
    product = _product(medicine, library)
    if product is None:
        chart.refuse(
            medicine.resource_type, at, "its medicine is not in the input, so nobody knows which it is"
        )
        return
    if not part.sound:
        chart.refuse(
            medicine.resource_type, at, f"its date is none of the calendar and is left out. {dates.MEND}"
        )
    if len(part.dosage or ()) > 1:
        chart.ignore(f"{prefix}dosageInstruction", "only the first of several dosage instructions is read")
    if bytes(medicine.category)[:1] == b"{":
        chart.ignore(f"{prefix}category", "an object where FHIR has a list; it is not needed")
    chart.events.append(_event(medicine, at, part, *product))


def _event(medicine: Medicine, at: str, part: _Part, codes: tuple[Code, ...], text: str) -> Event:
    dosage = part.dosage[0] if part.dosage else Dosage()
    absent = isinstance(medicine, MedicationStatement) and medicine.status == _NOT_TAKEN
    return Event(
        kind="medicine",
        codes=codes,
        where=at,
        text=text,
        start=part.start,
        end=part.end,
        recorded=part.recorded,
        status=part.status,
        polarity="absent" if absent else "present",
        intent=part.intent,
        medium=part.medium,
        dose=_dose(dosage, part.given),
        times_a_day=_times_a_day(dosage.timing) if dosage.timing else None,
        as_needed=bool(dosage.as_needed_boolean) or dosage.as_needed_codeable_concept is not None,
        route=elements.label(dosage.route or (part.given.route if part.given else None)),
        identity=f"{medicine.resource_type}/{medicine.id}" if medicine.id else "",
    )


def _product(medicine: Medicine, library: Library) -> tuple[tuple[Code, ...], str] | None:
    """Codes and text of the medicine: its own, or those of what it points to; None where it points away."""
    concept = medicine.medication_codeable_concept
    if concept is not None and (concept.coding or concept.text):
        return elements.codes(concept), elements.label(concept)
    found = library.product(medicine.medication_reference, medicine)
    if found is None and medicine.medication_reference and medicine.medication_reference.display:
        return (), medicine.medication_reference.display
    return found


def _part(medicine: Medicine) -> _Part:
    part = _Part()
    status = medicine.status or ""
    if isinstance(medicine, MedicationRequest):
        part.medium, part.status = "request", terms.REQUEST.get(status, "unknown")
        part.intent = "plan" if medicine.intent in terms.PLANS else "order"
        part.dosage = medicine.dosage_instruction
        part.recorded = elements.moment(medicine.authored_on)
        part.start, part.end = _bounds(part.dosage)
        part.start = part.start or part.recorded
        part.sound = part.recorded is not None or not medicine.authored_on
    elif isinstance(medicine, MedicationStatement):
        part.medium, part.status = "statement", terms.STATEMENT.get(status, "unknown")
        part.dosage = medicine.dosage
        part.recorded = elements.moment(medicine.date_asserted)
        _effective(part, medicine)
        if part.status == "active" and medicine.effective_date_time:
            part.end = None  # taken since then, and still
    elif isinstance(medicine, MedicationAdministration):
        part.medium, part.status = "administration", terms.EVENT.get(status, "unknown")
        part.given = medicine.dosage
        _effective(part, medicine)
    elif isinstance(medicine, MedicationDispense):
        part.medium, part.status = "dispense", terms.DISPENSE.get(status, "unknown")
        part.dosage = medicine.dosage_instruction
        text = medicine.when_handed_over or medicine.when_prepared
        part.start, part.end, part.sound = elements.span(text, None)
    return part


def _effective(part: _Part, medicine: MedicationStatement | MedicationAdministration) -> None:
    part.start, part.end, part.sound = elements.span(medicine.effective_date_time, medicine.effective_period)


def _bounds(dosage: tuple[Dosage, ...] | None) -> tuple[When | None, When | None]:
    timing = dosage[0].timing if dosage else None
    bounds = timing.repeat.bounds_period if timing and timing.repeat else None
    start, end, _ = elements.span(None, bounds)
    return start, end


def _dose(dosage: Dosage, given: GivenDose | None) -> Quantity | None:
    measured = given.dose if given else None
    for rate in dosage.dose_and_rate or ():
        measured = measured or rate.dose_quantity
    found = elements.quantity(measured) if measured else None
    return found if isinstance(found, Quantity) else None


def _times_a_day(timing: Timing) -> Decimal | None:
    """`frequency` times in `period` units of time, or what an abbreviation such as BID stands for."""
    repeat = timing.repeat
    if repeat is None or not bytes(repeat.period):
        coded = (terms.TIMES_A_DAY.get(code.code) for code in elements.codes(timing.code))
        return next((times for times in coded if times is not None), None)
    frequency = elements.number(bytes(repeat.frequency) or b"1")
    period = elements.number(bytes(repeat.period))
    unit = terms.DAYS.get(repeat.period_unit or "")
    if isinstance(frequency, str) or isinstance(period, str) or unit is None or period <= 0:
        return None
    return frequency / (period * unit)
