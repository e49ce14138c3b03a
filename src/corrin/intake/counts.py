"""What an input of many patients counts while it is read, for whoever keeps the tally of a population."""

from typing import Protocol

READ, NOBODY, UNMAPPED, LEFT_OUT = "read", "of nobody", "unmapped", "columns not read"
"""Subjects: rows read, by table; rows of patients who are not in the input; codes and units nothing maps;
columns of a table that are left out, by name."""


class Counts(Protocol):
    """Somebody who counts by subject, and within it by what was found."""

    def count(self, subject: str, what: str, place: str = "", number: int = 1) -> None:
        """Count one thing more, and where it stood."""
        ...


class Uncounted:
    """Nobody counts."""

    def count(self, subject: str, what: str, place: str = "", number: int = 1) -> None:
        """Nothing."""
