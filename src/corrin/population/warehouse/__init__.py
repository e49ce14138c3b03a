"""The rules as a script to run inside a warehouse, in the dialect that is spoken there."""

from corrin.population.warehouse.script import Order, query, script, statement, tables

__all__ = ["Order", "query", "script", "statement", "tables"]
