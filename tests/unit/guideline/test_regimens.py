"""How a loading course is read from its phrase."""

import pytest

from corrin.errors import Refusal
from corrin.guideline.model import Step
from corrin.guideline.pages.regimens import read_steps


@pytest.mark.parametrize(
    ("phrase", "step"),
    [
        ("every 2 days", Step("every 2 days", (0,), 2, None)),
        ("every 2 days for 7 doses", Step("every 2 days for 7 doses", (0,), 2, 7)),
        ("1 times a week for 4 weeks", Step("1 times a week for 4 weeks", (0,), 7, 4)),
        ("2 times a week for 4 weeks", Step("2 times a week for 4 weeks", (0, 3), 7, 4)),
        ("3 times a week for 2 weeks", Step("3 times a week for 2 weeks", (0, 2, 4), 7, 2)),
        ("7 times a week for 1 weeks", Step("7 times a week for 1 weeks", (0, 1, 2, 3, 4, 5, 6), 7, 1)),
        ("daily for 7 days", Step("daily for 7 days", (0,), 1, 7)),
        ("every 3-4 days for 2-3 weeks", Step("every 3-4 days for 2-3 weeks", (0,), 3, 5)),
    ],
)
def test_a_phrase_is_doses_on_days(phrase, step):
    assert read_steps(phrase) == (step,)


def test_steps_follow_each_other_and_a_dash_is_no_loading():
    assert [step.text for step in read_steps("daily for 7 days; then every 2 days for 7 doses")] == [
        *("daily for 7 days", "every 2 days for 7 doses")
    ]
    assert read_steps("-") == ()


@pytest.mark.parametrize(
    "phrase",
    [
        *("", "daily", "every two days", "every 2 days; every 3 days", "every 2 days; then", "twice daily"),
        *("0 times a week for 2 weeks", "8 times a week for 2 weeks", "every 2 weeks", "daily for 0 days"),
        "every 2 days for M doses",
    ],
)
def test_any_other_phrase_is_refused(phrase):
    with pytest.raises(Refusal):
        read_steps(phrase)
