"""Whole populations: the records of an export become facts, verdicts, a ranked worklist and measures."""
