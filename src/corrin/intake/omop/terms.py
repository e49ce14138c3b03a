"""The closed vocabularies of the OMOP CDM that are read: operators, statuses, record types, plain results.

Concept ids are those of the OHDSI standardized vocabularies, the same in every CDM. None of it is clinical.

Source: operators OHDSI/ETL-CDMBuilder issue 53; record types and statuses OHDSI/Vocabulary-v5.0 (`Type
Concept`, `Condition Status`) as LinkML's value sets and OMOP-on-FHIR list them; history CommonDataModel issue
584 and Themis issues 29 and 201; results as public CDM mappings agree on. docs/clarifications.md says more.
"""

from collections.abc import Mapping

VOCABULARIES: Mapping[str, str] = {
    "LOINC": "loinc",
    "SNOMED": "snomed",
    "RxNorm": "rxnorm",
    "ATC": "atc",
    "ICD10CM": "icd10cm",
    "HPO": "hpo",
    "Corrin": "corrin",
}
"""`concept.vocabulary_id`, and the short name of the same system in a `Code`.

A site may add findings by their own ids as local concepts of the vocabulary `Corrin`."""

DRUG_SYSTEMS = frozenset({"rxnorm", "atc"})
"""Systems in which a product is found below its ingredient or class (`concept_ancestor`)."""

UCUM = "ucum"
SAME = ("Maps to", "Concept replaced by")
"""Relationships followed within one vocabulary: a code that was replaced is still the same thing."""

OPERATORS: Mapping[int, str] = {
    4172703: "",
    4171756: "<",
    4171754: "<=",
    4172704: ">",
    4171755: ">=",
}
SEX: Mapping[int, str] = {8507: "male", 8532: "female", 8521: "other"}
SEX_WORDS: Mapping[str, str] = {"m": "male", "male": "male", "f": "female", "female": "female"}

REQUEST, DISPENSE, ADMINISTRATION, STATEMENT = "request", "dispense", "administration", "statement"
MEDIUM: Mapping[int, str] = {
    **dict.fromkeys((32833, 32838, 32839, 38000177), REQUEST),
    **dict.fromkeys((32825, 32869, 38000175, 38000176, 581452), DISPENSE),
    **dict.fromkeys((32818, 38000179, 38000180, 43542356, 43542357, 43542358, 581373), ADMINISTRATION),
    **dict.fromkeys((32830, 32865, 38000178, 44787730), STATEMENT),
}
"""`drug_type_concept_id` where it says how it is known that the medicine was taken; else that is unknown."""

CLAIMS = frozenset(
    {32810, *range(32844, 32847), *range(32853, 32856), *range(32859, 32862), 32869, *range(32871, 32874)}
)
"""Records of a claim: their end is the end of what was billed, not of a disease."""

UNCONFIRMED = frozenset({32892, 32899, 4033240})
CONFIRMED = frozenset({32893})
RESOLVED = frozenset({32906})

HISTORY = frozenset({1340204, 4188893, 4214956, 4215685})
"""`observation_concept_id` that says: the value happened to this person once."""

FAMILY = frozenset({4210989})
"""`observation_concept_id` that says: the value happened to a relative."""
FAMILY_NAME = "family history"
ALLERGY_NAME = "allergy to"
"""How the names of concepts begin that say the same with the disease or the substance in them."""

WORDS: Mapping[int, str] = {
    **dict.fromkeys((9191, 45884084), "positive"),
    **dict.fromkeys((9189, 45878583), "negative"),
    **dict.fromkeys((4126681, 45877985), "detected"),
    **dict.fromkeys((9190, 45880296), "not detected"),
    **dict.fromkeys((4069590, 45884153), "normal"),
    **dict.fromkeys((4267416, 45881666), "low"),
    **dict.fromkeys((4328749, 45876384), "high"),
    **dict.fromkeys((4188539, 45877994), "yes"),
    **dict.fromkeys((4188540, 45878245), "no"),
}
"""`value_as_concept_id` as a word, for a CDM that comes without the concept's own name."""

COMPLETED = frozenset({"completed", "regimen completed", "course completed", "finished"})
"""Reasons for a stop that are no stop."""

FINDING_CLASSES = frozenset({"Clinical Finding", "Context-dependent", "Disorder", "Event"})
"""`concept_class_id` of what says something without a value; a question or a test does not."""
