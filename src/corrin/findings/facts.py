"""What one event says of one finding, and what came of a whole record: findings, reasons, refusals.

Everything here is frozen, comparable and can be written as JSON and read back.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal, cast

from corrin.records import MINUTES_A_DAY, Ignored, Noun, Patient, When

Value = str | tuple[int | None, int | None]
"""A word, or a closed interval of thousandths of the finding's unit; None is no bound on that side."""

Use = Literal["usable", "refused", "preliminary", "not-known", "complete"]

OWN, CONVERTED, WORDED = 2, 1, 0
"""How directly a result speaks: a number in the finding's own unit, in another, or a word."""
CORRECTED = 3
"""So much higher ranks a corrected result, whatever its form: it replaces a final one."""
IN_ANOTHER_UNIT = frozenset({(CONVERTED, OWN), (CONVERTED + CORRECTED, OWN + CORRECTED)})
"""Ranks of a number in another unit and of the one that counts: of one sample, or of two of that day."""

NEVER_ASKED = "never-asked"
NOT_KNOWN = "asked-and-not-known"
REFUSED = "refused"
OUT_OF_WINDOW = "out-of-window"
CONTRADICTORY = "contradictory"

WHY: Mapping[str, str] = {
    NEVER_ASKED: "nobody asked",
    NOT_KNOWN: "asked, and not known",
    REFUSED: "a value was sent that could not be used",
    OUT_OF_WINDOW: "what is recorded is too old, or its date is not known",
    CONTRADICTORY: "what is recorded contradicts itself",
}
"""Why a finding is unknown, and the words for it."""


class Fact(Noun, frozen=True, gc=False):
    """What one event says of one finding, settled on its own.

    Shape: a word, or an interval; for a `date` neither. A usable fact with no word says nothing, but it is
    the latest if it comes last. `kept` counts beyond the window, `rank` is higher for what replaces another
    of the same time. `use` is complete where a source declares that there is no more than it lists.
    Units: `first`..`last` are the minutes between which it was so, both None when undated; `began_first`..
    `began_last` those between which it began.
    """

    finding: str
    use: Use = "usable"
    word: str | None = None
    low: int | None = None
    high: int | None = None
    first: int | None = None
    last: int | None = None
    began_first: int | None = None
    began_last: int | None = None
    rank: int = 0
    kept: bool = False
    text: str = ""
    where: str = ""

    @property
    def first_day(self) -> int | None:
        """Days since 1970-01-01 of the first minute."""
        return None if self.first is None else self.first // MINUTES_A_DAY

    @property
    def last_day(self) -> int | None:
        """Days since 1970-01-01 of the last minute."""
        return None if self.last is None else self.last // MINUTES_A_DAY


class Refused(Noun, frozen=True, gc=False):
    """A value that was sent and is not used: of which finding, as printed, why, and where it stood."""

    finding: str
    text: str
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A record after the first step: each event on its own, as facts, refusals, or why it is neither."""

    patient: Patient
    as_of: date
    facts: tuple[Fact, ...]
    refused: tuple[Refused, ...]
    ignored: tuple[Ignored, ...]
    future: int


@dataclass(frozen=True, slots=True)
class Findings:
    """One flat row of what is known on `as_of`, with what stands behind it and why the rest is unknown.

    Shape: `row` has no key for what is unknown; `why` has one for each of those. `future` events have not
    happened yet; `beyond` are answers from beyond their window, with their age in days.
    """

    patient: Patient
    as_of: date
    row: Mapping[str, Value]
    evidence: Mapping[str, tuple[Fact, ...]]
    why: Mapping[str, str]
    refused: tuple[Refused, ...]
    ignored: tuple[Ignored, ...]
    future: int = 0
    beyond: Mapping[str, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON can say it."""
        return {
            "patient": asdict(self.patient),
            "as_of": self.as_of.isoformat(),
            "row": {
                name: value if isinstance(value, str) else list(value) for name, value in self.row.items()
            },
            "evidence": {name: [fact.to_dict() for fact in facts] for name, facts in self.evidence.items()},
            "why": dict(self.why),
            "refused": [each.to_dict() for each in self.refused],
            "ignored": [each.to_dict() for each in self.ignored],
            "future": self.future,
            "beyond": dict(self.beyond or {}),
        }

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> "Findings":
        """Read back what `to_dict` wrote."""
        return cls(
            patient=_patient(written["patient"]),
            as_of=date.fromisoformat(written["as_of"]),
            row={
                name: value if isinstance(value, str) else (value[0], value[1])
                for name, value in written["row"].items()
            },
            evidence={
                name: tuple(Fact(**fact) for fact in facts) for name, facts in written["evidence"].items()
            },
            why=dict(written["why"]),
            refused=tuple(Refused(**each) for each in written["refused"]),
            ignored=tuple(Ignored(**each) for each in written["ignored"]),
            future=written["future"],
            beyond=dict(written["beyond"]),
        )


def _patient(written: Mapping[str, Any]) -> Patient:
    given = dict(written)
    for field in fields(Patient):
        value = given[field.name]
        if isinstance(value, dict):
            given[field.name] = When(**cast("dict[str, Any]", value))
    return Patient(**given)
