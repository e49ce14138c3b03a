"""The reference of columns says what the tables have, all of it, and is what the guideline would write now."""

import importlib.util

import duckdb
import pytest
from tests.conftest import ROOT
from tests.population import people, screens

from corrin import guideline

MODEL = guideline.load()


def printer():
    spec = importlib.util.spec_from_file_location("columns", ROOT / "docs" / "columns.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COLUMNS = printer()


@pytest.fixture(scope="module")
def screened(tmp_path_factory):
    return screens.screen(people.population()[:1], tmp_path_factory.mktemp("columns") / "out")


def test_the_page_is_current():
    """`python docs/columns.py` writes it anew."""
    assert COLUMNS.PAGE.read_text("utf-8") == COLUMNS.page(MODEL)


@pytest.mark.parametrize("table", ["worklist", "verdicts", "findings", "people"])
def test_every_column_of_a_table_is_explained_and_no_other(screened, table):
    with duckdb.connect() as base:
        there = [row[0] for row in base.execute(f"DESCRIBE FROM '{screened / table}.parquet'").fetchall()]
    told = COLUMNS.PEOPLE if table == "people" else getattr(COLUMNS, table)(MODEL)
    assert set(told) == set(there)
    assert all(told.values())
