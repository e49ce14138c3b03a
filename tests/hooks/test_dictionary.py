"""What services.toml tells CDS Hooks: read strictly, so that a wrong name is refused and not left out."""

import copy
from dataclasses import replace

import pytest

from corrin import api
from corrin.errors import GuidelineError
from corrin.service.hooks import dictionary

GUIDELINE = api.desk().guideline


def changed(*path_and_value):
    *path, key, value = path_and_value
    services = copy.deepcopy(dict(GUIDELINE.services))
    at = services["hooks"]
    for step in path:
        at = at[step]
    if value is ...:
        del at[key]
    else:
        at[key] = value
    return replace(GUIDELINE, services=services, hash="changed " + repr(path_and_value))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("level", "cards"), "hooks.level"),
        (("level", ...), "hooks.level"),
        (("levels", "critical", "indicator", "red"), "hooks.levels.critical.indicator"),
        (("levels", "critical", "table", "card-red"), "hooks.levels.critical.table"),
        (("reasons", "red-flag", ...), "hooks.reasons.red-flag"),
        (("lines", ["b12-status"]), "lines"),
        (("lists", ["next-tests"]), "lists"),
        (("treatment", ["treat"]), "treatment"),
        (("tests", ["test"]), "tests"),
        (("withdraw", "action", "stop"), "hooks.withdraw.action"),
        (("withdraw", "finding", "folate-tablets"), "hooks.withdraw.finding"),
        (("services", 0, "hook", ...), "hooks.services.hook"),
        (("prefetch", 0, "type", ...), "hooks.prefetch.type"),
        (("prefetch", 2, "since", "yesterday"), "hooks.prefetch.since"),
        (("topic", "code", ...), "hooks.topic.code"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_name_that_leads_nowhere_is_refused_with_its_place(change, place):
    with pytest.raises(GuidelineError) as refused:
        dictionary.read(changed(*change))
    assert refused.value.problems[0].where == f"services.toml, {place}"


def test_a_guideline_without_the_file_is_refused():
    with pytest.raises(GuidelineError, match="the file is missing"):
        dictionary.read(replace(GUIDELINE, services={}, hash="none"))


def test_a_level_of_the_card_has_an_indicator_unless_it_means_no_card():
    hooks = dictionary.read(GUIDELINE)
    assert set(hooks.level.values) - set(hooks.levels) == {"none"}
    assert {level.indicator for level in hooks.levels.values()} == {"critical", "warning", "info"}


def test_a_part_is_complete_when_every_query_of_it_found_nothing():
    hooks = dictionary.read(GUIDELINE)
    assert hooks.complete(["conditions", "allergies"]) == {"conditions", "allergies"}
    assert "medicines" not in hooks.complete(["requests", "statements", "administrations"])
    assert "medicines" in hooks.complete(["requests", "statements", "administrations", "dispenses"])
