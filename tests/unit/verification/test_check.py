"""`corrin check` says what is accounted for, and everything that is not right."""

import shutil

import pytest

from corrin import guideline
from corrin.guideline import lock
from corrin.verification import check


def test_our_own_guideline_has_nothing_to_mend():
    report = check.run()
    assert report.good, report.to_text()
    assert "statements accounted for           43 of 43" in report.to_text()


def test_every_table_of_our_guideline_reaches_a_verdict_or_a_promise():
    """`clinical-feature` is read by an obligation."""
    assert check.run().static.idle == ("clinical-feature",)


def test_a_report_names_statements_rows_examples_and_marks(tiny):
    lock.write(tiny)
    text = check.run(tiny).to_text()
    assert "statements accounted for           9 of 9" in text
    assert "statements added, accounted for    1 of 1" in text
    assert "inferred                           " in text
    assert "unverified                         " in text
    assert "sources nobody cites               1: orphan" in text
    assert "lock                               fresh" in text


def test_a_page_that_cannot_be_read_is_told_and_nothing_else(tiny):
    page = tiny / "throat.md"
    page.write_text(page.read_text("utf-8").replace("| D1  | drooling ", "| D1  | droling "), "utf-8")
    report = check.run(tiny)
    assert not report.good
    assert report.static is None
    assert report.run is None
    assert "`droling`" in report.to_text()
    assert report.to_text().startswith("1 problem")


def test_an_example_that_does_not_agree_is_a_problem(tiny):
    page = tiny / "throat.md"
    text = page.read_text("utf-8")
    page.write_text(text.replace("| 37.9 Cel    | F1 none", "| 38.9 Cel    | F1 none"), "utf-8")
    lock.write(tiny)
    report = check.run(tiny)
    assert "the rows say `F2 fever`" in " ".join(report.to_text().split())


@pytest.mark.parametrize("width", [40, 80])
def test_the_report_stays_within_the_terminal_and_loses_no_word(tiny, width):
    report = check.run(tiny)
    assert max(map(len, report.to_text(width).splitlines())) <= width
    assert report.to_text(width).split() == report.to_text(1000).split()


def test_one_problem_is_one_problem(tiny):
    page = tiny / "throat.md"
    page.write_text(page.read_text("utf-8").replace("| C2 ", "| C2x", 1), "utf-8")
    assert "\n1 problem\n" in f"\n{check.run(tiny).to_text()}"


def test_a_row_that_no_example_holds_is_a_problem(tiny):
    page = tiny / "throat.md"
    lines = page.read_text("utf-8").split("\n")
    page.write_text("\n".join(line for line in lines if "C2 viral" not in line), "utf-8")
    lock.write(tiny)
    where = [problem.where for problem in check.run(tiny).problems]
    assert sum("row C2" in each for each in where) == 1


def test_a_stale_lock_is_a_problem(tiny):
    lock.write(tiny)
    parameters = tiny / "parameters.toml"
    parameters.write_text(parameters.read_text("utf-8") + "# seen\n", "utf-8")
    report = check.run(tiny)
    assert "lock                               stale: run `corrin lock`" in report.to_text()
    assert any("lock" in problem.where for problem in report.problems)


def test_a_check_takes_the_folder_it_is_given(tmp_path):
    copy = tmp_path / "guideline"
    shutil.copytree(guideline.folder(), copy)
    (copy / "red-flags.md").write_text("# Nothing\n", "utf-8")
    assert not check.run(copy).good
