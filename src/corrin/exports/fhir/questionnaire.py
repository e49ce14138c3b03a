"""The intake as a form: every finding that is asked, under its own id; and a case file as an answer to it.

A number is a quantity with the units that are read: a quantity without one is refused by name, later.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from corrin.exports.fhir.coordinates import Coordinates, read
from corrin.exports.fhir.elements import UCUM, Json, number, pruned, reference
from corrin.guideline.declared import Declared, Finding
from corrin.guideline.model import Guideline
from corrin.intake.fhir.r4 import terms

UNIT_OPTION = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
UNSAID = frozenset({"date", "word", "upper_limit"})
TYPES = {"yes-no": "boolean", "word": "choice", "number": "quantity", "date": "date"}


def questionnaire(guideline: Guideline) -> Json:
    """Everything that a person can be asked, in groups, nothing required: what is left out is not known."""
    coordinates = read(guideline)
    asked = [one for one in guideline.declared.findings.values() if one.asked]
    order = list(coordinates.groups)
    asked.sort(key=lambda one: order.index(one.group))
    return {
        "resourceType": "Questionnaire",
        "id": coordinates.id,
        "url": coordinates.url("Questionnaire"),
        "version": guideline.version,
        "name": coordinates.id.capitalize(),
        "title": coordinates.about.title,
        "status": "draft",
        "experimental": True,
        "subjectType": ["Patient"],
        "date": coordinates.about.written,
        "publisher": coordinates.about.developer,
        "description": "Leave out what is not known; write no only where it was asked or examined.",
        "item": [
            {
                "linkId": f"group-{group}",
                "text": coordinates.groups[group],
                "type": "group",
                "item": [_item(guideline.declared, one) for one in findings],
            }
            for group, findings in groupby(asked, key=lambda one: one.group)
        ],
    }


def _item(declared: Declared, finding: Finding) -> Json:
    units = dict.fromkeys(one.unit for one in declared.conversions if one.assay == finding.assay)
    return pruned(
        {
            "extension": [_unit(unit) for unit in units] if finding.kind == "number" else [],
            "linkId": finding.id,
            "text": finding.label,
            "type": TYPES[finding.kind],
            "answerOption": [{"valueCoding": _word(value)} for value in finding.values],
        }
    )


def _unit(unit: str) -> Json:
    return {"url": UNIT_OPTION, "valueCoding": {"system": UCUM, "code": unit, "display": unit}}


def _word(value: str) -> Json:
    """A word of the guideline, under the guideline's own address."""
    return {"system": terms.CORRIN, "code": value, "display": value}


def response(guideline: Guideline, case: Mapping[str, Any], subject: str | None = None) -> Json:
    """A case file as an answer to the form.

    Unknown: what a form cannot hold (a laboratory's word, the day of a sample) is left out, and listed by
    `unsaid`.
    """
    coordinates = read(guideline)
    items = [
        {"linkId": name, "answer": answers}
        for name, answer in cast("Mapping[str, object]", case["findings"]).items()
        if (answers := list(_answers(coordinates, name, answer)))
    ]
    return pruned(
        {
            "resourceType": "QuestionnaireResponse",
            "questionnaire": coordinates.canonical("Questionnaire"),
            "status": "completed",
            "subject": reference("Patient", subject) if subject else None,
            "authored": case.get("as_of"),
            "item": items,
        }
    )


def unsaid(case: Mapping[str, Any]) -> list[str]:
    """The findings of a case file that an answer to the form says less of."""
    findings = cast("Mapping[str, object]", case["findings"])
    return [name for name, answer in findings.items() if any(map(_says_more, _many(answer)))]


def _says_more(answer: object) -> bool:
    return isinstance(answer, dict) and bool(set(cast("dict[str, object]", answer)) & UNSAID)


def _many(answer: object) -> Iterable[object]:
    return cast("list[object]", answer) if isinstance(answer, list) else [answer]


def _answers(coordinates: Coordinates, name: str, answer: object) -> Iterator[Json]:
    finding = coordinates.guideline.declared.findings.get(name)
    for one in _many(answer):
        if finding and (value := _value(finding, one)):
            yield value


def _value(finding: Finding, answer: object) -> Json:
    if isinstance(answer, bool):
        return {"valueBoolean": answer}
    if isinstance(answer, dict):
        given = cast("dict[str, Any]", answer)
        return _quantity(given) if "value" in given and finding.kind == "number" else _said(finding, given)
    if isinstance(answer, int | float | Decimal):
        return _quantity({"value": answer, "unit": finding.unit})
    if isinstance(answer, str):
        return {"valueDate": answer} if finding.kind == "date" else {"valueCoding": _word(answer)}
    return {}


def _said(finding: Finding, given: Mapping[str, Any]) -> Json:
    """A yes or no, a word or a date that was given with the day on which it was seen."""
    value = given.get("value", given.get("word"))
    return {} if isinstance(value, dict | list) else _value(finding, value)


def _quantity(given: Mapping[str, Any]) -> Json:
    """A number with its unit as printed; without one it is sent without one, to be refused by name."""
    return {
        "valueQuantity": pruned(
            {
                "value": number(Decimal(str(given["value"]))),
                "comparator": given.get("comparator"),
                "unit": given.get("unit"),
            }
        )
    }
