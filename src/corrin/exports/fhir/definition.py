"""The guideline itself as a PlanDefinition: what it may recommend, when, and on whose authority.

Conditions are the rows of the tables in words: whoever wants to run them calls `$apply`.
"""

from itertools import groupby

from corrin.exports.fhir.attributes import attributes
from corrin.exports.fhir.coordinates import Coordinates, read
from corrin.exports.fhir.elements import Json, citations, own, pruned, source
from corrin.guideline.model import Guideline, Row, Table

ATTRIBUTE = "source-attribute"
TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"


def plan_definition(guideline: Guideline) -> Json:
    """The guideline as a PlanDefinition; a draft, experimental until clinicians have reviewed it."""
    coordinates = read(guideline)
    about = coordinates.about
    return pruned(
        {
            "resourceType": "PlanDefinition",
            "id": coordinates.id,
            "extension": [_attribute(coordinates, one.id, one.says) for one in attributes(guideline)],
            "url": coordinates.url("PlanDefinition"),
            "version": guideline.version,
            "name": coordinates.id.capitalize(),
            "title": about.title,
            "type": {"coding": [{"system": TYPES, "code": "clinical-protocol"}]},
            "status": "draft",
            "experimental": True,
            "date": about.written,
            "publisher": about.developer,
            "description": _about(guideline),
            "usage": about.use,
            "copyright": about.copyright,
            "author": [{"name": about.developer}],
            "relatedArtifact": [source(coordinates, name) for name in guideline.sources],
            "goal": [
                {
                    "id": f"goal-{number}",
                    "description": {"text": goal.text},
                    "documentation": citations(coordinates, goal.because),
                }
                for number, goal in enumerate(coordinates.goals, 1)
            ],
            "action": [_table(coordinates, guideline.table(name)) for name in coordinates.actions.tables],
        }
    )


def _about(guideline: Guideline) -> str:
    shown = "\n".join(f"- {one.label}: {one.says}" for one in attributes(guideline))
    return (
        f"Profile {guideline.profile}, hash {guideline.hash}. {len(guideline.statements)} statements in "
        f"{len(guideline.tables)} decision tables, which are what answers `$apply`.\n\n{shown}"
    )


def _attribute(coordinates: Coordinates, identity: str, says: str) -> Json:
    """A source attribute: FHIR has a place for some of them only."""
    return {
        "url": f"{coordinates.base}/StructureDefinition/{ATTRIBUTE}",
        "extension": [{"url": "attribute", "valueCode": identity}, {"url": "says", "valueString": says}],
    }


def _table(coordinates: Coordinates, table: Table) -> Json:
    """A table of actions, each action with the rows that recommend it."""
    rows = sorted(table.rows, key=lambda row: table.outputs.index(row.output))
    return pruned(
        {
            "id": table.id,
            "title": table.title or table.id.replace("-", " ").capitalize(),
            "condition": [_condition(f"{table.guard.finding} is {table.guard.cell.text}")]
            if table.guard
            else [],
            "selectionBehavior": "any",
            "action": [
                _action(coordinates, table, output, list(saying))
                for output, saying in groupby(rows, key=lambda row: row.output)
            ],
        }
    )


def _action(coordinates: Coordinates, table: Table, output: str, rows: list[Row]) -> Json:
    words = coordinates.guideline.words[table.output][output]
    statements = [statement for row in rows for statement in row.because]
    return pruned(
        {
            "id": f"{table.id}-{output}",
            "title": words,
            "code": [own(coordinates, "action", output, words)],
            "documentation": citations(coordinates, statements),
            "condition": [_condition("; or ".join(f"row {row.id}: {_cells(table, row)}" for row in rows))],
        }
    )


def _cells(table: Table, row: Row) -> str:
    """A row as a sentence: a conjunction of its cells."""
    asked = zip(table.inputs, row.cells, strict=True)
    return " and ".join(f"{name} is {cell.text}" for name, cell in asked if cell.kind != "any")


def _condition(text: str) -> Json:
    """A condition for people to read: the tables of the guideline are what is run."""
    return {"kind": "applicability", "expression": {"language": "text/plain", "expression": text}}
