"""The closed grammar of a cell, form by form."""

import pytest

from corrin.errors import Refusal
from corrin.guideline.model import Bound, Cell, Column, Parameter
from corrin.guideline.pages.cells import is_word, literals, read_cell

BAND = Column("band", "words", ("low", "middle", "high"), "", "bands")
HEAT = Column("heat", "number", (), "Cel", None)


def parameter(identity, value, unit="Cel"):
    return Parameter(
        identity,
        unit,
        value,
        0,
        99_000,
        None,
        None,
        "",
        "",
        ("S01",),
        inferred=False,
        unverified=False,
        label="",
    )


LIMITS = {
    "warm": parameter("warm", 37_000),
    "hot": parameter("hot", 39_500),
    "days": parameter("days", 3_000, "d"),
}


def cell(text, column=BAND):
    return read_cell(text, column, LIMITS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-", Cell("-", "any")),
        ("known", Cell("known", "known")),
        ("unknown", Cell("unknown", "unknown")),
        ("low", Cell("low", "words", ("low",))),
        ("low, high", Cell("low, high", "words", ("low", "high"))),
        ("low, unknown", Cell("low, unknown", "words", ("low",), or_unknown=True)),
        ("low, high, unknown", Cell("low, high, unknown", "words", ("low", "high"), or_unknown=True)),
        ("not low", Cell("not low", "words", ("middle", "high"))),
        ("not middle, unknown", Cell("not middle, unknown", "words", ("low", "high"), or_unknown=True)),
    ],
)
def test_a_cell_of_words_is_resolved_against_the_columns_known_values(text, expected):
    assert cell(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("< 37", None, Bound(37_000, None, strict=True)),
        ("<= 37.5", None, Bound(37_500, None, strict=False)),
        ("> 37.125", Bound(37_125, None, strict=True), None),
        (">= {warm}", Bound(None, "warm", strict=False), None),
        ("36..{hot}", Bound(36_000, None, strict=False), Bound(None, "hot", strict=False)),
        ("37..37", Bound(37_000, None, strict=False), Bound(37_000, None, strict=False)),
    ],
)
def test_a_range_has_the_ends_it_says_and_both_ends_of_a_span_are_included(text, low, high):
    assert cell(text, HEAT) == Cell(text, "range", low=low, high=high)


@pytest.mark.parametrize("text", ["-", "known", "unknown"])
def test_what_every_column_can_say_a_number_can_say(text):
    assert cell(text, HEAT).text == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "LOW", "Low", "low,high", "low, ", ", low", "low or high", "low, low", "low, known", "-, low"),
        *(
            "unknown, low",
            "unknown, unknown",
            "known, unknown",
            "not",
            "not low, high",
            "not not low",
            "not unknown",
        ),
        *("not low, high, unknown", "(low)", "low; high", "**low**", "< 3", "lowish", "no"),
    ],
)
def test_what_is_not_in_the_grammar_of_words_is_refused(text):
    with pytest.raises(Refusal) as refused:
        cell(text)
    assert refused.value.mend.endswith((".", "?"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "37",
            "= 37",
            "=< 37",
            "<37",
            "< 37.1234",
            "< -1",
            "< 37 Cel",
            "36 .. 37",
            "36...37",
            "37..36",
            "..37",
            "37..",
        ),
        *(
            "{hot}..{warm}",
            "< {nothing}",
            "< {days}",
            "< 37, unknown",
            "not < 37",
            "< 37 and > 36",
            "low",
            "36-37",
            "1e3",
        ),
    ],
)
def test_what_is_not_in_the_grammar_of_ranges_is_refused(text):
    with pytest.raises(Refusal):
        cell(text, HEAT)


def test_only_numbers_that_are_written_out_must_stand_in_a_statement():
    assert literals("36..37.5") == ("36", "37.5")
    assert literals("{warm}..39") == ("39",)
    assert literals("< {warm}") == literals("low") == literals("-") == ()


def test_the_words_of_the_grammar_are_no_values():
    assert is_word("b12-2")
    assert not any(
        is_word(word) for word in ("known", "unknown", "not", "and", "or", "-", "A", "a_b", "a--b", "")
    )
