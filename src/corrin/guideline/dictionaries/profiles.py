"""guideline.toml, sources.toml, plan.toml and profiles/*.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import cast

from corrin.errors import Problems, did_you_mean
from corrin.guideline.dictionaries.parameters import check_value
from corrin.guideline.dictionaries.toml import Toml, fill, load
from corrin.guideline.model import Parameter, Place, Profile, Regimen, Source, to_grid
from corrin.guideline.overlay import with_numbers


@dataclass(frozen=True, slots=True)
class Edition:
    """guideline.toml: the version, the pages in order, and how many statements each letter has."""

    version: str
    pages: tuple[str, ...]
    statements: Mapping[str, int]
    title: str = ""


@dataclass(frozen=True, slots=True)
class _SourceEntry:
    """A section of sources.toml."""

    title: str
    publisher: str
    year: str
    url: str
    note: str = ""


def read_edition(toml: Toml, folder: Path, problems: Problems) -> Edition:
    """The guideline's own facts: every page of the folder is listed, and every listed page is there.

    Shape: a page that is not listed is refused, and read all the same, so that its own faults are told too.
    """
    there = tuple(sorted(path.name for path in folder.glob("*.md")))
    edition = fill(Edition, toml.whole, problems) or Edition("", there, {})
    unlisted = tuple(name for name in there if name not in edition.pages)
    for name in unlisted:
        problems.refuse(
            toml.place("pages"), f"the page {name} is not listed", "List it, or it says what does not run."
        )
    for name in edition.pages:
        if name not in there:
            problems.refuse(toml.place("pages"), f"the page {name} is missing", did_you_mean(name, there))
    return replace(edition, pages=(*edition.pages, *unlisted))


def read_sources(toml: Toml, problems: Problems) -> dict[str, Source]:
    """Every source, with what a reader needs to find it again."""
    sources: dict[str, Source] = {}
    for identity, section in toml.sections(problems).items():
        year = section.values.get("year")
        written = {**section.values, "year": str(year)} if isinstance(year, int) else section.values
        entry = fill(_SourceEntry, replace(section, values=written), problems)
        if not entry:
            continue
        if not entry.url and not entry.note:
            problems.refuse(
                toml.place(identity),
                f"`{identity}` has neither address nor note",
                "Say where it can be found.",
            )
        sources[identity] = Source(identity, entry.title, entry.publisher, entry.year, entry.url, entry.note)
    return sources


def read_plan(toml: Toml, problems: Problems) -> Mapping[str, object]:
    """plan.toml as it stands; `plans` knows what it means."""
    for key, value in toml.values.items():
        if not _is_plain(value):
            problems.refuse(
                toml.place(key),
                f"`{key}` holds a fraction, a date or a time",
                "Write whole numbers, texts, lists and sections; name a parameter for any other number.",
            )
    return toml.values


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, cast("dict[str, object]", value).values()))
    if isinstance(value, list):
        return all(map(_is_plain, cast("list[object]", value)))
    return isinstance(value, str | int)


@dataclass(frozen=True, slots=True)
class _ProfileEntry:
    """A file of profiles/."""

    title: str
    regimen: str
    beside: str | None = None
    parameters: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


def read_profiles(
    folder: Path, regimens: Mapping[str, Regimen], parameters: Mapping[str, Parameter], problems: Problems
) -> dict[str, Profile]:
    """Every profile, its numbers inside their ranges and its regimens on a page."""
    profiles: dict[str, Profile] = {}
    for path in sorted((folder / "profiles").glob("*.toml")):
        toml = load(folder, f"profiles/{path.name}", problems)
        entry = fill(_ProfileEntry, toml.whole, problems)
        if not entry:
            continue
        for key, name in (("regimen", entry.regimen), ("beside", entry.beside)):
            if name is not None and name not in regimens:
                problems.miss(toml.place(key), name, "Regimen", regimens)
        numbers = on_grid(entry.parameters, parameters, toml, problems)
        profiles[path.stem] = Profile(path.stem, entry.title, entry.regimen, entry.beside, numbers)
    if not profiles:
        problems.refuse(Place("profiles", 1), "no profile", "Write `profiles/uk.toml`.")
    return profiles


def on_grid(
    chosen: Mapping[str, Decimal], parameters: Mapping[str, Parameter], toml: Toml, problems: Problems
) -> dict[str, int]:
    """The numbers an overlay chooses, each within its range and above what it must exceed."""
    numbers: dict[str, int] = {}
    for name, number in chosen.items():
        if name not in parameters:
            problems.miss(toml.place("parameters", name), name, "parameter", parameters)
        else:
            numbers[name] = to_grid(number)
    after = with_numbers(parameters, numbers)
    for name, parameter in after.items():
        if name in numbers or parameter.above in numbers:
            check_value(parameter, parameter.value, after, toml.place("parameters", name), problems)
    return numbers
