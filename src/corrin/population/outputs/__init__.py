"""What is made of a finished worklist: numbers, FHIR and the report, beside its tables in one folder.

A folder with the four tables, screen.json and ingest.json enters; the other files are written into it.
Nothing of it is loaded whole: DuckDB counts, and rows are passed on one after the other.
"""

from pathlib import Path

from corrin.guideline.model import Guideline
from corrin.population import dictionary
from corrin.population.measures import folder as folders
from corrin.population.measures import writing
from corrin.population.measures.folder import Screened
from corrin.population.outputs.listing import worklist

__all__ = ["opened", "write"]

COLUMNS = ("patient", "rank", "site", "sex", "age_low", "age_high", "gap", "reason", "next_action", "facts")
CLOCK = ("days", "days_left")


def opened(folder: Path, guideline: Guideline) -> Screened:
    """The folder, with every column that is read of it.

    Errors: a `UsageError` for a folder that no screen wrote, or that an older Corrin wrote.
    """
    listed = dictionary.read(guideline)
    needed = (*COLUMNS, *CLOCK, *(gap.name for gap in listed.gaps))
    columns = dict.fromkeys(
        column for one in guideline.verdicts.values() if one.main for column in one.columns
    )
    return folders.opened(folder, {"worklist": needed, "verdicts": ("patient", *columns)})


def write(
    folder: Path, guideline: Guideline, *, below: int | None = None, identifiers: bool = False
) -> writing.Numbers:
    """Write the numbers, the worklist as FHIR, and the report.

    Shape: `below` replaces the smallest number that is shown, 0 shows every number; with `identifiers` the
    report names patients and hides no number.
    """
    from corrin.population import report  # noqa: PLC0415 - its charts take most of a second to load

    screened = opened(folder, guideline)
    counted = writing.numbers(screened, guideline, below)
    writing.write(screened, guideline, counted)
    worklist(screened, guideline, counted.definitions)
    report.write(screened, guideline, identifiers=identifiers, counted=counted)
    return counted
