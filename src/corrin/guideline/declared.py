"""What `findings.toml`, `units.toml` and the value sets declare: which events count, in which unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FindingKind = Literal["yes-no", "word", "number", "date"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of findings.toml: what a person is asked, or a source tells, and which of several counts.

    A `date` is no column: it is seen by tables through the numbers that declare `since` it.
    """

    id: str
    label: str
    kind: FindingKind
    group: str
    values: tuple[str, ...] = ()
    unit: str = ""
    cost: str = ""
    asked: bool = True
    take: str = "latest"
    window: str | None = None
    undated: Literal["in-window", "unknown"] = "in-window"
    since: str | None = None
    measure: Literal["", "days", "months", "years"] = ""
    to: str | None = None
    of: str | None = None
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
    """A unit as laboratories write it, for one assay: value x factor (exact decimal) is in the finding's unit."""

    assay: str
    unit: str
    spellings: tuple[str, ...]
    factor: str


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A verified code of a value set: the finding it speaks of, and the word it stands for when it is present."""

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
