"""The columns with which DuckDB's `read_json` is told to read an export, so that both sides do the same work.

`FEW` are the least that a search for results would take; `read()` are those that our own reader of FHIR reads,
from its shapes.
"""

from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from corrin.intake.fhir.r4.datatypes import Unread
from corrin.intake.fhir.r4.decode import READ

_CODED = "STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[], text VARCHAR)"
_REFERENCE = "STRUCT(reference VARCHAR)"
FEW = {
    "resourceType": "VARCHAR",
    "id": "VARCHAR",
    "status": "VARCHAR",
    "subject": _REFERENCE,
    "patient": _REFERENCE,
    "code": _CODED,
    "medicationCodeableConcept": _CODED,
    "effectiveDateTime": "VARCHAR",
    "authoredOn": "VARCHAR",
    "valueQuantity": "STRUCT(value DOUBLE, unit VARCHAR, code VARCHAR, comparator VARCHAR)",
    "birthDate": "VARCHAR",
    "gender": "VARCHAR",
}
_PLAIN: dict[Any, str] = {str: "VARCHAR", bool: "BOOLEAN", int: "BIGINT", Any: "JSON", msgspec.Raw: "JSON"}


def read() -> dict[str, str]:
    """Every element that is read of any resource; of two shapes of one name the fuller."""
    columns = {"resourceType": "VARCHAR"}
    for shape in READ.values():
        for name, kind in _fields(shape).items():
            columns[name] = max(kind, columns.get(name, ""), key=len)
    return columns


def _fields(shape: type[msgspec.Struct]) -> dict[str, str]:
    hints = get_type_hints(shape, include_extras=True)
    fields = (field for field in msgspec.structs.fields(shape) if hints[field.name] != Unread)
    return {field.encode_name: _kind(hints[field.name]) for field in fields}


def _kind(hint: Any) -> str:  # noqa: ANN401 - a type hint may be anything
    """A type as DuckDB says it."""
    if get_origin(hint) is UnionType:
        return _kind(next(each for each in get_args(hint) if each is not NoneType))
    if get_origin(hint) is tuple:
        return f"{_kind(get_args(hint)[0])}[]"
    if hint in _PLAIN:
        return _PLAIN[hint]
    inner = ", ".join(f'"{name}" {kind}' for name, kind in _fields(hint).items())
    return f"STRUCT({inner})"
