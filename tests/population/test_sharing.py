"""All measures together: who is out of scope is the same for many gaps, and nobody works a hidden number out of any of them."""

from dataclasses import replace
from random import Random

import pytest
from tests.population.test_suppression import known

from corrin import guideline
from corrin.population.measures import definitions
from corrin.population.measures.counting import DIMENSIONS, Counted, Group
from corrin.population.measures.definitions import OUTSIDE, Definitions
from corrin.population.measures.sharing import Shared, share

BELOW = 10
WHOLE = definitions.read(guideline.load())
FEW = replace(WHOLE, gaps=WHOLE.gaps[:4], verdicts=())
"""Four gaps: of two who is out of scope is left out, and two speak of everybody."""


def crowd(chance: Random, defined: Definitions) -> Counted:
    """People in random groups, with a random word for each measure; some are out of scope."""
    ways = {name: chance.randint(1, 5) for name in DIMENSIONS}
    pulls = {name: [chance.choice([1, 5, 40]) for _ in range(many)] for name, many in ways.items()}
    groups = {name: [_empty(str(at), defined) for at in range(many)] for name, many in ways.items()}
    everybody, outside = _empty("everybody", defined), chance.choice([0.002, 0.05, 0.3])
    weights = {
        one.id: [chance.choice([1, 4, 30]) for _ in range(len(one.words) + 1)] for one in defined.measures
    }
    for _ in range(chance.choice([chance.randint(20, 300), 2000])):
        out = chance.random() < outside
        into = [chance.choices(groups[name], pulls[name])[0] for name in DIMENSIONS]
        said = {
            one.id: chance.choices(range(len(one.words) + 1), weights[one.id])[0] for one in defined.measures
        }
        for group in (everybody, *into):
            group["people"] += 1
            for one in defined.measures:
                at = one.columns.index(OUTSIDE) if out and one.guard else said[one.id]
                group["counts"][one.id][at] += 1
    return Counted(_group(everybody), {name: tuple(map(_group, many)) for name, many in groups.items()})


def _empty(label: str, defined: Definitions) -> dict:
    return {
        "label": label,
        "people": 0,
        "counts": {one.id: [0] * len(one.columns) for one in defined.measures},
    }


def _group(made: dict) -> Group:
    return Group(made["label"], made["people"], {name: tuple(many) for name, many in made["counts"].items()})


def sums(shared: Shared, defined: Definitions) -> tuple[list, list[dict]]:
    """Every hidden number, and every sum it stands in; those outside have one name in all measures of a group."""
    equations: list[dict] = []
    for name in DIMENSIONS:
        groups = shared.groups[name]
        equations.append({(name, at, "size"): 1 for at, one in enumerate(groups) if one.people is None})
        for at, group in enumerate(groups):
            equations += [_row(group, (name, at), one) for one in defined.measures]
        for one in defined.measures:
            for column, word in enumerate(one.columns):
                total = shared.everybody.counts[one.id][column]
                equation = {
                    _name((name, at), one, word): 1
                    for at, group in enumerate(groups)
                    if group.counts[one.id][column] is None
                }
                equations.append(equation | ({_name(("all",), one, word): -1} if total is None else {}))
    equations += [_row(shared.everybody, ("all",), one) for one in defined.measures]
    return sorted({name for one in equations for name in one}, key=str), equations


def _row(group, where: tuple, measure) -> dict:
    hidden = [
        word for word, count in zip(measure.columns, group.counts[measure.id], strict=True) if count is None
    ]
    row = {_name(where, measure, word): 1 for word in hidden}
    return row | ({(*where, "size"): -1} if group.people is None else {})


def _name(where: tuple, measure, word: str) -> tuple:
    return (*where, OUTSIDE) if word == OUTSIDE else (*where, measure.id, word)


@pytest.mark.parametrize("seed", range(25))
def test_no_hidden_number_is_had_from_all_measures_together(seed):
    counted = crowd(Random(seed), FEW)
    shared = share(counted, FEW, BELOW)
    assert known(*sums(shared, FEW)) == []
    for name in DIMENSIONS:
        for group, shown in zip(counted.groups[name], shared.groups[name], strict=True):
            for measure, counts in shown.counts.items():
                exact = group.counts[measure]
                assert all(one in (None, was) for one, was in zip(counts, exact, strict=True))
                assert not [one for one in counts if one is not None and 0 < one < BELOW]


def test_with_a_threshold_of_zero_everything_is_shown():
    shared = share(crowd(Random(1), FEW), FEW, 0)
    assert shared.hidden == 0
