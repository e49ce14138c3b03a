"""Our own guideline, as it is committed."""

import pytest

from corrin import guideline
from corrin.guideline import lock


@pytest.mark.parametrize("profile", ["uk", "us"])
def test_what_is_loaded_is_what_the_pages_say(profile):
    assert guideline.load(profile) == guideline.read(profile=profile)


def test_the_lock_is_what_the_pages_would_write_now():
    assert not lock.stale(), "run `corrin lock`"


def test_both_profiles_say_the_same_but_for_numbers_and_regimens():
    uk, us = guideline.load("uk"), guideline.load("us")
    assert (uk.tables, uk.statements, uk.verdicts) == (us.tables, us.statements, us.verdicts)
    assert uk.hash != us.hash
    assert uk.regimen in uk.regimens
    assert us.regimen in us.regimens
