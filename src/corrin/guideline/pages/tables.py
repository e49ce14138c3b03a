"""Decisions and lists: sections become drafts of tables.

What a cell may say depends on the tables it reads from, so a table is first read as a `Draft`, its shape and
its words; `placing` then reads its cells against columns that already stand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from corrin.errors import Problems
from corrin.guideline.columns import Reads, names_given
from corrin.guideline.model import Place, TableKind
from corrin.guideline.pages.blocks import Grid, GridRow, Line, Section
from corrin.guideline.pages.cells import is_word, literals
from corrin.guideline.pages.statements import Because, Citations

MOST_INPUTS = 9
MOST_ROWS = 12
LIST_HEADER = ("row", "finding", "is")

_TITLE = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*) \(([a-z]+)\)")
_COLUMN = re.compile(r"[a-z][a-z0-9]*(?:__?[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_INPUT = re.compile(r"(\S+)(?: \[(\S+)\])?")
_ROW = re.compile(r"[A-Z]+\d+[a-z]?")
_GUARD = re.compile(r"Applies when: (\S+) is (.+)")
_ALMOST_A_GUARD = re.compile(r"\W*appl(y|ies)\b", re.IGNORECASE)
_KINDS: Mapping[str, tuple[TableKind, ...]] = {"Decision": ("unique", "bands", "collect"), "List": ("any",)}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row whose cells are still text, one for each input of its table."""

    id: str
    cells: tuple[str, ...]
    output: str
    because: Because
    place: Place

    @property
    def where(self) -> str:
        """The line and the row, as problems name them."""
        return f"{self.place} row {self.id}"


@dataclass(slots=True)
class Draft:
    """A table whose cells are still text; `broken` when its header could not be read."""

    id: str
    title: str
    kind: TableKind
    output: str
    place: Place
    inputs: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rows: list[DraftRow] = field(default_factory=list[DraftRow])
    guard: tuple[str, str, Place] | None = None
    broken: bool = False

    @property
    def reads(self) -> Reads:
        """What must stand before its cells can be read."""
        guards = (self.guard[0],) if self.guard else ()
        outputs = [row.output for row in self.rows]
        return Reads(self.id, (*self.inputs, *guards), names_given(self.kind, self.id, self.output, outputs))


def draft(section: Section, citations: Citations) -> Draft | None:
    """The shape of one Decision or List; None when there is too little to go on."""
    problems = citations.problems
    titled = _TITLE.fullmatch(section.name)
    kinds = _KINDS[section.kind]
    if not titled or titled[2] not in kinds:
        forms = " or ".join(f"`## {section.kind}: name-of-table ({each})`" for each in kinds)
        problems.refuse(
            section.place, f"`{section.kind}: {section.name}` is no table's heading", f"Write {forms}."
        )
        return None
    grid = only_grid(section, problems)
    if grid is None:
        return None
    output = _header_output(grid, problems)
    if output is None:
        return None
    made = Draft(titled[1], "", cast("TableKind", titled[2]), output, section.place)
    made.title, made.guard = _prose(section, problems)
    if section.kind == "List":
        _fill_list(made, grid, citations)
    else:
        _fill_decision(made, grid, citations)
    if not made.broken:
        _check_size(made, problems)
    return made


def only_grid(section: Section, problems: Problems) -> Grid | None:
    """The one table that a section must hold."""
    what = f"{section.kind} `{section.name}`"
    if not section.grids:
        problems.refuse(section.place, f"{what} has no table", "Write its pipe table below the heading.")
        return None
    for extra in section.grids[1:]:
        problems.refuse(extra.place, f"{what} has a second table", "Give it a heading of its own.")
    grid = section.grids[0]
    if not grid.rows:
        problems.refuse(grid.place, f"{what} has no rows", "Write at least one row.")
        return None
    return grid


def _header_output(grid: Grid, problems: Problems) -> str | None:
    *_, output, because = ("", "", *grid.header)
    name = output.removeprefix("-> ")
    if because != "because" or grid.header[0] != "row" or name == output or not _NAME.fullmatch(name):
        problems.refuse(
            grid.place,
            f"the header `{' | '.join(grid.header)}` is not that of a table",
            "Write `| row | ... | -> output | because |`.",
        )
        return None
    return name


def _prose(section: Section, problems: Problems) -> tuple[str, tuple[str, str, Place] | None]:
    guards: list[tuple[str, str, Place]] = []
    title = ""
    for paragraph in section.paragraphs:
        kept: list[str] = []
        for line in paragraph:
            guard = _GUARD.fullmatch(line.text)
            if guard:
                guards.append((guard[1], guard[2], line.place))
            elif _ALMOST_A_GUARD.match(line.text):
                _refuse_guard(line, problems)
            else:
                kept.append(line.text.strip())
        title = title or " ".join(kept)
    for _, _, place in guards[1:]:
        problems.refuse(place, "a second `Applies when:`", "A table has one guard; make the two a table.")
    return title, guards[0] if guards else None


def _refuse_guard(line: Line, problems: Problems) -> None:
    problems.refuse(
        line.place,
        f"`{line.text}` is almost a guard",
        "Write `Applies when: finding is value` on a line of its own, or word the sentence differently.",
    )


def _fill_decision(made: Draft, grid: Grid, citations: Citations) -> None:
    named = [_INPUT.fullmatch(cell) for cell in grid.header[1:-2]]
    for cell, found in zip(grid.header[1:-2], named, strict=True):
        if not found or not _COLUMN.fullmatch(found[1]):
            citations.problems.refuse(
                grid.place,
                f"`{cell}` is no input",
                "Write the finding's id, and its unit in brackets: `egfr [1]`.",
            )
            made.broken = True
            return
    made.inputs = tuple(found[1] for found in named if found)
    made.units = tuple(found[2] or "" for found in named if found)
    twice = next((name for name in made.inputs if made.inputs.count(name) > 1), None)
    if twice:
        citations.problems.refuse(grid.place, f"`{twice}` is an input twice", "Read it in one column.")
    for row in grid.rows:
        _add_row(made, row, row.cells[1:-2], citations)


def _fill_list(made: Draft, grid: Grid, citations: Citations) -> None:
    if grid.header[:-2] != LIST_HEADER:
        citations.problems.refuse(
            grid.place,
            f"the header `{' | '.join(grid.header)}` is not that of a list",
            f"Write `| row | finding | is | -> {made.output} | because |`.",
        )
        made.broken = True
        return
    made.inputs = tuple(dict.fromkeys(row.cells[1] for row in grid.rows))
    made.units = ("",) * len(made.inputs)
    for row in grid.rows:
        finding, cell = row.cells[1:3]
        if cell == "-":
            citations.problems.refuse(
                f"{row.place} row {row.cells[0]}",
                "a line of a list that asks nothing",
                "Say what the finding is.",
            )
        cells = tuple(cell if name == finding else "-" for name in made.inputs)
        _add_row(made, row, cells, citations)


def _add_row(made: Draft, row: GridRow, cells: tuple[str, ...], citations: Citations) -> None:
    identity, output, because = row.cells[0], row.cells[-2], row.cells[-1]
    where = f"{row.place} row {identity}"
    problems = citations.problems
    check_row_id(identity, row.place, problems)
    if output == "unknown" and made.kind != "unique":
        problems.refuse(where, f"a {made.kind} table that answers `unknown`", "Leave the row out.")
    elif output != "unknown" and not is_word(output):
        problems.refuse(where, f"`{output}` is no output", "Write lower case words joined by hyphens.")
    cited = citations.read(because, where)
    citations.check_numbers([number for cell in cells for number in literals(cell)], cited, where)
    made.rows.append(DraftRow(identity, cells, output, cited, row.place))


def check_row_id(identity: str, place: Place, problems: Problems) -> None:
    """Refuse an id that is not capitals and digits."""
    if not _ROW.fullmatch(identity):
        problems.refuse(place, f"`{identity}` is no id of a row", "Write capitals, then digits: `B1`.")


def _check_size(made: Draft, problems: Problems) -> None:
    count = len(made.inputs)
    if made.kind == "bands" and count != 1:
        problems.refuse(made.place, f"bands over {count} inputs", "A bands table reads exactly one number.")
    if made.kind == "unique" and count > MOST_INPUTS:
        problems.refuse(
            made.place,
            f"{count} inputs, and a unique table has at most {MOST_INPUTS}",
            "Give some a table of their own.",
        )
    if made.kind == "unique" and len(made.rows) > MOST_ROWS:
        problems.refuse(
            made.place,
            f"{len(made.rows)} rows, and a unique table has at most {MOST_ROWS}",
            "Divide the question.",
        )
    if made.kind != "any" and not made.inputs:
        problems.refuse(made.place, "a decision that reads nothing", "Give it an input.")
    outputs = [row.output for row in made.rows]
    if made.kind == "bands" and len(set(outputs)) < len(outputs):
        problems.refuse(
            made.place, "two bands of one name", "Name each range, and join them in a table that reads it."
        )
