"""An answer in formats of others: FHIR, calendar, PDF. It writes, and decides nothing."""
