"""Slips planted in a guideline that lacks examples: who notices, and what is said when nobody does."""

import pytest

from corrin.verification.faults import run, slips
from corrin.verification.faults.run import Jury


def notice(tiny, slip: str):
    """Who notices one slip."""
    jury = Jury(tiny)
    (fault,) = [each for each in slips.faults(jury.texts) if each.id == slip]
    return jury.hear(fault)


@pytest.mark.parametrize(
    ("slip", "by", "says"),
    [
        ("C1 output swapped", "example", "the rows say `C1 viral`"),
        ("C2 row deleted", "example", "the rows say `unknown`"),
        ("D1 unknown added drooling", "example", "the rows say"),
        ("R1 row deleted", "reader", "R1"),
        ("fever_from limit +0.001", "reader", "38.001"),
        ("AD2 cell opened adult_band", "proof", "fails: no overlap: adult"),
        ("AG1 limit +0.001 age_years", "reader", "16.001"),
    ],
)
def test_a_slip_is_noticed_by_whoever_can(tiny, slip, by, says):
    noticed = notice(tiny, slip)
    assert (noticed.by, says in noticed.said) == (by, True), noticed


def test_a_slip_that_nobody_notices_is_told_by_row(tiny):
    assert notice(tiny, "N1 cell opened cause").by == ""
    report = run.run(tiny, only=lambda fault: fault.id == "N1 cell opened cause")
    assert not report.good
    assert "N1 cell opened cause: NOBODY NOTICED" in report.to_text()
    assert report.to_text().endswith("1 slips, 1 unnoticed. 0 s")


def test_a_slip_listed_with_its_reason_is_told_with_the_reason(tiny, tmp_path):
    listed = tmp_path / "equivalent.toml"
    listed.write_text('"N1 cell opened cause" = "No example stands beside it."\n', "utf-8")
    report = run.run(tiny, equivalent=listed, only=lambda fault: fault.id == "N1 cell opened cause")
    assert report.good
    assert "N1 cell opened cause: No example stands beside it." in report.to_text()


def test_a_slip_listed_as_equivalent_and_noticed_is_stale(tiny, tmp_path):
    listed = tmp_path / "equivalent.toml"
    listed.write_text('"C1 output swapped" = "Said to change nothing."\n', "utf-8")
    report = run.run(tiny, equivalent=listed, only=lambda fault: fault.id == "C1 output swapped")
    assert not report.good
    assert report.stale == ("C1 output swapped",)
    assert "strike it out" in report.to_text()


def test_the_pages_are_as_they_were_after_a_run(tiny):
    before = {path.name: path.read_bytes() for path in tiny.glob("*.*")}
    run.run(tiny, kinds=[slips.DELETED])
    assert {path.name: path.read_bytes() for path in tiny.glob("*.*")} == before
