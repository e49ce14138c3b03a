"""The metamorphic deck: every assay, every spelling, every limit and one step each side, every comparator.

What is expected is worked out here from the unit's own letters (prefix, gram or mole, volume), the molar mass and the
published limit; nothing is taken from units.toml but the spellings.
"""

import re
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from tests.unit.findings.charts import answer, found, interpreter, lab

PREFIX = {
    "p": Fraction(1, 10**12),
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "": Fraction(1),
}
VOLUME = {"l": Fraction(1), "ml": Fraction(1, 1000), "dl": Fraction(1, 10)}
MOLAR = {
    "serum_b12": Fraction("1355.37"),
    "mma": Fraction("118.09"),
    "homocysteine": Fraction("135.18"),
    "haemoglobin": Fraction(16114),
    "folate": Fraction("441.4"),
    "creatinine": Fraction("113.118"),
    "copper": Fraction("63.546"),
}
"""Grams in a mole."""

OWN = {
    "serum_b12": "pg/mL",
    "active_b12": "pmol/L",
    "mma": "nmol/L",
    "homocysteine": "umol/L",
    "haemoglobin": "g/L",
    "folate": "ng/mL",
    "creatinine": "umol/L",
    "potassium": "mmol/L",
    "copper": "umol/L",
}
LIMITS = {
    "serum_b12": [180, 350, 1000],
    "active_b12": [25, 70],
    "mma": [271, 400],
    "haemoglobin": [80],
    "egfr": [60],
}
"""In the finding's own unit, as the statements print them."""

TYPICAL = {"potassium": 4, "copper": 15, "homocysteine": 20, "folate": 8, "creatinine": 80, "mcv": 100}
"""Where no table holds a limit: a value as patients have it."""

PAIRS = {("serum_b12", 180): (133, "<"), ("serum_b12", 350): (258, ">")}
"""Published in pmol/L, and the comparison that is strict there."""

STEPS = 1000


def amount(unit: str) -> tuple[Fraction, bool]:
    """How much one unit is, in grams or moles a litre, and whether it counts moles."""
    letters = (
        unit.replace("µ", "u")
        .replace("μ", "u")
        .replace("mcg", "ug")
        .replace("pcg", "pg")
        .replace("mcmol", "umol")
    )
    match = re.fullmatch(r"([pnum]?)(g|gm|mol|Eq|eq)/(L|l|mL|ml|dL|dl)", letters)
    assert match, f"a spelling that this deck does not know: {unit}"
    return PREFIX[match[1]] / VOLUME[match[3].lower()], match[2] in {"mol", "Eq", "eq"}


def in_own_unit(assay: str, value: Fraction, unit: str) -> Fraction:
    """A value in the finding's own unit, by its letters and the molar mass."""
    if assay not in OWN:
        return value
    (size, moles), (own, own_moles) = amount(unit), amount(OWN[assay])
    grams = {(True, False): MOLAR.get(assay, 1), (False, True): 1 / MOLAR.get(assay, Fraction(1))}
    return value * size / own * grams.get((moles, own_moles), 1)


def edges(assay: str, unit: str) -> list[tuple[int, Fraction, str]]:
    """Each limit in steps, the value in this unit at which it lies, and how the band cuts there."""
    found_edges = []
    for limit in LIMITS.get(assay, []):
        pair = PAIRS.get((assay, limit))
        if pair and amount(unit)[1]:
            at = Fraction(pair[0]) * amount("pmol/L")[0] / amount(unit)[0]
            found_edges.append((limit * STEPS, at, pair[1]))
        else:
            found_edges.append((limit * STEPS, limit / in_own_unit(assay, Fraction(1), unit), "="))
    return found_edges


def check(interval, comparator, value, assay, unit):
    """The interval holds what was printed, lies on its side of each limit, and is no wider than a step."""
    low, high = interval
    exact = in_own_unit(assay, value, unit) * STEPS
    assert (low is None) == (comparator in {"<", "<="})
    assert (high is None) == (comparator in {">", ">="})
    moved = {limit + step for limit, _, _ in edges(assay, unit) for step in (-1, 0, 1)}
    for end in (low, high):
        slack = Fraction(1, 2) if comparator in {"", "<=", ">="} else 1
        assert end is None or end in moved or abs(end - exact) <= slack + Fraction(1, 1000)
    for limit, at, cut in edges(assay, unit):
        below = value < at or (comparator == "<" and value == at)
        above = value > at or (comparator == ">" and value == at)
        lowest = limit if cut == "<" else limit + 1
        highest = limit if cut == ">" else limit - 1
        if below:
            assert high is None or high <= highest, "it was carried up across the limit"
            assert low is None or low <= highest
        elif above:
            assert low is None or low >= lowest, "it was carried down across the limit"
            assert high is None or high >= lowest
        else:
            at_least, at_most = (
                (limit, None) if cut == "<" else (None, limit) if cut == ">" else (limit, limit)
            )
            for end in (low, high):
                assert end is None or at_least is None or end >= at_least
                assert end is None or at_most is None or end <= at_most


def spellings():
    scales = interpreter().settler.scales
    return [
        (name, spelling)
        for name in (
            "serum_b12",
            "active_b12",
            "mma",
            "homocysteine",
            "haemoglobin",
            "mcv",
            "folate",
            "creatinine",
            "egfr",
            "potassium",
            "copper",
        )
        for spelling in scales[name].spellings
    ]


def values(assay, spelling):
    """Each limit as it can be printed in this unit, one printed step to each side, and the value itself where exact."""
    usual = [(0, TYPICAL.get(assay, 1) / in_own_unit(assay, Fraction(1), spelling), "=")]
    for _, at, _ in edges(assay, spelling) or usual:
        for places in (0, 1, 3):
            printed = Fraction(int(at * 10**places), 10**places)
            yield from (printed + Fraction(step, 10**places) for step in (-1, 0, 1, 2))


def as_decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def plausible(assay, value, spelling) -> bool:
    low, high = interpreter().guideline.declared.findings[assay].plausible
    return low < in_own_unit(assay, value, spelling) * STEPS <= high


@pytest.mark.parametrize(("assay", "spelling"), spellings())
def test_every_spelling_at_every_limit_with_every_comparator_is_read_on_its_own_side(assay, spelling):
    tried = 0
    for value, comparator in product(dict.fromkeys(values(assay, spelling)), ("", "<", "<=", ">", ">=")):
        if not plausible(assay, value, spelling):
            continue
        printed = f"{comparator}{as_decimal(value):f} {spelling}"
        for event in (lab(assay, printed), lab(assay, word=printed)):
            told = found(event)
            assert not told.refused, told.refused
            check(told.row[assay], comparator, value, assay, spelling)
            tried += 1
    assert tried >= 40


@pytest.mark.parametrize("assay", sorted({assay for assay, _ in spellings()}))
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": "45 furlong"}, "the unit `furlong` is not read here"),
        ({"value": "45"}, "no unit"),
        ({"value": "45 PG/ML"}, "the unit `PG/ML` is not read here"),
        ({"value": "45 mg/day"}, "the unit `mg/day` is not read here"),
        ({"value": "45 ng/L", "ucum": "mol/L"}, "the unit `mol/L` is not read here"),
        ({"word": "45,5 pg/mL"}, "a comma in the number `45,5`. Write `45.5`."),
        ({"word": "see comment"}, "no number in `see comment`"),
        ({"word": "45"}, "no unit"),
        ({"unreadable": "a number written as text", "polarity": "unknown"}, "a number written as text"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_and_is_not_a_test_that_was_not_done(assay, change, reason):
    told = found(
        lab(assay, change.get("value"), **{key: value for key, value in change.items() if key != "value"})
    )
    assert assay not in told.row
    assert told.row[f"{assay}_refused"] == "yes"
    assert told.why[assay] == "refused"
    (line,) = told.refused
    assert line.finding == assay
    assert line.reason.startswith(reason)


@pytest.mark.parametrize(
    ("assay", "printed", "code"),
    [
        ("serum_b12", "pg/mL", "pmol/L"),
        ("serum_b12", "pmol/L", "pg/mL"),
        ("mma", "umol/L", "nmol/L"),
        ("haemoglobin", "g/dL", "g/L"),
        ("creatinine", "mg/dL", "umol/L"),
        ("serum_b12", "mmol/L", "pmol/L"),
    ],
)
def test_a_code_and_a_printed_unit_that_disagree_are_refused(assay, printed, code):
    told = found(lab(assay, f"100 {printed}", ucum=code))
    assert assay not in told.row
    assert (
        told.refused[0].reason == f"the unit is printed `{printed}` but coded `{code}`. Make the two agree."
    )


@pytest.mark.parametrize(
    ("printed", "code"),
    [("pg/mL", "ng/L"), ("pg/ml", "pg/mL"), ("picogram/millilitre", "pg/mL"), ("", "pg/mL")],
)
def test_a_code_and_another_way_to_print_the_same_unit_agree(printed, code):
    assert found(lab("serum_b12", f"350 {printed}".strip(), ucum=code)).row["serum_b12"] == (350_000, 350_000)


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("-5 pg/mL", "a negative number: -5 pg/mL. Plausible is 0 to 100000 pg/mL."),
        ("10000000 pg/mL", "an implausible number: 10000000 pg/mL. Plausible is 0 to 100000 pg/mL."),
        ("<-5 pg/mL", "a negative number: -5 pg/mL. Plausible is 0 to 100000 pg/mL."),
        ("<0 pg/mL", "an implausible number: 0 pg/mL. Plausible is 0 to 100000 pg/mL."),
        ("100 ug/L", None),
    ],
)
def test_a_negative_or_absurd_value_is_refused_and_the_rest_still_read(printed, reason):
    told = found(lab("serum_b12", printed), answer("leg_weakness", said=True))
    assert told.row["leg_weakness"] == "yes"
    assert [line.reason for line in told.refused] == ([reason] if reason else [])
    assert ("serum_b12" in told.row) == (reason is None)


def test_a_daily_dose_of_folic_acid_is_read_in_micrograms_and_milligrams():
    for printed in ("5 mg/d", "5000 mcg/day", "5000 ug/d", "5000 µg/day", "5000 μg/d"):
        assert found(answer("folic_acid_daily_dose", printed)).row["folic_acid_daily_dose"] == (
            5_000_000,
            5_000_000,
        )
    assert found(answer("folic_acid_daily_dose", "5")).refused[0].reason.startswith("no unit")


def test_a_pair_that_a_site_moved_on_one_side_only_is_no_pair():
    from dataclasses import replace

    from corrin import guideline
    from corrin.findings import Interpreter

    model = guideline.read()
    moved = replace(model.parameters["b12_low"], value=200_000)
    site = Interpreter(replace(model, parameters={**model.parameters, "b12_low": moved}))
    assert site.number("serum_b12", "140 pmol/L") == (189_752, 189_752)
    assert site.number("serum_b12", "132.9 pmol/L") == (180_129, 180_129)
