"""Who is made up: ordinary patients with the noise of real records, and what was meant by each."""

from collections.abc import Callable
from random import Random

from corrin.guideline.model import Guideline
from corrin.synthesis.people.person import Synthetic
from corrin.synthesis.people.sketching import Sketcher
from corrin.synthesis.shares import Shares

__all__ = ["Draw", "Synthetic", "ordinary"]

Draw = Callable[[Random, int], Synthetic]


def ordinary(guideline: Guideline, shares: Shares) -> Draw:
    """A way to draw the ordinary patient of any number."""
    return Sketcher(guideline, shares).draw
