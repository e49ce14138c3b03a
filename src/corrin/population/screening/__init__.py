"""A whole population screened: from an export to the files that are handed over.

An export and a folder enter; a `Screened` leaves once everything is written. Nothing is half-written: what
is made is made aside, and named at the end.
"""

from corrin.population.screening.reading import Order
from corrin.population.screening.run import Screened, screen

__all__ = ["Order", "Screened", "screen"]
