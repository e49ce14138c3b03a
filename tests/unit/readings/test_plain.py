"""What tables say, by hand: the plain reading and the quick one must both say it."""

import pytest
from tests.generative.guidelines import (
    ANY,
    PLACE,
    between,
    guideline,
    literal,
    number_column,
    row,
    table,
    word_column,
    words,
)

from corrin.guideline.model import Cell, Guard
from corrin.readings import plain
from corrin.readings.python import Reader

YES, NO, NO_OR_UNKNOWN = words("yes"), words("no"), words("no", unknown=True)
BANDS = table(
    "bands",
    "level-band",
    ["level"],
    [
        row("B3", [between(literal(350_000, strict=True), None)], "not-low"),
        row("B1", [between(None, literal(180_000, strict=True))], "deficient"),
        row("B2", [between(literal(180_000), literal(350_000))], "borderline"),
    ],
)
TWO = table(
    "bands",
    "group",
    ["age"],
    [
        row("G1", [between(None, literal(16_000, strict=True))], "child"),
        row("G2", [between(literal(16_000), None)], "adult"),
    ],
)
STATUS = table(
    "unique",
    "status",
    ["level_band", "treated"],
    [
        row("D1", [words("deficient"), ANY], "deficient"),
        row("D2", [words("borderline", "not-low", unknown=True), YES], "unknown"),
        row("D3", [words("borderline", "not-low"), NO_OR_UNKNOWN], "not-deficient"),
    ],
)
SIGNS = table(
    "any",
    "sign",
    ["spasticity", "ataxia", "romberg"],
    [
        row("S1", [YES, ANY, ANY], "cord"),
        row("S2", [ANY, YES, ANY], "column"),
        row("S3", [ANY, ANY, YES], "column"),
    ],
)
TESTS = table(
    "collect",
    "next-tests",
    ["status", "sign"],
    [
        row("N1", [words("not-deficient", unknown=True), YES], "mma"),
        row("N2", [Cell("unknown", "unknown"), ANY], "serum-b12"),
    ],
    guard=Guard("group", words("adult", "child-or-adult"), PLACE),
)
COLUMNS = [
    number_column("level"),
    number_column("age"),
    *(word_column(name) for name in ("treated", "spasticity", "ataxia", "romberg")),
]
MODEL = guideline(COLUMNS, [BANDS, TWO, STATUS, SIGNS, TESTS])


@pytest.fixture(params=["plain", "quick"])
def decide(request):
    reader = Reader(MODEL)
    return {"plain": lambda row: plain.decide(MODEL, row), "quick": reader.decide}[request.param]


@pytest.mark.parametrize(
    ("interval", "band", "held", "waiting"),
    [
        ((179_999, 179_999), "deficient", ("B1",), ()),
        ((180_000, 180_000), "borderline", ("B2",), ()),
        ((350_000, 350_000), "borderline", ("B2",), ()),
        ((350_001, 350_001), "not-low", ("B3",), ()),
        ((None, 82_999), "deficient", ("B1",), ()),
        ((None, 199_999), "deficient-or-borderline", (), ("B1", "B2")),
        ((200_000, None), "borderline-or-not-low", (), ("B2", "B3")),
        ((179_999, 350_001), "unplaced", (), ("B1", "B2", "B3")),
    ],
)
def test_a_number_lies_in_a_band_between_two_or_is_unplaced_but_never_unknown(
    decide, interval, band, held, waiting
):
    decision = decide({"level": interval})
    assert decision.columns["level_band"] == band
    assert tuple(name for name in decision.held if name.startswith("B")) == held
    assert tuple(sorted(decision.open.get("level-band", ()))) == waiting


def test_of_two_bands_a_number_that_spans_both_is_between_them(decide):
    assert decide({"age": (15_000, 16_000)}).columns["group"] == "child-or-adult"


def test_a_number_that_is_unknown_leaves_every_band_open(decide):
    decision = decide({})
    assert "level_band" not in decision.columns
    assert set(decision.open["level-band"]) == {"B1", "B2", "B3"}


def test_one_row_answers_and_the_others_are_then_not_open(decide):
    decision = decide({"level": (100_000, 100_000)})
    assert decision.columns["status"] == "deficient"
    assert "D1" in decision.held
    assert "status" not in decision.open


def test_a_row_may_say_that_nothing_can_be_said_and_that_row_holds(decide):
    decision = decide({"level": (400_000, 400_000), "treated": "yes"})
    assert "status" not in decision.columns
    assert "D2" in decision.held
    assert "status" not in decision.open


def test_where_no_row_holds_the_answer_is_unknown_and_the_open_rows_are_listed(decide):
    decision = decide({"treated": "no"})
    assert "status" not in decision.columns
    assert decision.open["status"] == ("D1", "D3")


def test_a_list_is_yes_when_one_row_holds_and_so_is_its_output(decide):
    decision = decide({"ataxia": "yes", "romberg": "no"})
    assert decision.columns["sign"] == "yes"
    assert decision.columns["sign__column"] == "yes"
    assert "sign__cord" not in decision.columns
    assert decision.open["sign"] == ("S1",)


def test_a_list_is_no_only_when_every_row_fails(decide):
    nearly = decide({"spasticity": "no", "ataxia": "no"})
    assert nearly.columns["sign__cord"] == "no"
    assert "sign" not in nearly.columns
    assert "sign__column" not in nearly.columns
    fully = decide({"spasticity": "no", "ataxia": "no", "romberg": "no"})
    assert fully.columns["sign"] == "no"
    assert fully.columns["sign__column"] == "no"


def test_a_guard_that_fails_leaves_the_outputs_unknown_and_says_so(decide):
    decision = decide({"age": (10_000, 10_000)})
    assert decision.not_applicable == {"next-tests"}
    assert not {name for name in decision.columns if name.startswith("next_tests")}
    assert "next-tests" not in decision.open
    assert "N2" not in decision.held


@pytest.mark.parametrize("age", [None, (15_000, 17_000)])
def test_a_guard_that_is_open_does_not_close_its_table(decide, age):
    decision = decide({"spasticity": "yes", "age": age})
    assert not decision.not_applicable
    assert decision.columns["next_tests__mma"] == "yes"
    assert decision.columns["next_tests__serum_b12"] == "yes"


def test_what_cannot_be_is_fails_and_what_is_not_known_is_open(decide):
    decision = decide({"age": (40_000, 40_000), "level": (100_000, 100_000)})
    assert decision.columns["next_tests"] == "no"
    assert decide({"age": (40_000, 40_000), "level": (300_000, 300_000)}).open["next-tests"] == ("N1",)


def test_rows_that_hold_stand_in_the_order_of_the_pages(decide):
    everything = {
        "level": (300_000, 300_000),
        "age": (40_000, 40_000),
        "treated": "no",
        "spasticity": "yes",
        "ataxia": "yes",
        "romberg": "yes",
    }
    assert decide(everything).held == ("B2", "G2", "D3", "S1", "S2", "S3", "N1")


def test_a_finding_that_no_table_knows_is_passed_over(decide):
    assert decide({"shoe_size": "large"}) == decide({})


def test_what_a_table_gives_cannot_be_handed_in(decide):
    assert decide({"status": "deficient", "sign": "yes"}) == decide({})


def test_none_is_unknown(decide):
    assert decide({"treated": None, "level": None}) == decide({})
