"""A decision in the words of the verdicts."""

from dataclasses import replace

from tests.unit.readings.test_plain import MODEL as TABLES

from corrin.guideline.model import Verdict
from corrin.readings import assessment
from corrin.readings.assessment import assess

ADULT = {"age": (40_000, 40_000)}


def verdict(name, kind, columns=(), keys=(), tables=()):
    return Verdict(
        id=name,
        label=name,
        kind=kind,
        columns=columns,
        keys=keys,
        tables=tables,
        values=(),
        reassuring=(),
        said_without=(),
        main=True,
        say={},
    )


MODEL = replace(
    TABLES,
    hash="abc",
    verdicts={
        "b12": verdict("b12", "one", ("status",)),
        "place": verdict("place", "each", ("sign__cord", "sign__column"), ("cord", "column")),
        "tests": verdict("tests", "list", tables=("next-tests",)),
        "all": verdict("all", "list", tables=("next-tests", "sign")),
    },
)


def test_a_verdict_has_the_word_of_its_column_or_is_unknown():
    assert assess(MODEL, {"level": (1, 1)}).verdicts["b12"] == "deficient"
    assert assess(MODEL, {}).verdicts["b12"] == "unknown"


def test_of_two_patients_whom_no_table_can_tell_apart_the_same_is_said_and_worked_out_once():
    # 100 and 150 both lie below the lower limit, so no cell tells them apart; 300 does not.
    one, other = assess(MODEL, {"level": (100_000, 100_000)}), assess(MODEL, {"level": (150_000, 150_000)})
    assert one is other
    assert assess(MODEL, {"level": (300_000, 300_000)}).verdicts["b12"] != one.verdicts["b12"]


def test_whatever_is_not_known_tells_nobody_apart_and_the_order_of_findings_does_not():
    one = assess(MODEL, {"spasticity": "yes", "ataxia": "no", "level": None})
    assert assess(MODEL, {"ataxia": "no", "spasticity": "yes"}) is one
    assert assess(MODEL, {"ataxia": "yes", "spasticity": "no"}) is not one


def test_only_so_many_kinds_of_patients_are_kept(monkeypatch):
    monkeypatch.setattr(assessment, "ALIKE", 2)
    rows = [{"spasticity": word, "ataxia": other} for word in ("yes", "no") for other in ("yes", "no")]
    said = [assess(MODEL, row).verdicts["place"] for row in rows * 2]
    column = {"yes": "yes", "no": "unknown"}  # a sign of the columns that nobody looked for may be there
    assert said == [{"cord": row["spasticity"], "column": column[row["ataxia"]]} for row in rows * 2]
    assert len(assessment.ready(MODEL).assessed) <= 2


def test_a_verdict_of_several_keys_has_a_word_for_each():
    said = assess(MODEL, {"spasticity": "yes", "ataxia": "no"}).verdicts["place"]
    assert said == {"cord": "yes", "column": "unknown"}


def test_a_list_has_the_outputs_that_hold_table_by_table():
    row = {**ADULT, "level": (300_000, 300_000), "treated": "no", "ataxia": "yes", "romberg": "yes"}
    answer = assess(MODEL, row)
    assert answer.verdicts["tests"] == ("mma",)
    assert answer.verdicts["all"] == ("mma", "column")
    assert answer.listed("all") == ("mma", "column")


def test_a_list_is_empty_only_when_nothing_can_follow():
    row = {**ADULT, "level": (1, 1)}
    assert assess(MODEL, row).verdicts["tests"] == ()


def test_a_list_of_which_nothing_holds_and_something_may_is_unknown_and_lists_nothing():
    answer = assess(MODEL, {**ADULT, "level": (300_000, 300_000), "treated": "no"})
    assert answer.verdicts["tests"] == "unknown"
    assert answer.listed("tests") == ()
    assert answer.open["tests"] == ("mma",)


def test_what_may_still_follow_is_listed_beside_what_does():
    answer = assess(MODEL, {"ataxia": "yes"})
    assert answer.verdicts["all"] == ("mma", "serum-b12", "column")
    assert answer.open["all"] == ("cord",)
    assert answer.open["b12"] == ("deficient", "not-deficient")


def test_a_settled_verdict_has_nothing_open():
    assert "b12" not in assess(MODEL, {"level": (1, 1)}).open


def test_a_verdict_that_is_not_for_this_patient_is_unknown_and_says_so():
    answer = assess(MODEL, {"age": (10_000, 10_000), "spasticity": "yes"})
    assert answer.verdicts["tests"] == "unknown"
    assert answer.not_applicable == {"tests"}
    assert answer.verdicts["all"] == ("cord",)


def test_the_assessment_says_which_guideline_said_so():
    answer = assess(MODEL, {"level": (1, 1)})
    assert answer.guideline == "abc"
    assert answer.decision.held == ("B1", "D1")


def test_a_guideline_is_made_ready_once_and_only_a_few_are_kept():
    first = assessment.reader(MODEL)
    assert assessment.reader(MODEL) is first
    others = [replace(MODEL, hash=str(number)) for number in range(assessment.READY)]
    assert len({id(assessment.reader(other)) for other in others}) == assessment.READY
    assert assessment.reader(MODEL) is not first
