"""The quick reader: what it remembers, long lists in pieces, and one finding tried otherwise."""

import pytest
from tests.generative.guidelines import (
    ANY,
    PLACE,
    guideline,
    row,
    table,
    word_column,
    words,
)
from tests.unit.readings.test_plain import MODEL

from corrin.guideline.model import Guard
from corrin.readings import pieces, plain, python
from corrin.readings.python import Reader

FINDINGS = [f"f{number}" for number in range(14)]


def list_of(outputs, guard=None):
    rows = [
        row(f"L{place}", [words("yes") if name == each else ANY for each in FINDINGS], outputs[place])
        for place, name in enumerate(FINDINGS)
    ]
    return guideline(
        [word_column(name) for name in (*FINDINGS, "scope")],
        [table("any", "long-list", FINDINGS, rows, guard=guard)],
    )


APART = list_of([f"o{number}" for number in range(14)])
SHARED = list_of(["same" if number in {0, 9} else f"o{number}" for number in range(14)])
GUARDED = list_of(["same"] * 14, Guard("scope", words("yes"), PLACE))


def test_a_long_list_is_read_in_short_pieces_and_what_joins_them():
    _, parts = pieces.in_pieces(APART)
    assert [len(piece.read.inputs) for piece in parts] == [5, 5, 4, 3]


def test_rows_with_one_output_stay_in_one_piece():
    _, parts = pieces.in_pieces(SHARED)
    assert [len(piece.read.inputs) for piece in parts] == [10, 4, 2]


def test_a_short_list_stays_whole():
    _, parts = pieces.in_pieces(MODEL)
    assert [piece.read for piece in parts] == list(MODEL.tables)


@pytest.mark.parametrize("model", [APART, SHARED, GUARDED])
@pytest.mark.parametrize(
    "patient",
    [
        {},
        dict.fromkeys(FINDINGS, "no"),
        {**dict.fromkeys(FINDINGS, "no"), "f9": "yes"},
        {"f0": "yes", "f13": "yes", "f5": "no"},
        {"f3": "yes", "scope": "no"},
        {"f3": "yes", "scope": "yes"},
    ],
)
def test_a_list_in_pieces_says_what_the_whole_list_says(model, patient):
    assert Reader(model).decide(patient) == plain.decide(model, patient)


def test_the_words_alone_are_those_of_the_decision():
    row = {"level": (100_000, 100_000), "ataxia": "yes", "age": (40_000, 40_000)}
    assert Reader(MODEL).columns(row) == Reader(MODEL).decide(row).columns


def test_a_reader_forgets_rather_than_grow_and_still_says_the_same(monkeypatch):
    monkeypatch.setattr(python, "REMEMBERED", 1)
    reader = Reader(MODEL)
    rows = [{"treated": word, "level": (level, level)} for word in ("yes", "no") for level in (1, 200_000)]
    assert [reader.decide(row) for row in rows * 2] == [plain.decide(MODEL, row) for row in rows * 2]


@pytest.mark.parametrize(
    ("finding", "value"),
    [
        ("level", None),
        ("level", (300_000, 300_000)),
        ("level", (None, 199_999)),
        ("treated", "yes"),
        ("age", None),
    ],
)
def test_one_finding_otherwise_is_the_decision_of_the_row_so_changed(finding, value):
    row = {"level": (100_000, 100_000), "spasticity": "yes", "age": (40_000, 40_000)}
    what_if = Reader(MODEL).what_if(row)
    changed = plain.decide(MODEL, {**row, finding: value})
    assert what_if.change(finding, value) == changed
    assert what_if.columns(finding, value) == changed.columns
    assert what_if.decision == plain.decide(MODEL, row)


def test_several_findings_otherwise_give_the_words_asked_for():
    what_if = Reader(MODEL).what_if({"level": (400_000, 400_000)})
    words = what_if.words({"spasticity": "yes", "treated": "no"}, ["status", "sign", "sign__column"])
    assert words == {"status": "not-deficient", "sign": "yes"}
