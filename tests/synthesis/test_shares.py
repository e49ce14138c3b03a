"""shares.toml: the generator's own file, every name in it one of the guideline's."""

import pytest

from corrin import guideline
from corrin.errors import GuidelineError
from corrin.synthesis import shares


def test_a_name_that_the_guideline_does_not_have_is_refused_with_the_nearest(monkeypatch, tmp_path):
    text = shares.FILE.read_text("utf-8").replace("serum_b12 = 0.14", "serum_b21 = 0.14")
    (tmp_path / "shares.toml").write_text(text, "utf-8")
    monkeypatch.setattr(shares, "FILE", tmp_path / "shares.toml")
    shares._told.cache_clear()
    with pytest.raises(GuidelineError) as refused:
        shares.read(guideline.load())
    shares._told.cache_clear()
    (problem,) = refused.value.problems
    assert "serum_b21" in problem.what
    assert "serum_b12" in problem.mend


def test_a_finding_without_a_share_of_its_own_has_that_of_its_group():
    laid = guideline.load()
    told = shares.read(laid)
    assert told.of(laid.declared.findings["glossitis"]) == told.groups["symptom"]
    assert told.of(laid.declared.findings["fatigue"]) == told.findings["fatigue"]


def test_every_share_is_a_share():
    told = shares.read(guideline.load())
    for section in (told.groups, told.findings, told.noise, told.printing):
        assert all(0 <= share <= 1 for share in section.values())
