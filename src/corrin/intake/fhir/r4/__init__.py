"""FHIR R4 as it is written: the shapes that are read, its closed vocabularies, and a resource decoded."""
