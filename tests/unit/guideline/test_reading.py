"""What the tiny guideline says, place by place."""

import pytest

from corrin import guideline
from corrin.errors import UsageError
from corrin.guideline.model import Course, Guard, Milestone, Place, Side, Statement, Step

from .conftest import TINY


@pytest.fixture(scope="module")
def home():
    return guideline.read(TINY, "home")


def row(model, identity):
    return next(row for table in model.tables for row in table.rows if row.id == identity)


def test_a_statement_keeps_its_text_its_sources_and_its_place(home):
    assert home.statements["S03"] == Statement(
        "S03",
        "Fever and pus together are likely to be bacterial; B12 has nothing to do with it.",
        ("handbook",),
        "rows",
        "",
        Place("throat.md", 7),
    )


def test_a_statement_says_how_it_is_accounted_for(home):
    shown, opinion = home.statements["S04"], home.statements["S05"]
    assert (shown.handled, shown.note) == ("shown", "beside the answer.")
    assert (opinion.handled, opinion.note) == ("not-computable", "an opinion.")
    assert home.statements["A01"].added
    assert not shown.added


def test_tables_stand_after_those_they_read_from_whatever_the_order_of_pages(home):
    order = [table.id for table in home.tables]
    assert sorted(order) == ["adult", "adult-age", "cause", "danger", "fever", "next"]
    assert order.index("adult-age") < order.index("adult") < order.index("cause") < order.index("next")


def test_a_bands_table_can_also_say_two_neighbours_or_that_it_cannot_place_a_number(home):
    assert home.columns["fever_band"].values == (
        *("none", "fever", "high-fever"),
        *("none-or-fever", "fever-or-high-fever", "unplaced"),
    )
    assert home.columns["adult_band"].values == ("child", "grown-up", "child-or-grown-up")


def test_a_unique_table_gives_one_column_and_unknown_is_none_of_its_values(home):
    assert home.columns["cause"].values == ("bacterial", "viral")
    assert home.columns["adult"].values == ("yes", "no")


def test_a_list_gives_a_yes_no_for_itself_and_for_each_output(home):
    names = {name for name, column in home.columns.items() if column.table == "danger"}
    assert names == {"danger", "danger__airway", "danger__heat"}
    assert {home.columns[name].values for name in names} == {("yes", "no")}


def test_a_date_is_no_column_and_the_number_that_counts_since_it_is(home):
    assert "onset" not in home.columns
    assert home.columns["days_since_onset"].unit == "d"


def test_a_list_asks_one_finding_a_line(home):
    danger = home.table("danger")
    assert danger.inputs == ("drooling", "temperature")
    assert [cell.text for cell in row(home, "D1").cells] == ["yes", "-"]
    assert [cell.text for cell in row(home, "D2").cells] == ["-", ">= 41.5"]


def test_a_table_has_its_explanation_and_its_guard(home):
    cause = home.table("cause")
    assert cause.title == "What it is likely to be."
    assert cause.guard is not None
    assert (cause.guard.finding, cause.guard.cell.words, cause.guard.place) == (
        *("adult", ("yes",)),
        Place("throat.md", 59),
    )
    assert isinstance(cause.guard, Guard)
    assert home.table("fever").title == "How hot the patient is, at most 3 days ago."


def test_a_row_says_what_it_rests_on(home):
    assert (row(home, "N2").because, row(home, "N2").unverified) == (("A01",), True)
    assert (row(home, "C2").because, row(home, "C2").inferred) == (("S04",), True)
    assert row(home, "N2").place == Place("treat.md", 29)


def test_an_unknown_that_somebody_wrote_is_an_output(home):
    assert row(home, "AD3").output == "unknown"


def test_an_example_keeps_what_was_given_and_forgets_what_was_not(home):
    lines = [(example.given, example.expected) for example in home.examples if example.table == "danger"]
    assert lines == [
        ({"drooling": "yes"}, "D1 airway"),
        ({"temperature": "41.5 Cel"}, "D2 heat"),
        ({"drooling": "no", "temperature": "38 Cel"}, "none"),
        ({"temperature": "38 Cel"}, "D1?"),
    ]


def test_a_course_is_laid_out_from_its_phrases(home):
    penicillin, tea = home.regimens["home"].courses
    assert penicillin == Course(
        *("R1", "bacterial", "penicillin", "500 mg", "mouth"),
        (Step("daily for 10 days", (0,), 1, 10),),
        *("daily for 10 days", "no further improvement", "every 2-3 months"),
        (2, 3),
        ("S06",),
        Place("treat.md", 38),
    )
    assert tea.loading == (
        Step("3 times a week for 2 weeks", (0, 2, 4), 7, 2),
        Step("every 2 days for 4 doses", (0,), 2, 4),
    )
    assert tea.maintenance_months is None
    assert tea.inferred
    assert home.regimens["away"].courses[0].maintenance_months == (2, 2)
    assert home.regimens["away"].courses[0].loading == ()


def test_a_milestone_says_which_finding_records_it_and_when_it_is_awaited(home):
    swallowing, voice = home.timelines["recovery"].milestones
    assert swallowing == Milestone(
        "TL1", "swallowing", "better", "2.5", "after", ("S08",), Place("treat.md", 51)
    )
    assert (voice.finding, voice.months) == (None, "")


def test_a_disagreement_says_who_says_what_and_which_rows_rest_on_it(home):
    tablets, words = home.disagreements["C1"], home.disagreements["C2"]
    assert tablets.title == "tablets or none"
    assert tablets.issue == "Whether penicillin helps at all."
    assert tablets.rows == ("R1", "N1", "TL1")
    assert tablets.sides == (Side("handbook", "yes", "handbook"), Side("review", "maybe", "review"))
    assert words.rows == ()


def test_a_parameter_is_on_the_grid_with_its_published_pair(home):
    fever = home.parameters["fever_from"]
    assert (fever.value, fever.low, fever.high) == (38_000, 37_000, 39_000)
    assert (fever.pair, fever.pair_unit, fever.strict) == (100_400, "degF", "below")
    assert home.parameters["fever_high"].above == "fever_from"


def test_a_finding_is_read_field_by_field(home):
    heat = home.declared.findings["temperature"]
    assert (heat.unit, heat.window, heat.plausible) == ("Cel", "look_back", (25_000, 45_500))
    assert home.declared.findings["days_since_onset"].asked is False


def test_codes_and_units_are_read_and_a_licence_notice_is_passed_over(home):
    assert [(code.finding, code.system, code.code, code.means) for code in home.declared.codes] == [
        ("temperature", "loinc", "8310-5", ""),
        ("drooling", "snomed", "1234", "yes"),
        ("tonsils", "snomed", "5678", "pus"),
    ]
    assert [(each.unit, each.spellings, each.factor) for each in home.declared.conversions] == [
        ("Cel", ("C",), "1"),
        ("degF", ("F",), "0.3785"),
    ]


def test_a_verdict_reads_a_column_a_list_or_a_column_for_each_key(home):
    cause, steps, each = (home.verdicts[name] for name in ("cause", "next_steps", "each_way"))
    assert (cause.columns, cause.values, cause.main) == (("cause",), ("bacterial", "viral"), True)
    assert (steps.tables, steps.values) == (("next",), ("penicillin", "hospital", "look-again"))
    assert (each.keys, each.columns) == (("airway", "heat"), ("danger__airway", "danger__heat"))
    assert each.values == ("yes", "unknown", "no")


def test_a_profile_lays_its_numbers_and_its_regimen_over_the_guideline(home):
    away = guideline.read(TINY, "away")
    assert (home.regimen, home.beside) == ("home", None)
    assert (away.regimen, away.beside) == ("away", "home")
    assert home.parameters["fever_high"].value == 39_500
    assert away.parameters["fever_high"].value == 40_000
    assert home.hash != away.hash


def test_an_unknown_profile_is_named_with_those_there_are():
    with pytest.raises(UsageError, match=r"profile `hme`: there is no such profile\. Did you mean `home`"):
        guideline.read(TINY, "hme")


def test_the_hash_moves_with_every_file_of_the_guideline_and_not_with_line_endings(tiny):
    before = guideline.read(tiny, "home").hash
    page = tiny / "treat.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert guideline.read(tiny, "home").hash == before
    for name in ("throat.md", "words.toml", "valuesets/signs.csv", "profiles/home.toml"):
        path = tiny / name
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        after = guideline.read(tiny, "home").hash
        assert after != before, name
        before = after
    (tiny / "profiles/away.toml").write_text((tiny / "profiles/away.toml").read_text("utf-8") + "\n", "utf-8")
    assert guideline.read(tiny, "home").hash == before
