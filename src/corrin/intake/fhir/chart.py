"""What is gathered of one patient while the input is walked, and where its references lead.

Events and refusals enter one by one; one `Record` leaves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from corrin.intake.fhir.r4 import elements
from corrin.intake.fhir.r4.datatypes import Concept, Reference
from corrin.intake.fhir.r4.decode import READ, Refused, kind, read
from corrin.intake.fhir.r4.drugs import Medication, Substance
from corrin.intake.fhir.r4.shapes import Resource, Specimen
from corrin.records import Code, Event, Ignored

PARTS = {
    "MedicationRequest": ("medicines", "requests"),
    "MedicationOrder": ("medicines", "requests"),
    "MedicationStatement": ("medicines", "statements"),
    "MedicationUsage": ("medicines", "statements"),
    "MedicationAdministration": ("medicines", "administrations"),
    "MedicationDispense": ("medicines",),
    "AllergyIntolerance": ("allergies",),
    "Procedure": ("procedures",),
    "Condition": ("conditions",),
}
"""The parts of a record that a type belongs to: none of them is complete once one such was refused."""


Wanted = frozenset[tuple[str, str]] | None
"""The codes, each with its system, that somebody asks for; None asks for all there are."""


URN = "urn:"
"""How an address begins that is local to its Bundle."""


@dataclass(slots=True)
class Chart:
    """One patient's events, refusals, and the parts that were declared complete or turned out not to be."""

    events: list[Event] = field(default_factory=list[Event])
    ignored: list[Ignored] = field(default_factory=list[Ignored])
    complete: set[str] = field(default_factory=set[str])
    broken: set[str] = field(default_factory=set[str])
    wanted: Wanted = None

    def ignore(self, where: str, reason: str) -> None:
        """List what was read and not used."""
        self.ignored.append(Ignored(where, reason))

    def refuse(self, name: str, where: str, reason: str) -> None:
        """List a resource that cannot be used: the part of the record it belongs to is not complete."""
        self.ignore(where, reason)
        self.broken.update(PARTS.get(name, ()))


@dataclass(slots=True)
class Library:
    """Medications, substances and specimens that others point to, by every name they may be called."""

    known: dict[str, Resource] = field(default_factory=dict[str, Resource])
    unused: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    urns: dict[str, dict[str, Resource]] = field(default_factory=dict[str, dict[str, Resource]])
    shared: set[str] = field(default_factory=set[str])
    """Urns that two Bundles give to different resources."""

    def add(self, resource: Resource, name: str, base: str, where: str) -> None:
        """Remember a resource under its address and its id."""
        if resource.id:
            self.known[resource.id] = self.known[f"{name}/{resource.id}"] = resource
        if base:
            self.known[base] = self.known[tail(base)] = resource
            if base.startswith(URN):
                others = self.urns.setdefault(base, {})
                others.setdefault(bundle(where), resource)
                if any(other != resource for other in others.values()):
                    self.shared.add(base)
        self.unused[id(resource)] = (where, f"no resource that was read points to this {name}")

    def turn_to(self, place: str) -> None:
        """Let each shared urn lead to what the Bundle of this place calls so, or to nothing."""
        for urn in self.shared:
            here = self.urns[urn].get(bundle(place))
            for name in (urn, tail(urn)):
                if here is None:
                    self.known.pop(name, None)
                else:
                    self.known[name] = here

    def find(self, reference: Reference | None, around: Resource) -> Resource | None:
        """What `reference` leads to: inside the resource itself (`#id`), or elsewhere in the input."""
        if reference is None or not reference.reference:
            return None
        if reference.reference.startswith("#"):
            return _contained(around, reference.reference[1:])
        found = self.known.get(reference.reference) or self.known.get(tail(reference.reference))
        if found is not None:
            self.unused.pop(id(found), None)
        return found

    def product(self, reference: Reference | None, around: Resource) -> tuple[tuple[Code, ...], str] | None:
        """Codes of a medicine and all its ingredients, and its text; None where it is not in the input."""
        found = self.find(reference, around)
        if not isinstance(found, Medication | Substance):
            return None
        codes = list(elements.codes(found.code))
        for part in (found.ingredient or ()) if isinstance(found, Medication) else ():
            codes.extend(elements.codes(part.item_codeable_concept))
            inner = self.find(part.item_reference, found)
            inner = inner or self.find(part.item_reference, around)
            if isinstance(inner, Medication | Substance):
                codes.extend(elements.codes(inner.code))
        return tuple(dict.fromkeys(codes)), elements.label(found.code)

    def specimen(self, reference: Reference | None, around: Resource) -> str:
        """What a sample is, in words or else by its code."""
        found = self.find(reference, around)
        of: Concept | None = found.type if isinstance(found, Specimen) else None
        said = elements.label(of) or next((code.code for code in elements.codes(of)), "")
        return said or (reference.display or "" if reference else "")

    def idle(self) -> Iterable[Ignored]:
        """What nothing pointed to."""
        return [Ignored(where, reason) for where, reason in self.unused.values()]


def bundle(place: str) -> str:
    """The Bundle that a place lies in, by all that stands before its entries."""
    return place.rpartition("entry[")[0]


def tail(reference: str) -> str:
    """`Type/id`, or the bare id of a URN: what names the resource within one input."""
    plain = reference.partition("/_history/")[0]
    if plain.startswith("urn:"):
        return plain.rpartition(":")[2]
    return "/".join(plain.split("/")[-2:])


def _contained(around: Resource, name: str) -> Resource | None:
    for raw in around.contained or ():
        inner = kind(bytes(raw))
        if inner in READ:
            try:
                found = read(inner, bytes(raw), careful=False).resource
            except (Refused, msgspec.DecodeError):
                continue
            if found.id is not None and found.id.removeprefix("#") == name:
                return found
    return None
