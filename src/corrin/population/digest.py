"""One hash of what is said of many patients: the same whoever said it, and in whatever order.

What `corrin.assess` says, or rows of the table of verdicts, enter one patient at a time; a short text leaves.
Two runs that say the same of the same patients have the same text, whether Python, DuckDB, PostgreSQL or
Spark decided, in one part or in several.

Each patient is written as one line of JSON and hashed; the hashes are added up. So nothing is sorted or kept,
and a patient who is said twice, or not at all, changes the sum.
"""

import json
from collections.abc import Mapping
from hashlib import sha256

from corrin.answers import wording
from corrin.guideline.model import Guideline
from corrin.readings.assessment import Said, said
from corrin.readings.plain import Decision

FORM = "corrin-verdicts-1"
"""Changes whenever the same verdicts would be written otherwise."""
SPACE = 2**256


class Digest:
    """The hash so far."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._ended = wording.read(guideline).ended_verdicts
        self.total = 0
        self.patients = 0

    def said(self, patient: str, verdicts: Mapping[str, Said]) -> None:
        """What `Answer.verdicts` says of a patient."""
        line = json.dumps([patient, _plain(verdicts)], ensure_ascii=False, separators=(",", ":"))
        self.total = (self.total + int.from_bytes(sha256(line.encode()).digest())) % SPACE
        self.patients += 1

    def row(self, patient: str, columns: Mapping[str, str | None], *, ended: bool = False) -> None:
        """A row of the table of verdicts; `ended` when the person died or the record was merged away."""
        self.said(patient, self._ended if ended else words(self._guideline, columns))

    def add(self, other: "Digest") -> None:
        """What another part of the same population came to."""
        self.total = (self.total + other.total) % SPACE
        self.patients += other.patients

    def __str__(self) -> str:
        return f"{FORM}:{self.patients}:{self.total:064x}"


def words(guideline: Guideline, columns: Mapping[str, str | None]) -> dict[str, Said]:
    """A row of the table of verdicts as every interface says it; NULL is unknown."""
    known = Decision({name: word for name, word in columns.items() if word is not None})
    return {name: said(guideline, verdict, known) for name, verdict in guideline.verdicts.items()}


def _plain(verdicts: Mapping[str, Said]) -> list[tuple[str, object]]:
    """Every verdict by its name, so that no order of the pages is seen; an `each` by its keys."""
    return sorted(
        (name, sorted(word.items()) if isinstance(word, Mapping) else word) for name, word in verdicts.items()
    )
