"""Write docs/reference/population-columns.md: every column that `corrin screen` writes, and what it means.

Findings, verdicts and gaps are printed from the guideline; what stands beside them is said here, once. A test holds
the page to the tables that a run writes.
"""

from collections.abc import Iterator
from pathlib import Path

from corrin import guideline
from corrin.guideline.model import Guideline
from corrin.population import dictionary, statements

PAGE = Path(__file__).parent / "reference" / "population-columns.md"

WORKLIST = {
    "rank": "Place in the order, 1 the worst: by the worst open gap, and in it by the days left",
    "patient": "The id of the patient, as the export has it",
    "site": "Who looks after the record: managing organisation or care site; NULL where nobody said",
    "sex": "Sex as recorded (administrative); NULL where nobody said",
    "age_low": "Age in completed years, at least; NULL where not known",
    "age_high": "Age in completed years, at most",
    "gap": "The worst gap that is open; NULL where none is",
    "reason": "Why, in one line: what is wrong, and the results, signs and medicines behind it. **Names values**",
    "next_action": "What is recommended next, in words",
    "days": "Days since the first neurological symptom, or since one is on record, at least; NULL where neither is known",
    "days_left": "Days left of the months a source names, at most where the onset is only on record; negative once they are over",
    "urgency": "The verdict urgency",
    "card": "The verdict card",
    "facts": "The facts behind the reason, as JSON: finding, text as printed, place (file and line)",
}
PEOPLE = {
    "patient": "The id of the patient",
    "as_of_day": "The day of the answer, in days from 1970-01-01",
    "sex": "Sex as recorded",
    "birth_first_day": "The first day on which the person may have been born, in days from 1970-01-01",
    "birth_last_day": "The last such day; the same where the birth date is whole",
    "died": "1 where the record says that the person died: such a person is in no worklist",
    "replaced_by": "The record into which this one was merged: such a record is in no worklist",
    "site": "Who looks after the record",
    "place": "Where the patient stood: file and line",
    "refused": "How many values of this patient could not be used",
    "ignored": "How many events of this patient were set aside",
}
FILES = {
    "worklist.parquet": "everybody who is alive and not merged away, the worst first",
    "worklist.csv": "the same columns, of those with an open gap or a refused result",
    "worklist.fhir.ndjson": "a Group for each gap, and a DetectedIssue for each person with an open gap",
    "verdicts.parquet": "one row a patient, a column for each part of each verdict",
    "findings.parquet": "one row a patient, the findings that the verdicts were read from",
    "people.parquet": "one row a patient, the dead and the merged included",
    "measures.json": "counts and rates by age band, sex and site; small numbers suppressed",
    "measures.fhir.json": "the gaps of measures.json as FHIR MeasureReports, and the Measures that they name",
    "attrition.json": "how many fell at each step, and why; small numbers suppressed",
    "report.html": "the report, for people",
    "ingest.json": "what was read, used, refused, set aside and declared complete, with the first places of each",
    "screen.json": "what the run was: day, guideline, profile, site, inputs, what was declared complete",
}


def page(model: Guideline) -> str:
    """The whole page."""
    return "\n".join(_lines(model)) + "\n"


def _lines(model: Guideline) -> Iterator[str]:
    yield "# Columns of a screened population"
    yield ""
    yield "Written by `docs/columns.py` from the guideline; do not edit. Which file may be shared, and with whom:"
    yield "[privacy](../how-to/privacy.md)."
    yield ""
    yield from _table(("file", "holds"), ((f"`{name}`", means) for name, means in FILES.items()))
    yield from _section("worklist", "everybody who is alive and not merged away.", worklist(model))
    yield from _section("verdicts", "NULL is unknown: it cannot be told.", verdicts(model))
    yield from _section(
        "findings",
        "A number is an interval, in thousandths of its unit; NULL at both ends is unknown, at one end no bound.",
        findings(model),
    )
    yield from _section("people", "", PEOPLE)


def _section(name: str, says: str, columns: dict[str, str]) -> Iterator[str]:
    yield f"## {name}.parquet"
    yield ""
    if says:
        yield says
        yield ""
    yield from _table(("column", "means"), ((f"`{column}`", means) for column, means in columns.items()))


def _table(heads: tuple[str, str], rows) -> Iterator[str]:  # noqa: ANN001 - pairs of words
    yield f"| {heads[0]} | {heads[1]} |"
    yield "|---|---|"
    for name, means in rows:
        yield f"| {name} | {means.replace('|', '/')} |"
    yield ""


def worklist(model: Guideline) -> dict[str, str]:
    """The columns of the worklist, those of the gaps in their order after the worst."""
    listed = dictionary.read(model)
    words = ", ".join(f"`{word}`" for word in (*listed.verdict.values, "unknown"))
    told: dict[str, str] = {}
    for column, means in WORKLIST.items():
        told[column] = means
        if column == "gap":
            told |= {gap.name: f"{gap.label}: {words}" for gap in listed.gaps}
    return told


def verdicts(model: Guideline) -> dict[str, str]:
    """The columns of the table of verdicts."""
    told = {"patient": "The id of the patient"}
    for verdict in model.verdicts.values():
        for at, column in enumerate(verdict.columns):
            key = f" {verdict.keys[at]}:" if verdict.kind == "each" else ""
            words = ", ".join(f"`{word}`" for word in verdict.values)
            told[column] = f"{verdict.label}{key} {words}"
        for table in map(model.table, verdict.tables):
            told[table.name] = f"{verdict.label}: `yes` when any of {table.id} holds"
            for output in table.outputs:
                words = model.words.get(table.output, {}).get(output, output)
                told[table.flag(output)] = f"{verdict.label}: {words}"
    return {"patient": told["patient"], **{name: told[name] for name in statements.columns(model)}}


def findings(model: Guideline) -> dict[str, str]:
    """The columns of the table of findings."""
    told = {"patient": "The id of the patient"}
    for column in model.columns.values():
        if column.table is not None:
            continue
        label = model.declared.findings[column.id].label
        if column.kind == "number":
            for end, words in (("low", "at least"), ("high", "at most")):
                told[f"{column.id}_{end}"] = f"{label}, {words}, in thousandths of {column.unit}"
        else:
            told[column.id] = f"{label}: {', '.join(f'`{word}`' for word in column.values)}"
    return told


if __name__ == "__main__":
    PAGE.write_text(page(guideline.load()), "utf-8")
