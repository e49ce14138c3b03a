"""Problems gather, and are said once."""

import pytest

from corrin.errors import GuidelineError, Problems, Refusal, did_you_mean


def test_problems_are_raised_together_and_each_once():
    problems = Problems()
    problems.speak(GuidelineError)
    problems.refuse("page.md:3", "this is wrong", "Write that.")
    problems.refuse("page.md:3", "this is wrong", "Write that.")
    problems.refuse("page.md:4", "so is this", "Leave it out.")
    with pytest.raises(GuidelineError) as raised:
        problems.speak(GuidelineError)
    assert str(raised.value) == "page.md:3: this is wrong. Write that.\npage.md:4: so is this. Leave it out."


def test_whoever_refers_to_what_was_refused_is_not_blamed():
    problems = Problems()
    problems.lose("cause")
    problems.miss("page.md:5", "cause", "table", ["fever"])
    problems.miss("page.md:6", "cause__viral", "column", ["fever"])
    problems.take("page.md:7", Refusal("no such thing", "Mend it.", "cause"))
    assert problems.found == []
    problems.miss("page.md:8", "fevr", "table", ["fever"])
    problems.take("page.md:9", Refusal("an empty cell", "Fill it."))
    assert [str(problem) for problem in problems.found] == [
        "page.md:8: `fevr` is no table. Did you mean `fever`?",
        "page.md:9: an empty cell. Fill it.",
    ]


def test_the_nearest_name_is_offered_else_those_there_are():
    assert did_you_mean("fevr", ["fever", "cause"]) == "Did you mean `fever`?"
    assert did_you_mean("xyz", ["fever", "cause"]) == "Known here: `fever`, `cause`."
    assert did_you_mean("xyz", []) == "There is none to choose from yet."
    assert did_you_mean("xyz", [f"a{at}" for at in range(13)]).endswith("`a11` ....")
