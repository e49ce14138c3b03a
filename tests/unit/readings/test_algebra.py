"""What a cell says of a value: it holds, it fails, or it is open (design: three outcomes)."""

import pytest
from tests.generative.guidelines import between, literal, words

from corrin.guideline.model import Bound, Cell, Column
from corrin.readings import algebra, plain

STATUS = Column("status", "words", ("high", "low", "normal"), "", None)
LEVEL = Column("level", "number", (), "pg/mL", None)
ANY, KNOWN, UNKNOWN = Cell("-", "any"), Cell("known", "known"), Cell("unknown", "unknown")
BELOW = between(None, literal(180_000, strict=True))
AT_MOST = between(None, literal(180_000))
MIDDLE = between(literal(180_000), literal(350_000))
ABOVE = between(literal(350_000, strict=True), None)


def outcome(column, cell, value):
    carrier = plain.Booleans({column.id: value}, {})
    holds = algebra.cell_holds(carrier, column, cell)
    fails = algebra.cell_fails(carrier, column, cell)
    assert not (holds and fails)
    return "holds" if holds else "fails" if fails else "open"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (ANY, "holds"),
        (UNKNOWN, "holds"),
        (words("low", unknown=True), "holds"),
        (KNOWN, "fails"),
        (words("low"), "open"),
        (words("high", "low"), "open"),
    ],
)
def test_over_an_unknown_only_what_names_the_unknown_is_settled(cell, expected):
    assert outcome(STATUS, cell, None) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (ANY, "holds"),
        (KNOWN, "holds"),
        (UNKNOWN, "fails"),
        (words("low"), "holds"),
        (words("low", "high"), "holds"),
        (words("high"), "fails"),
        (words("high", unknown=True), "fails"),
    ],
)
def test_over_a_known_word_a_cell_is_always_settled(cell, expected):
    assert outcome(STATUS, cell, "low") == expected


@pytest.mark.parametrize(
    ("cell", "interval", "expected"),
    [
        (BELOW, (179_999, 179_999), "holds"),
        (BELOW, (180_000, 180_000), "fails"),
        (BELOW, (None, 82_999), "holds"),
        (BELOW, (None, 199_999), "open"),
        (BELOW, (179_999, None), "open"),
        (BELOW, (180_000, None), "fails"),
        (AT_MOST, (180_000, 180_000), "holds"),
        (AT_MOST, (180_001, None), "fails"),
        (MIDDLE, (180_000, 350_000), "holds"),
        (MIDDLE, (179_999, 350_000), "open"),
        (MIDDLE, (180_000, 350_001), "open"),
        (MIDDLE, (180_000, None), "open"),
        (MIDDLE, (None, 179_999), "fails"),
        (MIDDLE, (350_001, 400_000), "fails"),
        (MIDDLE, (100_000, 400_000), "open"),
        (ABOVE, (350_001, None), "holds"),
        (ABOVE, (350_000, None), "open"),
        (ABOVE, (None, 350_000), "fails"),
    ],
)
def test_a_range_holds_only_when_the_whole_interval_lies_in_it_and_fails_only_when_none_of_it_does(
    cell, interval, expected
):
    assert outcome(LEVEL, cell, interval) == expected


def test_a_number_is_known_by_either_bound():
    assert outcome(LEVEL, KNOWN, (None, 5)) == "holds"
    assert outcome(LEVEL, UNKNOWN, (5, None)) == "fails"
    assert outcome(LEVEL, UNKNOWN, None) == "holds"


def test_a_limit_is_a_literal_or_a_parameter():
    with pytest.raises(ValueError, match="a literal or a parameter"):
        algebra.limit(Bound(None, None, strict=False), {})
