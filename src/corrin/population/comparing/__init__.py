"""Two runs of one population side by side: who changes class, who comes and goes, which tests follow."""

from corrin.population.comparing.changes import Comparison, compare

__all__ = ["Comparison", "compare"]
