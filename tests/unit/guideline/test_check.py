"""The static report: what is accounted for, and what still deserves a look."""

import pytest

from corrin import guideline
from corrin.guideline import lock
from corrin.guideline.check import Account, report

BARE = ["AG1", "AG2", "AD1", "AD2", "AD3", "N1", "N2", "N3"]


@pytest.fixture
def checked(tiny):
    def of(**edits):
        for name, (old, new) in edits.items():
            path = next(path for path in tiny.iterdir() if path.stem == name)
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), "utf-8")
        return report(guideline.read(tiny, "home"), tiny)

    return of


def test_every_statement_is_accounted_for_by_rows_by_being_shown_or_by_a_reason(checked):
    said = checked()
    accounts = {account.statement: account.how for account in said.accounts}
    assert said.accounted("S") == (9, 9)
    assert said.accounted("A") == (1, 1)
    assert accounts["A01"] == "rows D1, N2"
    assert accounts["S02"] == "rows finding tonsils"
    assert accounts["S04"] == "shown beside the answer.; rows C2"
    assert accounts["S08"] == "rows TL1, TL2"
    assert Account("S05", "not computable: an opinion.") in said.accounts


def test_a_statement_that_is_on_no_page_is_missed(checked):
    said = checked(guideline=("S = 9", "S = 10"))
    assert said.accounted("S") == (9, 10)
    assert said.missing == ("S10",)
    assert "S10: the statement is on no page. State it: `> S10 ... [source]`." in map(str, said.problems)


def test_a_statement_from_which_nothing_follows_is_named(checked):
    said = checked(
        throat=("> shown: beside the answer.\n", ""),
        treat=("| C2 ", "| C2 ") if False else ("S09  |", "S09  |"),
    )
    assert said.unaccounted == ()
    said = checked(throat=("S04 inferred", "S03 inferred"))
    assert said.unaccounted == ("S04",)
    assert said.accounted("S") == (8, 9)
    assert "S04: the statement is stated and nothing follows from it." in str(said.problems[0])


def test_it_counts_tables_rows_and_examples(checked):
    said = checked()
    assert (said.tables, said.rows, said.examples) == (6, 18, 16)


def test_a_row_that_holds_in_no_example_is_named_and_a_straddling_or_open_one_does_not_count(checked):
    said = checked()
    assert [row for row, _ in said.bare_rows] == BARE
    straddled = checked(
        throat=("| 37.9 Cel    | F1 none            |", "| <39 Cel     | F1 or F2 none-or-fever |")
    )
    assert [row for row, _ in straddled.bare_rows] == ["F1", *BARE] or "F1" in dict(straddled.bare_rows)
    assert "the row holds in no example" in str(straddled.problems[0])


def test_what_rests_on_our_own_inference_or_is_unverified_is_listed(checked):
    said = checked()
    assert said.inferred == ("D2", "AD3", "C2", "C3", "C4", "C5", "R2")
    assert said.unverified == ("N2", "look_back (parameter)")


def test_sources_nobody_cites_numbers_nobody_uses_and_findings_nobody_reads_are_listed(checked):
    said = checked()
    assert said.orphans == ("orphan",)
    assert said.unused == ()
    assert said.unread == ("crp", "days_since_onset", "examination", "hoarse", "voice")
    assert checked(findings=('window = "look_back"\n', "")).unused == ()
    assert checked(findings=('strength = "look_back"\n', "")).unused == ("look_back",)
    assert checked(findings=('label = "Drooling"', 'label = "drooling"')).unlabelled == ("drooling",)


def test_a_table_whose_word_reaches_nobody_is_listed(checked):
    assert checked().idle == ()
    listed = '[next_steps]\nlabel = "What next"\nkind = "list"\ntables = ["next"]\n'
    assert checked(verdicts=(listed, "")).idle == ("next",)


def test_an_old_lock_is_a_problem(checked, tiny):
    assert checked().stale
    lock.write(tiny)
    assert not checked().stale
    moved = checked(words=("go to hospital", "go to a hospital"))
    assert moved.stale
    assert str(moved.problems[-1]) == (
        "guideline.lock.json: the lock is not what the pages say now. Run `corrin lock`."
    )
