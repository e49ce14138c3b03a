"""The report: one HTML file about a population, drawn from its tables, with nothing from elsewhere."""

from corrin.population.report.printing import write

__all__ = ["write"]
