"""Columns and the order of tables."""

from hypothesis import given
from hypothesis import strategies as st

from corrin.guideline.columns import Reads, band_values, in_turn, names_given


def test_two_bands_have_one_place_between_them_and_nothing_unplaced():
    assert band_values(("in-time", "late")) == ("in-time", "late", "in-time-or-late")
    assert band_values(("all",)) == ("all",)


def test_a_collect_table_names_a_column_for_each_distinct_output():
    assert names_given("collect", "next-tests", "next_test", ["mma", "serum-b12", "mma"]) == (
        *("next_tests", "next_tests__mma", "next_tests__serum_b12"),
    )
    assert names_given("unique", "next-tests", "next_test", ["mma"]) == ("next_test",)


def test_tables_that_read_nothing_from_each_other_keep_their_order():
    order, cycle = in_turn([Reads("b", ("x",), ("p",)), Reads("a", ("y",), ("q",))])
    assert (order, cycle) == (["b", "a"], [])


def test_a_table_comes_after_those_it_reads_and_a_cycle_is_told_along_its_path():
    first, second = Reads("first", ("q",), ("p",)), Reads("second", ("x",), ("q",))
    assert in_turn([first, second])[0] == ["second", "first"]
    assert in_turn([first, Reads("second", ("r",), ("q",)), Reads("third", ("p",), ("r",))])[1] == [
        *("first", "second", "third", "first")
    ]
    assert in_turn([Reads("self", ("p",), ("p",))])[1] == ["self", "self"]


@given(st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_either_there_is_a_cycle_or_every_table_stands_after_what_it_reads(edges):
    tables = [Reads(f"t{at}", tuple(f"c{to}" for to in reads), (f"c{at}",)) for at, reads in enumerate(edges)]
    order, cycle = in_turn(tables)
    assert sorted(order) == sorted(table.id for table in tables)
    if cycle:
        assert cycle[0] == cycle[-1]
        return
    for table in tables:
        for name in table.reads:
            if int(name[1:]) < len(tables):
                assert order.index(f"t{name[1:]}") < order.index(table.id)
