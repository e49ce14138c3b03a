"""The elements of FHIR R4 medicines that are read: what, how much, how often, by which route."""

from typing import Any

from msgspec import Raw

from corrin.intake.fhir.r4.datatypes import (
    NOTHING,
    TYPE,
    Concept,
    Measured,
    Period,
    Reference,
    Shape,
    unread,
)
from corrin.intake.fhir.r4.shapes import Resource


@unread(
    "id extension boundsDuration boundsRange count countMax duration durationMax durationUnit "
    "frequencyMax periodMax dayOfWeek timeOfDay when offset"
)
class Repeat(Shape):
    """Timing.repeat: `frequency` times in `period` units, between the bounds."""

    frequency: Raw = NOTHING
    period: Raw = NOTHING
    period_unit: str | None = None
    bounds_period: Period | None = None


@unread("id extension modifierExtension event")
class Timing(Shape):
    """Timing."""

    repeat: Repeat | None = None
    code: Concept | None = None


@unread("id extension type rateRatio rateRange rateQuantity")
class Rate(Shape):
    """Dosage.doseAndRate."""

    dose_quantity: Measured | None = None
    dose_range: Any = None


@unread(
    "id extension modifierExtension sequence text additionalInstruction patientInstruction site method "
    "maxDosePerPeriod maxDosePerAdministration maxDosePerLifetime"
)
class Dosage(Shape):
    """Dosage."""

    timing: Timing | None = None
    as_needed_boolean: bool | None = None
    as_needed_codeable_concept: Concept | None = None
    route: Concept | None = None
    dose_and_rate: tuple[Rate, ...] | None = None


@unread("id extension modifierExtension text site method rateRatio rateQuantity")
class GivenDose(Shape):
    """MedicationAdministration.dosage."""

    route: Concept | None = None
    dose: Measured | None = None


@unread("id extension modifierExtension isActive strength")
class Ingredient(Shape):
    """Medication.ingredient."""

    item_codeable_concept: Concept | None = None
    item_reference: Reference | None = None


@unread("identifier status manufacturer form amount batch")
class Medication(Resource, tag_field=TYPE, tag="Medication"):
    """Medication: one product, with its ingredients."""

    code: Concept | None = None
    ingredient: tuple[Ingredient, ...] | None = None


@unread("identifier status category description instance ingredient")
class Substance(Resource, tag_field=TYPE, tag="Substance"):
    """Substance: an ingredient that is a resource of its own."""

    code: Concept | None = None


class Medicine(Resource):
    """What the four medicine resources share; the last five elements are of other FHIR versions."""

    status: str | None = None
    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    category: Raw = NOTHING
    medication: Any = None
    taken: Any = None
    was_not_taken: Any = None
    not_given: Any = None
    was_not_given: Any = None


@unread(
    "identifier statusReason priority reportedBoolean reportedReference encounter "
    "supportingInformation requester performer performerType recorder reasonCode reasonReference "
    "instantiatesCanonical instantiatesUri basedOn groupIdentifier courseOfTherapyType insurance note "
    "dispenseRequest substitution priorPrescription detectedIssue eventHistory"
)
class MedicationRequest(Medicine, tag_field=TYPE, tag="MedicationRequest"):
    """MedicationRequest."""

    intent: str | None = None
    do_not_perform: bool | None = None
    authored_on: str | None = None
    dosage_instruction: tuple[Dosage, ...] | None = None


@unread(
    "identifier basedOn partOf statusReason context informationSource derivedFrom reasonCode "
    "reasonReference note"
)
class MedicationStatement(Medicine, tag_field=TYPE, tag="MedicationStatement"):
    """MedicationStatement."""

    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None
    dosage: tuple[Dosage, ...] | None = None


@unread(
    "identifier instantiates partOf statusReason context supportingInformation performer reasonCode "
    "reasonReference request device note eventHistory"
)
class MedicationAdministration(Medicine, tag_field=TYPE, tag="MedicationAdministration"):
    """MedicationAdministration; R5 spells its time `occurence`."""

    effective_date_time: str | None = None
    effective_period: Period | None = None
    dosage: GivenDose | None = None
    occurence_date_time: Any = None
    occurence_period: Any = None


@unread(
    "identifier partOf statusReasonCodeableConcept statusReasonReference context supportingInformation "
    "performer location authorizingPrescription type quantity daysSupply destination receiver note "
    "substitution detectedIssue eventHistory"
)
class MedicationDispense(Medicine, tag_field=TYPE, tag="MedicationDispense"):
    """MedicationDispense."""

    when_prepared: str | None = None
    when_handed_over: str | None = None
    dosage_instruction: tuple[Dosage, ...] | None = None
