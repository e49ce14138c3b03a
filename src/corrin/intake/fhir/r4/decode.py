"""One resource's bytes as its shape, losing no more than the element that is malformed.

Raw JSON enters; a resource leaves with the elements that had to be left out, or `Refused` says why none does.
An element without which the rest could mean the opposite (a status, a negation, whom it is about) is never
left out.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from corrin.intake import content
from corrin.intake.fhir.r4 import drugs, shapes
from corrin.intake.fhir.r4.datatypes import Concept
from corrin.intake.fhir.r4.shapes import Resource

READ: Mapping[str, type[Resource]] = {
    "Patient": shapes.Person,
    "Observation": shapes.Observation,
    "Condition": shapes.Condition,
    "MedicationRequest": drugs.MedicationRequest,
    "MedicationStatement": drugs.MedicationStatement,
    "MedicationAdministration": drugs.MedicationAdministration,
    "MedicationDispense": drugs.MedicationDispense,
    "AllergyIntolerance": shapes.Allergy,
    "Procedure": shapes.Procedure,
    "FamilyMemberHistory": shapes.FamilyHistory,
    "ServiceRequest": shapes.Order,
    "QuestionnaireResponse": shapes.Response,
    "List": shapes.Listing,
    "Medication": drugs.Medication,
    "Substance": drugs.Substance,
    "Specimen": shapes.Specimen,
}
_DECODERS = {name: msgspec.json.Decoder(shape) for name, shape in READ.items()}
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
NEEDED = frozenset(
    {
        "resourceType", "id", "status", "code", "subject", "patient", "focus", "intent", "doNotPerform",
        "clinicalStatus", "verificationStatus", "medicationCodeableConcept", "medicationReference",
        "modifierExtension", "implicitRules", "contained", "effectivePeriod", "link", "emptyReason", "entry",
    }
)  # fmt: skip
_BARE = ("resourceType", "id", "code", "subject", "focus", "modifierExtension", "implicitRules")
"""What is left of an Observation that cannot be read: that it was made, of what, and of whom."""
OTHER_VERSION = "another FHIR version"
"""Stands in every reason that blames one."""
_TWICE = "a key is given twice, and only one of the two can be meant"
_VALUES = frozenset(
    {"valueQuantity", "value", "unit", "comparator", "valueString", "valueCodeableConcept", "valueBoolean"}
)
"""Keys that, given twice, leave it certain that an Observation was made, of what, and of whom."""
_OTHER_VERSION: Mapping[str, tuple[str, ...]] = {
    "Procedure": ("not_done", "not_performed", "occurrence_date_time", "occurrence_period"),
    "FamilyMemberHistory": ("not_done",),
    "MedicationRequest": ("medication",),
    "MedicationStatement": ("medication", "taken", "was_not_taken"),
    "MedicationAdministration": (
        "medication",
        "not_given",
        "was_not_given",
        "occurence_date_time",
        "occurence_period",
    ),
    "MedicationDispense": ("medication",),
}
"""Elements that R4 does not have, and that would be read past although they say what, when or that not."""

_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_AT = re.compile(r" - at `\$\.?([A-Za-z]*)")


class Refused(Exception):  # noqa: N818 - the word of this room: a refusal is no error, it is listed
    """A resource that cannot be read; `field` is the element to blame, or empty."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class _Head(msgspec.Struct, rename="camel"):
    resource_type: str = ""


class Read(NamedTuple):
    """A resource and, of each element that had to be left out, the reason."""

    resource: Resource
    left_out: Mapping[str, str]


NOTHING_LEFT_OUT: Mapping[str, str] = {}


def kind(raw: bytes) -> str:
    """The resource's type, empty where it has none."""
    match = _TYPE.match(raw)
    if match:
        return match[1].decode()
    try:
        return msgspec.json.decode(raw, type=_Head).resource_type
    except msgspec.DecodeError:
        return ""


def read(name: str, raw: bytes, *, careful: bool) -> Read:
    """The resource in `raw`; `careful` looks for keys given twice, of which one would be lost in silence."""
    twice = content.given_twice(raw) if careful else ()
    if twice and (name != "Observation" or not _VALUES.issuperset(twice)):
        raise Refused(_TWICE)
    try:
        resource = _DECODERS[name].decode(raw)
        left_out = {"value": _TWICE} if twice else NOTHING_LEFT_OUT
    except msgspec.DecodeError:
        resource, left_out = _salvaged(name, raw)
    return Read(resource, understood(name, resource, left_out))


def understood(name: str, resource: Resource, left_out: Mapping[str, str]) -> Mapping[str, str]:
    """What of a decoded resource is left out, or `Refused` where it may mean something else than it says."""
    for attribute in _OTHER_VERSION.get(name, ()):
        if getattr(resource, attribute) is not None:
            raise _another_version(attribute)
    code: object = getattr(resource, "code", None)
    if isinstance(code, Concept) and (code.concept is not None or code.reference is not None):
        raise Refused(f"a CodeableReference, which FHIR R4 has not; this is {OTHER_VERSION} (R5)", "code")
    if resource.modifier_extension or resource.implicit_rules:
        field = "modifierExtension" if resource.modifier_extension else "implicitRules"
        reason = f"{field} may change what it means, and is not understood here"
        if not isinstance(resource, shapes.Observation) or resource.code is None:
            raise Refused(reason, field)
        # what it says is not used; that there is a result is not forgotten
        return {**left_out, field: reason}
    return left_out


def _salvaged(name: str, raw: bytes) -> tuple[Resource, Mapping[str, str]]:
    """The resource without its malformed elements; of a malformed Observation at least that it was made."""
    fields = _FIELDS.decode(raw)
    left_out: dict[str, str] = {}
    while True:
        try:
            return _DECODERS[name].decode(msgspec.json.encode(fields)), left_out
        except msgspec.DecodeError as error:
            field, reason = _blame(error)
            if field not in fields:
                raise Refused(reason) from None
            if field in NEEDED:
                if name != "Observation" or field == "code" or "code" not in fields:
                    raise Refused(reason, field) from None
                fields = {key: fields[key] for key in _BARE if key in fields and key != field}
            else:
                del fields[field]
            left_out[field] = reason


def wrong(error: msgspec.DecodeError) -> str:
    """What a malformed element was expected to be and is, in types of JSON."""
    if not isinstance(error, msgspec.ValidationError):
        return "no sound text"
    shape = str(error).partition(" - at ")[0].replace(" | null", "")
    return shape[:1].lower() + shape[1:]


def _blame(error: msgspec.DecodeError) -> tuple[str, str]:
    """The element to blame and what is wrong with it, in msgspec's words about types (never a value)."""
    at = _AT.search(str(error))
    reason, field = wrong(error), at[1] if at else ""
    if field in {"clinicalStatus", "verificationStatus"}:
        reason += f"; R4 has a CodeableConcept, and this is {OTHER_VERSION} (DSTU2 or STU3)"
    return field, reason


def _another_version(attribute: str) -> Refused:
    """Names what only another FHIR version has."""
    first, *rest = attribute.split("_")
    field = first + "".join(part.title() for part in rest)
    return Refused(f"FHIR R4 has no {field} here; this is {OTHER_VERSION}", field)
