"""Observations: a result, an answer, a sign that was looked for, each component an event of its own.

One Observation enters, its events leave; the date of the report (`issued`) is never the date of the sample.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from corrin.intake import dates, values
from corrin.intake.fhir.chart import Chart, Library
from corrin.intake.fhir.r4 import elements, terms
from corrin.intake.fhir.r4.datatypes import Concept
from corrin.intake.fhir.r4.decode import NEEDED, NOTHING_LEFT_OUT, wrong
from corrin.intake.fhir.r4.shapes import Observation, Valued
from corrin.intake.values import Value
from corrin.records import Code, Event, Quantity, When

_OTHER_VALUES = (
    ("value_range", "valueRange"),
    ("value_ratio", "valueRatio"),
    ("value_sampled_data", "valueSampledData"),
    ("value_time", "valueTime"),
    ("value_period", "valuePeriod"),
    ("value_attachment", "valueAttachment"),
    ("value_reference", "valueReference"),
)
_ASSERTION = "ASSERTION"
_COMPONENT = msgspec.json.Decoder(Valued)
_NOT_SENT = Value(polarity="unknown", absent_reason="no value was sent")


class _Shared(NamedTuple):
    """What an Observation says for each of its components."""

    status: str
    start: When | None
    end: When | None
    recorded: When | None
    identity: str
    specimen: str
    fault: str


def write(
    observation: Observation,
    prefix: str,
    chart: Chart,
    library: Library,
    left_out: Mapping[str, str] = NOTHING_LEFT_OUT,
) -> None:
    """Put the events of one Observation on the chart; whatever it says, it leaves an event or a line."""
    if observation.focus:
        chart.ignore(prefix.rstrip(".: "), "an Observation about its focus, not about the patient")
        return
    if observation.code is None:
        chart.ignore(prefix.rstrip(".: "), "an Observation without a code says nothing that can be placed")
        return
    if not observation.component and not observation.has_member:
        codes, wanted = elements.codes(observation.code), chart.wanted
        event = None
        if wanted is not None and not _asked(codes, wanted):
            event = _unasked(observation, prefix, codes)
        elif not left_out:
            event = _ordinary(observation, prefix, codes)
        if event is not None:
            chart.events.append(event)
            return
    _whole(observation, prefix, chart, _shared(observation, library, left_out))


def _asked(codes: tuple[Code, ...], wanted: frozenset[tuple[str, str]]) -> bool:
    """Somebody asks for one of the codes, or the value says what it is."""
    for code in codes:  # noqa: SIM110 - a generator for every result of a record costs more than its codes
        if (code.system, code.code) in wanted or code.code == _ASSERTION:
            return True
    return False


def _whole(observation: Observation, prefix: str, chart: Chart, shared: _Shared) -> None:
    """The value of an Observation, whatever it is, and each of its components."""
    components = observation.component or ()
    name, value = _value(observation)
    if value is not _NOT_SENT or shared.fault or not (components or observation.has_member):
        chart.events.append(_event(observation, prefix, name, value, shared))
    elif not components:
        chart.ignore(prefix.rstrip(".: "), "a panel: its members are read on their own")
    for index, raw in enumerate(components):
        _component(bytes(raw), f"{prefix}component[{index}]", chart, shared)


def _ordinary(observation: Observation, prefix: str, codes: tuple[Code, ...]) -> Event | None:
    """A number with its date, as nearly all results are; None where more has to be looked at."""
    measured, text = observation.value_quantity, observation.effective_date_time
    if measured is None or text is None or observation.specimen is not None or _has_more(observation):
        return None
    at, quantity = dates.when(text), elements.quantity(measured)
    if at is None or isinstance(quantity, str):
        return None
    limit = _upper_limit(observation, quantity) if observation.reference_range else None
    return Event(
        kind="observation",
        codes=codes,
        where=f"{prefix}valueQuantity",
        text=elements.label(observation.code),
        quantity=quantity,
        flag=_flag(observation.interpretation) if observation.interpretation else "",
        upper_limit=limit,
        start=at,
        end=at,
        recorded=elements.moment(observation.issued),
        status=terms.OBSERVATION.get(observation.status or "", "unknown"),
        identity=_identity(observation),
    )


def _has_more(observation: Observation) -> bool:
    """Another value than its quantity, or a time that is not read."""
    return (
        observation.value_codeable_concept is not None
        or observation.value_string is not None
        or observation.value_boolean is not None
        or observation.data_absent_reason is not None
        or bool(observation.effective_timing)
    )


def _unasked(observation: Observation, prefix: str, codes: tuple[Code, ...]) -> Event:
    """An Observation that nobody asks for: where its value stands, and no more."""
    name = "valueQuantity" if observation.value_quantity is not None else _value(observation)[0]
    where = prefix + name if name else prefix.rstrip(".: ")
    return Event(kind="observation", codes=codes, where=where)


def _component(raw: bytes, at: str, chart: Chart, shared: _Shared) -> None:
    try:
        component = _COMPONENT.decode(raw)
    except msgspec.DecodeError as error:
        chart.ignore(at, wrong(error))
        return
    if component.modifier_extension:
        chart.ignore(at, "modifierExtension may change what it means, and is not understood here")
    elif component.code is None:
        chart.ignore(at, "a component without a code says nothing that can be placed")
    else:
        name, value = _value(component)
        chart.events.append(_event(component, f"{at}.", name, value, shared))


def _shared(observation: Observation, library: Library, left_out: Mapping[str, str]) -> _Shared:
    text = observation.effective_date_time or observation.effective_instant
    start, end, sound = elements.span(text, observation.effective_period)
    fault = next((why for field, why in left_out.items() if _matters(field)), "") if left_out else ""
    if not sound:
        fault = fault or "its date is none of the calendar"
    if observation.effective_timing:
        fault = fault or "its time is a Timing, which is not read"
    return _Shared(
        terms.OBSERVATION.get(observation.status or "", "unknown"),
        start,
        end,
        elements.moment(observation.issued),
        _identity(observation),
        library.specimen(observation.specimen, observation) if observation.specimen else "",
        fault,
    )


def _matters(field: str) -> bool:
    """An element without which the result is not what it was."""
    return field in NEEDED or field.startswith(("value", "effective", "dataAbsent"))


def _identity(observation: Observation) -> str:
    """The business identifier, else the id: what two versions of one result share."""
    for identifier in observation.identifier or ():
        if identifier.value:
            return f"{identifier.system or ''}|{identifier.value}"
    return f"Observation/{observation.id}" if observation.id else ""


def _event(part: Valued, prefix: str, name: str, value: Value, shared: _Shared) -> Event:
    codes: tuple[Code, ...] = elements.codes(part.code)
    if value.word_codes and any(code.code == _ASSERTION for code in codes):
        codes, value = value.word_codes, values.PRESENT
    if shared.fault:
        value = values.unreadable(shared.fault)
    quantity = value.quantity
    return Event(
        kind="observation",
        codes=codes,
        where=prefix + name if name else prefix.rstrip(".: "),
        text=elements.label(part.code),
        quantity=quantity,
        word=value.word,
        word_codes=value.word_codes,
        date=value.date,
        flag=_flag(part.interpretation) if part.interpretation else "",
        upper_limit=_upper_limit(part, quantity) if part.reference_range else None,
        start=shared.start,
        end=shared.end,
        recorded=shared.recorded,
        status=shared.status,
        polarity=value.polarity,
        absent_reason=value.absent_reason,
        unreadable=value.unreadable,
        specimen=shared.specimen,
        identity=shared.identity,
    )


def _value(part: Valued) -> tuple[str, Value]:
    """The one value, and the name of the element it stands in."""
    found: list[tuple[str, Value]] = []
    if part.value_quantity is not None:
        found.append(("valueQuantity", elements.measured(part.value_quantity)))
    if part.value_codeable_concept is not None:
        found.append(("valueCodeableConcept", elements.coded(part.value_codeable_concept)))
    if part.value_string is not None:
        found.append(("valueString", values.word(part.value_string)))
    if part.value_boolean is not None:
        found.append(("valueBoolean", values.PRESENT if part.value_boolean else values.ABSENT))
    if not found:
        found = _rarer(part)
    if part.data_absent_reason is not None:
        return _absent(part.data_absent_reason, found)
    if len(found) > 1:
        return found[0][0], values.unreadable("two values of different types")
    return found[0] if found else ("", _NOT_SENT)


def _absent(reason: Concept, found: list[tuple[str, Value]]) -> tuple[str, Value]:
    if found:
        return found[0][0], values.unreadable("a value, and a reason why there is none")
    why = next((code.code for code in elements.codes(reason)), "") or elements.label(reason) or "not said"
    return "dataAbsentReason", Value(polarity="unknown", absent_reason=why)


def _rarer(part: Valued) -> list[tuple[str, Value]]:
    found: list[tuple[str, Value]] = []
    integer = bytes(part.value_integer)
    if integer:
        found.append(("valueInteger", elements.counted(integer)))
    if part.value_date_time is not None:
        found.append(("valueDateTime", elements.dated(part.value_date_time)))
    for attribute, name in _OTHER_VALUES:
        if getattr(part, attribute) is not None:
            found.append((name, values.unreadable(f"a {name}, which is not read as a result")))
    return found


def _flag(interpretation: tuple[Concept, ...]) -> str:
    """The laboratory's flag: HL7's own code where there is one, else what is printed."""
    for concept in interpretation:
        for coding in concept.coding or ():
            if coding.code and coding.system == terms.FLAG_SYSTEM:
                return coding.code
    printed = (
        next((code.code for code in elements.codes(one)), "") or elements.label(one) for one in interpretation
    )
    return next(filter(None, printed), "")


def _upper_limit(part: Valued, quantity: Quantity | None) -> Quantity | None:
    """The one upper end of the normal range; without a unit of its own it is in the unit of the result."""
    highs = [
        limits.high
        for limits in part.reference_range or ()
        if limits.high is not None and _normal(limits.type)
    ]
    if len(highs) != 1:
        return None
    limit = elements.quantity(highs[0])
    if isinstance(limit, str):
        return None
    if not (limit.unit or limit.ucum) and quantity is not None:
        return Quantity(limit.value, quantity.unit, quantity.ucum)
    return limit


def _normal(meaning: Concept | None) -> bool:
    return meaning is None or any(code.code == "normal" for code in elements.codes(meaning))
