"""Disagreements: where sources differ, what was chosen and why, and the rows that rest on it."""

import re
from collections.abc import Collection, Mapping

from corrin.errors import Problems, did_you_mean
from corrin.guideline.model import Disagreement, Side, Source
from corrin.guideline.pages.blocks import Line, Section
from corrin.guideline.pages.tables import only_grid

FIELDS = ("Issue", "Choice", "Rationale", "Rows")
HEADER = ("who", "says", "source")

_TITLE = re.compile(r"([A-Z]\d+) (.+)")
_FIELD = re.compile(r"([A-Z][a-z]+): *(.*)")


def read_disagreement(
    section: Section, rows: Collection[str], sources: Mapping[str, Source], problems: Problems
) -> Disagreement | None:
    """One Disagreement section."""
    titled = _TITLE.fullmatch(section.name)
    if not titled:
        problems.refuse(
            section.place,
            f"`{section.name}` is no disagreement",
            "Write `## Disagreement: C1 what it is about`.",
        )
        return None
    said = _fields(section, problems)
    for name in FIELDS:
        if not said.get(name):
            problems.refuse(
                section.place, f"{titled[1]} has no `{name}:`", f"Write `{name}: ...`; `-` for no rows."
            )
    named = tuple(re.split(r",\s*", said.get("Rows", "-")))
    resting = () if named == ("-",) else named
    for row in resting:
        if row not in rows:
            problems.miss(section.place, row, "row of a table", rows)
    sides = _sides(section, sources, problems)
    return Disagreement(
        titled[1], said.get("Issue", ""), said.get("Choice", ""), said.get("Rationale", ""),
        sides, resting, section.place, titled[2],
    )  # fmt: skip


def _fields(section: Section, problems: Problems) -> dict[str, str]:
    said: dict[str, str] = {}
    for paragraph in section.paragraphs:
        name = ""
        for line in paragraph:
            name = _take(line, name, said, problems)
    return said


def _take(line: Line, name: str, said: dict[str, str], problems: Problems) -> str:
    found = _FIELD.fullmatch(line.text)
    if not found:
        if name:
            said[name] += " " + line.text.strip()
        return name
    if found[1] not in FIELDS:
        problems.refuse(line.place, f"a line of unknown kind `{found[1]}:`", did_you_mean(found[1], FIELDS))
    elif found[1] in said:
        problems.refuse(line.place, f"a second `{found[1]}:`", "Join the two.")
    said[found[1]] = found[2]
    return found[1]


def _sides(section: Section, sources: Mapping[str, Source], problems: Problems) -> tuple[Side, ...]:
    grid = only_grid(section, problems)
    if not grid:
        return ()
    if grid.header != HEADER:
        problems.refuse(
            grid.place,
            f"the header `{' | '.join(grid.header)}` is not that of sides",
            "Write `| who | says | source |`.",
        )
        return ()
    for row in grid.rows:
        for source in re.split(r",\s*", row.cells[2]):
            if source not in sources:
                problems.miss(row.place, source, "source", sources)
    return tuple(Side(*row.cells) for row in grid.rows)
