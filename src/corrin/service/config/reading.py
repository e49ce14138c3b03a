"""From a file, the environment and the hints of the nouns to a configuration; no key is passed over."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from corrin.errors import Problem, Problems, UsageError, did_you_mean
from corrin.service.config.checks import check
from corrin.service.config.nouns import Config, Smart, Trust

PREFIX = "CORRIN_"


def read(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration of a file (none: the defaults) with what the environment sets over it.

    Errors: a `UsageError` that lists everything that cannot be placed.
    """
    problems = Problems()
    where = str(file) if file else "configuration"
    given = _file(file) if file else {}
    folder = file.parent if file else Path()
    config = cast("Config", _Reading(problems, folder).noun(Config, given, where, ""))
    config = _environment(config, environment or {}, problems)
    problems.speak(UsageError)
    check(config, where)
    return config


def _file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(Problem(str(file), f"cannot be read ({why})", "Name a TOML file.")) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(Problem(str(file), f"not TOML: {error}", "Mend the line.")) from None


class _Reading:
    """Tables of TOML become the nouns above, key by key; relative paths start from the file's folder."""

    def __init__(self, problems: Problems, folder: Path) -> None:
        self.problems = problems
        self.folder = folder

    def noun(self, kind: type, given: Mapping[str, Any], where: str, prefix: str) -> object:
        hints = get_type_hints(kind)
        for key in given.keys() - hints.keys():
            self.problems.refuse(f"{where}: {prefix}{key}", "no such key", did_you_mean(key, hints))
        needed = [one.name for one in fields(kind) if one.name in REQUIRED.get(kind, ())]
        for key in needed:
            if key not in given:
                self.problems.refuse(f"{where}: {prefix}{key}", "missing", "It has no default.")
        known = {
            key: self.value(hints[key], one, where, f"{prefix}{key}")
            for key, one in given.items()
            if key in hints
        }
        return kind(**{key: known.get(key, "") for key in needed} | known)

    def value(self, kind: Any, given: object, where: str, key: str) -> object:  # noqa: ANN401 - a type
        if get_origin(kind) is UnionType:
            kind = get_args(kind)[0]
        if is_dataclass(kind) and isinstance(given, dict):
            return self.noun(cast("type", kind), cast("dict[str, Any]", given), where, f"{key}.")
        if get_origin(kind) is tuple and isinstance(given, list):
            return tuple(
                self.value(get_args(kind)[0], one, where, key) for one in cast("list[object]", given)
            )
        if kind is Path and isinstance(given, str):
            return self.folder / given
        if kind is float and isinstance(given, int) and not isinstance(given, bool):
            return float(given)
        if isinstance(kind, type) and isinstance(given, kind) and not isinstance(given, bool):
            return given
        said = SPOKEN.get(kind, "a table" if is_dataclass(kind) else "a list")
        several = get_origin(kind) is tuple and is_dataclass(get_args(kind)[0])
        mend = f"Head each with [[{key}]], in two brackets." if several else f"Write {said}."
        self.problems.refuse(f"{where}: {key}", f"not {said}", mend)
        return "" if kind in {str, Path} else 1


REQUIRED: Mapping[type, tuple[str, ...]] = {Trust: ("issuer",), Smart: ("issuer", "client_id")}
SPOKEN: Mapping[object, str] = {
    str: "a text", int: "a whole number", float: "a number", Path: "a path in quotes",
}  # fmt: skip


def _environment(config: Config, environment: Mapping[str, str], problems: Problems) -> Config:
    """`CORRIN_SERVER_PORT=9000` sets `port` of `[server]`; lists are separated by commas."""
    reading = _Reading(problems, Path())
    sections = {
        "server": config.server,
        "guideline": config.guideline,
        "hooks": config.hooks,
        "fhir": config.fhir,
    }
    for name, text in environment.items():
        section, _, key = name.removeprefix(PREFIX).lower().partition("_")
        if not name.startswith(PREFIX):
            continue
        if section not in sections:
            problems.refuse(name, "names no section", did_you_mean(section, sections))
            continue
        hints = get_type_hints(type(sections[section]))
        if key not in hints:
            problems.refuse(name, "no such key", did_you_mean(key, hints))
            continue
        value = reading.value(hints[key], _typed(hints[key], text), name, key)
        sections[section] = replace(sections[section], **{key: value})
    return replace(config, **cast("dict[str, Any]", sections))


def _typed(kind: Any, text: str) -> object:  # noqa: ANN401 - a type
    if get_origin(kind) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind in {int, float}:
        try:
            return int(text) if kind is int else float(text)
        except ValueError:
            return None
    return text
