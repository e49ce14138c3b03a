"""A FHIR bulk export, in which the lines that matter are found before anything is parsed.

Files of NDJSON enter, of any size (`files`, `blocks`); lines with a code that somebody asks for leave, each
with its head (`search`, `cutting`, `heads`). The lines of one patient together become a record (`joining`),
by the same reader as one patient's Bundle.
"""

from collections.abc import Iterable

from corrin.intake.bulk.search import Search

__all__ = ["Search", "words"]


def words(codes: Iterable[tuple[str, str]], watch: Iterable[str]) -> str:
    """All that is searched for, as one text: another text finds other lines."""
    return " ".join([*sorted(code for _, code in codes), *sorted(watch)])
