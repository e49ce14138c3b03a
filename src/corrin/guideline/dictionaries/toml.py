"""TOML with places: a file's values, the line of every section and key, and entries read by a closed schema.

The schema of an entry is a dataclass: a field without a default must be given, a key of no field is refused.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from corrin.errors import Problems, Refusal, did_you_mean
from corrin.guideline.model import Place, to_grid

Entry = TypeVar("Entry")

_SECTION = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"\s*({_PART}(?:\.{_PART})*)\s*=")
_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Toml:
    """One TOML file: its values (numbers exact) and where each stands."""

    name: str
    values: Mapping[str, object]
    lines: Mapping[tuple[str, ...], int]

    def place(self, *path: str) -> Place:
        """The line of a section or key; of the nearest thing around it when it has no line of its own."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return Place(self.name, self.lines[path[:end]])
        return Place(self.name, 1)

    @property
    def whole(self) -> "Section":
        """The file as one entry."""
        return Section(self, (), self.values)

    def sections(self, problems: Problems) -> "dict[str, Section]":
        """The entries of a file that holds one section for each id."""
        found: dict[str, Section] = {}
        for key, value in self.values.items():
            if isinstance(value, dict):
                found[key] = Section(self, (key,), cast("Mapping[str, object]", value))
            else:
                problems.refuse(
                    self.place(key), f"`{key}` stands outside a section", "Put it under its `[id]`."
                )
        return found


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of a file and the path that leads to it."""

    toml: Toml
    path: tuple[str, ...]
    values: Mapping[str, object]

    def place(self, *key: str) -> Place:
        """The line of one of its keys, or its own."""
        return self.toml.place(*self.path, *key)


def load(folder: Path, name: str, problems: Problems) -> Toml:
    """A TOML file of the guideline folder; a missing or malformed one is noted, and read as empty."""
    text = read_text(folder / name, name, problems)
    return Toml(name, {}, {}) if text is None else parse(text, name, problems)


def read_text(path: Path, name: str, problems: Problems) -> str | None:
    """A file's text; what is missing or is no text is noted."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        problems.refuse(Place(name, 1), "the file is missing", "Write it, even if it holds nothing yet.")
    except UnicodeDecodeError:
        problems.refuse(Place(name, 1), "the file is not UTF-8", "Save it as UTF-8.")
    return None


def parse(text: str, name: str, problems: Problems) -> Toml:
    """A TOML text; a malformed one is noted, and read as empty."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        what = _LINE.sub("", str(error)).rstrip(".")
        problems.refuse(Place(name, int(line[1]) if line else 1), f"malformed TOML: {what}", "Mend the line.")
        problems.lose(name, *(part for path in _lines(text) for part in path))
        return Toml(name, {}, {})
    return Toml(name, values, _lines(text))


def _lines(text: str) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    section: tuple[str, ...] = ()
    for at, line in enumerate(text.splitlines(), 1):
        head = _SECTION.match(line)
        if head:
            section = tuple(part.strip().strip("\"'") for part in head[2].split("."))
            if head[1] == "[[":
                count = counts[section] = counts.get(section, -1) + 1
                section = (*section, str(count))
            found.setdefault(section, at)
        elif key := _KEY.match(line):
            parts = [part.strip("\"'") for part in re.findall(_PART, key[1])]
            for end in range(1, len(parts) + 1):
                found.setdefault((*section, *parts[:end]), at)
    return found


def fill(kind: type[Entry], section: Section, problems: Problems, **given: object) -> Entry | None:
    """One entry as an instance of its schema, or None when something in it was refused.

    Shape: `given` are fields that the file does not write, such as the id.
    """
    before = len(problems.found)
    schema = {name: shape for name, shape in _schema(kind).items() if name not in given}
    taken = dict(given)
    for key, value in section.values.items():
        if key not in schema:
            problems.refuse(section.place(key), f"an unknown key `{key}`", did_you_mean(key, schema))
            continue
        try:
            taken[key] = _shaped(schema[key].hint, value)
        except Refusal as refusal:
            inner = (refusal.about,) if refusal.about else ()
            problems.refuse(section.place(key, *inner), f"`{(key, *inner)[-1]}` {refusal.what}", refusal.mend)
    for key, shape in schema.items():
        if shape.needed and key not in section.values and not problems.is_lost(section.toml.name):
            problems.refuse(section.place(), f"`{key}` is missing", _how_to_write(key, shape.hint))
    if len(problems.found) == before and not problems.is_lost(section.toml.name):
        return kind(**taken)
    problems.lose(*section.path)
    return None


def _how_to_write(key: str, hint: object) -> str:
    if get_origin(hint) is Mapping:
        return f"Write a section `[{key}]` with its entries."
    form = "[...]" if get_origin(hint) is tuple else '"..."' if hint is str else "..."
    return f"Write `{key} = {form}`."


@dataclass(frozen=True, slots=True)
class _Shape:
    hint: object
    needed: bool


@cache
def _schema(kind: type) -> Mapping[str, _Shape]:
    hints = get_type_hints(kind)
    return {
        field.name: _Shape(hints[field.name], field.default is MISSING and field.default_factory is MISSING)
        for field in fields(kind)
    }


def _shaped(hint: object, value: object) -> object:  # noqa: PLR0911 - one return for each shape
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _shaped(next(each for each in inner if each is not NoneType), value)
    if origin is Literal:
        return _one_of(inner, value)
    if origin is tuple:
        return _many(inner, value)
    if origin is Mapping:
        if not isinstance(value, dict):
            raise Refusal("is no table", "Write `{ key = value }`.")
        entries = cast("dict[str, object]", value)
        return {key: _entry(key, inner[1], each) for key, each in entries.items()}
    if hint is Decimal:
        return _number(value)
    if (hint is str and isinstance(value, str)) or (hint is bool and isinstance(value, bool)):
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if hint is object:
        return value
    raise Refusal(*_WANTED[hint])


def _entry(key: str, hint: object, value: object) -> object:
    try:
        return _shaped(hint, value)
    except Refusal as refusal:
        raise Refusal(refusal.what, refusal.mend, refusal.about or key) from None


_WANTED: Mapping[object, tuple[str, str]] = {
    str: ("is no text", 'Write it in quotes: `"..."`.'),
    bool: ("is neither true nor false", "Write `true` or `false`."),
    int: ("is no whole number", "Write digits only."),
}


def _one_of(words: Sequence[object], value: object) -> object:
    if value in words:
        return value
    names = [str(word) for word in words if word != ""]
    raise Refusal(f"cannot be `{value}`", did_you_mean(str(value), names))


def _many(inner: tuple[object, ...], value: object) -> tuple[object, ...]:
    if inner == (int, int):
        return tuple(to_grid(number) for number in _pair(value))
    if not isinstance(value, list):
        value = [value] if isinstance(value, str) and inner[0] is str else value
    if not isinstance(value, list):
        raise Refusal("is no list", "Write `[...]`.")
    return tuple(_shaped(inner[0], each) for each in cast("list[object]", value))


def _pair(value: object) -> tuple[Decimal, Decimal]:
    ends = cast("list[object]", value) if isinstance(value, list) else []
    if len(ends) != 2:  # noqa: PLR2004 - a lower and an upper end
        raise Refusal("is no range", "Write `[lowest, highest]`.")
    low, high = (_number(end) for end in ends)
    if low > high:
        raise Refusal("runs from high to low", "Write `[lowest, highest]`.")
    return low, high


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Refusal("is no number", "Write digits, with at most three decimal places.")
    number = Decimal(value)
    try:
        to_grid(number)
    except ValueError:
        raise Refusal(f"has more than three decimal places: {number}", "Round it, and say so.") from None
    return number
