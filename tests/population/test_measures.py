"""Counts, rates, attrition and the report of sixty people, each number worked out by hand in `people.py`."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from tests.fhir_service.validators import fhir_resources, fhircraft, npm_fhir
from tests.population import people, screens

from corrin import guideline
from corrin.errors import UsageError
from corrin.population import outputs
from corrin.population.measures import folder, writing

MODEL = guideline.load()
GAP = "deficient-untreated"


@pytest.fixture(scope="module")
def screened(tmp_path_factory) -> Path:
    return screens.screen(people.population(), tmp_path_factory.mktemp("sixty") / "out")


@pytest.fixture(scope="module")
def exact(screened) -> writing.Numbers:
    return writing.numbers(outputs.opened(screened, MODEL), MODEL, 0)


@pytest.fixture(scope="module")
def shared(screened) -> writing.Numbers:
    return writing.numbers(outputs.opened(screened, MODEL), MODEL)


def gap(numbers: writing.Numbers, name: str = GAP) -> dict:
    return next(one for one in numbers.measures["gaps"] if one["gap"] == name)


def group(numbers: writing.Numbers, dimension: str, name: str) -> dict:
    return next(one for one in gap(numbers)["by"][dimension] if one["group"] == name)


def test_a_rate_is_what_was_done_of_what_there_was_to_do(exact):
    # open 14 (low); closed 12 + 4 = 16 (treated, few); unknown 15 (between); does not apply 10 (untested); 2 children.
    # 57 alive = 14 + 16 + 15 + 10 + 2. In scope 55. Applicable 14 + 16 = 30, of whom 16 are closed: 0.5333.
    whole = gap(exact)["everybody"]
    assert whole["counts"] == {"open": 14, "not-applicable": 10, "closed": 16, "unknown": 15, "outside": 2}
    assert (whole["people"], whole["initial_population"], whole["applicable"]) == (57, 55, 30)
    assert whole["rate"] == 0.5333


def test_who_cannot_be_told_is_never_counted_as_closed(exact):
    # The 15 between the limits are in no part of the rate.
    by_sex = group(exact, "sex", "male")
    # men: few 4 closed, between 15 unknown, child 2 outside.
    assert by_sex["counts"] == {"open": 0, "not-applicable": 0, "closed": 4, "unknown": 15, "outside": 2}
    assert (by_sex["applicable"], by_sex["rate"]) == (4, 1.0)


def test_everybody_is_in_one_age_band(exact):
    # 10: 2; 20: 10; 50: 14 + 15; 70: 12 + 4. A case says an age in whole years, so each band is certain.
    sizes = {one["group"]: one["people"] for one in gap(exact)["by"]["age_band"]}
    assert sizes == {"under 16": 2, "16 to 29": 10, "45 to 59": 29, "60 to 74": 16}


def test_a_site_that_nobody_recorded_is_a_group_of_its_own(exact):
    sizes = {one["group"]: one["people"] for one in gap(exact)["by"]["site"]}
    assert sizes == {"North": 26, "South": 21, "not recorded": 10}


def test_every_group_adds_up_to_everybody(exact):
    for one in exact.measures["gaps"] + exact.measures["verdicts"]:
        whole = one["everybody"]["counts"]
        assert sum(whole.values()) == exact.measures["people"] == 57
        for groups in one["by"].values():
            assert {word: sum(each["counts"][word] for each in groups) for word in whole} == whole


def test_a_verdict_is_counted_by_its_words(exact):
    status = next(one for one in exact.measures["verdicts"] if one["verdict"] == "b12_status")
    counts = {word: people for word, people in status["everybody"]["counts"].items() if people}
    # deficient 14 + 12 + 4, borderline 15, untested 10, and of the 2 children nothing is said.
    assert counts == {"deficient": 30, "borderline": 15, "untested": 10, "outside": 2}


def test_a_small_number_is_hidden_with_what_gives_it_away(shared):
    # 2 children are outside: alone they would be 57 - 55. So in scope is hidden too, and, since the rest of the gap's
    # words would sum to it, one of them: 10 (does not apply) is the smallest. open 14, closed 16 stay, and the rate.
    whole = gap(shared)["everybody"]
    assert whole["counts"] == {
        "open": 14,
        "not-applicable": None,
        "closed": 16,
        "unknown": 15,
        "outside": None,
    }
    assert (whole["people"], whole["initial_population"]) == (57, None)
    assert (whole["applicable"], whole["rate"]) == (30, 0.5333)


def test_four_men_treated_cannot_be_had_by_subtraction(shared):
    # 4 men are closed. They are hidden, and so is what would tell: closed of the women, as 16 in all are shown.
    men, women = group(shared, "sex", "male"), group(shared, "sex", "female")
    assert men["counts"]["closed"] is None
    assert women["counts"]["closed"] is None
    assert men["rate"] is None


def test_each_step_of_the_attrition_adds_up(exact):
    steps = exact.attrition["people"]
    # 60 read; 3 died; none merged; 2 are children; of nobody can no gap be told.
    assert [(one["left"], one["lost"]) for one in steps] == [(60, 0), (57, 3), (57, 0), (55, 2), (55, 0)]
    for chain in [steps, exact.attrition["input"], *(one["steps"] for one in exact.attrition["gaps"])]:
        for before, after in pairwise(chain):
            assert before["left"] - after["lost"] == after["left"]


def test_the_attrition_of_a_gap_ends_with_those_with_whom_it_was_done(exact):
    steps = next(one for one in exact.attrition["gaps"] if one["gap"] == GAP)["steps"]
    # 57, 2 out of scope, 15 cannot be told, 10 do not apply, 14 open: 16 closed.
    assert [(one["left"], one["lost"]) for one in steps] == [(57, 0), (55, 2), (40, 15), (30, 10), (16, 14)]


def test_three_deaths_are_not_told_by_what_is_left(shared):
    # 57 alive is shown among the measures; so 60 is not, or 3 would be the difference.
    first, alive, not_merged, *_ = shared.attrition["people"]
    assert (first["left"], alive["left"], alive["lost"]) == (None, None, None)
    assert (not_merged["left"], not_merged["lost"]) == (57, None)


def test_the_definitions_come_from_the_guideline(exact):
    told = gap(exact)
    entry = next(one for one in MODEL.population["order"] if one["gap"] == GAP)
    assert told["label"] == entry["label"]
    assert set(entry["because"]) <= set(told["statements"])
    assert MODEL.population["measures"]["counted"][GAP]["achieved"] in told["numerator"]


@pytest.fixture(scope="module")
def written(screened) -> Path:
    outputs.write(screened, MODEL)
    return screened


def bundle(folder: Path) -> list[dict]:
    return [
        one["resource"] for one in json.loads((folder / "measures.fhir.json").read_text("utf-8"))["entry"]
    ]


def lines(folder: Path) -> list[dict]:
    return [json.loads(one) for one in (folder / "worklist.fhir.ndjson").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("validate", [fhir_resources, npm_fhir])
def test_what_is_written_in_fhir_is_valid_for_others(written, validate):
    validate(*bundle(written), *lines(written))


def test_measures_groups_and_issues_hold_the_invariants_of_fhir(written):
    issues = [one for one in lines(written) if one["resourceType"] == "DetectedIssue"]
    measure = next(one for one in bundle(written) if one["resourceType"] == "Measure")
    fhircraft(bundle(written)[3], measure, lines(written)[3], issues[0])


def test_a_report_counts_as_a_proportion_measure_does(screened, exact, tmp_path):
    report = one_report(tmp_path, screened)
    (counted,) = report["group"]
    codes = {one["code"]["coding"][0]["code"]: one["count"] for one in counted["population"]}
    # Of 55 in scope it can be told of 40; of these 10 do not apply, which leaves 30, of whom 16 are closed.
    assert codes == {
        "initial-population": 55,
        "denominator": 40,
        "denominator-exclusion": 10,
        "numerator": 16,
        "unknown": 15,
    }
    assert counted["measureScore"] == {"value": 0.5333}
    assert [one["code"][0]["text"] for one in counted["stratifier"]] == ["age band", "sex", "site"]


def one_report(folder: Path, screened: Path) -> dict:
    """The MeasureReport of the gap with every number shown."""
    from corrin.exports.fhir import coordinates
    from corrin.exports.population import measure_reports

    numbers = writing.numbers(outputs.opened(screened, MODEL), MODEL, 0)
    reports = measure_reports(coordinates.read(MODEL), numbers.measures)["entry"]
    return next(
        one["resource"] for one in reports if one["resource"]["measure"].split("/")[-1].startswith(GAP)
    )


def test_each_report_names_a_measure_that_is_there_with_the_same_populations(written):
    named = {
        f"{one['url']}|{one['version']}": one for one in bundle(written) if one["resourceType"] == "Measure"
    }
    reports = [one for one in bundle(written) if one["resourceType"] == "MeasureReport"]
    assert len(named) == len(reports) == 10
    for report in reports:
        measure = named[report["measure"]]
        (counted,), (defined,) = report["group"], measure["group"]
        assert [one["code"]["coding"][0]["code"] for one in counted["population"]] == [
            one["code"]["coding"][0]["code"] for one in defined["population"]
        ]
        assert [one["code"][0] for one in counted["stratifier"]] == [
            one["code"] for one in defined["stratifier"]
        ]


def test_a_measure_is_a_draft_whose_criteria_are_words_and_rows_of_the_page(written):
    """care-gaps.md, gap-neurological-untreated: GN1 closes it, GN2 opens it, GN4 and GN6 do not apply, the others cannot tell."""
    measure = next(
        one for one in bundle(written) if one.get("url", "").endswith("/Measure/neurological-untreated")
    )
    assert (measure["status"], measure["experimental"]) == ("draft", True)
    assert measure["scoring"]["coding"][0]["code"] == "proportion"
    criteria = {one["criteria"]["name"]: one["criteria"] for one in measure["group"][0]["population"]}
    assert {one["language"] for one in criteria.values()} == {"text/plain"}
    assert criteria["numerator"]["expression"] == (
        "closed: B12 is being given or is ordered (gap-neurological-untreated: GN1)"
    )
    assert criteria["denominator-exclusion"]["expression"].endswith("(gap-neurological-untreated: GN4, GN6)")
    assert criteria["denominator"]["expression"].endswith("(gap-neurological-untreated: GN1, GN2, GN4, GN6)")
    assert criteria["unknown"]["expression"].endswith("(gap-neurological-untreated: GN3, GN5)")
    assert "(gap" not in criteria["initial-population"]["expression"]
    assert any(
        "three months" in one["display"] or one["display"].startswith("S28")
        for one in measure["relatedArtifact"]
    )


def test_a_hidden_number_is_masked_in_fhir_and_not_zero(written):
    report = next(one for one in bundle(written) if GAP in one["measure"])
    excluded = report["group"][0]["population"][2]
    assert "count" not in excluded
    assert excluded["_count"]["extension"][0]["valueCode"] == "masked"


def test_the_group_of_a_gap_holds_those_for_whom_it_is_open(written):
    found = next(one for one in lines(written) if one["resourceType"] == "Group" and GAP in one["id"])
    # the 14 of "low", nobody else
    assert found["quantity"] == 14
    assert {one["entity"]["reference"] for one in found["member"]} == {
        f"Patient/low-{at}" for at in range(14)
    }


def test_a_group_of_nobody_is_there_and_empty(written):
    found = next(one for one in lines(written) if one["id"].endswith("maintenance-overdue"))
    assert found["quantity"] == 0
    assert "member" not in found


def test_each_listed_person_has_one_issue_with_its_reason_and_what_comes_next(written):
    issues = [one for one in lines(written) if one["resourceType"] == "DetectedIssue"]
    # 14 low and 15 between have an open gap; nobody else has.
    assert len(issues) == 29
    assert len({one["id"] for one in issues}) == 29
    low = next(one for one in issues if one["patient"] == {"reference": "Patient/low-0"})
    assert low["code"]["coding"][0]["code"] == GAP
    assert low["identifiedDateTime"] == people.AS_OF
    assert low["severity"] == "high"
    assert low["mitigation"][0]["action"]["text"]
    assert any("100" in one["code"][0]["text"] for one in low["evidence"])
    assert low["status"] == "preliminary"


def test_an_id_that_cannot_stand_in_a_reference_is_an_identifier():
    from corrin.exports.population.worklist import person

    assert person("a b/c") == {"identifier": {"value": "a b/c"}}


def test_a_folder_that_no_screen_wrote_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"no `corrin screen` wrote this"):
        folder.opened(whole(tmp_path))


def whole(path: Path) -> Path:
    """A folder with files of the right names, and no note of a run."""
    for name in folder.TABLES:
        (path / f"{name}.parquet").write_bytes(b"")
    return path


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="there is no such folder"):
        folder.opened(tmp_path / "nowhere")


def copied(screened: Path, to: Path) -> Path:
    from shutil import copytree

    return copytree(screened, to / "copy")


def test_a_folder_of_another_form_is_refused_with_the_mend(screened, tmp_path):
    copy = copied(screened, tmp_path)
    told = json.loads((copy / "screen.json").read_text("utf-8"))
    (copy / "screen.json").write_text(json.dumps(told | {"form": 0}), "utf-8")
    with pytest.raises(UsageError, match="is of form 0, and this Corrin reads form 1"):
        folder.opened(copy)


def test_a_folder_without_one_of_its_tables_is_refused(screened, tmp_path):
    copy = copied(screened, tmp_path)
    (copy / "verdicts.parquet").unlink()
    with pytest.raises(UsageError, match=r"verdicts.parquet is not there"):
        folder.opened(copy)


def test_a_broken_table_is_refused_by_name(screened, tmp_path):
    copy = copied(screened, tmp_path)
    (copy / "people.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(UsageError, match=r"people.parquet: cannot be read as Parquet"):
        folder.opened(copy)


def test_a_table_of_an_older_corrin_is_refused_by_the_column_that_is_missing(screened, tmp_path):
    import duckdb

    copy = copied(screened, tmp_path)
    path = copy / "worklist.parquet"
    with duckdb.connect() as base:
        base.execute(f"COPY (SELECT * EXCLUDE (days_left) FROM '{path}') TO '{tmp_path / 'old.parquet'}'")
    (tmp_path / "old.parquet").replace(path)
    with pytest.raises(UsageError, match="it has no days_left"):
        outputs.opened(copy, MODEL)
