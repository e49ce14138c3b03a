"""Examples say what the rows say, or the check says where they do not."""

from dataclasses import replace

import pytest

from corrin import guideline
from corrin.guideline.model import Example, Place
from corrin.verification import examples


def lines(model, table: str, expected: str, **given: str):
    """What the run says of one example alone."""
    example = Example(table, "a patient", given, expected, Place("throat.md", 7))
    return [str(problem) for problem in examples.run(replace(model, examples=(example,))).problems]


def test_every_example_of_a_guideline_that_is_right_agrees(small):
    ran = examples.run(small)
    assert ran.count == len(small.examples) > 15
    assert ran.problems == ()


@pytest.mark.parametrize(
    ("table", "expected", "given"),
    [
        ("fever", "F1 none", {"temperature": "37.999 Cel"}),
        ("fever", "F1 none", {"temperature": "100.3 degF"}),
        ("fever", "F2 fever", {"temperature": "100.4 degF"}),
        ("fever", "F1 or F2 none-or-fever", {"temperature": "<39 Cel"}),
        ("fever", "F1 or F2 or F3 unplaced", {"temperature": ">36 Cel"}),
        ("fever", "unknown", {}),
        ("cause", "C4 unknown", {"fever_band": "none"}),
        ("cause", "not applicable", {"adult": "no"}),
        ("danger", "D1 airway", {"drooling": "yes"}),
        ("danger", "D1?, D2?", {}),
        ("danger", "D2?", {"drooling": "no"}),
        ("danger", "none", {"drooling": "no", "temperature": "37 Cel"}),
        ("danger", "D1 airway, D2 heat", {"drooling": "yes", "temperature": "41.5 Cel"}),
        ("danger", "unknown", {"drooling": "no"}),
    ],
)
def test_an_expected_cell_that_is_right_agrees(small, table, expected, given):
    assert lines(small, table, expected, **given) == []


@pytest.mark.parametrize(
    ("table", "expected", "given", "says"),
    [
        ("fever", "F2 fever", {"temperature": "37.999 Cel"}, "`F1 none`"),
        ("fever", "F1 fever", {"temperature": "37 Cel"}, "`F1 none`"),
        ("fever", "F1 or F2 none-or-fever", {"temperature": "38 Cel"}, "`F2 fever`"),
        ("fever", "F1 or F2 unplaced", {"temperature": "<39 Cel"}, "`F1 or F2 none-or-fever`"),
        ("fever", "F1 none", {}, "`unknown`"),
        ("fever", "unknown", {"temperature": "37 Cel"}, "`F1 none`"),
        ("cause", "C4 unknown", {"fever_band": "none", "adult": "no"}, "`not applicable`"),
        ("cause", "not applicable", {"fever_band": "none"}, "`C4 unknown`"),
        ("danger", "none", {"drooling": "no"}, "`D2?`"),
        ("danger", "D1 airway", {"drooling": "no", "temperature": "37 Cel"}, "`none`"),
        ("danger", "D1 airway", {"drooling": "yes", "temperature": "42 Cel"}, "`D1 airway, D2 heat`"),
        ("danger", "D1?", {}, "`D1?, D2?`"),
        ("danger", "unknown", {"drooling": "no", "temperature": "37 Cel"}, "`none`"),
        ("danger", "D1 heat", {"drooling": "yes"}, "`D1 airway, D2?`"),
    ],
)
def test_an_expected_cell_that_is_wrong_is_told_what_the_rows_say(small, table, expected, given, says):
    (problem,) = lines(small, table, expected, **given)
    assert problem.startswith("throat.md:7: the example of")
    assert f"expects `{expected}`, but the rows say {says}" in problem


def test_open_rows_need_not_be_listed_unless_one_is(small):
    assert lines(small, "danger", "D1 airway", drooling="yes") == []
    (problem,) = lines(small, "danger", "D1 airway, D1?", drooling="yes")
    assert "`D1 airway, D2?`" in problem


def test_an_input_the_table_does_not_read_is_told(small):
    (problem,) = lines(small, "danger", "none", tonsils="pus")
    assert "`tonsils` is neither an input nor the guard of danger" in problem


def test_a_number_whose_unit_is_not_read_is_told(small):
    (problem,) = lines(small, "fever", "F1 none", temperature="300 K")
    assert "of `temperature` there is the unit `K` is not read here" in problem


def test_a_row_that_holds_in_no_example_is_named(small):
    fewer = replace(small, examples=tuple(each for each in small.examples if "C2" not in each.expected))
    assert [row.id for row in examples.run(fewer).unheld if row.id.startswith("C")] == ["C2"]


def test_a_row_that_never_stands_beside_its_output_is_named(small):
    bare = tuple(replace(each, expected=each.expected.replace("C2 viral", "C2")) for each in small.examples)
    ran = examples.run(replace(small, examples=bare))
    assert ran.problems == ()
    assert [row.id for row in ran.unswapped] == ["C2"]


def test_only_the_tables_asked_for_are_run(small):
    ran = examples.run(small, only=frozenset({"cause"}))
    assert ran.count == sum(each.table == "cause" for each in small.examples)


def test_an_output_swapped_with_another_of_its_table_makes_an_example_fail():
    model = guideline.load()
    silent = []
    for table in model.tables:
        for at, row in enumerate(table.rows):
            others = [output for output in table.outputs if output != row.output]
            rows = (
                *table.rows[:at],
                replace(row, output=others[0] if others else "other"),
                *table.rows[at + 1 :],
            )
            if not examples.run(replace(model, tables=(replace(table, rows=rows),))).problems:
                silent.append(row.id)
    assert silent == []
