"""The small parts of FHIR R4 that every resource here is made of: coded words, dates, citations, doses."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from corrin.exports.fhir.coordinates import Coordinates
from corrin.guideline.declared import CodeEntry
from corrin.intake.fhir.r4 import terms
from corrin.plans.dates import Span

Json = dict[str, Any]

UCUM = terms.UCUM


def pruned(parts: Mapping[str, object]) -> Json:
    """An element without what is empty: FHIR has no null, no empty text, no empty list."""
    return {key: part for key, part in parts.items() if part not in (None, "", [], {}, ())}


def concept(words: str, entry: CodeEntry | None = None) -> Json:
    """Words, with a verified code where there is one."""
    return pruned({"coding": [coding(entry)] if entry else [], "text": words})


def coding(entry: CodeEntry) -> Json:
    """A code of a value set; no display, which would be somebody else's wording."""
    return {"system": terms.uri(entry.system), "code": entry.code}


def own(coordinates: Coordinates, kind: str, code: str, words: str) -> Json:
    """A word of the guideline, under the address of the guideline itself."""
    return {
        "coding": [{"system": f"{coordinates.base}/{kind}", "code": code, "display": words}],
        "text": words,
    }


def period(when: Span) -> Json:
    """The days between which something lies."""
    return pruned(
        {
            "start": when.earliest.isoformat() if when.earliest else None,
            "end": when.latest.isoformat() if when.latest else None,
        }
    )


def citations(coordinates: Coordinates, statements: Iterable[str]) -> list[Json]:
    """The sources behind some statements, each under the statement that cites it."""
    guideline = coordinates.guideline
    cited = [guideline.statements[one] for one in dict.fromkeys(statements)]
    return [
        source(coordinates, identity, f"{statement.id}: {statement.text}")
        for statement in cited
        for identity in statement.sources
    ]


def source(coordinates: Coordinates, identity: str, says: str = "") -> Json:
    """A source, as whoever wants to read it finds it."""
    one = coordinates.guideline.sources[identity]
    published = f"{one.title}. {one.publisher}, {one.year}"
    return pruned(
        {
            "type": "citation",
            "label": identity,
            "display": says,
            "citation": published,
            "url": one.url,
        }
    )


def dose(coordinates: Coordinates, text: str) -> Json | None:
    """`1 mg` as a quantity; None where a page writes anything else, or a unit that is not known."""
    amount, _, unit = text.partition(" ")
    known = coordinates.guideline.declared.conversions
    ucum = next(
        (one.unit for one in known if one.assay == coordinates.dose_assay and unit in one.spellings), None
    )
    if ucum is None or not amount.replace(".", "", 1).isdigit():
        return None
    return {"value": number(Decimal(amount)), "unit": unit, "system": UCUM, "code": ucum}


def number(exact: Decimal) -> int | float:
    """A decimal as a number of JSON."""
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def reference(kind: str, identity: str | None) -> Json:
    """Whom a resource is about; without an id, in words."""
    return {"reference": f"{kind}/{identity}"} if identity else {"display": "the patient of this request"}
