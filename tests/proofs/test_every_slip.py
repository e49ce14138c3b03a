"""Every small slip of an editor's hand is noticed, by an example, the reader, the report or a proof."""

from pathlib import Path

import pytest

from corrin.verification.faults import run, slips

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
SHARDS = 4


def test_a_swapped_output_is_noticed():
    report = run.run(kinds=[slips.SWAPPED], equivalent=EQUIVALENT, only=every(5))
    assert len(report.noticed) > 50
    assert report.good, report.to_text()


@pytest.mark.deep
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_slip_is_noticed_or_listed_as_equivalent_with_its_reason(shard):
    report = run.run(equivalent=EQUIVALENT, only=every(SHARDS, shard))
    print(report.to_text())
    assert len(report.noticed) > 400
    assert report.good, report.to_text()


def test_an_equivalent_slip_is_one_that_can_be_planted():
    planted = {fault.id for fault in run.planted()}
    listed = run.read_equivalent(EQUIVALENT)
    assert set(listed) <= planted
    assert all(len(reason) > 20 for reason in listed.values())


def every(count: int, first: int = 0):
    """A sample of the slips: one of `count`, from the `first`."""
    seen = iter(range(10**9))
    return lambda _: next(seen) % count == first
