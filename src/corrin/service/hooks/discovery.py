"""What a client is told once: which services there are, and which queries to run before it calls them.

The guideline and a day enter; the discovery document leaves. Queries stay within the small part of FHIR
search that CDS Hooks 2.0 recommends, and hold no token but the patient's id: how far back they go is a
date, worked out on the day of discovery. A client that keeps the document longer asks for more than is
needed, never less.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from corrin.service.hooks.dictionary import Hooks, Query

PATIENT = "{{context.patientId}}"
_PLAIN = "/:|,.-"
_DATES = {"Observation": "date"}


def document(hooks: Hooks, today: date) -> dict[str, Any]:
    """The answer to `GET /cds-services`."""
    queries = prefetch(hooks, today)
    return {
        "services": [
            {
                "hook": one.hook,
                "title": hooks.title,
                "description": one.description,
                "id": one.id,
                "prefetch": queries,
                "usageRequirements": hooks.usage,
            }
            for one in hooks.services
        ]
    }


def prefetch(hooks: Hooks, today: date) -> dict[str, str]:
    """Each key with its query."""
    return {query.key: template(query, today) for query in hooks.queries}


def template(query: Query, today: date) -> str:
    """One query: a read for the person, a search by patient for everything else."""
    if query.type == "Patient":
        return f"{query.type}/{PATIENT}"
    parts = [f"{query.type}?patient={PATIENT}"]
    if query.codes:
        parts.append("code=" + quote(",".join(query.codes), safe=_PLAIN))
    if query.within is not None:
        parts.append(f"{_DATES[query.type]}=ge{(today - timedelta(days=query.within)).isoformat()}")
    return "&".join(parts)


def filled(query: Query, patient: str, today: date) -> str:
    """The query for one patient, as it is sent to a FHIR server."""
    return template(query, today).replace(PATIENT, quote(patient, safe=""))
