"""The resources of FHIR R4 that are read, by their FHIR names; the rest of each is known by name alone.

Elements of other FHIR versions, and those whose mere presence changes the meaning, are typed `Any`: they are
only ever asked for, never read.
"""

from typing import Any

from msgspec import Raw

from corrin.intake.fhir.r4.datatypes import (
    NOTHING,
    TYPE,
    Coding,
    Concept,
    Identifier,
    Measured,
    Meta,
    Period,
    Reference,
    Shape,
    unread,
)


@unread("language text extension")
class Resource(Shape):
    """What every resource may carry. Who it is about stands in `subject` or, by its type, in `patient`."""

    id: str | None = None
    meta: Meta | None = None
    implicit_rules: Any = None
    modifier_extension: Any = None
    contained: tuple[Raw, ...] | None = None
    subject: Reference | None = None
    patient: Reference | None = None

    @property
    def resource_type(self) -> str:
        """FHIR's name of the type."""
        return str(self.__struct_config__.tag)


class Holder(Shape):
    """A resource that is not read itself, but may contain some that are."""

    contained: tuple[Raw, ...] | None = None
    subject: Reference | None = None
    patient: Reference | None = None


@unread("id extension modifierExtension")
class Kin(Shape):
    """Patient.link: `replaced-by` where two records of one person were merged."""

    other: Reference | None = None
    type: str | None = None


@unread(
    "identifier active name telecom address maritalStatus multipleBirthBoolean multipleBirthInteger "
    "photo contact communication generalPractitioner"
)
class Person(Resource, tag_field=TYPE, tag="Patient"):
    """Patient."""

    birth_date: str | None = None
    gender: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    link: tuple[Kin, ...] | None = None
    managing_organization: Reference | None = None


@unread("id extension modifierExtension low appliesTo age text")
class Limits(Shape):
    """Observation.referenceRange."""

    high: Measured | None = None
    type: Concept | None = None


class Valued(Resource):
    """The value[x] of an Observation or of one of its components, and what stands beside it."""

    code: Concept | None = None
    value_quantity: Measured | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_integer: Raw = NOTHING
    value_date_time: str | None = None
    value_range: Any = None
    value_ratio: Any = None
    value_sampled_data: Any = None
    value_time: Any = None
    value_period: Any = None
    value_attachment: Any = None
    value_reference: Any = None
    data_absent_reason: Concept | None = None
    interpretation: tuple[Concept, ...] | None = None
    reference_range: tuple[Limits, ...] | None = None


@unread("basedOn partOf category encounter performer note bodySite method device derivedFrom")
class Observation(Valued, tag_field=TYPE, tag="Observation"):
    """Observation."""

    status: str | None = None
    identifier: tuple[Identifier, ...] | None = None
    focus: Any = None
    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    effective_timing: Any = None
    issued: str | None = None
    specimen: Reference | None = None
    has_member: tuple[Reference, ...] | None = None
    component: tuple[Raw, ...] | None = None


@unread(
    "identifier accessionIdentifier status receivedTime parent request collection processing container "
    "condition note"
)
class Specimen(Resource, tag_field=TYPE, tag="Specimen"):
    """Specimen: of interest only for what it is."""

    type: Concept | None = None


@unread("identifier severity bodySite encounter recorder asserter stage evidence note")
class Condition(Resource, tag_field=TYPE, tag="Condition"):
    """Condition; `category` may come as an object, and is only searched."""

    code: Concept | None = None
    category: Raw = NOTHING
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    onset_age: Any = None
    onset_range: Any = None
    onset_string: Any = None
    abatement_date_time: str | None = None
    abatement_period: Period | None = None
    abatement_age: Any = None
    abatement_range: Any = None
    abatement_string: Any = None
    abatement_boolean: Any = None
    recorded_date: str | None = None


@unread(
    "identifier type category criticality encounter onsetAge onsetPeriod onsetRange onsetString "
    "recorder asserter lastOccurrence note reaction"
)
class Allergy(Resource, tag_field=TYPE, tag="AllergyIntolerance"):
    """AllergyIntolerance."""

    code: Concept | None = None
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    onset_date_time: str | None = None
    recorded_date: str | None = None


@unread(
    "identifier instantiatesCanonical instantiatesUri basedOn partOf statusReason category encounter "
    "performedString performedAge performedRange recorder asserter performer location reasonCode "
    "reasonReference bodySite outcome report complication complicationDetail followUp note focalDevice "
    "usedReference usedCode"
)
class Procedure(Resource, tag_field=TYPE, tag="Procedure"):
    """Procedure."""

    status: str | None = None
    code: Concept | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    not_done: Any = None
    not_performed: Any = None
    occurrence_date_time: Any = None
    occurrence_period: Any = None


@unread(
    "identifier instantiatesCanonical instantiatesUri basedOn replaces requisition category priority "
    "orderDetail quantityQuantity quantityRatio quantityRange encounter occurrenceTiming "
    "asNeededBoolean asNeededCodeableConcept requester performerType performer locationCode "
    "locationReference reasonCode reasonReference insurance supportingInfo specimen bodySite note "
    "patientInstruction relevantHistory"
)
class Order(Resource, tag_field=TYPE, tag="ServiceRequest"):
    """ServiceRequest."""

    status: str | None = None
    intent: str | None = None
    do_not_perform: bool | None = None
    code: Concept | None = None
    authored_on: str | None = None
    occurrence_date_time: str | None = None
    occurrence_period: Period | None = None


@unread(
    "id extension modifierExtension outcome contributedToDeath onsetAge onsetRange onsetPeriod "
    "onsetString note"
)
class RelativesCondition(Shape):
    """FamilyMemberHistory.condition."""

    code: Concept | None = None


@unread(
    "identifier instantiatesCanonical instantiatesUri dataAbsentReason name relationship sex "
    "bornPeriod bornDate bornString ageAge ageRange ageString estimatedAge deceasedBoolean deceasedAge "
    "deceasedRange deceasedDate deceasedString reasonCode reasonReference note"
)
class FamilyHistory(Resource, tag_field=TYPE, tag="FamilyMemberHistory"):
    """FamilyMemberHistory."""

    status: str | None = None
    date: str | None = None
    condition: tuple[RelativesCondition, ...] | None = None
    not_done: Any = None


class Item(Shape):
    """QuestionnaireResponse.item; its answers and nested items stay unread until their turn."""

    link_id: str | None = None
    text: str | None = None
    answer: tuple[Raw, ...] | None = None
    item: tuple[Raw, ...] | None = None


class Answer(Shape):
    """QuestionnaireResponse.item.answer."""

    value_boolean: bool | None = None
    value_coding: Coding | None = None
    value_quantity: Measured | None = None
    value_decimal: Raw = NOTHING
    value_integer: Raw = NOTHING
    value_date: str | None = None
    value_date_time: str | None = None
    value_string: str | None = None
    item: tuple[Raw, ...] | None = None


@unread("identifier basedOn partOf encounter author source")
class Response(Resource, tag_field=TYPE, tag="QuestionnaireResponse"):
    """QuestionnaireResponse."""

    questionnaire: str | None = None
    status: str | None = None
    authored: str | None = None
    item: tuple[Raw, ...] | None = None


@unread("identifier mode title encounter date source orderedBy note")
class Listing(Resource, tag_field=TYPE, tag="List"):
    """List: of interest where it is empty and says that nothing is known."""

    status: str | None = None
    code: Concept | None = None
    entry: Any = None
    empty_reason: Concept | None = None
