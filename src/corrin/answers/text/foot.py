"""What was refused and ignored, which guideline answered, and what it is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corrin.answers.text.layout import Entry, Printed, lay, paragraph, rule
from corrin.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corrin.answers.answer import Answer

_NAMED = re.compile(r"findings\.(\w+|\([^)]*\))")
NOTICE = "Corrin supports clinicians and does not replace them. It has not been validated clinically."

FEW = 3
"""So many places are named for one reason; the rest are counted."""


def lines(answer: Answer, width: int) -> Iterator[Printed]:
    """Nothing is left out in silence: what was not used stands here with its reason."""
    if answer.refused or answer.ignored:
        yield from rule("Not used", width)
        yield from lay([*_refused(answer), *_ignored(answer)], width)
    yield "plain", ""
    yield from paragraph(_identity(answer), width, "quiet")
    yield from paragraph(NOTICE, width, "quiet")


def _refused(answer: Answer) -> Iterator[Entry]:
    for one in answer.refused:
        label = answer.desk.wording.label(one.finding)
        yield Entry("Refused", (f"{label} {one.value!r}: {one.reason.rstrip('.')} ({one.where}).",), "amber")


def _ignored(answer: Answer) -> Iterator[Entry]:
    places: dict[str, list[str]] = {}
    for one in answer.ignored:
        places.setdefault(one.reason, []).append(one.where)
    for reason, where in places.items():
        more = f" and {len(where) - FEW} more" if len(where) > FEW else ""
        yield Entry("Ignored", (f"{reason}: {', '.join(where[:FEW])}{more}.",), "quiet")
    for one in answer.ignored:
        name = misspelt(answer, one.where)
        if name:
            yield Entry(
                "Ignored",
                (f"{name}: no question of this guideline. {meant(answer, name)}".rstrip(),),
                "amber",
            )


def misspelt(answer: Answer, where: str) -> str:
    """A name in a case file that is no question of this guideline; empty of any other place."""
    match = _NAMED.match(where)
    return match[1] if match and match[1] not in answer.desk.guideline.declared.findings else ""


def meant(answer: Answer, name: str) -> str:
    """The question that was meant, if one is near."""
    asked = (one.id for one in answer.desk.guideline.declared.findings.values() if one.asked)
    said = did_you_mean(name, asked)
    return said if said.startswith("Did") else ""


def _identity(answer: Answer) -> str:
    identity = answer.identity
    site = f", site {identity.site[:12]}" if identity.site else ""
    return f"Guideline {identity.version}, profile {identity.profile}, {identity.hash[:12]}{site}."
