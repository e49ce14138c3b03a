"""The door over HTTP: pages, JSON, CDS Hooks and FHIR, in one ASGI application. No clinical decision."""
