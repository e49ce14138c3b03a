"""One share of the patients, in a process of its own: from records to the tables of that share.

What every process is told once enters with `tell`; then shares, one after the other. What leaves is a
tally, and Parquet files in a folder.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from corrin import findings, guideline
from corrin.guideline.model import Guideline
from corrin.population import deciding
from corrin.population.deciding import Scripts
from corrin.population.gathering import Gatherer
from corrin.population.screening.trouble import database
from corrin.population.tally import Tally
from corrin.records import Record

Part = tuple[int, int]
"""Number of a share, and how many there are."""


class Source(Protocol):
    """Whatever hands over the records of a share of the patients, each under a name of its own."""

    def records(self, part: Part, rules: Guideline, tally: Tally) -> Iterator[tuple[str | None, Record]]:
        """The patients of one share; what belongs to none of them is counted in `tally`."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What every process needs to know: whose guideline, which day, where to write.

    Little enough to be handed over at once: a process that is being started reads nothing yet.
    """

    profile: str
    site: Path | None
    as_of: date
    folder: Path
    memory: str
    present: bool = False


@dataclass(slots=True)
class _Here:
    """What this process was told."""

    told: Told | None = None
    rules: Guideline | None = None


_here = _Here()


def tell(told: Told) -> None:
    """Remember what this process needs, and load the guideline once.

    Arrow's own pool keeps what it once needed, share after share; the system's gives it back.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    _here.told, _here.rules = told, guideline.load(told.profile, told.site)
    findings.codes(_here.rules)


def work(source: Source, scripts: Scripts, part: Part) -> Tally:
    """Write the tables of one share.

    Errors: `InputError` where the source turns out to be broken.
    """
    told, rules = _here.told, _here.rules
    if told is None or rules is None:
        raise RuntimeError("a process was given a share before it was told what to do")
    name = f"{part[0]:04d}"
    gatherer = Gatherer(rules, told.as_of, told.folder, name, present=told.present)
    with database():
        try:
            for known, record in source.records(part, rules, gatherer.tally):
                gatherer.take(record, known)
        finally:
            gatherer.close()
        deciding.decide(scripts, told.folder, name, told.memory)
    return gatherer.tally
