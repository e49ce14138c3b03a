"""Which promises are asked of a guideline, and which are refused as they are written."""

from collections import Counter

import pytest

from corrin.errors import GuidelineError
from corrin.verification import obligations
from corrin.verification.obligations import FILE, check_rules, cone_of, read_rules


def asked(small, tiny) -> list[str]:
    return [each.id for each in obligations.obligations(small, read_rules(tiny))]


def test_every_table_and_row_has_its_obligations(small, tiny):
    kinds = Counter(each.split(": ")[0] for each in asked(small, tiny))
    tables = small.tables
    assert kinds["no overlap"] == sum(table.single for table in tables)
    assert kinds["no gap"] == sum(table.kind == "bands" for table in tables)
    assert kinds["reachable"] == sum(len(table.rows) for table in tables)


def test_a_verdict_must_always_be_answered(small, tiny):
    assert [each for each in asked(small, tiny) if each.startswith("always")] == ["always answered: cause"]


def test_each_finding_a_reassuring_verdict_depends_on_is_forgotten_and_each_number_widened(small, tiny):
    found = [
        each for each in asked(small, tiny) if each.split(":")[0] in {"forgotten", "widened", "said without"}
    ]
    assert found == [
        "said without: cause: temperature",
        "widened: cause: temperature",
        "forgotten: cause: age_years",
        "widened: cause: age_years",
        "forgotten: cause: tonsils",
    ]


def test_findings_a_verdict_does_not_depend_on_are_counted_as_trivial(small):
    assert cone_of(small, "cause") == {
        "cause",
        "fever_band",
        "temperature",
        "tonsils",
        "adult",
        "adult_band",
        "age_years",
    }
    raw = [column for column in small.columns.values() if column.table is None]
    assert obligations.trivial(small) == len(raw) - 3


def test_a_finding_that_decides_the_scope_is_asked_of_those_in_scope(small, tiny):
    says = {
        each.of: each.says
        for each in obligations.obligations(small, read_rules(tiny))
        if "forgotten" in each.id
    }
    assert (
        says["age_years"] == "Forgetting this finding never reassures anyone to whom the guideline applies."
    )
    assert says["tonsils"] == "Forgetting this finding never reassures."


def test_a_promise_for_each_row_of_a_list_is_asked_row_by_row(small, tiny):
    (tiny / FILE).write_text(
        '[danger]\nsays = "x"\nbecause = ["A01"]\neach = "danger"\nthen = [{ danger = "yes" }]\n', "utf-8"
    )
    assert [each for each in asked(small, tiny) if each.startswith("rule")] == [
        "rule: danger: D1",
        "rule: danger: D2",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('because = ["S01"]\nthen = [{ danger = "yes" }]', "`says` is missing"),
        ('says = "x"\nthen = [{ danger = "yes" }]', "`because` is missing"),
        ('says = "x"\nbecause = ["S01"]', "an obligation has `then` or `move`, one of them"),
        (
            'says = "x"\nbecause = ["S01"]\nmove = { temperature = "higher" }',
            "`move` and `never_lowers` belong together",
        ),
        ('says = "x"\nbecause = ["S01"]\nthan = []\nthen = [{ danger = "yes" }]', "`than` is not a key"),
    ],
)
def test_a_promise_that_says_nothing_is_refused(tiny, text, says):
    (tiny / FILE).write_text(f"[promise]\n{text}\n", "utf-8")
    with pytest.raises(GuidelineError) as raised:
        read_rules(tiny)
    assert f"{FILE} [promise]: {says}" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('because = ["S99"]\nthen = [{ danger = "yes" }]', "`S99` is not in the guideline"),
        (
            'because = ["S01"]\neach = "dangers"\nthen = [{ danger = "yes" }]',
            "`dangers` is not in the guideline",
        ),
        (
            'because = ["S01"]\nthen = [{ dangr = "yes" }]',
            "`dangr` is not in the guideline. Did you mean `danger`?",
        ),
        (
            'because = ["S01"]\nmove = { temperature = "hotter" }\nnever_lowers = ["cause"]',
            "`temperature` cannot go `hotter`. Write lower, higher, or `word to word`",
        ),
        (
            'because = ["S01"]\nmove = { tonsils = "red to green" }\nnever_lowers = ["cause"]',
            "`tonsils` cannot go `red to green`",
        ),
        (
            'because = ["S01"]\nmove = { temperature = "higher" }\nnever_lowers = ["causes"]',
            "`causes` is not in the guideline",
        ),
        (
            'because = ["S01"]\nmove = { temperature = "higher" }\nnever_lowers = ["next_steps"]',
            "`next_steps` is not in the guideline",
        ),
    ],
)
def test_a_promise_about_what_is_not_there_is_refused(small, tiny, text, says):
    (tiny / FILE).write_text(f'[promise]\nsays = "x"\n{text}\n', "utf-8")
    with pytest.raises(GuidelineError) as raised:
        check_rules(small, read_rules(tiny))
    assert says in str(raised.value)
