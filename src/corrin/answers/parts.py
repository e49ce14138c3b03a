"""The nouns of an answer, as every interface publishes them: their fields are the keys of the JSON.

A field that ends in an underscore is published without it; one that begins with an underscore is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

from corrin.guideline.model import Side
from corrin.records import Noun


@dataclass(frozen=True, slots=True)
class Because:
    """A row that held, the statements it cites, and the findings that made it hold."""

    row: str
    statements: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A row that held: what it says, where it stands, on what it rests, and what made it hold."""

    table: str
    says: str
    place: str
    statements: tuple[str, ...]
    sources: tuple[str, ...]
    inferred: bool
    unverified: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One output of a list verdict, in words, with the rows that say so."""

    id: str
    words: str
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """A fact that the answer rests on: as settled, as printed, and where it stood.

    `beyond_window` is its age in days where it counts although its window is over.
    """

    finding: str
    value: str
    printed: str
    where: str
    beyond_window: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that was sent and not used."""

    finding: str
    value: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that was read and not used, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Where sources differ about rows that held: the issue, the choice made here, and who says what."""

    id: str
    issue: str
    choice: str
    rationale: str
    rows: tuple[str, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A statement that is shown to whoever it concerns, in its own words and with its sources."""

    id: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which guideline answered: its version and hash, the profile, and a site's own file by its hash."""

    version: str
    hash: str
    profile: str
    site: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the answer is about; `died` and `replaced_by` say why nothing is recommended."""

    id: str | None
    died: bool
    replaced_by: str | None


def publish(value: object) -> Any:  # noqa: ANN401 - any JSON
    """A noun as plain dictionaries, lists, texts, numbers and null."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: publish(one) for key, one in cast("Mapping[str, object]", value).items()}
    if is_noun(type(value)):
        return {key: publish(getattr(value, name)) for name, key in keys(type(value))}
    if isinstance(value, tuple | list):
        return [publish(one) for one in cast("tuple[object, ...]", value)]
    message = f"an answer holds no {type(value).__name__}"
    raise TypeError(message)


def is_noun(kind: type) -> bool:
    """Whether its fields are published: a dataclass, or a noun of which there are many."""
    return is_dataclass(kind) or issubclass(kind, Noun)


@lru_cache(maxsize=64)
def keys(noun: type) -> tuple[tuple[str, str], ...]:
    """The fields of a noun that are published, each with its key."""
    nouns = issubclass(noun, Noun)
    names = noun.__struct_fields__ if nouns else tuple(one.name for one in fields(cast("Any", noun)))
    return tuple((name, name.rstrip("_")) for name in names if not name.startswith("_"))
