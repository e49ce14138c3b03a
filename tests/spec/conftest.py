"""Chapters of the specification: a patient's findings go in, and what the tables say together comes out."""

from collections.abc import Callable

import pytest

from corrin import guideline
from corrin.readings.python import Reader

Say = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def say() -> Say:
    """What the tables say of findings given by name: a word, or a number as the grid has it (thousandths)."""
    reader = Reader(guideline.read())

    def columns(**given: object) -> dict[str, str]:
        row = {name: (value, value) if isinstance(value, int) else value for name, value in given.items()}
        return dict(reader.decide(row).columns)

    return columns
