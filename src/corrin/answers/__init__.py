"""Answers: everything that follows for one patient, said as JSON in a published shape, or as text.

An assessment, the findings behind it and the plan enter; an `Answer` leaves. Nothing is decided here: every
word comes from the guideline's tables and dictionaries.
"""

from corrin.answers.answer import Answer, Desk

__all__ = ["Answer", "Desk"]
