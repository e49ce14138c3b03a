"""Which concept ids say one of the codes that somebody asks for, and what other concepts are called.

The CDM's own vocabulary tables and a site map enter; `Heard` leaves. A concept says a code when it is that
code, when the vocabulary replaced the code by it, or (a medicine) when it contains the ingredient.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import cast

from corrin.intake.omop import queries, terms
from corrin.intake.omop.base import Source
from corrin.intake.omop.sitemap import EMPTY, SiteMap
from corrin.records import Code

Codes = tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept as the vocabulary describes it."""

    name: str
    vocabulary: str
    code: str
    kind: str


@dataclass(slots=True)
class Heard:
    """What each concept id says: in any table, in a table of medicines, and as a text of the source."""

    everywhere: dict[int, Codes] = field(default_factory=dict[int, Codes])
    drugs: dict[int, Codes] = field(default_factory=dict[int, Codes])
    texts: dict[str, Codes] = field(default_factory=dict[str, Codes])
    concepts: dict[int, Concept] = field(default_factory=dict[int, Concept])
    units: Mapping[int, str] = field(default_factory=dict[int, str])

    def codes(self, table: str, concept: int | None, source: int | None, text: str | None) -> Codes:
        """Every code that a row says: by its concept, by that of its source, by the text of its source."""
        heard = self.drugs if table.startswith("drug") else self.everywhere
        said = (
            *heard.get(concept or 0, ()),
            *heard.get(source or 0, ()),
            *(self.texts.get(text, ()) if text else ()),
        )
        return tuple(dict.fromkeys(said))

    def ids(self, table: str) -> Iterable[int]:
        """The concept ids worth reading in a table."""
        return self.drugs if table.startswith("drug") else self.everywhere

    def name(self, concept: int | None) -> str:
        """What a concept is called; empty where nobody says."""
        known = self.concepts.get(concept or 0)
        return known.name if known else ""

    def unit(self, concept: int | None, text: str | None) -> tuple[str, str]:
        """A unit as the source printed it, and its UCUM code; a concept that is none stands for itself."""
        code, printed = self.ucum(concept), (text or "").strip()
        return printed or (f"concept:{concept}" if concept and not code else ""), code

    def ucum(self, concept: int | None) -> str:
        """The UCUM code of a unit."""
        known = self.concepts.get(concept or 0)
        if known and known.vocabulary == "UCUM":
            return known.code
        return self.units.get(concept or 0, "")


def heard(source: Source, wanted: AbstractSet[tuple[str, str]], site: SiteMap = EMPTY) -> Heard:
    """Everything in this CDM that says a wanted code."""
    found = Heard(units=site.units)
    if "concept" in source.columns:
        _own(source, wanted, found)
        _replaced(source, found)
    for concept, codes in site.concepts.items():
        found.everywhere[concept] = _joined(found.everywhere.get(concept, ()), codes)
    found.drugs = dict(found.everywhere)
    if "concept_ancestor" in source.columns:
        _products(source, found)
    for system, code in wanted:
        for vocabulary, short in terms.VOCABULARIES.items():
            if short == system:
                written = [f"{name}{mark}{code}" for name in (vocabulary, short) for mark in ":|"]
                found.texts.update(dict.fromkeys(written, (Code(system, code),)))
    for text, codes in site.texts.items():
        found.texts[text] = _joined(found.texts.get(text, ()), codes)
    found.everywhere.pop(0, None)
    found.drugs.pop(0, None)
    return found


def describe(source: Source, ids: AbstractSet[int], found: Heard) -> None:
    """Learn what further concepts are called: units, results, routes."""
    unknown = ids - found.concepts.keys() - {0}
    if not unknown or "concept" not in source.columns:
        return
    where = queries.among(queries.whole(source, "concept", "concept_id"), unknown)
    for row in source.rows(_concepts(source, where), "concept"):
        number, concept = _concept(row)
        found.concepts[number] = concept


def _own(source: Source, wanted: AbstractSet[tuple[str, str]], found: Heard) -> None:
    known = set(terms.VOCABULARIES.values())
    codes = [queries.quoted(code) for system, code in sorted(wanted) if system in known]
    names = [queries.quoted(name) for name in terms.VOCABULARIES]
    if not codes:
        return
    where = (
        f"{queries.text(source, 'concept', 'vocabulary_id')} IN ({', '.join(names)})"
        f" AND {queries.text(source, 'concept', 'concept_code')} IN ({', '.join(codes)})"
    )
    for row in source.rows(_concepts(source, where), "concept"):
        number, concept = _concept(row)
        system = terms.VOCABULARIES[concept.vocabulary]
        if (system, concept.code) in wanted:
            found.everywhere[number] = (Code(system, concept.code),)
            found.concepts[number] = concept


def _replaced(source: Source, found: Heard) -> None:
    """A code that its own vocabulary replaced by another is said by the other as well."""
    table = "concept_relationship"
    if table not in source.columns or not found.everywhere:
        return
    one, other = (queries.whole(source, table, f"concept_id_{side}") for side in (1, 2))
    names = ", ".join(queries.quoted(name) for name in terms.SAME)
    sql = (
        f"SELECT {one}, {other} FROM {source.relation(table)} WHERE {one} <> {other}"
        f" AND {queries.text(source, table, 'relationship_id')} IN ({names})"
        f" AND {queries.among(one, found.everywhere)}"
    )
    pairs = cast("list[tuple[int, int]]", list(source.rows(sql, table)))
    describe(source, {after for _, after in pairs}, found)
    for before, after in pairs:
        successor = found.concepts.get(after)
        if successor and successor.vocabulary == found.concepts[before].vocabulary:
            found.everywhere[after] = _joined(found.everywhere.get(after, ()), found.everywhere[before])


def _products(source: Source, found: Heard) -> None:
    """A product says every ingredient or class that it stands below."""
    table = "concept_ancestor"
    above = {
        number: kept
        for number, codes in found.everywhere.items()
        if (kept := tuple(code for code in codes if code.system in terms.DRUG_SYSTEMS))
    }
    if not above:
        return
    ancestor = queries.whole(source, table, "ancestor_concept_id")
    sql = (
        f"SELECT {ancestor}, {queries.whole(source, table, 'descendant_concept_id')}"
        f" FROM {source.relation(table)} WHERE {queries.among(ancestor, above)}"
    )
    for row in source.rows(sql, table):
        number, product = cast("tuple[int, int]", row)
        found.drugs[product] = _joined(found.drugs.get(product, ()), above[number])


def _concepts(source: Source, where: str) -> str:
    names = ("concept_name", "vocabulary_id", "concept_code", "concept_class_id")
    fields = ", ".join(queries.text(source, "concept", name) for name in names)
    number = queries.whole(source, "concept", "concept_id")
    return f"SELECT {number}, {fields} FROM {source.relation('concept')} WHERE {where}"


def _concept(row: tuple[object, ...]) -> tuple[int, Concept]:
    number, *texts = row
    return cast("int", number), Concept(*(str(text or "") for text in texts))


def _joined(one: Codes, other: Codes) -> Codes:
    return tuple(dict.fromkeys((*one, *other)))
