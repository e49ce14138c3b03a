"""The elements of each FHIR type that is read: all that R4 has are known, so that none hides a key given twice."""

import pytest
from fhir.resources.R4B import get_fhir_model_class

from corrin.intake.fhir.r4 import bundles, datatypes, drugs, shapes
from corrin.intake.fhir.r4.decode import READ

PARTS = {
    "Coding": datatypes.Coding,
    "CodeableConcept": datatypes.Concept,
    "Reference": datatypes.Reference,
    "Identifier": datatypes.Identifier,
    "Quantity": datatypes.Measured,
    "Period": datatypes.Period,
    "Meta": datatypes.Meta,
    "PatientLink": shapes.Kin,
    "ObservationReferenceRange": shapes.Limits,
    "FamilyMemberHistoryCondition": shapes.RelativesCondition,
    "Timing": drugs.Timing,
    "TimingRepeat": drugs.Repeat,
    "Dosage": drugs.Dosage,
    "DosageDoseAndRate": drugs.Rate,
    "MedicationAdministrationDosage": drugs.GivenDose,
    "MedicationIngredient": drugs.Ingredient,
    "Bundle": bundles.Whole,
    "BundleEntry": bundles.SoundEntry,
    "BundleLink": bundles.SoundLink,
}
NO_ELEMENT = {"fhir_comments"}


@pytest.mark.parametrize(("name", "shape"), (READ | PARTS).items(), ids=(READ | PARTS).keys())
def test_every_element_of_r4_is_known(name, shape):
    fields = get_fhir_model_class(name).model_fields.items()
    elements = {field.alias or own for own, field in fields}
    named = {one for one in elements if not one.startswith("_") and not one.endswith("__ext")}
    assert named - NO_ELEMENT <= set(shape.__struct_encode_fields__)
