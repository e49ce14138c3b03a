"""Numbers as printed: read exactly, closed on the grid, kept on their side of a limit, or refused by name."""

from decimal import Decimal
from fractions import Fraction

import pytest

from corrin import units
from corrin.errors import Refusal
from corrin.units import Edge, Printed, Unit

PG = Unit("pg/mL", Fraction(1))
PMOL = Unit("pmol/L", Fraction("1.35537"))
LIMITS = (Edge(180_000), Edge(350_000))
PAIRS = (Edge(180_000, Fraction(133), "below"), Edge(350_000, Fraction(258), "above"))
THOUSANDS = "Write a point before the decimals, and nothing between thousands."


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("98 pmol/L", Printed("", Decimal(98), "pmol/L")),
        ("<83 pg/mL", Printed("<", Decimal(83), "pg/mL")),
        ("< 83 pg/mL", Printed("<", Decimal(83), "pg/mL")),
        (">=2000pg/mL", Printed(">=", Decimal(2000), "pg/mL")),
        ("≤ 0.40 umol/L", Printed("<=", Decimal("0.40"), "umol/L")),
        ("=>12.5", Printed(">=", Decimal("12.5"), "")),
        ("-5 pg/mL", Printed("", Decimal(-5), "pg/mL")),
        ("60 mL/min/{1.73_m2}", Printed("", Decimal(60), "mL/min/{1.73_m2}")),
    ],
)
def test_a_number_is_read_as_it_is_printed(text, printed):
    assert units.read(text) == printed


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("12,5 pg/mL", "a comma in the number `12,5`", "Write `12.5`."),
        ("0,400 umol/L", "a comma in the number `0,400`", "Write `0.400`."),
        ("1,200 pg/mL", "a comma in the number `1,200`", THOUSANDS),
        ("1.234,5 pg/mL", "a comma in the number `1.234,5`", THOUSANDS),
        ("1,234.5 pg/mL", "a comma in the number `1,234.5`", THOUSANDS),
        ("see comment", "no number in `see comment`", "Write a number and its unit."),
        ("1.2.3 pg/mL", "no number in `1.2.3 pg/mL`", "Write a number and its unit."),
        ("", "no number in ``", "Write a number and its unit."),
    ],
)
def test_what_is_no_number_is_refused_by_name(text, what, mend):
    with pytest.raises(Refusal) as refused:
        units.read(text)
    assert (refused.value.what, refused.value.mend) == (what, mend)


@pytest.mark.parametrize(
    ("comparator", "value", "interval"),
    [
        ("", "180", (180_000, 180_000)),
        ("<", "180", (None, 179_999)),
        ("<=", "180", (None, 180_000)),
        (">", "350", (350_001, None)),
        (">=", "350", (350_000, None)),
        ("", "179.9999", (179_999, 179_999)),
        ("", "180.0001", (180_001, 180_001)),
        ("", "349.9999", (349_999, 349_999)),
        ("", "350.0001", (350_001, 350_001)),
        ("", "265.4321", (265_432, 265_432)),
    ],
)
def test_an_open_end_closes_one_step_before_and_rounding_crosses_no_limit(comparator, value, interval):
    assert units.interval(comparator, Decimal(value), PG, LIMITS) == interval


@pytest.mark.parametrize(
    ("comparator", "value", "interval"),
    [
        ("", "132.9", (179_999, 179_999)),
        ("", "132.9999999", (179_999, 179_999)),
        ("", "133", (180_264, 180_264)),
        ("", "258", (349_685, 349_685)),
        ("", "258.1", (350_001, 350_001)),
        ("", "98", (132_826, 132_826)),
        ("<", "133", (None, 179_999)),
        ("<=", "133", (None, 180_264)),
        (">", "132.9", (179_999, None)),
        (">", "258", (350_001, None)),
        (">=", "258", (349_685, None)),
        ("<", "258.1", (None, 350_001)),
    ],
)
def test_a_value_keeps_to_its_side_of_the_pair_it_was_published_with(comparator, value, interval):
    assert units.interval(comparator, Decimal(value), PMOL, PAIRS) == interval


@pytest.mark.parametrize("value", ["1E+40", "NaN", "Infinity", "1.00000000000000000000001"])
def test_a_number_beyond_anything_measured_is_refused(value):
    with pytest.raises(Refusal, match="no plausible number"):
        units.interval("", Decimal(value), PG)


def test_a_comparator_that_nobody_knows_is_refused():
    with pytest.raises(Refusal, match="the comparator `ad` is not read here"):
        units.interval("ad", Decimal(180), PG)


SPELT = {"pg/mL": PG, "pg/ml": PG, "ng/L": Unit("ng/L", Fraction(1)), "pmol/L": PMOL}


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("pg/ml", "", "pg/mL"),
        ("", "pmol/L", "pmol/L"),
        ("pg/mL", "ng/L", "ng/L"),
        ("picograms a millilitre", "pg/mL", "pg/mL"),
        (" pmol/L ", "", "pmol/L"),
    ],
)
def test_the_unit_comes_from_the_code_when_there_is_one(printed, code, name):
    assert units.unit(SPELT, printed, code, known=set(SPELT) | {"mmol/L"}).name == name


@pytest.mark.parametrize(
    ("printed", "code", "what"),
    [
        ("", "", "no unit"),
        ("PG/ML", "", "the unit `PG/ML` is not read here"),
        ("mmol/L", "", "the unit `mmol/L` is not read here"),
        ("pg/mL", "pmol/L", "the unit is printed `pg/mL` but coded `pmol/L`"),
        ("mmol/L", "pmol/L", "the unit is printed `mmol/L` but coded `pmol/L`"),
        ("pg/mL", "mmol/L", "the unit `mmol/L` is not read here"),
    ],
)
def test_no_unit_an_unlisted_one_and_two_that_disagree_are_refused_by_name(printed, code, what):
    with pytest.raises(Refusal) as refused:
        units.unit(SPELT, printed, code, known=set(SPELT) | {"mmol/L"})
    assert refused.value.what == what


def test_nanomoles_are_of_one_kind_with_picomoles_and_picograms_are_not():
    assert units.same_kind(Unit("nmol/L", Fraction("1355.37")), PMOL)
    assert not units.same_kind(PG, PMOL)
