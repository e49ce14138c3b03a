"""A site's own file: numbers within their ranges, and codes of its own.

title = "Northern laboratories"
[parameters]
b12_low = 190
[[codes]]
finding = "serum_b12"
system = "loinc"
code = "2132-9"
means = ""
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from os import PathLike
from pathlib import Path

from corrin.errors import GuidelineError, Problem, Problems
from corrin.guideline.declared import CodeEntry
from corrin.guideline.dictionaries.findings import check_code
from corrin.guideline.dictionaries.profiles import on_grid
from corrin.guideline.dictionaries.toml import Section, Toml, fill, load
from corrin.guideline.model import Guideline


@dataclass(frozen=True, slots=True)
class Site:
    """What a site chose, and the hash of the file that says so."""

    hash: str
    parameters: Mapping[str, int]
    codes: tuple[CodeEntry, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A site's file."""

    title: str
    parameters: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    codes: tuple[Mapping[str, object], ...] = ()


def read_site(path: str | PathLike[str], guideline: Guideline) -> Site:
    """A site's file against the guideline it is laid over.

    Errors: a `GuidelineError` with everything that cannot be placed.
    """
    problems = Problems()
    whole = Path(path)
    if not whole.is_file():
        raise GuidelineError(
            Problem(f"site {whole}", "there is no such file", "Name a site's file that exists.")
        )
    toml = load(whole.parent, whole.name, problems)
    entry = fill(_Entry, toml.whole, problems)
    numbers = on_grid(entry.parameters, guideline.parameters, toml, problems) if entry else {}
    codes = _codes(entry, toml, guideline, problems) if entry else ()
    problems.speak(GuidelineError)
    return Site(hashlib.sha256(whole.read_bytes()).hexdigest(), numbers, codes)


def _codes(entry: _Entry, toml: Toml, guideline: Guideline, problems: Problems) -> tuple[CodeEntry, ...]:
    codes: list[CodeEntry] = []
    for at, values in enumerate(entry.codes):
        section = Section(toml, ("codes", str(at)), values)
        code = fill(CodeEntry, section, problems, status="site", source=entry.title)
        if code and check_code(code, guideline.declared.findings, section.place(), problems):
            codes.append(code)
    return tuple(codes)
