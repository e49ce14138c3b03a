"""No SHALL without a test: the ledger names tests that exist, and the page is written from it."""

import csv

import pytest
from tests.hooks.ledger import PAGE, named_in, page, statements


@pytest.mark.parametrize("row", statements(), ids=lambda row: str(row["id"]))
def test_every_statement_has_tests_that_exist_or_a_reason(row):
    assert bool(row.get("tests")) != bool(row.get("reason")), "tests, or a reason why there is none"
    for test in row.get("tests", ()):
        module, _, name = test.partition("::")
        assert name == "*" or name in named_in(module), test


def test_what_services_must_do_is_tested_unless_it_is_no_duty_of_a_service():
    """A SHALL may stand without a test only for one of these, each with its reason in the ledger."""
    without = {row["id"] for row in statements() if row["level"].startswith("SHALL") and not row.get("tests")}
    assert without == {75, 89, 111, 132, 211, 213}


def test_the_page_is_written_from_the_ledger():
    assert PAGE.read_text("utf-8") == page(), "run python -m tests.hooks.ledger"


@pytest.mark.shared
def test_the_ledger_has_every_statement_of_the_public_list_at_its_level(shared):
    with (shared / "cds_hooks_2_0_service_requirements.csv").open(encoding="utf-8") as file:
        listed = {int(row["id"]): row["conformance"] for row in csv.DictReader(file)}
    assert {row["id"]: row["level"] for row in statements()} == listed
    assert len(listed) == 120
