"""The questions of the form: one field for each finding that a person can be asked, in groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corrin.answers import Desk
from corrin.answers.values import printed
from corrin.exports.sheet.layout import Group, layout
from corrin.guideline.declared import Finding

Kind = Literal["choice", "word", "number", "date"]

CHOICES = (("yes", "yes"), ("no", "no"), ("null", "not known"))
"""What a yes-no question may be answered; nothing chosen is not asked."""
NOT_KNOWN, NOT_KNOWN_TYPED = CHOICES[2]
"""The last of them as a form sends it, and as somebody types it into a field of text."""
COUNTS_AS_RESULT = "result"


@dataclass(frozen=True, slots=True)
class Field:
    """One question: how it is answered, in which units, whether its day is asked, how many rows there are."""

    id: str
    label: str
    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    unit: str = ""
    dated: bool = False
    rows: int = 1


@lru_cache(maxsize=8)
def fields(desk: Desk) -> Mapping[str, Field]:
    """Every field by the id of its finding, in the order of findings.toml."""
    drawn = layout(desk).drawn
    declared = desk.guideline.declared
    units: dict[str, list[tuple[str, str]]] = {}
    bare: set[str] = set()
    for one in declared.conversions:
        units.setdefault(one.assay, []).append((one.unit, printed(one.unit)))
        if "" in one.spellings:
            bare.add(one.assay)
    return {
        one.id: _field(
            one, () if one.assay in bare else tuple(units.get(one.assay or "", ())), one.id in drawn
        )
        for one in declared.findings.values()
        if one.asked
    }


@lru_cache(maxsize=8)
def groups(desk: Desk) -> tuple[tuple[Group, tuple[Field, ...]], ...]:
    """The fields under their headings."""
    known, declared = fields(desk), desk.guideline.declared.findings
    return tuple(
        (group, tuple(field for field in known.values() if declared[field.id].group == group.id))
        for group in layout(desk).groups
    )


def _field(finding: Finding, units: tuple[tuple[str, str], ...], drawn: bool) -> Field:  # noqa: FBT001
    dated = finding.counts == COUNTS_AS_RESULT
    if finding.kind == "yes-no":
        return Field(finding.id, finding.label, "choice", CHOICES)
    if finding.kind == "word":
        options = tuple((word, word.replace("-", " ")) for word in finding.values)
        return Field(finding.id, finding.label, "word", (*options, CHOICES[2]), dated=dated)
    if finding.kind == "date":
        return Field(finding.id, finding.label, "date")
    words = tuple(finding.words or ())
    unit = {"a": "years", "1": ""}.get(finding.unit, printed(finding.unit))
    rows = 2 if drawn else 1
    return Field(finding.id, finding.label, "number", (), units, words, unit, dated, rows)
