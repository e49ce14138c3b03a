"""What `findings.toml`, `units.toml` and the value sets declare: which events count, in which unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FindingKind = Literal["yes-no", "word", "number", "date"]

Counts = Literal[
    "answer",
    "present",
    "ever",
    "family",
    "allergy",
    "result",
    "order",
    "taken",
    "current",
    "given",
    "dose",
    "beginning",
    "ending",
    "exposure",
    "duration",
    "daily-dose",
]
"""Which events speak beside an answer: what is present now, what ever was, a laboratory's result, a medicine
that was taken, given at treatment strength, stopped ... (see `guideline/what-counts.md`)."""

Take = Literal[
    "latest", "any", "least", "most", "second-most", "nearest", "count", "before-sample", "refused"
]
"""Which of several facts answers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of findings.toml: what a person is asked, or a source tells, and which of several counts.

    A `date` is no column: it is seen by tables through the numbers that declare `since` it.

    Shape: `codes` are findings whose value sets feed this one as well; `of` is the finding whose facts are
    taken instead of its own. `timed` says which date of a condition counts. `keeps` is the range that counts
    beyond the window, as long as nothing was measured since and none of `until` was given since. `to` is the
    finding whose time is nearest; `samples` are the findings whose samples a medicine may precede.
    `upper_limit_of` is the laboratory's own limit of another finding, `over_limit_of` what that limit says.
    An answer to this finding also speaks of the one that it `feeds`. A date has `began` where whatever
    says one of those findings dates it; a number is `at_least` where its date may not have been the first.
    """

    id: str
    label: str
    kind: FindingKind
    group: str
    values: tuple[str, ...] = ()
    unit: str = ""
    cost: str = ""
    asked: bool = True
    counts: Counts = "answer"
    codes: tuple[str, ...] = ()
    timed: Literal["recorded", "onset"] = "recorded"
    take: Take = "latest"
    window: str | None = None
    undated: Literal["in-window", "unknown"] = "in-window"
    since: str | None = None
    began: tuple[str, ...] = ()
    at_least: bool = False
    measure: Literal["", "days", "months", "years"] = ""
    to: str | None = None
    of: str | None = None
    keeps: str | None = None
    until: str | None = None
    samples: tuple[str, ...] = ()
    strength: str | None = None
    feeds: str | None = None
    upper_limit_of: str | None = None
    over_limit_of: str | None = None
    person: Literal["", "birth", "gender"] = ""
    specimens: tuple[str, ...] = ()
    assay: str | None = None
    plausible: tuple[int, int] | None = None
    words: Mapping[str, str] | None = None
    implies: Mapping[str, Mapping[str, str]] | None = None
    answered_by: Mapping[str, Mapping[str, str]] | None = None
    absent_when_complete: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Conversion:
    """A unit as laboratories write it, for one assay: value x `factor` / `per` is in the finding's unit."""

    assay: str
    unit: str
    spellings: tuple[str, ...]
    factor: str
    per: str = "1"


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A verified code of a value set: the finding it speaks of, the word it stands for when present."""

    finding: str
    system: str
    code: str
    means: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Declared:
    """The dictionaries that `findings` interprets."""

    findings: Mapping[str, Finding]
    conversions: tuple[Conversion, ...]
    codes: tuple[CodeEntry, ...]
