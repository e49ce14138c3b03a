"""FHIR R4, written: an answer as a CarePlan, the guideline as a PlanDefinition, the intake as a form.

Pure functions: an answer or a guideline enters, dictionaries for a JSON printer leave. Nothing is decided
here, and nothing knows HTTP. Which code stands for which word is in `guideline/services.toml`.
"""

from corrin.exports.fhir.attributes import Attribute, attributes
from corrin.exports.fhir.careplan import care_plan
from corrin.exports.fhir.conformance import capability_statement, operation_outcome
from corrin.exports.fhir.definition import plan_definition
from corrin.exports.fhir.questionnaire import questionnaire, response, unsaid

__all__ = [
    "Attribute",
    "attributes",
    "capability_statement",
    "care_plan",
    "operation_outcome",
    "plan_definition",
    "questionnaire",
    "response",
    "unsaid",
]
