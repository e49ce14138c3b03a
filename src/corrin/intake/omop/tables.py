"""The tables of the OMOP CDM 5.4 as they are read: which there must be, and which of their columns.

A row of each is a tuple in the order of its fields; a column that the CDM does not have is None.
"""

from collections.abc import Mapping
from typing import NamedTuple, get_type_hints

from corrin.intake.omop import terms

VOCABULARY = ("concept", "concept_ancestor")
"""Needed to know what a concept id stands for, unless a site map says it."""

NEEDED = ("person", "measurement", "condition_occurrence", "drug_exposure")
OPTIONAL = (
    "observation",
    "procedure_occurrence",
    "drug_era",
    "death",
    "care_site",
    "visit_occurrence",
    "concept_relationship",
)
"""What they hold is unknown where they are missing."""

Whole = int | None
Text = str | None


class Person(NamedTuple):
    """Who it is."""

    person_id: Whole
    gender_concept_id: Whole
    gender_source_value: Text
    year_of_birth: Whole
    month_of_birth: Whole
    day_of_birth: Whole
    birth_datetime: Text
    care_site_id: Whole


class Death(NamedTuple):
    """When somebody died."""

    person_id: Whole
    death_date: Text


class Measurement(NamedTuple):
    """A result, or the fact that something was measured."""

    person_id: Whole
    measurement_id: Whole
    measurement_concept_id: Whole
    measurement_source_concept_id: Whole
    measurement_source_value: Text
    measurement_date: Text
    measurement_datetime: Text
    operator_concept_id: Whole
    value_as_number: Text
    value_as_concept_id: Whole
    value_source_value: Text
    unit_concept_id: Whole
    unit_source_value: Text
    range_high: Text


class Observation(NamedTuple):
    """A statement, an answer, a history."""

    person_id: Whole
    observation_id: Whole
    observation_concept_id: Whole
    observation_source_concept_id: Whole
    observation_source_value: Text
    observation_date: Text
    observation_datetime: Text
    value_as_number: Text
    value_as_string: Text
    value_as_concept_id: Whole
    value_source_value: Text
    unit_concept_id: Whole
    unit_source_value: Text


class Condition(NamedTuple):
    """A diagnosis, a symptom, a sign."""

    person_id: Whole
    condition_occurrence_id: Whole
    condition_concept_id: Whole
    condition_source_concept_id: Whole
    condition_source_value: Text
    condition_start_date: Text
    condition_start_datetime: Text
    condition_end_date: Text
    condition_type_concept_id: Whole
    condition_status_concept_id: Whole
    condition_status_source_value: Text
    stop_reason: Text
    visit_occurrence_id: Whole


class Drug(NamedTuple):
    """A medicine that was ordered, handed over, given or listed."""

    person_id: Whole
    drug_exposure_id: Whole
    drug_concept_id: Whole
    drug_source_concept_id: Whole
    drug_source_value: Text
    drug_exposure_start_date: Text
    drug_exposure_start_datetime: Text
    drug_exposure_end_date: Text
    verbatim_end_date: Text
    drug_type_concept_id: Whole
    stop_reason: Text
    days_supply: Whole
    sig: Text
    route_concept_id: Whole
    route_source_value: Text


class Era(NamedTuple):
    """A time of continuous use of one ingredient, as the CDM itself put exposures together."""

    person_id: Whole
    drug_era_id: Whole
    drug_concept_id: Whole
    drug_source_concept_id: Whole
    drug_source_value: Text
    drug_era_start_date: Text
    drug_era_end_date: Text


class Procedure(NamedTuple):
    """Something that was done."""

    person_id: Whole
    procedure_occurrence_id: Whole
    procedure_concept_id: Whole
    procedure_source_concept_id: Whole
    procedure_source_value: Text
    procedure_date: Text
    procedure_datetime: Text
    procedure_end_date: Text


Row = Measurement | Observation | Condition | Drug | Era | Procedure

EVENTS: dict[str, type[Row]] = {
    "measurement": Measurement,
    "condition_occurrence": Condition,
    "drug_exposure": Drug,
    "drug_era": Era,
    "observation": Observation,
    "procedure_occurrence": Procedure,
}
"""In the order in which the events of one person are told."""

MUST: dict[str, tuple[str, ...]] = {
    "person": ("person_id", "gender_concept_id", "year_of_birth"),
    "death": ("person_id", "death_date"),
    "care_site": ("care_site_id",),
    "visit_occurrence": ("visit_occurrence_id",),
    "concept": ("concept_id", "concept_name", "vocabulary_id", "concept_class_id", "concept_code"),
    "concept_ancestor": ("ancestor_concept_id", "descendant_concept_id"),
    "concept_relationship": ("concept_id_1", "concept_id_2", "relationship_id"),
    "measurement": (*Measurement._fields[:3], "measurement_date", "value_as_number"),
    "observation": (*Observation._fields[:3], "observation_date"),
    "condition_occurrence": (*Condition._fields[:3], "condition_start_date"),
    "drug_exposure": (*Drug._fields[:3], "drug_exposure_start_date"),
    "drug_era": (*Era._fields[:3], "drug_era_start_date", "drug_era_end_date"),
    "procedure_occurrence": (*Procedure._fields[:3], "procedure_date"),
}
"""Columns without which a table says nothing; of the others each is unknown where it is missing."""


def kinds(shape: type[NamedTuple]) -> dict[str, bool]:
    """Each field of a row, and whether it is a whole number."""
    return {name: hint == Whole for name, hint in get_type_hints(shape).items()}


MEDIA = frozenset({"requests", "statements", "administrations"})
TABLE_OF: Mapping[str, str] = {
    **dict.fromkeys(("medicines", *MEDIA), "drug_exposure"),
    "conditions": "condition_occurrence",
    "procedures": "procedure_occurrence",
    "allergies": "observation",
}
"""The table in which each part of a record stands that may be declared complete."""


def parts_of(table: str) -> set[str]:
    """The parts of a record that a table holds."""
    return {part for part, name in TABLE_OF.items() if name == table}


def left_open(row: Row) -> frozenset[str]:
    """The parts to which a row may belong that does not say how it is known that a medicine was taken."""
    told = not isinstance(row, Drug) or row.drug_type_concept_id in terms.MEDIUM
    return frozenset() if told else MEDIA
