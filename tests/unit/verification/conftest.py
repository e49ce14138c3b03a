"""The tiny guideline of the reader's tests, with promises of its own, in a copy that a test may change."""

import shutil
from pathlib import Path

import pytest

from corrin import guideline
from corrin.verification import obligations

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
    """The tiny guideline read again after one edit; `old` must stand in the file."""

    def read(file: str, old: str, new: str):
        path = tiny / file
        text = path.read_text("utf-8")
        assert old in text, "the edit must hit something"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return guideline.read(tiny, "home")

    return read


@pytest.fixture
def small(tiny):
    """The tiny guideline as it stands."""
    return guideline.read(tiny, "home")
