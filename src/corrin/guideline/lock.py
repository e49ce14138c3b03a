"""guideline.lock.json: the whole model, one hash for each profile, written once and loaded in milliseconds.

Enters: a guideline that was read from its pages. Leaves: canonical JSON, one logical item a line, so that a
change of one row is a change of one line. Columns are not written; they follow from findings and tables.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from os import PathLike
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

from corrin.errors import GuidelineError, Problem
from corrin.guideline import columns
from corrin.guideline.declared import CodeEntry, Conversion, Declared, Finding
from corrin.guideline.locate import LOCK
from corrin.guideline.locate import folder as found_folder
from corrin.guideline.model import (
    Cell,
    Column,
    Disagreement,
    Example,
    Guideline,
    Parameter,
    Place,
    Profile,
    Regimen,
    Row,
    Source,
    Statement,
    Table,
    Timeline,
    Verdict,
)
from corrin.guideline.overlay import under

Json = dict[str, Any]

FORM = 1
"""Raised when a lock written before can no longer be loaded."""

_ANY = Cell("-", "any")
_NAMED: Mapping[str, type] = {
    "sources": Source,
    "statements": Statement,
    "parameters": Parameter,
    "verdicts": Verdict,
    "regimens": Regimen,
    "timelines": Timeline,
    "disagreements": Disagreement,
    "profiles": Profile,
}


def load(
    profile: str = "uk",
    site: str | PathLike[str] | None = None,
    folder: str | PathLike[str] | None = None,
) -> Guideline:
    """The guideline as it was locked, under a profile and a site's file; pages are not read.

    Errors: a missing or foreign lock, or a site's file that cannot be placed, is a `GuidelineError`; an
    unknown profile is a `UsageError`.
    """
    path = (Path(folder) if folder is not None else found_folder()) / LOCK
    try:
        written: object = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise GuidelineError(Problem(str(path), "there is no lock", "Run `corrin lock`.")) from None
    except ValueError as error:
        raise GuidelineError(Problem(str(path), f"a broken lock: {error}", "Run `corrin lock`.")) from None
    if not isinstance(written, dict) or cast("Json", written).get("form") != FORM:
        raise GuidelineError(Problem(str(path), "a lock of another Corrin", "Run `corrin lock`."))
    whole = cast("Json", written)
    hashes: dict[str, str] = whole["hashes"]
    return under(_base(whole), hashes, profile, site)


def write(folder: str | PathLike[str] | None = None) -> Path:
    """Write the lock anew from the pages.

    Errors: a `GuidelineError` with everything that cannot be placed; then nothing is written.
    """
    whole = Path(folder) if folder is not None else found_folder()
    path = whole / LOCK
    path.write_text(text(whole), "utf-8", newline="\n")
    return path


def stale(folder: str | PathLike[str] | None = None) -> bool:
    """The lock is missing, or is not what the pages and dictionaries would write now."""
    whole = Path(folder) if folder is not None else found_folder()
    path = whole / LOCK
    return not path.is_file() or path.read_text("utf-8") != text(whole)


def text(folder: Path) -> str:
    """The lock that the pages and dictionaries of a folder ask for."""
    from corrin.guideline import reading  # noqa: PLC0415 - whoever loads a lock never reads pages

    guideline = reading.read_base(folder)
    return printed(guideline, reading.hashes(folder, guideline.profiles))


def printed(guideline: Guideline, hashes: Mapping[str, str]) -> str:
    """A guideline as canonical JSON: keys sorted, one item a line."""
    declared = guideline.declared
    sections = {
        "form": _line(FORM),
        "version": _line(guideline.version),
        "hashes": _by_key(hashes),
        "numbered": _by_key(guideline.numbered),
        "cells": _by_key(_cells(guideline)),
        "tables": _one_each(_table(table) for table in guideline.tables),
        "findings": _one_each(_line(_plain(finding)) for finding in declared.findings.values()),
        "conversions": _one_each(_line(_plain(conversion)) for conversion in declared.conversions),
        "codes": _one_each(_line(_plain(code)) for code in declared.codes),
        "examples": _one_each(_line(_plain(example)) for example in guideline.examples),
        "words": _by_key(guideline.words),
        "plan": _by_key(guideline.plan),
        "services": _by_key(guideline.services),
        "population": _by_key(guideline.population),
    }
    for name in _NAMED:
        entries: Mapping[str, object] = getattr(guideline, name)
        sections[name] = _one_each(_line(_plain(entry)) for entry in entries.values())
    return "{\n" + ",\n".join(f"{_line(name)}: {sections[name]}" for name in sorted(sections)) + "\n}\n"


def _line(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _one_each(lines: Iterable[str]) -> str:
    return "[\n" + ",\n".join(lines) + "\n]"


def _by_key(entries: Mapping[str, object]) -> str:
    return "{\n" + ",\n".join(f"{_line(key)}: {_line(entries[key])}" for key in sorted(entries)) + "\n}"


def _plain(value: object) -> object:
    """A model's part as JSON: what is left at its default is left out, a place is `page:line`."""
    if isinstance(value, Place):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _fields_of(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in cast("Mapping[str, object]", value).items()}
    return value


def _fields_of(value: object) -> dict[str, object]:
    named = [(field, getattr(value, field.name)) for field in fields(cast("Any", value))]
    return {
        field.name: _plain(each) for field, each in named if field.default is MISSING or each != field.default
    }


def _table(table: Table) -> str:
    """A table's head, and each of its rows on a line of its own, with the cells that matter."""
    head = _fields_of(table)
    del head["rows"]
    rows: list[str] = []
    for row in table.rows:
        cells = zip(table.inputs, row.cells, strict=True)
        matter = {name: cell.text for name, cell in cells if cell != _ANY}
        rows.append("  " + _line({**_fields_of(row), "cells": matter}))
    return f'{_line(head)[:-1]},"rows":[\n' + ",\n".join(rows) + "]}"


def _cells(guideline: Guideline) -> dict[str, dict[str, object]]:
    """What each text of a cell means, by its column."""
    found: dict[str, dict[str, object]] = {}
    for table in guideline.tables:
        for row in table.rows:
            for name, cell in zip(table.inputs, row.cells, strict=True):
                if cell != _ANY:
                    found.setdefault(name, {})[cell.text] = _plain(cell)
    return found


def _base(written: Json) -> Guideline:
    cells = {
        name: {text: _made(Cell)(cell) for text, cell in by_text.items()}
        for name, by_text in written["cells"].items()
    }
    parameters: dict[str, Parameter] = _by_id(Parameter, written["parameters"])
    findings: dict[str, Finding] = _by_id(Finding, written["findings"])
    tables = tuple(_read_table(table, cells) for table in written["tables"])
    known: dict[str, Column] = columns.of_findings(findings.values())
    for table in tables:
        known.update(columns.of_table(table, parameters))
    named = {name: _by_id(kind, written[name]) for name, kind in _NAMED.items()}
    return Guideline(
        version=written["version"],
        hash="",
        profile="",
        site=None,
        declared=Declared(
            findings,
            tuple(map(_made(Conversion), written["conversions"])),
            tuple(map(_made(CodeEntry), written["codes"])),
        ),
        tables=tables,
        columns=known,
        regimen="",
        beside=None,
        examples=tuple(map(_made(Example), written["examples"])),
        words=written["words"],
        plan=written["plan"],
        numbered=written["numbered"],
        services=written["services"],
        population=written["population"],
        **named,
    )


def _by_id(kind: type, written: list[Json]) -> dict[str, Any]:
    make = _made(kind)
    return {each["id"]: make(each) for each in written}


def _read_table(written: Json, cells: Mapping[str, Mapping[str, Cell]]) -> Table:
    inputs: list[str] = written["inputs"]
    make = _made(Row)
    for row in written["rows"]:
        given: dict[str, str] = row["cells"]
        row["cells"] = tuple(cells[name][given[name]] if name in given else _ANY for name in inputs)
    written["rows"] = tuple(map(make, written["rows"]))
    return _made(Table)(written)


_READ_APART = {(Row, "cells"), (Table, "rows")}


@cache
def _made(kind: type) -> Callable[[Json], Any]:
    """How one kind of thing is made from its JSON, worked out once."""
    if kind is Place:
        return _place  # type: ignore[return-value]
    shapes = [
        (field.name, shape)
        for field in fields(kind)
        if (kind, field.name) not in _READ_APART and (shape := _shape(field.type))
    ]

    def make(written: Json) -> object:
        for name, shape in shapes:
            if name in written:
                written[name] = shape(written[name])
        return kind(**written)

    return make


def _place(written: str) -> Place:
    page, _, line = written.rpartition(":")
    return Place(page, int(line))


def _shape(hint: object) -> Callable[[Any], Any] | None:
    """How a field's JSON becomes its value; None when it already is."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        shape = _shape(next(each for each in inner if each is not NoneType))
        return None if shape is None else lambda value: None if value is None else shape(value)
    if origin is tuple:
        shape = _shape(inner[0])
        return tuple if shape is None else lambda value: tuple(map(shape, value))
    if origin is Mapping:
        shape = _shape(inner[1])
        return None if shape is None else lambda value: {key: shape(each) for key, each in value.items()}
    return _made(cast("type", hint)) if is_dataclass(hint) else None
