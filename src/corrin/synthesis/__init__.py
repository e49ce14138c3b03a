"""Synthetic populations to try Corrin on, with the truth beside them.

A guideline and an `Order` enter; a folder of FHIR, OMOP or CSV leaves. Nobody in it exists, the shares are no
epidemiology, and what was meant by each patient is written down before anything reads it.
"""

from corrin.guideline.model import Guideline
from corrin.synthesis import writing
from corrin.synthesis.coverage import Coverage
from corrin.synthesis.fhir import BASES, DENSITY
from corrin.synthesis.forms import FORMS
from corrin.synthesis.writing import Heard, Order, Written

__all__ = ["BASES", "DENSITY", "FORMS", "Coverage", "Order", "Written", "synthesise"]


def synthesise(
    order: Order, guideline: Guideline, heard: Heard = lambda _done: None
) -> tuple[Written, Coverage]:
    """Write a population, and say what it covers; the same order gives the same bytes."""
    return writing.write(order, guideline, heard)
