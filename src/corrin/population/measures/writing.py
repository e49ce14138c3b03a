"""What a screened folder comes to in numbers, written into it: attrition.json, measures.json,
measures.fhir.json.

A folder with the tables of a run enters; the numbers that were written leave, for the report. Each file is
written aside and then renamed.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corrin.exports.fhir import coordinates
from corrin.exports.population import measure_reports
from corrin.guideline.model import Guideline
from corrin.population.measures import attrition, counting, definitions, saying, sharing
from corrin.population.measures.definitions import Definitions
from corrin.population.measures.folder import Screened, engine

ATTRITION, MEASURES, REPORTS = "attrition.json", "measures.json", "measures.fhir.json"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything that was counted, as it may be shown."""

    definitions: Definitions
    measures: dict[str, Any]
    attrition: dict[str, Any]


def numbers(screened: Screened, guideline: Guideline, below: int | None = None) -> Numbers:
    """Count everybody; `below` replaces the guideline's smallest number, 0 shows everything."""
    defined = definitions.read(guideline)
    with engine() as base:
        counted = counting.count(base, screened, defined)
        fallen = attrition.count(base, screened, defined)
    shared = sharing.share(counted, defined, defined.suppress_below if below is None else below)
    return Numbers(
        defined,
        saying.measures(shared, defined, screened.about),
        attrition.attrition(fallen, shared, screened, defined),
    )


def write(screened: Screened, guideline: Guideline, counted: Numbers) -> None:
    """Write the three files."""
    reports = measure_reports(coordinates.read(guideline), counted.measures)
    for name, content in (
        (ATTRITION, counted.attrition),
        (MEASURES, counted.measures),
        (REPORTS, reports),
    ):
        put(screened.folder / name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def put(path: Path, text: str) -> None:
    """A text as a file: aside first, so that nobody finds half of it."""
    aside = path.with_name(f"{path.name}.partial")
    aside.write_text(text, "utf-8")
    aside.replace(path)
