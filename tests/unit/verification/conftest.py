"""The tiny guideline of the reader's tests, with promises of its own, in a copy that a test may change."""

import shutil
from pathlib import Path

import pytest

from corrin import guideline
from corrin.verification import obligations
from corrin.verification.faults.planted import Edit, Planted, plant

TINY = Path(__file__).parents[1] / "guideline" / "tiny"

RULES = """
[drooling-is-dangerous]
says = "Drooling is always a danger."
because = ["A01"]
when = [{ drooling = "yes" }]
then = [{ danger = "yes" }]

[a-hotter-patient-is-never-milder]
says = "A higher temperature never makes a bacterial cause less likely."
because = ["S03"]
move = { temperature = "higher" }
never_lowers = ["cause"]
"""


@pytest.fixture
def tiny(tmp_path) -> Path:
    """A copy of the tiny guideline, its promises beside it."""
    folder = tmp_path / "guideline"
    shutil.copytree(TINY, folder)
    (folder / obligations.FILE).write_text(RULES, "utf-8")
    units = folder / "units.toml"
    spelt = units.read_text("utf-8").replace('["C"]', '["Cel"]').replace('["F"]', '["degF"]')
    units.write_text(spelt, "utf-8")
    return folder


@pytest.fixture
def edited(tiny):
    """The tiny guideline read again with cells written anew, each `(page, row, cell, what)`."""

    def read(*cells: tuple[str, str, str, str]):
        edits = tuple(Edit(page, row, cell, what) for page, row, cell, what in cells)
        plant(Planted("", "", edits), tiny)
        return guideline.read(tiny, "home")

    return read


@pytest.fixture
def small(tiny):
    """The tiny guideline as it stands."""
    return guideline.read(tiny, "home")
