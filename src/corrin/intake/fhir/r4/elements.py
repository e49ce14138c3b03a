"""FHIR elements as the values `records` has: codes, words, exact quantities, moments.

Each function takes one element that decoded well and says what it holds, or why nothing can be read from it.
"""

from decimal import Decimal
from functools import lru_cache

from corrin.intake import dates, values
from corrin.intake.fhir.r4 import terms
from corrin.intake.fhir.r4.datatypes import Coding, Concept, Measured, Period
from corrin.intake.values import Value
from corrin.records import Code, Quantity, When


def codes(concept: Concept | None) -> tuple[Code, ...]:
    """Every code of a CodeableConcept, in order."""
    given = concept.coding if concept is not None else None
    if not given:
        return ()
    if len(given) == 1:
        (one,) = given
        return terms.alone(one.system, one.code) if one.code else ()
    return tuple([terms.code(coding.system, coding.code) for coding in given if coding.code])


def label(concept: Concept | None) -> str:
    """The text of a CodeableConcept, else the first display."""
    if concept is None:
        return ""
    if concept.text:
        return concept.text[: values.LONGEST_WORD]
    return next((coding.display for coding in concept.coding or () if coding.display), "")[
        : values.LONGEST_WORD
    ]


def first_code(concept: Concept | None, table: dict[str, str]) -> str:
    """What the first code that stands in `table` means there; empty where none does."""
    if concept is None:
        return ""
    return next((table[coding.code] for coding in concept.coding or () if coding.code in table), "")


def coded(concept: Concept) -> Value:
    """A coded value: a yes or no known in any language, else its text and its codes."""
    said = codes(concept)
    for one in said:
        known = terms.SAID.get((one.system, one.code))
        if known:
            return values.word(label(concept) or known[0], said, known[1])
    return values.word(label(concept), said)


def answer(coding: Coding) -> Value:
    """The answer chosen from a list."""
    return coded(Concept(coding=(coding,)))


@lru_cache(maxsize=4096)
def number(raw: bytes) -> Decimal | str:
    """The exact number, or why there is none."""
    if not raw or raw == b"null":
        return "a quantity without a number"
    if raw[:1] == b'"':
        return "a number written as text"
    found = values.number(raw.decode("utf-8"))
    return found if found is not None else "no number, or one beyond anything that is measured"


def quantity(measured: Measured) -> Quantity | str:
    """The quantity as printed; its `code` counts as UCUM unless it is said to be of another system."""
    value = number(bytes(measured.value))
    if isinstance(value, str):
        return value
    comparator = values.COMPARATORS.get(measured.comparator or "")
    if comparator is None:
        return "a comparator that FHIR R4 does not have"
    unit, ucum = measured.unit or "", measured.code or ""
    if ucum and measured.system and measured.system != terms.UCUM:
        unit, ucum = unit or ucum, ""
    if len(unit) > values.LONGEST_WORD or len(ucum) > values.LONGEST_WORD:
        return "a unit that is no unit"
    return Quantity(value, unit, ucum, comparator)


def measured(element: Measured) -> Value:
    """A quantity as a result."""
    found = quantity(element)
    return values.unreadable(found) if isinstance(found, str) else Value(None, (), found)


def counted(digits: bytes) -> Value:
    """A bare number as a result."""
    found = number(digits)
    return values.unreadable(found) if isinstance(found, str) else Value(quantity=Quantity(found))


def dated(text: str) -> Value:
    """A date as a result."""
    at = dates.when(text)
    return values.unreadable("no date of the calendar") if at is None else Value(date=at)


def moment(text: str | None) -> When | None:
    """A date that may be missing or unreadable: None in both cases, for `recorded` and the like."""
    return dates.when(text) if text else None


def span(text: str | None, period: Period | None) -> tuple[When | None, When | None, bool]:
    """Start and end of a date or a period, and whether what was written could be read."""
    if text is not None:
        at = dates.when(text)
        return at, at, at is not None
    if period is None:
        return None, None, True
    start, end = moment(period.start), moment(period.end)
    sound = (start is not None) == bool(period.start) and (end is not None) == bool(period.end)
    return start, end, sound
