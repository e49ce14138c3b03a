"""Each obligation fails on its planted fault: a proof that cannot fail shows nothing."""

from pathlib import Path
from typing import get_args

import pytest

from corrin import guideline
from corrin.verification import prove
from corrin.verification.faults.planted import read_planted
from corrin.verification.obligations import Kind, read_rules

FAULTS = sorted(Path(__file__).with_name("faults").glob("*.toml"))


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_a_planted_fault_breaks_its_obligation_and_shows_a_patient(path):
    planted = read_planted(path)
    certificate = prove.run("uk", fault=path, only=[f"{planted.fails}:"])
    assert not certificate.refused
    (result,) = certificate.proofs[0].results
    assert result.obligation.id == planted.fails
    assert not result.good
    assert result.witness is not None or result.note


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_the_obligation_holds_without_the_fault(path, certificate):
    planted = read_planted(path)
    stale = planted.fails not in {
        result.obligation.id for proof in certificate.proofs for result in proof.results
    }
    held = [
        result.good
        for proof in certificate.proofs
        for result in proof.results
        if result.obligation.id == planted.fails
    ]
    # An exception that is planted is no obligation before it is written.
    assert all(held)
    assert held or (stale and planted.fails.startswith("said without"))


def test_every_kind_of_obligation_and_every_promise_has_its_fault():
    failing = [read_planted(path).fails for path in FAULTS]
    kinds = {fails.split(": ")[0] for fails in failing}
    abouts = {fails.split(": ")[1] for fails in failing}
    assert kinds == set(get_args(Kind))
    assert {rule.id for rule in read_rules(guideline.folder())} <= abouts


def test_a_forgotten_finding_is_named_with_both_answers():
    certificate = prove.run(
        "uk", fault=_fault("features-not-asked-are-absent"), only=["forgotten: b12_status: leg_weakness:"]
    )
    (result,) = certificate.proofs[0].results
    witness = str(result.witness)
    assert "Weakness of the legs: yes" in witness
    assert "and again with Weakness of the legs: forgotten" in witness
    assert "afterwards b12_status: unlikely" in witness


def test_a_fault_that_the_reader_refuses_leaves_nothing_to_prove(tmp_path):
    path = tmp_path / "fault.toml"
    path.write_text(
        '[[edit]]\npage = "2-diagnose.md"\nrow = "D1"\ncell = "b12_band"\nwrite = "defficient"\n', "utf-8"
    )
    certificate = prove.run("uk", fault=path)
    assert not certificate.good
    assert "`defficient` is no value of `b12_band`" in certificate.refused[0]


def _fault(name: str) -> Path:
    return next(path for path in FAULTS if path.stem == name)
