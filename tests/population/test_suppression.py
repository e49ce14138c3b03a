"""Small numbers stay hidden: each by itself, and against whoever subtracts everything from everything."""

from fractions import Fraction
from random import Random

import pytest

from corrin.population.measures.suppression import Around, line, table

BELOW = 10


def test_a_small_number_takes_the_smallest_other_with_it():
    # 3 is small. Alone it would be 55 - 40 - 12 = 3, so one more is hidden; 12 is the cheapest. Then 3 + 12 = 15 is no
    # small number, and nobody can tell how it falls apart. The zero is no small number.
    assert line([3, 40, 12, 0], BELOW) == {0, 2}


def test_two_small_numbers_that_are_small_together_take_a_third():
    # 3 and 4 are 7 together, which is small: 30 goes with them, 40 stays.
    assert line([3, 4, 40, 30], BELOW) == {0, 1, 3}


def test_nothing_small_hides_nothing():
    assert line([10, 0, 250], BELOW) == set()


def test_a_zero_goes_where_nothing_else_is_left_to_go_with_a_small_number():
    # 4 and 0 sum to 4: that is the line itself, which is small, so all of it is hidden.
    assert line([4, 0], BELOW) == {0, 1}


def test_of_a_whole_that_is_small_nothing_is_shown():
    assert line([2, 3, 0], BELOW) == {0, 1, 2}


def test_a_threshold_of_zero_hides_nothing():
    assert line([1, 2, 3], 0) == set()
    assert table([[1, 2], [3, 4]], 0, Around()) == set()


def test_in_a_table_a_rectangle_goes_with_a_small_number():
    # 2 is small. Its row gives it away, and its column: one more in each, and a fourth where those two cross.
    #          open  closed
    #   north     2      50      52
    #   south    40      60     100
    #            42     110     152
    assert table([[2, 50], [40, 60]], BELOW, Around()) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_group_that_is_small_itself_is_hidden_whole_with_one_that_is_not():
    sizes = [4, 300, 90]
    gone = line(sizes, BELOW)
    assert gone == {0, 2}  # 90 is the cheaper of the two others
    hidden = table([[4, 0], [200, 100], [60, 30]], BELOW, Around(groups=gone))
    assert hidden == {(0, 0), (0, 1), (2, 0), (2, 1)}


def test_the_number_somebody_acts_on_goes_last():
    # 3 needs company. 40 would be the cheapest, but it is the one that matters: 2,783 goes instead.
    assert line([40, 3, 2783], BELOW, dear=0) == {1, 2}


def test_a_count_that_other_tables_show_is_left_as_it_is():
    # The last count is shown elsewhere, so hiding it here would hide nothing: 40 goes with 3, not 12.
    assert line([3, 40, 90, 12], BELOW, settled=False) == {0, 1}
    assert line([30, 40, 90, 2], BELOW, settled=True) == {0, 3}


def known(variables: list, equations: list[dict]) -> list:
    """The variables that linear equations settle, by exact elimination; what stands on the other side is known."""
    at = {name: number for number, name in enumerate(variables)}
    rows = [[Fraction(0)] * len(variables) for _ in equations]
    for row, equation in zip(rows, equations, strict=True):
        for name, factor in equation.items():
            row[at[name]] += factor
    done: list[int] = []
    for column in range(len(variables)):
        found = next((i for i in range(len(done), len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        here = len(done)
        rows[here], rows[found] = rows[found], rows[here]
        rows[here] = [number / rows[here][column] for number in rows[here]]
        for i, row in enumerate(rows):
            if i != here and row[column]:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[here], strict=True)]
        done.append(column)
    return [variables[column] for i, column in enumerate(done) if sum(map(bool, rows[i])) == 1]


def test_the_solver_of_this_test_sees_through_a_single_missing_number():
    assert known(["a", "b", "c"], [{"a": 1}, {"b": 1, "c": 1}]) == ["a"]


def crowd(chance: Random) -> tuple[list[int], list[list[list[int]]]]:
    """How many of each word, over all, and by three ways of grouping the same people."""
    people = chance.choice([chance.randint(10, 400), chance.randint(1000, 6000)])
    words = chance.randint(2, 5)
    ways = [chance.randint(1, 7) for _ in range(3)]
    tables = [[[0] * words for _ in range(groups)] for groups in ways]
    weights = [chance.choice([1, 3, 10, 60]) for _ in range(words)]
    pulls = [[chance.choice([1, 4, 20, 80]) for _ in range(groups)] for groups in ways]
    for _ in range(people):
        (word,) = chance.choices(range(words), weights)
        for counts, pull in zip(tables, pulls, strict=True):
            counts[chance.choices(range(len(pull)), pull)[0]][word] += 1
    return [sum(row[word] for row in tables[0]) for word in range(words)], tables


def everything_shown(whole: list[int], tables: list[list[list[int]]]) -> tuple[list, list[dict]]:
    """The hidden numbers of a crowd, and every sum that ties them together."""
    width = len(whole)
    totals = line(whole, BELOW)
    hidden = [("all", word) for word in totals]
    sums: list[dict] = [dict.fromkeys(hidden, 1)]
    for way, counts in enumerate(tables):
        gone = line([sum(row) for row in counts], BELOW)
        places = table(counts, BELOW, Around(totals, gone))
        for row, numbers in enumerate(counts):
            for word, number in enumerate(numbers):
                assert (row, word) in places or number == 0 or number >= BELOW
        hidden += [(way, *place) for place in places] + [(way, row, "size") for row in gone]
        sums.append({(way, row, "size"): 1 for row in gone})
        for row in range(len(counts)):
            sums.append({(way, row, word): 1 for word in range(width) if (row, word) in places})
            sums[-1] |= {(way, row, "size"): -1} if row in gone else {}
        for word in range(width):
            sums.append({(way, row, word): 1 for row in range(len(counts)) if (row, word) in places})
            sums[-1] |= {("all", word): -1} if word in totals else {}
    return hidden, sums


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_number_is_had_by_subtraction(seed):
    chance = Random(seed)
    for _ in range(5):
        hidden, sums = everything_shown(*crowd(chance))
        assert known(hidden, sums) == []


def test_most_of_a_large_table_is_shown():
    """What is hidden is not simply everything: of a thousand in four groups one small count takes three with it."""
    counts = [[150, 60, 40], [150, 60, 40], [150, 60, 40], [150, 96, 4]]
    assert len(table(counts, BELOW, Around())) == 4
