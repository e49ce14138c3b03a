"""Two levels of one day in different units: one sample printed twice, or two samples of which one is low."""

import json

import pytest

import corrin

DAY = "2026-11-20"


def said(finding, **value):
    code = {"coding": [{"system": "https://corrin.example/findings", "code": finding}]}
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": code,
        "effectiveDateTime": DAY,
    } | value


def level(code, value, unit):
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    coding = {"coding": [{"system": "http://loinc.org", "code": code}]}
    return said("", code=coding, valueQuantity=quantity)


def status(*levels):
    """The B12 status of somebody of whom a clinician says that B12 deficiency is not suspected."""
    asked = [
        said("clinical_suspicion", valueString="low"),
        *(said(one, valueBoolean=False) for one in ("b12_treatment", "b12_before_sample", "nitrous_oxide")),
        said("leg_weakness", valueBoolean=True),
    ]
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1955-04-02"}
    entries = [{"resource": one} for one in (patient, *asked, *levels)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return corrin.assess(json.dumps(bundle), as_of="2026-11-22").verdicts["b12_status"]


def test_above_350_with_low_suspicion_deficiency_is_unlikely():
    """S23, and what the next test takes away from it."""
    assert status(level("2132-9", 410, "pg/mL")) == "unlikely"


@pytest.mark.parametrize("pmol", [100, 132.9, 258])
def test_a_low_level_of_the_same_day_in_pmol_forbids_unlikely(pmol):
    """Below 133 pmol/L is deficient, 133 to 258 borderline (S21, S22): a lower band in the window forbids it.

    The level that counts is not low and has not closed the question: what results do not settle is undetermined.
    """
    assert status(level("2132-9", 410, "pg/mL"), level("14685-2", pmol, "pmol/L")) == "undetermined"


def test_one_sample_printed_in_both_units_is_still_unlikely():
    """410 / 1.35537 = 302.5: the same level, above 258 pmol/L."""
    assert status(level("2132-9", 410, "pg/mL"), level("14685-2", 302.5, "pmol/L")) == "unlikely"
