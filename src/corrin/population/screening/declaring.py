"""What the source of a population declares complete, and whether that can hold for anybody.

Parts of a record enter, with what was seen of the input; a `Declared` leaves. A line that cannot be read, or
that names nobody, may be of anybody: then nobody's part is complete, and the run says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corrin.errors import InputError, Problem
from corrin.guideline.model import Guideline
from corrin.intake import omop, rows
from corrin.intake.declared import NONE, Parts
from corrin.intake.fhir.chart import PARTS
from corrin.population.extracting.cuts import Seen
from corrin.population.tally import Tally

BROKEN = "a line of the export cannot be read: it may be anybody's"
NOBODYS = "{} in the export names no patient: it may be anybody's"
LEFT_OUT = "the sender reports that it could not give everything"
_BUNDLE, _OUTCOME = "Bundle", "OperationOutcome"


@dataclass(frozen=True, slots=True)
class Declared:
    """The parts that are declared complete; of those that are set aside for everybody, the reason."""

    parts: Parts = NONE
    set_aside: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def holds(self) -> Parts:
        """The parts of which absent is absent, unless a patient's own record says otherwise."""
        return self.parts - self.set_aside.keys()

    def to_dict(self) -> dict[str, Any]:
        """As `ingest.json` says it."""
        aside = [{"part": part, "why": why} for part, why in sorted(self.set_aside.items())]
        return {"complete": sorted(self.parts), "set_aside": aside}


def kinds(parts: Parts) -> frozenset[str]:
    """The types of FHIR that belong to the parts: every line of them has to be read."""
    return frozenset(kind for kind, of in PARTS.items() if parts.intersection(of))


def of_lines(parts: Parts, where: str, seen: Sequence[Seen], tally: Tally) -> Declared:
    """What holds of a FHIR export, once all its lines were seen.

    Errors: an `InputError` where not one resource of a part is there.
    """
    types = {kind for one in seen for kind, number in one.types.items() if number}
    empty = [part for part in sorted(parts) if not types & (kinds(frozenset({part})) | {_BUNDLE})]
    if empty:
        raise InputError(*(_empty(where, part, sorted(kinds(frozenset({part})))) for part in empty))
    aside: dict[str, str] = {}
    for what in tally.counts.get("of nobody", ()):
        kind = what.partition(" ")[0]
        why = LEFT_OUT if kind == _OUTCOME else NOBODYS.format(kind)
        aside |= dict.fromkeys(parts if kind == _OUTCOME else parts.intersection(PARTS.get(kind, ())), why)
    if any(one.broken for one in seen):
        aside |= dict.fromkeys(parts, BROKEN)
    return Declared(parts, aside)


def of_cdm(parts: Parts, where: str) -> Declared:
    """What holds of a CDM.

    Errors: an `InputError` where the table of a part is missing or empty.
    """
    empty, nobodys = omop.declarable(where, parts)
    if empty:
        name = where.rpartition("@")[2]
        raise InputError(*(_empty(name, part, [table]) for part, table in sorted(empty.items())))
    return Declared(parts, {part: NOBODYS.format(f"a row of {table}") for part, table in nobodys.items()})


def of_table(parts: Parts, path: Path, names: Path | None, rules: Guideline) -> Declared:
    """What holds of a table.

    Errors: an `InputError` where no column holds a finding of a part; of results the rows are not looked at.
    """
    columns = rows.findings(path, rows.load(names) if names else rows.Columns())
    for part in sorted(parts):
        known = [one.id for one in rules.declared.findings.values() if part in one.absent_when_complete]
        if columns is not None and not columns.intersection(known):
            raise InputError(_empty(path.name, part, known[:3], "column"))
    return Declared(parts)


def _empty(where: str, part: str, kinds: Sequence[str], what: str = "row or resource") -> Problem:
    return Problem(
        where,
        f"is declared to hold all {part}, and there is not one {what} of them ({', '.join(kinds)} ...)",
        f"Add them, or leave out --complete {part}: otherwise nobody would seem to have any.",
    )
