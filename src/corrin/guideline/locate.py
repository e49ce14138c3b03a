"""Where the guideline lies, installed or in a checkout, and where on its pages something stands."""

from dataclasses import dataclass
from pathlib import Path

from corrin.errors import GuidelineError, Problem

LOCK = "guideline.lock.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the page (relative to the guideline folder) and its line."""

    page: str
    line: int

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def folder() -> Path:
    """The folder of pages and dictionaries.

    Errors: a `GuidelineError` when neither place holds it, which means that an installation is incomplete.
    """
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_guideline", package.parents[1] / "guideline"):
        if place.is_dir():
            return place
    raise GuidelineError(
        Problem(str(package / "_guideline"), "the guideline's pages are missing", "Install Corrin again.")
    )
