"""Which numbers a statement says."""

from decimal import Decimal

import pytest

from corrin.guideline.pages.statements import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("below 180 pg/mL (133 pmol/L)", ["180", "133"]),
        ("Serum B12 and S21 are names, not numbers", []),
        ("repeatedly above 1,000 pg/mL", ["1000"]),
        ("60 mL/min/1.73 m2", ["60", "1.73"]),
        ("from 16.", ["16"]),
        ("2 to 3 months, 2-3 months", ["2", "3"]),
        ("by about 3.5 months", ["3.5"]),
        ("three times a week for two weeks", ["3", "2"]),
        ("on alternate days, then every other day", ["2"]),
        ("monthly, once", ["1"]),
        ("1mg", ["1"]),
    ],
)
def test_a_sentence_says_these_numbers_and_no_others(text, numbers):
    assert numbers_in(text) == {Decimal(number) for number in numbers}
