"""The value of a measurement or an observation: a number, a word, or why there is none.

The columns of a row enter, a `Value` leaves. A number that lost its `<` on the way into the CDM has it again
from the text of the source; two numbers that disagree about it are refused.
"""

from decimal import Decimal

from corrin.intake import values
from corrin.intake.fhir.r4 import terms as fhir
from corrin.intake.omop import tables, terms
from corrin.intake.omop.codes import Heard
from corrin.intake.values import PRESENT, Value
from corrin.records import Code, Quantity

__all__ = ["PRESENT", "empty", "flag", "limit", "measured", "observed"]

Unit = tuple[str, str]
"""As it is printed, and its UCUM code."""

_NONE = Value(polarity="unknown", absent_reason="no value was sent")


def empty(value: Value) -> bool:
    """No value was sent at all."""
    return value is _NONE


def measured(row: tables.Measurement, heard: Heard, unit: Unit) -> Value:
    """The value of a measurement: its number, else what its concept says, else the text of the source."""
    operator = row.operator_concept_id or 0
    comparator = terms.OPERATORS.get(operator)
    if operator and comparator is None and heard.name(operator):
        comparator = values.COMPARATORS.get(heard.name(operator))
    if operator and comparator is None:
        return values.unreadable(f"the operator concept {operator} is not read")
    if row.value_as_number is not None:
        return _number(row.value_as_number, comparator, row.value_source_value, unit)
    if row.value_as_concept_id:
        return _word(row.value_as_concept_id, row.value_source_value, heard)
    return _text(row.value_source_value, unit, comparator or "")


def observed(row: tables.Observation, heard: Heard, unit: Unit) -> Value:
    """The value of an observation: number, concept, text."""
    if row.value_as_number is not None:
        return _number(row.value_as_number, None, row.value_source_value, unit)
    if row.value_as_concept_id:
        return _word(row.value_as_concept_id, row.value_as_string or row.value_source_value, heard)
    if (row.value_as_string or "").strip():
        return values.text(row.value_as_string or "")
    return _text(row.value_source_value, unit, "")


def flag(concept: int | None, heard: Heard) -> str:
    """What a laboratory says beside a number: low, high, normal."""
    return terms.WORDS.get(concept or 0) or heard.name(concept)


def limit(written: str | None, unit: Unit) -> Quantity | None:
    """The upper end of the normal range, in the unit of the result; zero is no limit."""
    value = _plain(written or "")
    return Quantity(value, *unit) if value is not None and value > 0 else None


def _number(written: str, comparator: str | None, source: str | None, unit: Unit) -> Value:
    value = _plain(written)
    if value is None:
        return values.unreadable("a number beyond anything that is measured")
    compared = values.cell(source or "", "").quantity if source else None
    if compared is not None and compared.comparator and compared.comparator != (comparator or ""):
        if comparator or compared.value != value:
            return values.unreadable("its number and the text of its source do not say the same")
        comparator = compared.comparator
    return Value(quantity=Quantity(value, *unit, comparator=comparator or ""))


def _plain(written: str) -> Decimal | None:
    """The exact number; `83.0`, as a database writes 83, is 83."""
    value = values.number(written.strip().removesuffix(".0"))
    return value if value is not None and value.is_finite() else None


def _text(source: str | None, unit: Unit, comparator: str) -> Value:
    """What the source wrote, where the CDM kept no value: `<83`, `83 pg/mL`, a word."""
    said = (source or "").strip()
    if not said:
        return _NONE
    value = values.cell(said, "")
    if value.quantity is None:
        return value
    if comparator and value.quantity.comparator not in {"", comparator}:
        return values.unreadable("its operator and the text of its source do not say the same")
    quantity = Quantity(value.quantity.value, *unit, comparator=value.quantity.comparator or comparator)
    return value._replace(quantity=quantity)


def _word(concept: int, source: str | None, heard: Heard) -> Value:
    """A result that is a concept: a yes or a no, else the concept's name, else the source's."""
    known = heard.concepts.get(concept)
    codes = (Code(terms.VOCABULARIES.get(known.vocabulary, known.vocabulary), known.code),) if known else ()
    for code in codes:
        said = fhir.SAID.get((code.system, code.code))
        if said:
            return values.word(said[0], codes, said[1])
    name = terms.WORDS.get(concept) or (known.name if known else "") or source or ""
    if not name.strip():
        return values.unreadable(f"the concept {concept} has no name here")
    return values.word(name, codes)
