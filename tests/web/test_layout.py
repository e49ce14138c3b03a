"""What the page lays out stands in plan.toml; a name that the guideline does not have is refused with its place."""

from dataclasses import replace

import pytest

from corrin import guideline
from corrin.answers import Desk
from corrin.errors import GuidelineError
from corrin.exports.sheet.layout import layout


def desk(section: str, **changed) -> Desk:
    """The guideline with some entries of [page] or [evidence] changed."""
    model = guideline.load()
    plan = {**model.plan, section: {**model.plan[section], **changed}}
    return Desk(replace(model, plan=plan))


def test_a_group_of_questions_without_a_heading_is_refused():
    groups = [one for one in guideline.load().plan["page"]["group"] if one["id"] != "symptom"]
    with pytest.raises(GuidelineError, match=r"plan.toml, page.group: no heading for the group 'symptom'"):
        layout(desk("page", group=groups))


@pytest.mark.parametrize(
    ("entry", "value"), [("bar", ["b12_statuss"]), ("also", ["nothing"]), ("drawn", ["serum_b13"])]
)
def test_a_name_that_is_not_known_is_refused(entry, value):
    with pytest.raises(GuidelineError, match=rf"plan.toml, {entry}: names '{value[0]}', which is not known"):
        layout(desk("page", **{entry: value}))


def test_a_list_that_is_no_list_of_the_answer_is_refused():
    with pytest.raises(GuidelineError, match=r"page.list_now: names 'b12_status'"):
        layout(desk("page", list_now="b12_status"))


def test_an_attribute_of_a_finding_that_is_not_there_is_refused():
    with pytest.raises(GuidelineError, match="names 'race', which is not known"):
        layout(desk("evidence", attribute=[{"name": "Race", "findings": ["race"]}]))


def test_everything_that_is_loud_is_a_value_of_its_verdict():
    made = desk("page")
    for verdict, values in layout(made).loud.items():
        assert values <= set(made.guideline.verdicts[verdict].values)
