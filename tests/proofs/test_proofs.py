"""Every promise holds, for every patient, under every profile."""

import json
from collections import Counter
from typing import get_args

import pytest

from corrin import guideline
from corrin.verification import prove
from corrin.verification.obligations import Kind, read_rules


def test_every_obligation_of_every_profile_holds(certificate):
    failures = "\n\n".join(str(failure) for failure in certificate.failures)
    assert certificate.good, failures


def test_both_profiles_are_proved(certificate):
    assert {proof.profile for proof in certificate.proofs} == set(guideline.load().profiles)


def test_several_hundred_obligations_of_every_kind_are_asked(certificate):
    for proof in certificate.proofs:
        kinds = Counter(result.obligation.kind for result in proof.results)
        assert set(kinds) == set(get_args(Kind))
        assert sum(kinds.values()) > 900


def test_every_promise_written_for_clinicians_is_asked(certificate):
    rules = {rule.id for rule in read_rules(guideline.folder())}
    for proof in certificate.proofs:
        assert {result.obligation.about for result in proof.results if result.obligation.rule} == rules


def test_every_finding_a_verdict_depends_on_is_forgotten(certificate):
    model = guideline.load()
    findings = {name for name, column in model.columns.items() if column.table is None}
    for proof in certificate.proofs:
        asked = sum(result.obligation.kind in {"forgotten", "said without"} for result in proof.results)
        reassuring = {
            result.obligation.about for result in proof.results if result.obligation.kind == "forgotten"
        }
        assert asked + proof.trivial == len(findings) * len(reassuring)


def test_an_exception_is_printed_by_name(certificate):
    text = certificate.to_text()
    for proof in certificate.proofs:
        excepted = [each.obligation for each in proof.results if each.outcome == "exception"]
        assert excepted
        assert all(f"{each.about} may be said without {each.of}" in text for each in excepted)


def test_the_certificate_names_the_guideline_the_solver_and_each_obligation(certificate, tmp_path):
    written = json.loads(certificate.write(tmp_path / "build" / "certificate.json").read_text("utf-8"))
    first = written["proofs"][0]
    assert written["good"] is True
    assert written["solver"].startswith("z3 ")
    assert first["guideline"]["hash"] == guideline.load(first["guideline"]["profile"]).hash
    assert first["guideline"]["version"] == guideline.load().version
    assert len(first["parameters"]) == len(guideline.load().parameters)
    assert {"id", "kind", "about", "of", "says", "because", "result", "seconds"} <= set(
        first["obligations"][0]
    )
    assert len(first["obligations"]) == len(certificate.proofs[0].results)


def test_a_part_can_be_proved_alone():
    certificate = prove.run("uk", only=["forgotten", "neurological:"])
    about = {result.obligation.about for proof in certificate.proofs for result in proof.results}
    assert about == {"neurological"}


@pytest.mark.parametrize("site", [{"b12_low": 250, "b12_high": 500}, {"b12_low": 100, "b12_high": 200}])
def test_a_sites_own_limits_need_no_new_proof(certificate, site):
    """Parameters are unknowns within their range: what is shown holds at both ends of it."""
    for proof in certificate.proofs:
        for name, value in site.items():
            low, high = (float(end) for end in _range(proof, name).split(".."))
            assert low <= value <= high


def _range(proof, name: str) -> str:
    return next(each.split(" ")[1] for each in proof.ranges if each.startswith(f"{name} "))
