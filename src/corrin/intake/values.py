"""What one value says, before anybody knows whose finding it is: yes or no, a number, a date, a word.

Text or a JSON number enters; the fields of an `Event` leave. Spelling, comparator and exact decimal are
settled here; what was measured, and in which unit, is for `findings`.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from corrin.intake import dates
from corrin.records import Code, Quantity, When

LONGEST_WORD = 1 << 12
LONGEST_NUMBER = 40
COMPARATORS = {"": "", "=": "", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "≤": "<=", "≥": ">="}
NOT_KNOWN = "asked and not known"

_SAID = {
    "yes": "present",
    "true": "present",
    "present": "present",
    "positive": "present",
    "no": "absent",
    "false": "absent",
    "absent": "absent",
    "negative": "absent",
    "unknown": "unknown",
    "not known": "unknown",
}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_COMPARED = re.compile(rf"(<=|>=|<|>|≤|≥)?\s*({_NUMBER.pattern})")
_COMMA = re.compile(r"(?:<=|>=|<|>|≤|≥)?\s*-?[0-9]+(?:[.,][0-9]+)*,[0-9]+(?:[.,][0-9]+)*")
_BEGINS_LIKE_A_NUMBER = re.compile(r"(?:<=|>=|<|>|≤|≥)?\s*-?[0-9]")


class Value(NamedTuple):
    """The part of an event that its value fills; `unreadable` says why there is none."""

    word: str | None = None
    word_codes: tuple[Code, ...] = ()
    quantity: Quantity | None = None
    date: When | None = None
    polarity: str = "present"
    absent_reason: str = ""
    unreadable: str = ""


PRESENT = Value()
ABSENT = Value(polarity="absent")
UNKNOWN = Value(polarity="unknown", absent_reason=NOT_KNOWN)


def unreadable(reason: str) -> Value:
    """A value was sent and could not be read: what it says is unknown, that it was sent is not."""
    return Value(polarity="unknown", unreadable=reason)


def number(text: str) -> Decimal | None:
    """The exact decimal, or None where `text` is no JSON number or is beyond anything that is measured."""
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if -LONGEST_NUMBER < value.adjusted() < LONGEST_NUMBER else None


def word(text: str, codes: tuple[Code, ...] = (), polarity: str | None = None) -> Value:
    """A word as a result; a plain yes or no is both the word and its polarity."""
    said = text.strip()
    if len(said) > LONGEST_WORD:
        return unreadable(f"a text of more than {LONGEST_WORD} characters is no result")
    if not said and not codes:
        return unreadable("an empty text")
    polarity = polarity or _SAID.get(said.casefold(), "present")
    return Value(said, codes, polarity=polarity, absent_reason=NOT_KNOWN if polarity == "unknown" else "")


def text(written: str) -> Value:
    """A text that a person or a source wrote: a date, a yes or no, or a word (`<83 pg/mL` stays a word)."""
    said = written.strip()
    if dates.looks_dated(said):
        return _date(said)
    return word(said)


def cell(written: str, unit: str) -> Value:
    """One cell of a spreadsheet whose column is in `unit` (empty: none given)."""
    said = written.strip()
    compared = _COMPARED.fullmatch(said)
    if compared:
        value = number(compared[2])
        if value is None:
            return unreadable("a number beyond anything that is measured")
        return Value(quantity=Quantity(value, unit, comparator=COMPARATORS[compared[1] or ""]))
    if _COMMA.fullmatch(said):
        return unreadable("a comma in a number; write a decimal point and no thousands")
    if dates.looks_dated(said):
        return _date(said)
    if unit and _BEGINS_LIKE_A_NUMBER.match(said):
        return unreadable("more than a number in a column that has its unit in the header")
    return word(said)


def _date(said: str) -> Value:
    moment = dates.when(said)
    return unreadable("no date of the calendar") if moment is None else Value(date=moment)
