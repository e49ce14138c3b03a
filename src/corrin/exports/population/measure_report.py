"""Each care gap as a MeasureReport: a summary of everybody, and of the groups by age band, sex and site.

What `measures.json` says enters; resources leave. A number that is hidden there is `masked` here, not zero.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from corrin.exports.fhir.coordinates import Coordinates
from corrin.exports.fhir.elements import Json, citations, concept, own, pruned
from corrin.exports.population.measure import (
    DISPLAYS,
    IMPROVEMENT,
    POPULATION,
    STRATUM,
    address,
    measure,
    populations,
)
from corrin.guideline.columns import UNKNOWN

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def measure_reports(coordinates: Coordinates, measures: Mapping[str, Any]) -> Json:
    """A collection of one MeasureReport for each gap, and of the Measure that it names.

    Shape: the denominator is everybody of whom it can be told, the exclusion those to whom it does not apply;
    the score is the numerator among the rest. Whom it cannot be told of is a population of its own.
    """
    reports = [_report(coordinates, measures, gap) for gap in measures["gaps"]]
    named = [measure(coordinates, measures, gap) for gap in measures["gaps"]]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": f"{coordinates.base}/{one['resourceType']}/{one['id']}", "resource": one}
            for one in (*reports, *named)
        ],
    }


def _report(coordinates: Coordinates, measures: Mapping[str, Any], gap: Mapping[str, Any]) -> Json:
    day, counted = measures["as_of"], _Gap(coordinates, gap, measures["roles"])
    whole = gap["everybody"]
    evidence = citations(coordinates, gap["statements"])
    return pruned(
        {
            "resourceType": "MeasureReport",
            "id": f"{coordinates.id}-{gap['gap']}"[:64],
            "status": "complete",
            "type": "summary",
            "measure": f"{address(coordinates, gap['gap'])}|{coordinates.guideline.version}",
            "date": day,
            "reporter": {"display": coordinates.about.title},
            "period": {"start": day, "end": day},
            "improvementNotation": {"coding": [{"system": IMPROVEMENT, "code": "increase"}]},
            "group": [
                pruned(
                    {
                        "code": own(coordinates, "gap", gap["gap"], gap["label"]),
                        "population": counted.populations(whole),
                        "measureScore": _score(whole),
                        "stratifier": list(counted.stratifiers()),
                    }
                )
            ],
            "text": _narrative(gap, measures, [one["citation"] for one in evidence]),
        }
    )


class _Gap:
    """One gap, with the words under which its numbers are told."""

    def __init__(self, coordinates: Coordinates, gap: Mapping[str, Any], roles: Mapping[str, str]) -> None:
        self._coordinates = coordinates
        self._gap = gap
        self._roles = roles

    def populations(self, group: Mapping[str, Any]) -> list[Json]:
        """The four populations of a proportion measure, and those of whom it cannot be told."""
        gap, counts = self._gap, group["counts"]
        applicable, excluded = group["applicable"], counts[self._roles["excluded"]]
        told = None if applicable is None or excluded is None else applicable + excluded
        numbers = (group["initial_population"], told, excluded, counts[self._roles["achieved"]])
        said = [
            {"code": {"coding": [_coding(code)], "text": text}, **_count(number)}
            for (code, text), number in zip(populations(gap).items(), numbers, strict=True)
        ]
        beside = own(self._coordinates, "population", UNKNOWN, gap["unknown"])
        return [*said, {"code": beside, **_count(counts[UNKNOWN])}]

    def stratifiers(self) -> Iterator[Json]:
        """The same by age band, sex and site."""
        for name, groups in self._gap["by"].items():
            words = name.replace("_", " ")
            if groups:
                yield {
                    "code": [own(self._coordinates, STRATUM, name.replace("_", "-"), words)],
                    "stratum": [
                        pruned(
                            {
                                "value": concept(group["group"]),
                                "population": self.populations(group),
                                "measureScore": _score(group),
                            }
                        )
                        for group in groups
                    ],
                }


def _coding(code: str) -> Json:
    return {"system": POPULATION, "code": code, "display": DISPLAYS[code]}


def _count(number: int | None) -> Json:
    """A count, or the reason why there is none: FHIR has a word for a number that may not be shown."""
    if number is None:
        return {"_count": {"extension": [{"url": ABSENT, "valueCode": "masked"}]}}
    return {"count": number}


def _score(group: Mapping[str, Any]) -> Json | None:
    """The rate as a quantity without a unit; none where a part of it is hidden, or it is of nobody."""
    return None if group["rate"] is None else {"value": group["rate"]}


def _narrative(gap: Mapping[str, Any], measures: Mapping[str, Any], sources: list[str]) -> Json:
    """What was counted, in words, for whoever reads no codes."""
    guideline = measures["guideline"]
    lines = [
        f"{gap['label']}. Numerator: {gap['numerator']}. Denominator: {gap['denominator']}.",
        f"Excluded: {gap['excluded']}. Not known: {gap['unknown']}.",
        f"Small numbers: {measures['suppression']['says']}.",
        f"Guideline {guideline['version']}, profile {guideline['profile']}, hash {guideline['hash']}.",
        f"Sources: {'; '.join(dict.fromkeys(sources))}.",
    ]
    body = "".join(f"<p>{escape(one)}</p>" for one in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}
