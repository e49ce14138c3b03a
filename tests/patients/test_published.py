"""Thirty published cases, from the facts that were printed: what must be said of each, and what must not.

A folder each: `patient.json` is a case file (what was not printed is left out, never made normal), and
`expected.toml` says what must and must not be answered, and why, from the statements.
"""

import json
import tomllib
from pathlib import Path

import pytest

import corrin
from corrin import guideline

HERE = Path(__file__).parent
CASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "patient.json").is_file())


def expected(name: str) -> dict:
    return tomllib.loads((HERE / name / "expected.toml").read_text("utf-8"))


def values(answer, verdict: str) -> set[str]:
    """A verdict's value, or the members of a list."""
    said = answer.verdicts[verdict]
    return {said} if isinstance(said, str) else set(said)


def reassurances(answer, model) -> set[tuple[str, str]]:
    """Every reassuring word of an answer, with the verdict that says it."""
    return {
        (identity, value)
        for identity, verdict in model.verdicts.items()
        for value in (
            answer.verdicts[identity].values()
            if isinstance(answer.verdicts[identity], dict)
            else values(answer, identity)
        )
        if value in verdict.reassuring
    }


@pytest.mark.parametrize("name", CASES)
def test_a_published_case_is_told_what_its_facts_require(name):
    want = expected(name)
    answer = corrin.assess(HERE / name / "patient.json")
    for verdict, allowed in want.get("must", {}).items():
        assert values(answer, verdict) <= set(allowed), f"{verdict}: {want['why']}"
    for verdict, forbidden in want.get("must_not", {}).items():
        assert not values(answer, verdict) & set(forbidden), f"{verdict}: {want['about']}"
    for verdict, members in want.get("contains", {}).items():
        assert values(answer, verdict) >= set(members), f"{verdict}: {want['why']}"
    assert {refusal["finding"] for refusal in answer.to_dict()["refused"]} == set(want.get("refused", []))


def test_all_thirty_are_here_and_no_true_deficiency_is_called_unlikely_or_not_prompted():
    assert len(CASES) == 30
    for name in CASES:
        if expected(name)["truth"] not in {"not_b12", "unclear"}:
            answer = corrin.assess(HERE / name / "patient.json")
            assert answer.verdicts["b12_status"] != "unlikely", name
            assert answer.verdicts["testing"] != "not-prompted", name


@pytest.mark.parametrize("name", CASES)
def test_forgetting_any_finding_of_a_published_case_adds_no_reassuring_word(name):
    model = guideline.load()
    case = json.loads((HERE / name / "patient.json").read_text("utf-8"))
    before = reassurances(corrin.assess(case), model)
    for forgotten in case["findings"]:
        findings = {finding: value for finding, value in case["findings"].items() if finding != forgotten}
        added = reassurances(corrin.assess(case | {"findings": findings}), model) - before
        said_without = {verdict for verdict, _ in added if forgotten in model.verdicts[verdict].said_without}
        assert not {pair for pair in added if pair[0] not in said_without}, forgotten
