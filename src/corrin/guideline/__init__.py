"""The guideline: Markdown pages and dictionaries enter, one frozen, hashed model leaves.

`read` reads the pages, for whoever edits or checks them; `load` reads the lock, for everybody else.
"""

from os import PathLike

from corrin.guideline import lock
from corrin.guideline.locate import folder
from corrin.guideline.lock import load
from corrin.guideline.model import Guideline, to_grid

__all__ = ["Guideline", "folder", "load", "lock", "read", "to_grid"]


def read(
    folder: str | PathLike[str] | None = None, profile: str = "uk", site: str | PathLike[str] | None = None
) -> Guideline:
    """The guideline as its pages and dictionaries say it now, under a profile and a site's file.

    Errors: one `GuidelineError` that lists everything that cannot be placed.
    """
    from corrin.guideline import reading  # noqa: PLC0415 - an assessment never pays for reading pages

    return reading.read(folder, profile, site)
