"""The closed vocabularies of FHIR R4 that are read: systems, statuses, yes and no, units of time.

Each table maps FHIR's word to the word `records` uses. None of it is clinical.
"""

from decimal import Decimal
from functools import lru_cache

from corrin.records import Code

CORRIN = "https://corrin.example/findings"
"""The system under which a source may send a finding by its own id."""

_SYSTEMS = {
    "http://loinc.org": "loinc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "http://snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "http://www.whocc.no/atc": "atc",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "urn:oid:2.16.840.1.113883.6.90": "icd10cm",
    "http://purl.obolibrary.org/obo/hp.owl": "hpo",
    "http://human-phenotype-ontology.org": "hpo",
    CORRIN: "corrin",
}
SHORT_NAMES = frozenset(_SYSTEMS.values())
UCUM = "http://unitsofmeasure.org"

OBSERVATION = {
    "registered": "preliminary",
    "preliminary": "preliminary",
    "final": "final",
    "amended": "corrected",
    "corrected": "corrected",
    "cancelled": "not-done",
    "entered-in-error": "error",
}
CLINICAL = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "inactive": "resolved",
    "remission": "resolved",
    "resolved": "resolved",
}
VERIFICATION = {
    "confirmed": "confirmed",
    "unconfirmed": "unconfirmed",
    "provisional": "unconfirmed",
    "differential": "unconfirmed",
    "presumed": "unconfirmed",
    "refuted": "refuted",
    "entered-in-error": "error",
}
REQUEST = {
    "active": "active",
    "on-hold": "stopped",
    "cancelled": "not-done",
    "revoked": "not-done",
    "completed": "completed",
    "entered-in-error": "error",
    "stopped": "stopped",
    "draft": "draft",
}
STATEMENT = {
    "active": "active",
    "completed": "completed",
    "entered-in-error": "error",
    "intended": "planned",
    "stopped": "stopped",
    "on-hold": "stopped",
    "not-taken": "active",
}
"""`not-taken` is an active statement of an absence: see `medicine`."""
EVENT = {
    "preparation": "planned",
    "in-progress": "active",
    "not-done": "not-done",
    "on-hold": "stopped",
    "stopped": "stopped",
    "completed": "completed",
    "entered-in-error": "error",
}
DISPENSE = {
    "preparation": "planned",
    "in-progress": "planned",
    "on-hold": "planned",
    "cancelled": "not-done",
    "declined": "not-done",
    "completed": "completed",
    "entered-in-error": "error",
    "stopped": "stopped",
}
FAMILY = {"partial": "final", "completed": "final", "entered-in-error": "error"}
RESPONSE = {
    "completed": "final",
    "amended": "corrected",
    "in-progress": "preliminary",
    "stopped": "stopped",
    "entered-in-error": "error",
}
PLANS = frozenset({"proposal", "plan", "option"})
"""Intents that nobody has signed."""

SAID = {
    ("snomed", "373066001"): ("yes", "present"),
    ("snomed", "373067005"): ("no", "absent"),
    ("snomed", "52101004"): ("present", "present"),
    ("snomed", "2667000"): ("absent", "absent"),
    ("snomed", "10828004"): ("positive", "present"),
    ("snomed", "260385009"): ("negative", "absent"),
    ("snomed", "261665006"): ("unknown", "unknown"),
    ("loinc", "LA33-6"): ("yes", "present"),
    ("loinc", "LA32-8"): ("no", "absent"),
    ("loinc", "LA9633-4"): ("present", "present"),
    ("loinc", "LA9634-2"): ("absent", "absent"),
    ("loinc", "LA6576-8"): ("positive", "present"),
    ("loinc", "LA6577-6"): ("negative", "absent"),
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y"): ("yes", "present"),
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "N"): ("no", "absent"),
}
"""Coded answers that are a yes or a no in any language: the word they stand for, and the polarity."""

FLAG_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

DAYS = {
    "s": Decimal(1) / 86400,
    "min": Decimal(1) / 1440,
    "h": Decimal(1) / 24,
    "d": Decimal(1),
    "wk": Decimal(7),
    "mo": Decimal(30),
}
TIMES_A_DAY = {
    "QD": Decimal(1),
    "AM": Decimal(1),
    "PM": Decimal(1),
    "BED": Decimal(1),
    "BID": Decimal(2),
    "TID": Decimal(3),
    "QID": Decimal(4),
    "QOD": Decimal(1) / 2,
    "WK": Decimal(1) / 7,
    "MO": Decimal(1) / 30,
}
LISTS = {
    "medications": "medicines",
    "10160-0": "medicines",
    "allergies": "allergies",
    "48765-2": "allergies",
    "problems": "conditions",
    "11450-4": "conditions",
    "47519-4": "procedures",
}
"""A List's code (HL7's example codes, or LOINC's name of the section): the part of a record it lists."""

OTHER_VERSIONS = {
    "MedicationOrder": "of another FHIR version (DSTU2); R4 has MedicationRequest",
    "DiagnosticOrder": "of another FHIR version (DSTU2); R4 has ServiceRequest",
    "ProcedureRequest": "of another FHIR version (STU3); R4 has ServiceRequest",
    "MedicationUsage": "of another FHIR version (a draft of R5); R4 has MedicationStatement",
}


@lru_cache(maxsize=8192)
def code(system: str | None, value: str) -> Code:
    """A code under the short name of its system; an edition of SNOMED CT is SNOMED CT."""
    uri = (system or "").strip().removesuffix("/").replace("https://", "http://", 1)
    if uri.startswith("http://snomed.info/sct/"):
        return Code("snomed", value)
    return Code(_SYSTEMS.get(uri) or _SYSTEMS.get(system or "") or (system or ""), value)


@lru_cache(maxsize=8192)
def alone(system: str | None, value: str) -> tuple[Code, ...]:
    """The same, where one code is all there is."""
    return (code(system, value),)


def uri(short: str) -> str:
    """The address of a system that is known by a short name, as FHIR itself writes it."""
    return next((one for one, name in _SYSTEMS.items() if name == short), short)
