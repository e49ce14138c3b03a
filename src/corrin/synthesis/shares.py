"""shares.toml: how common everything is among made-up patients, with every name in it checked.

The package's own file and a guideline enter, frozen `Shares` leave. None of it is a rule or a fact of
medicine.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from corrin.errors import GuidelineError, Problem, did_you_mean
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline

FILE = Path(__file__).parent / "shares.toml"


@dataclass(frozen=True)
class Onsets:
    """When neurological symptoms began, and what follows for whoever has one of those of `of`.

    Of what is said of a beginning, so much is only a month or a year; of the rest of `said` nothing is. Of
    `tested` so many are recorded, with `levels` from and to. Units: `longest` days ago; levels as results.
    """

    finding: str
    of: tuple[str, ...]
    said: float
    month: float
    year: float
    longest: int
    tested: Mapping[str, float]
    levels: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Shares:
    """How common things are, by the words of the file."""

    as_of: date
    people: Mapping[str, float]
    groups: Mapping[str, float]
    findings: Mapping[str, float]
    denied: float
    results: Mapping[str, tuple[float, float]]
    onsets: Onsets
    noise: Mapping[str, float]
    printing: Mapping[str, float]

    def of(self, finding: Finding) -> float:
        """The share of patients of whom the finding is recorded."""
        own = self.findings.get(finding.id)
        return self.groups.get(finding.group, 0.0) if own is None else own

    def typical(self, finding: Finding, *, began: bool = False) -> tuple[float, float]:
        """From and to, in the finding's own unit; others where neurological symptoms `began`."""
        plausible = finding.plausible or (0, GRID)
        if began and finding.id in self.onsets.levels:
            return self.onsets.levels[finding.id]
        return self.results.get(finding.id, (plausible[0] / GRID, plausible[1] / GRID))


def read(guideline: Guideline) -> Shares:
    """The shares, for one guideline.

    Errors: a `GuidelineError` for a name that the guideline does not have.
    """
    told = _told()
    known = guideline.declared.findings
    onsets = told["onsets"]
    named = {
        "findings": told["findings"],
        "results": told["results"],
        "onsets": (onsets["finding"], *onsets["of"], *onsets["tested"], *onsets["levels"]),
    }
    for section, names in named.items():
        for name in names:
            if name not in known:
                raise GuidelineError(
                    Problem(f"{FILE.name}, [{section}]", f"`{name}` is no finding", did_you_mean(name, known))
                )
    return Shares(
        as_of=date.fromisoformat(told["as_of"]),
        denied=told["denied"]["share"],
        onsets=Onsets(**onsets | {"of": tuple(onsets["of"])}),
        **{key: told[key] for key in ("people", "groups", "findings", "results", "noise", "printing")},
    )


@cache
def _told() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
