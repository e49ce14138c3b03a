"""What the FHIR endpoint can do, and what it says when it cannot answer."""

import re
from collections.abc import Iterable

from corrin.errors import Problem
from corrin.exports.fhir.coordinates import read
from corrin.exports.fhir.elements import Json, pruned
from corrin.guideline.model import Guideline

FHIR_VERSION = "4.0.1"
APPLY = "http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply"
_PATH = re.compile(r"[A-Z][A-Za-z]*(\.[A-Za-z]+(\[[0-9]+\])?)*")
JSON_TYPES = ("application/fhir+json", "application/json")


def capability_statement(guideline: Guideline, address: str, software: str) -> Json:
    """What this server answers, and nothing more."""
    coordinates = read(guideline)
    read_only: Json = {"interaction": [{"code": "read"}]}
    apply: Json = {"operation": [{"name": "apply", "definition": APPLY}]}
    return {
        "resourceType": "CapabilityStatement",
        "id": coordinates.id,
        "url": coordinates.url("CapabilityStatement"),
        "version": guideline.version,
        "name": coordinates.id.capitalize(),
        "title": coordinates.about.title,
        "status": "draft",
        "experimental": True,
        "date": coordinates.about.written,
        "publisher": coordinates.about.developer,
        "kind": "instance",
        "software": {"name": coordinates.about.developer, "version": software},
        "implementation": {"description": coordinates.about.use, "url": address},
        "fhirVersion": FHIR_VERSION,
        "format": list(JSON_TYPES),
        "rest": [
            {
                "mode": "server",
                "documentation": "No patient is kept: what a request brings is answered and forgotten.",
                "resource": [
                    {"type": "PlanDefinition", **read_only, **apply},
                    {"type": "Questionnaire", **read_only},
                ],
            }
        ],
    }


def operation_outcome(problems: Iterable[Problem], code: str = "invalid", severity: str = "error") -> Json:
    """Why there is no answer: each place, what is wrong there, and what to send instead.

    Shape: `code` is one of FHIR's issue types; a place is an `expression` where it is a path of FHIR.
    """
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            pruned(
                {
                    "severity": severity,
                    "code": code,
                    "details": {"text": one.what},
                    "diagnostics": str(one).strip(),
                    "expression": [one.where] if _PATH.fullmatch(one.where) else [],
                }
            )
            for one in problems
        ],
    }
