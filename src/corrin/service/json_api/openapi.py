"""The OpenAPI 3.1 document, printed from the guideline: what may be sent, and what comes back.

A guideline enters; plain dictionaries leave. The shape of an answer is the published schema of answers.
"""

from typing import Any, cast

import corrin
from corrin.answers import schema
from corrin.guideline.declared import Finding
from corrin.guideline.model import Guideline
from corrin.intake.case import VERSION
from corrin.intake.declared import PARTS
from corrin.service.refusals import JSON_KINDS

Json = dict[str, Any]
DAY: Json = {"type": "string", "format": "date"}
PREFIX = "#/components/schemas/"
REFUSALS = {
    "400": "No JSON, or a parameter of the address that is not read",
    "403": "Sent by a page of another origin",
    "408": "The body did not arrive in time",
    "413": "The body is too large",
    "415": "A content type that is not read",
    "421": "Called by a name that is not this service's",
    "422": "JSON that does not speak of one patient",
    "504": "The answer took too long",
}


def document(guideline: Guideline, address: str) -> Json:
    """All that can be called besides the page, CDS Hooks and FHIR, which have documents of their own."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Corrin",
            "version": corrin.__version__,
            "summary": "What one guideline says of one patient: could weak legs be vitamin B12 deficiency?",
            "description": f"Guideline {guideline.version}, {guideline.hash[:12]}. For clinicians; it has "
            "not been validated clinically. Nothing that is sent is kept.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": address}],
        "paths": {
            "/assess": {"post": _assess(guideline)},
            "/openapi.json": {"get": _plain("This document", "application/json", {"type": "object"})},
            "/health": {"get": _plain("The process runs", "application/json", {"type": "object"})},
            "/ready": {"get": _ready()},
            "/metrics": {"get": _plain("Counts for Prometheus", "text/plain", {"type": "string"})},
        },
        "components": {"schemas": _schemas(guideline)},
    }


def _assess(guideline: Guideline) -> Json:
    bodies = {"oneOf": [{"$ref": f"{PREFIX}Case"}, {"$ref": f"{PREFIX}Bundle"}]}
    return {
        "operationId": "assess",
        "summary": "What the guideline says of the one patient in a case file or a FHIR R4 Bundle",
        "parameters": [
            {
                "name": "as_of",
                "in": "query",
                "description": "The day of the answer; else the case file's, else today.",
                "schema": DAY,
            },
            {
                "name": "profile",
                "in": "query",
                "description": "Whose regimen and limits; else as the service is set up.",
                "schema": {"enum": list(guideline.profiles)},
            },
        ],
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": bodies} for kind in sorted(JSON_KINDS)},
        },
        "responses": {
            "200": _content("The answer", "application/json", {"$ref": f"{PREFIX}Answer"}),
            **{status: _problem(said) for status, said in REFUSALS.items()},
        },
    }


def _ready() -> Json:
    said = _plain("The guideline is loaded", "application/json", {"type": "object"})
    said["responses"]["503"] = _problem("Starting, or stopping")
    return said


def _plain(said: str, kind: str, shape: Json) -> Json:
    return {"summary": said, "responses": {"200": _content(said, kind, shape)}}


def _content(said: str, kind: str, shape: Json) -> Json:
    return {"description": said, "content": {kind: {"schema": shape}}}


def _problem(said: str) -> Json:
    return _content(said, "application/problem+json", {"$ref": f"{PREFIX}Problem"})


def _schemas(guideline: Guideline) -> Json:
    answer = schema.schema(guideline)
    answer.pop("$schema")
    nouns = cast("Json", answer.pop("$defs"))
    moved = {"Answer": answer, **{f"Answer.{name}": noun for name, noun in nouns.items()}}
    return {
        **cast("Json", _pointed(moved)),
        "Case": _case(guideline),
        "Given": _given(),
        "Bundle": {
            "description": "FHIR R4, one patient; what the guideline does not ask for is passed over.",
            "type": "object",
            "properties": {"resourceType": {"const": "Bundle"}, "entry": {"type": "array"}},
            "required": ["resourceType"],
        },
        "Problem": _problem_shape(),
    }


def _pointed(part: object) -> object:
    """The same with its references pointing to where OpenAPI keeps schemas."""
    if isinstance(part, dict):
        pairs = cast("Json", part).items()
        return {
            key: one.replace("#/$defs/", f"{PREFIX}Answer.") if key == "$ref" else _pointed(one)
            for key, one in pairs
        }
    return [_pointed(one) for one in cast("list[object]", part)] if isinstance(part, list) else part


def _case(guideline: Guideline) -> Json:
    asked = [one for one in guideline.declared.findings.values() if one.asked]
    return {
        "description": "A case file: every answer under its finding's id. What is left out is not known. "
        "What does not fit its finding is refused by name in the answer; the rest is answered.",
        "type": "object",
        "properties": {
            "case": {"const": VERSION},
            "title": {"type": "string"},
            "patient": {"type": "string"},
            "as_of": DAY,
            "complete": {"type": "array", "items": {"enum": sorted(PARTS)}},
            "findings": {
                "type": "object",
                "properties": {one.id: _answer(one) for one in asked},
            },
            "on_record": {
                "description": "Since when an answer stands on record, by the date it gives and the answer.",
                "type": "object",
                "properties": {one.id: _days(one) for one in asked if one.began},
                "additionalProperties": False,
            },
        },
        "required": ["case", "findings"],
    }


def _days(finding: Finding) -> Json:
    """The day by each answer that says something began."""
    day: Json = {"type": "string", "description": "YYYY-MM-DD, YYYY-MM or YYYY"}
    return {
        "type": "object",
        "properties": dict.fromkeys(finding.began, day),
        "additionalProperties": False,
    }


def _answer(finding: Finding) -> Json:
    """What may be sent of one finding: one answer, or several results; null is asked, and not known."""
    said = finding.label
    if finding.kind == "number":
        said = f"{said}, in {finding.unit} where no other unit is given"
    if finding.kind == "word":
        said = f"{said}: {', '.join(finding.values)}"
    given = {"$ref": f"{PREFIX}Given"}
    return {"description": said, "anyOf": [given, {"type": "array", "items": given}]}


def _given() -> Json:
    """One answer, plain or with its date; a result with its unit and comparator."""
    plain: Json = {"type": ["boolean", "number", "string", "null"]}
    measured: Json = {"type": ["number", "object"]}
    properties = {
        "value": plain,
        "word": {"type": "string", "description": "A result in words: low, high, normal ..."},
        "unit": {"type": "string"},
        "comparator": {"enum": ["<", "<=", ">", ">="]},
        "date": DAY,
        "upper_limit": measured,
    }
    either = [{"required": ["value"]}, {"required": ["word"]}]
    dated: Json = {"type": "object", "properties": properties, "oneOf": either, "additionalProperties": False}
    return {"anyOf": [plain, dated]}


def _problem_shape() -> Json:
    text: Json = {"type": "string"}
    parts = {"where": text, "what": text, "mend": text}
    one: Json = {"type": "object", "properties": parts, "required": list(parts)}
    return {
        "description": "RFC 9457. It repeats no value that was sent.",
        "type": "object",
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "reason": text,
            "detail": text,
            "problems": {"type": "array", "items": one},
        },
        "required": ["type", "title", "status", "reason"],
    }
