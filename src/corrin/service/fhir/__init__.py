"""The FHIR R4 endpoint: what it can do, the guideline as resources, and `PlanDefinition/$apply`.

`routes` is what the application takes. Every refusal is an OperationOutcome that names the place; there is no
empty success. It keeps no patient.
"""

from corrin.service.fhir.addresses import routes

__all__ = ["routes"]
