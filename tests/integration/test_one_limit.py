"""One limit is changed in one place, and the page, the proof, the SQL and the answer all follow."""

import shutil
from datetime import date

import pytest
import z3
from tests.generative import four

from corrin import api, guideline, intake
from corrin.answers import Desk
from corrin.errors import GuidelineError
from corrin.readings import smt
from corrin.verification import prove

PATIENT = {
    "case": 1,
    "as_of": "2026-11-22",
    "findings": {"age_years": 71, "leg_weakness": True, "serum_b12": {"value": 185, "unit": "pg/mL"}},
}
B12_185 = (185_000, 185_000)


def edit(folder, page: str, old: str, new: str) -> None:
    text = (folder / page).read_text("utf-8")
    assert old in text
    (folder / page).write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def pages(tmp_path):
    """The guideline with the lower limit of serum B12 at 190 pg/mL (140 pmol/L) instead of 180 (133)."""
    folder = tmp_path / "guideline"
    shutil.copytree(guideline.folder(), folder)
    edit(folder, "parameters.toml", 'value = 180\nunit = "pg/mL"', 'value = 190\nunit = "pg/mL"')
    edit(folder, "parameters.toml", 'pair = "133 pmol/L"', 'pair = "140 pmol/L"')
    return folder


def test_a_limit_that_no_longer_stands_in_its_statement_is_refused(pages):
    with pytest.raises(GuidelineError, match=r"190 of `b12_low` does not stand in S21"):
        guideline.read(pages)


def test_a_changed_limit_shows_in_page_proof_sql_and_answer(pages):
    edit(
        pages,
        "2-diagnose.md",
        "S21 Serum B12 below 180 pg/mL (133 pmol/L)",
        "S21 Serum B12 below 190 pg/mL (140 pmol/L)",
    )
    before, after = guideline.read(), guideline.read(pages)

    assert "190 pg/mL" in after.statements["S21"].text
    assert after.hash != before.hash

    for model, band in ((before, "borderline"), (after, "deficient")):
        encoding = smt.encode(model, symbolic=False)
        level = encoding.numbers["serum_b12"]
        solver = z3.Solver()
        solver.add(level.has_low, level.has_high, level.low == B12_185[0], level.high == B12_185[1])
        solver.add(z3.Not(encoding.words["serum_b12_band"][band]))
        assert solver.check() == z3.unsat, "at 185 pg/mL no patient has another band"

        (said,) = four.in_sql(model, [{"serum_b12": B12_185}])
        assert said["serum_b12_band"] == band

        (record,) = intake.read(PATIENT)
        answer = api.answer(record, Desk(model), date(2026, 11, 22))
        assert answer.verdicts["b12_status"] == band

    rules = prove.read_rules(pages)
    proof = prove.prove(after, rules, only=("serum-b12-band",))
    assert proof.results
    assert all(result.good for result in proof.results)
