"""Each care gap as a Measure: what a MeasureReport counts, of whom, in words and by the rows that say it.

What `measures.json` says of a gap enters; a resource leaves, a draft. Its criteria are for people: the rules
themselves stand in the tables that are named, and nothing here can be run.
"""

from collections.abc import Mapping
from typing import Any

from corrin.exports.fhir.coordinates import Coordinates
from corrin.exports.fhir.elements import Json, citations, own, pruned
from corrin.guideline.columns import UNKNOWN

POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population"
IMPROVEMENT = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation"
SCORING = "http://terminology.hl7.org/CodeSystem/measure-scoring"
TYPE = "http://terminology.hl7.org/CodeSystem/measure-type"
STRATUM = "stratum"
WORDS = "text/plain"
"""The language of a criterion: a sentence."""

DISPLAYS: Mapping[str, str] = {
    "initial-population": "Initial Population",
    "denominator": "Denominator",
    "denominator-exclusion": "Denominator Exclusion",
    "numerator": "Numerator",
}
"""The codes of HL7 that a group of a proportion measure has, and their displays."""


def populations(gap: Mapping[str, Any]) -> Mapping[str, str]:
    """What each population of a proportion measure is, in words."""
    return {
        "initial-population": gap["initial_population"],
        "denominator": f"everybody of whom it can be told: {gap['denominator']}, or excluded",
        "denominator-exclusion": gap["excluded"],
        "numerator": gap["numerator"],
    }


def address(coordinates: Coordinates, gap: str) -> str:
    """Where the Measure of a gap is found, without its version."""
    return f"{coordinates.base}/Measure/{gap}"


def measure(coordinates: Coordinates, measures: Mapping[str, Any], gap: Mapping[str, Any]) -> Json:
    """The Measure that the MeasureReport of a gap names."""
    about = coordinates.about
    return pruned(
        {
            "resourceType": "Measure",
            "id": gap["gap"][:64],
            "url": address(coordinates, gap["gap"]),
            "version": coordinates.guideline.version,
            "name": "".join(part.capitalize() for part in gap["gap"].split("-")),
            "title": gap["label"],
            "status": "draft",
            "experimental": True,
            "subjectCodeableConcept": {
                "coding": [{"system": "http://hl7.org/fhir/resource-types", "code": "Patient"}]
            },
            "date": about.written,
            "publisher": about.developer,
            "description": f"{gap['label']}. {gap['unknown'].capitalize()}.",
            "copyright": about.copyright,
            "relatedArtifact": citations(coordinates, gap["statements"]),
            "scoring": _coded(SCORING, "proportion", "Proportion"),
            "type": [_coded(TYPE, "process", "Process")],
            "rateAggregation": f"{gap['numerator']}, among {gap['denominator']}",
            "improvementNotation": _coded(IMPROVEMENT, "increase", "Increased score indicates improvement"),
            "group": [_group(coordinates, measures["roles"], gap)],
        }
    )


def _group(coordinates: Coordinates, roles: Mapping[str, str], gap: Mapping[str, Any]) -> Json:
    """The four populations of a proportion measure, those of whom it cannot be told, and the strata."""
    achieved, undone, excluded = (gap["rows"][roles[role]] for role in ("achieved", "undone", "excluded"))
    rows = {
        "denominator": (*achieved, *undone, *excluded),
        "denominator-exclusion": excluded,
        "numerator": achieved,
    }
    told = [
        _population(code, _coded(POPULATION, code, DISPLAYS[code]), words, gap["table"], rows.get(code, ()))
        for code, words in populations(gap).items()
    ]
    beside = own(coordinates, "population", UNKNOWN, gap["unknown"])
    unknown = _population(UNKNOWN, beside, gap["unknown"], gap["table"], gap["rows"][UNKNOWN])
    return {
        "code": own(coordinates, "gap", gap["gap"], gap["label"]),
        "population": [*told, unknown],
        "stratifier": [
            {
                "code": own(coordinates, STRATUM, name.replace("_", "-"), name.replace("_", " ")),
                "criteria": {"language": WORDS, "expression": name.replace("_", " ")},
            }
            for name in gap["by"]
        ],
    }


def _population(code: str, concept: Json, words: str, table: str, rows: tuple[str, ...]) -> Json:
    """A population, its criterion in words with the rows of the table that say so."""
    by = f" ({table}: {', '.join(rows)})" if rows else ""
    return {
        "code": concept,
        "description": words,
        "criteria": {"name": code, "language": WORDS, "expression": f"{words}{by}"},
    }


def _coded(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}]}
