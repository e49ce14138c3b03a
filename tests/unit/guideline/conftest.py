"""A guideline small enough to plant faults in, and what is said about them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corrin import guideline
from corrin.errors import GuidelineError
from corrin.guideline.locate import LOCK

TINY = Path(__file__).parent / "tiny"


@pytest.fixture
def tiny(tmp_path) -> Path:
    """A copy of the tiny guideline that a test may change."""
    folder = tmp_path / "guideline"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns(LOCK))
    return folder


@pytest.fixture
def plant(tiny) -> Callable[..., list[str]]:
    """Plant one edit (`old` must stand in the file) and return what the reader says; `None` takes the file away."""

    def planted(file: str, old: str | None, new: str | None) -> list[str]:
        path = tiny / file
        if old is None:
            path.unlink()
        else:
            text = path.read_text("utf-8")
            assert old in text, "the edit must hit something"
            path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(GuidelineError) as raised:
            guideline.read(tiny, "home")
        return [str(problem) for problem in raised.value.problems]

    return planted
