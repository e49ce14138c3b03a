"""The guideline as logic: what can be, what cannot, and the patient who shows it."""

import pytest
import z3
from tests.generative.guidelines import PARAMETERS, between, guideline, number_column, parameter, row, table
from tests.generative.states import alone
from tests.unit.readings.test_plain import MODEL

from corrin.readings import plain
from corrin.readings.smt import Witness, encode

BANDS = table(
    "bands",
    "level-band",
    ["level"],
    [
        row("B1", [between(None, parameter("low_limit", strict=True))], "low"),
        row("B2", [between(parameter("low_limit"), parameter("high_limit"))], "middle"),
        row("B3", [between(parameter("high_limit", strict=True), None)], "high"),
    ],
)
SITE = guideline([number_column("level")], [BANDS], PARAMETERS)


def solver(encoding, *terms):
    made = z3.Solver()
    made.add(*encoding.constraints, *terms)
    return made


def possible(encoding, *terms) -> bool:
    return solver(encoding, *terms).check() == z3.sat


def test_a_finding_is_one_word_at_most():
    encoding = encode(MODEL)
    treated = encoding.words["treated"]
    assert not possible(encoding, treated["yes"], treated["no"])
    assert possible(encoding, z3.Not(treated["yes"]), z3.Not(treated["no"]))


def test_a_lower_bound_is_never_above_the_upper():
    encoding = encode(MODEL)
    level = encoding.numbers["level"]
    assert not possible(encoding, level.has_low, level.has_high, level.low > level.high)
    assert possible(encoding, level.has_low, level.low > level.high, z3.Not(level.has_high))


def test_a_parameter_lies_in_its_range_and_above_the_one_it_must_exceed():
    encoding = encode(SITE)
    low, high = encoding.parameters["low_limit"], encoding.parameters["high_limit"]
    assert possible(encoding, low == 4000, high == 4001)
    assert not possible(encoding, low == 4000, high == 4000)
    assert not possible(encoding, low == 1999)
    assert not possible(encoding, high == 8001)


def test_without_symbols_a_parameter_is_its_value():
    encoding = encode(SITE, symbolic=False)
    level = encoding.numbers["level"]
    at_limit = [level.has_low, level.has_high, level.low == 3000, level.high == 3000]
    assert not possible(encoding, *at_limit, encoding.rows["B1"].holds)
    assert possible(encoding, *at_limit, encoding.rows["B2"].holds)


def test_with_symbols_a_site_may_move_the_limit():
    encoding = encode(SITE)
    level = encoding.numbers["level"]
    at_default = [level.has_low, level.has_high, level.low == 3000, level.high == 3000]
    assert possible(encoding, *at_default, encoding.rows["B1"].holds)


def test_bands_tile_the_line_at_every_value_of_every_parameter():
    encoding = encode(SITE)
    level = encoding.numbers["level"]
    exact = [level.has_low, level.has_high, level.low == level.high]
    assert not possible(encoding, *exact, *(z3.Not(encoding.rows[name].holds) for name in ("B1", "B2", "B3")))


def test_a_guard_closes_its_table_and_no_row_of_it_speaks():
    encoding = encode(MODEL)
    closed = encoding.guards["next-tests"]
    assert possible(encoding, closed, encoding.rows["N2"].holds)
    assert not possible(encoding, closed, encoding.words["next_tests"]["yes"])
    assert not possible(encoding, closed, encoding.words["next_tests"]["no"])


def test_a_column_depends_on_the_findings_of_its_cone_and_on_no_other():
    encoding = encode(MODEL)
    assert encoding.cone("level") == {"level"}
    assert encoding.cone("status") == {"level", "treated"}
    assert encoding.cone("next_tests__mma") == {"level", "treated", "spasticity", "ataxia", "romberg", "age"}


def test_a_witness_is_a_patient_of_whom_the_plain_reading_says_the_same():
    encoding = encode(MODEL, symbolic=False)
    asked = solver(
        encoding, encoding.words["next_tests__mma"]["yes"], encoding.words["status"]["not-deficient"]
    )
    assert asked.check() == z3.sat
    witness = encoding.witness(asked.model())
    decision = plain.decide(MODEL, witness.row)
    assert decision.columns["status"] == "not-deficient"
    assert decision.columns["next_tests__mma"] == "yes"


@pytest.mark.parametrize(
    ("bounds", "interval"),
    [
        ((True, 5, True, 7), (5, 7)),
        ((False, 5, True, 7), (None, 7)),
        ((True, 5, False, 7), (5, None)),
    ],
)
def test_a_witness_has_the_interval_that_the_model_has(bounds, interval):
    encoding = encode(SITE)
    level = encoding.numbers["level"]
    has_low, low, has_high, high = bounds
    asked = solver(
        encoding, level.has_low == has_low, level.low == low, level.has_high == has_high, level.high == high
    )
    assert asked.check() == z3.sat
    assert encoding.witness(asked.model()).row == {"level": interval}


def test_a_witness_of_an_unknown_has_no_value_and_names_the_site():
    encoding = encode(SITE)
    level = encoding.numbers["level"]
    asked = solver(
        encoding,
        z3.Not(level.has_low),
        z3.Not(level.has_high),
        encoding.parameters["low_limit"] == 2500,
        encoding.parameters["high_limit"] == 7000,
    )
    assert asked.check() == z3.sat
    assert encoding.witness(asked.model()) == Witness({}, {"low_limit": 2500, "high_limit": 7000})


def test_what_no_table_here_gives_is_free():
    encoding = encode(alone(MODEL, MODEL.table("next-tests")))
    assert set(encoding.findings) == {"status", "sign", "group"}
    assert possible(encoding, encoding.words["status"]["deficient"], encoding.words["sign"]["no"])
