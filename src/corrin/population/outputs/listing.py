"""What is made of a finished worklist: numbers, FHIR and the report, beside its tables in one folder.

A folder with the four tables, screen.json and ingest.json enters; the other files are written into it.
Nothing of it is loaded whole: DuckDB counts, and rows are passed on one after the other.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

import duckdb

from corrin.exports.fhir import coordinates
from corrin.exports.population import Entry, Words, group_parts, issue, line
from corrin.guideline.model import Guideline
from corrin.plans.dictionary import Section
from corrin.population import dictionary
from corrin.population.measures import folder as folders
from corrin.population.measures.definitions import Definitions
from corrin.population.measures.folder import Screened, literal

FHIR = "worklist.fhir.ndjson"
AT_ONCE = 1_000
SEVERITIES: tuple[str, ...] = ("high", "moderate", "low")
"""The severities of FHIR."""


def worklist(screened: Screened, guideline: Guideline, definitions: Definitions) -> None:
    """worklist.fhir.ndjson: a Group for each gap, then a DetectedIssue for each person with an open gap."""
    path = screened.folder / FHIR
    aside = path.with_name(f"{FHIR}.partial")
    with aside.open("w", encoding="utf-8", newline="\n") as file, folders.engine() as base:
        for part in _groups(base, screened, guideline, definitions):
            file.write(part)
        for part in _issues(base, screened, guideline, definitions):
            file.write(part)
    aside.replace(path)


def _groups(
    base: duckdb.DuckDBPyConnection, screened: Screened, guideline: Guideline, definitions: Definitions
) -> Iterator[str]:
    laid = coordinates.read(guideline)
    for gap in definitions.gaps:
        where = f"FROM {screened.source('worklist')} WHERE {gap.name} = {literal(definitions.undone)}"
        number = cast("tuple[int]", base.execute(f"SELECT count(*) {where}").fetchone())[0]
        members = (str(row[0]) for row in _rows(base, f"SELECT patient {where} ORDER BY rank") if number)
        yield from group_parts(laid, Words(gap.id, gap.label), number, members)


def _issues(
    base: duckdb.DuckDBPyConnection, screened: Screened, guideline: Guideline, definitions: Definitions
) -> Iterator[str]:
    laid, as_of = coordinates.read(guideline), screened.about.as_of.isoformat()
    labels = {gap.id: gap.label for gap in definitions.gaps}
    severities, states = _severities(guideline), ", ".join(gap.name for gap in definitions.gaps)
    rows = _rows(
        base,
        f"SELECT patient, gap, reason, next_action, facts, {states} FROM {screened.source('worklist')} "
        "WHERE gap IS NOT NULL ORDER BY rank",
    )
    for patient, worst, reason, action, facts, *said in rows:
        others = tuple(
            gap.label
            for gap, state in zip(definitions.gaps, said, strict=True)
            if state == definitions.undone and gap.id != worst
        )
        entry = Entry(
            patient=patient,
            gap=Words(worst, labels[worst]),
            reason=reason or "",
            action=action or "",
            severity=severities[worst],
            others=others,
            facts=tuple(json.loads(facts or "[]")),
        )
        yield line(issue(laid, entry, as_of)) + "\n"


def _rows(base: duckdb.DuckDBPyConnection, statement: str) -> Iterator[tuple[Any, ...]]:
    """Rows one after the other, so many at a time."""
    answer = base.execute(statement)
    while rows := answer.fetchmany(AT_ONCE):
        yield from rows


def _severities(guideline: Guideline) -> dict[str, str]:
    """FHIR's severity of each gap, as population.toml says it."""
    page = Section(guideline, "", guideline.population, dictionary.PAGE).section("severity")
    known = dict.fromkeys(SEVERITIES)
    return {gap.id: page.among(gap.id, known) for gap in dictionary.read(guideline).gaps}
