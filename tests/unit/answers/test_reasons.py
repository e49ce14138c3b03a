"""Why a table said what it said, back through every table between to the findings that somebody told."""

import doctest

from corrin import guideline
from corrin.answers import values
from corrin.answers.reasons import Contents, Reasons
from corrin.plans import dates, recovery
from corrin.readings import assessment

MODEL = guideline.load()
CONTENTS = Contents(MODEL)


def reasons(**row) -> Reasons:
    return Reasons(CONTENTS, assessment.assess(MODEL, row), row)


def test_behind_a_status_stands_the_level_three_tables_before():
    why = reasons(serum_b12=(100_000, 100_000), leg_weakness="yes")
    (row,) = why.said_by("b12_status")
    assert CONTENTS.rows[row][1].output == "deficient"
    assert why.behind(row) == ("serum_b12",)


def test_behind_neurological_involvement_stands_the_feature_that_is_present_and_not_one_that_is_absent():
    why = reasons(leg_weakness="yes", paraesthesia="no", age_years=(71_000, 71_000))
    (row,) = why.said_by("neurological")
    assert why.behind(row) == ("leg_weakness",)


def test_an_unknown_verdict_wants_the_findings_that_are_unknown_on_its_way():
    assert "folic_acid" in reasons(leg_weakness="yes").wanting("folic_acid_guard")
    assert "leg_weakness" not in reasons(leg_weakness="yes").wanting("testing")


def test_a_known_column_wants_nothing():
    assert reasons(leg_weakness="yes").wanting("neurological") == ()


def test_of_two_names_for_one_fact_the_fact_is_told_once():
    level = (400_000, 400_000)
    why = reasons(serum_b12=level, serum_b12_lowest=level, leg_weakness="yes", nitrous_oxide="yes")
    evidence = dict.fromkeys(why.row, ("a fact",))
    told = why.told(why.said_by("b12_status"), evidence)
    assert "serum_b12" in told
    assert "serum_b12_lowest" not in told


def test_the_examples_in_the_documentation_of_the_modules_hold():
    for module in (values, dates, recovery):
        failed, tried = doctest.testmod(module)
        assert tried
        assert not failed
