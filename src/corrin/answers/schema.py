"""The published JSON Schema of an answer, printed from its nouns and the verdicts of the guideline.

`corrin lock` writes it to `schema.json` beside this module.
"""

import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from inspect import getdoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from corrin.answers.parts import (
    Difference,
    Identity,
    Ignored,
    Member,
    Person,
    Refusal,
    Remark,
    Used,
    Why,
    is_noun,
    keys,
)
from corrin.answers.suppose.questions import Change, Missing
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guideline, Verdict
from corrin.plans.plan import Clock, Milestone, Plan

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = Path(__file__).with_name("schema.json")


def schema(guideline: Guideline) -> Json:
    """What every answer of this guideline looks like, as JSON."""
    nouns = _Nouns()
    verdicts = guideline.verdicts.values()
    lists = {one.id: nouns.of(tuple[Member, ...]) for one in verdicts if one.kind == "list"}
    properties = {
        "patient": nouns.of(Person),
        "as_of": nouns.of(date),
        "guideline": nouns.of(Identity),
        "verdicts": _object({one.id: _verdict(guideline, one) for one in verdicts}),
        "said_without": nouns.of(Mapping[str, tuple[str, ...]]),
        **lists,
        f"{_flags(guideline)}_not_asked": nouns.of(tuple[str, ...]),
        "clock": nouns.of(Clock | None),
        "plan": _object(nouns.shape(Plan)),
        "recovery": nouns.of(tuple[Milestone, ...]),
        "missing": nouns.of(tuple[Missing, ...]),
        "changes": nouns.of(tuple[Change, ...]),
        "remarks": nouns.of(tuple[Remark, ...]),
        "disagreements": nouns.of(tuple[Difference, ...]),
        "fired": nouns.of(tuple[str, ...]),
        "why": nouns.of(Mapping[str, Why]),
        "used": nouns.of(tuple[Used, ...]),
        "refused": nouns.of(tuple[Refusal, ...]),
        "ignored": nouns.of(tuple[Ignored, ...]),
    }
    return {
        "$schema": DIALECT,
        "title": "Corrin: one patient's answer",
        **_object(properties),
        "$defs": dict(sorted(nouns.known.items())),
    }


class _Nouns:
    """Each noun once, under its name."""

    def __init__(self) -> None:
        self.known: dict[str, Json] = {}

    def of(self, kind: Any) -> Json:  # noqa: ANN401 - a type, as annotations have it
        """The schema of a value of this type."""
        if isinstance(kind, type) and is_noun(kind):
            return self._noun(kind)
        if kind in PLAIN:
            return dict(PLAIN[kind])
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"enum": [one.value for one in kind]}
        parts = get_args(kind)
        match get_origin(kind):
            case origin if origin in {UnionType, Union}:
                return {"anyOf": [self.of(part) for part in parts]}
            case origin if origin is tuple:
                return {"type": "array", "items": self.of(parts[0])}
            case origin if origin is Mapping:
                return {"type": "object", "additionalProperties": self.of(parts[1])}
            case _:
                message = f"an answer holds no {kind}"
                raise TypeError(message)

    def shape(self, noun: type) -> dict[str, Json]:
        """The keys of a noun, each with its schema."""
        hints = get_type_hints(noun)
        return {key: self.of(hints[name]) for name, key in keys(noun)}

    def _noun(self, noun: type) -> Json:
        if noun.__name__ not in self.known:
            self.known[noun.__name__] = {}
            said = " ".join((getdoc(noun) or "").split())
            self.known[noun.__name__] = {"description": said, **_object(self.shape(noun))}
        return {"$ref": f"#/$defs/{noun.__name__}"}


PLAIN: Mapping[Any, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
}


def _verdict(guideline: Guideline, verdict: Verdict) -> Json:
    words: Json = {"enum": [*verdict.values, UNKNOWN]}
    if verdict.kind == "one":
        return {"description": verdict.label, **words}
    if verdict.kind == "each":
        return {"description": verdict.label, **_object(dict.fromkeys(verdict.keys, words))}
    outputs = dict.fromkeys(word for name in verdict.tables for word in guideline.table(name).outputs)
    members: Json = {"type": "array", "items": {"enum": list(outputs)}, "uniqueItems": True}
    return {"description": verdict.label, "anyOf": [members, {"const": UNKNOWN}]}


def _flags(guideline: Guideline) -> str:
    from corrin.answers import wording  # noqa: PLC0415

    return wording.read(guideline).red_flags.id


def _object(properties: Mapping[str, Json]) -> Json:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def text(guideline: Guideline) -> str:
    """The schema as its file has it."""
    return json.dumps(schema(guideline), indent=1, ensure_ascii=False) + "\n"


def write(guideline: Guideline) -> Path:
    """Write the schema of this guideline's answers where it is published."""
    FILE.write_text(text(guideline), "utf-8", newline="\n")
    return FILE
