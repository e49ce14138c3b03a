"""One resource as one line of NDJSON."""

import json

from corrin.exports.fhir.elements import Json


def line(resource: Json) -> str:
    """The resource without a line break in it; letters stay letters."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
