"""Thirty published cases, from the facts that were printed: what must be said of each, and what must not.

A folder each: `patient.json` is a case file (what was not printed is left out, never made normal), and
`expected.toml` says what must and must not be answered, and why, from the statements.
"""

import json
import tomllib
from pathlib import Path

import pytest
from tests.conftest import ROOT

import corrin
from corrin import guideline

HERE = Path(__file__).parent
CASE_FILES = [
    path
    for path in sorted([*HERE.glob("*/patient.json"), *(ROOT / "examples").glob("*.json")])
    if '"case"' in path.read_text("utf-8")
]
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
        (f"{identity}.{key}" if key else identity, value)
        for identity, verdict in model.verdicts.items()
        for key, value in keyed(answer.verdicts[identity])
        if value in verdict.reassuring
    }


def keyed(said) -> list[tuple[str, str]]:
    """A verdict's words with the key that each stands under, if any."""
    if isinstance(said, str):
        return [("", said)]
    return list(said.items()) if isinstance(said, dict) else [("", member) for member in said]


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


def forgettings(case: dict):
    """The same patient with each finding forgotten in turn."""
    for forgotten in case["findings"]:
        findings = {finding: value for finding, value in case["findings"].items() if finding != forgotten}
        yield forgotten, case | {"findings": findings}


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_forgetting_any_finding_of_a_patient_adds_no_reassuring_word(path):
    """A verdict may move from one reassuring word to another; none may move into its reassuring words.

    Written exceptions: a verdict's `said_without`; and the age of somebody under 16, without whom everything
    speaks again (A01).
    """
    model = guideline.load()
    case = json.loads(path.read_text("utf-8"))
    answer = corrin.assess(case)
    before = {verdict for verdict, _ in reassurances(answer, model)}
    for forgotten, less in forgettings(case):
        if answer.verdicts["scope"] == "out-of-scope" and forgotten == "age_years":
            continue
        added = {verdict for verdict, _ in reassurances(corrin.assess(less), model)} - before
        unwritten = {
            verdict
            for verdict in added
            if forgotten not in model.verdicts[verdict.partition(".")[0]].said_without
        }
        assert not unwritten, f"{forgotten} forgotten: {unwritten}"
