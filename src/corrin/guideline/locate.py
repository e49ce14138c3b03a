"""Where the guideline lies: inside an installed Corrin, or beside its source in a checkout."""

from pathlib import Path

from corrin.errors import GuidelineError, Problem

LOCK = "guideline.lock.json"


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
