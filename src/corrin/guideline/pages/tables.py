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
from corrin.guideline.pages.blocks import Grid, GridRow, Section
from corrin.guideline.pages.cells import is_word, literals
from corrin.guideline.pages.statements import Because, Citations

MOST_INPUTS = 9
MOST_ROWS = 12
LIST_HEADER = ("finding", "is")

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
    """A table whose cells are still text; `broken` when something of its shape was refused."""

    id: str
    kind: TableKind
    place: Place
    header: Place
    title: str = ""
    output: str = ""
    inputs: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rows: list[DraftRow] = field(default_factory=list[DraftRow])
    guard: tuple[str, str, Place] | None = None
    broken: bool = False

    def refuse(self, problems: Problems, where: object, what: str, mend: str) -> None:
        """Note a problem with its shape, for which it cannot be placed."""
        self.broken = True
        problems.refuse(where, what, mend)

    @property
    def reads(self) -> Reads:
        """What must stand before its cells can be read."""
        guards = (self.guard[0],) if self.guard else ()
        outputs = [row.output for row in self.rows]
        return Reads(self.id, (*self.inputs, *guards), names_given(self.kind, self.id, self.output, outputs))


def draft(section: Section, citations: Citations) -> Draft | None:
    """The shape of one Decision or List; None when it could not be read, and then its names are lost."""
    problems = citations.problems
    grid = only_grid(section, problems)
    made = _headed(section, grid, problems)
    if made and grid and _take_header(made, section, grid, problems):
        for row in grid.rows:
            _add_row(made, row, citations)
        _check_size(made, problems)
        if not (made.broken or grid.broken):
            return made
        problems.lose(*made.reads.gives)
    problems.lose(*section.names)
    return None


def _headed(section: Section, grid: Grid | None, problems: Problems) -> Draft | None:
    titled = _TITLE.fullmatch(section.name)
    kinds = _KINDS[section.kind]
    if not titled or titled[2] not in kinds:
        forms = " or ".join(f"`## {section.kind}: name-of-table ({each})`" for each in kinds)
        problems.refuse(
            section.place, f"`{section.kind}: {section.name}` is no table's heading", f"Write {forms}."
        )
        return None
    header = grid.place if grid else section.place
    made = Draft(titled[1], cast("TableKind", titled[2]), section.place, header)
    _take_prose(made, section, problems)
    return made


def only_grid(section: Section, problems: Problems) -> Grid | None:
    """The one table that a section must hold."""
    what = f"{section.kind} `{section.name}`"
    if not section.grids:
        problems.refuse(section.place, f"{what} has no table", "Write its pipe table below the heading.")
        return None
    grid = section.grids[0]
    for extra in section.grids[1:]:
        problems.refuse(extra.place, f"{what} has a second table", "Give it a heading of its own.")
    if len(section.grids) > 1:
        return None
    if not grid.rows and not grid.broken:
        problems.refuse(grid.place, f"{what} has no rows", "Write at least one row.")
        return None
    return grid


def _take_header(made: Draft, section: Section, grid: Grid, problems: Problems) -> bool:
    """Read the header; False when the rows below it cannot be read either."""
    header = ("", "", "", *grid.header)[-max(3, len(grid.header)) :]
    row, *inputs, arrow, because = header
    name = arrow.removeprefix("-> ")
    if row != "row" or because != "because" or name == arrow or not _NAME.fullmatch(name):
        wanted = "finding | is" if section.kind == "List" else "..."
        made.refuse(
            problems,
            grid.place,
            f"the header `{' | '.join(grid.header)}` is not that of a table",
            f"Write `| row | {wanted} | -> output | because |`.",
        )
        return False
    made.output = name
    if section.kind == "List":
        return _take_list(made, tuple(inputs), grid, problems)
    taken = [_take_input(made, cell, problems) for cell in inputs]
    return all(taken)


def _take_list(made: Draft, inputs: tuple[str, ...], grid: Grid, problems: Problems) -> bool:
    if inputs != LIST_HEADER:
        made.refuse(
            problems,
            grid.place,
            f"the header `{' | '.join(grid.header)}` is not that of a list",
            f"Write `| row | finding | is | -> {made.output} | because |`.",
        )
        return False
    made.inputs = tuple(dict.fromkeys(row.cells[1] for row in grid.rows))
    made.units = ("",) * len(made.inputs)
    return True


def _take_input(made: Draft, cell: str, problems: Problems) -> bool:
    found = _INPUT.fullmatch(cell)
    if not found or not _COLUMN.fullmatch(found[1]):
        mend = "Write the finding's id, and its unit in brackets: `finding [unit]`."
        made.refuse(problems, made.header, f"`{cell}` is no input", mend)
        return False
    if found[1] in made.inputs:
        made.refuse(problems, made.header, f"`{found[1]}` is an input twice", "Read it in one column.")
    made.inputs = (*made.inputs, found[1])
    made.units = (*made.units, found[2] or "")
    return True


def _take_prose(made: Draft, section: Section, problems: Problems) -> None:
    """The first paragraph above the table explains it; a line `Applies when:` there guards it."""
    for paragraph in section.paragraphs:
        kept: list[str] = []
        for line in paragraph:
            guard = _GUARD.fullmatch(line.text)
            if guard and line.place.line < made.header.line and not made.guard:
                made.guard = (guard[1], guard[2], line.place)
            elif guard:
                what = "a second `Applies when:`" if made.guard else "an `Applies when:` below its table"
                made.refuse(problems, line.place, what, "Write one, between the heading and the table.")
            elif _ALMOST_A_GUARD.match(line.text):
                mend = "Write `Applies when: finding is value` on a line of its own, or word it differently."
                made.refuse(problems, line.place, f"`{line.text}` is almost a guard", mend)
            elif line.place.line < made.header.line:
                kept.append(line.text.strip())
        made.title = made.title or " ".join(kept)


def refuse_stray_guards(section: Section, problems: Problems) -> None:
    """An `Applies when:` that stands under no table would guard nothing, in silence."""
    for line in (line for paragraph in section.paragraphs for line in paragraph):
        if _GUARD.fullmatch(line.text):
            mend = "Write it between the heading of a table and the table."
            problems.refuse(line.place, "an `Applies when:` that guards no table", mend)


def _add_row(made: Draft, row: GridRow, citations: Citations) -> None:
    identity, output, because = row.cells[0], row.cells[-2], row.cells[-1]
    where, problems = f"{row.place} row {identity}", citations.problems
    cells = row.cells[1:-2]
    if made.kind == "any":
        finding, cell = cells
        cells = tuple(cell if name == finding else "-" for name in made.inputs)
        if cell == "-":
            made.refuse(problems, where, "a line of a list that asks nothing", "Say what the finding is.")
    if not check_row_id(identity, row.place, problems):
        made.broken = True
    if output == "unknown" and made.kind != "unique":
        mend = "Leave the row out: what no row says is unknown."
        made.refuse(problems, where, f"an output `unknown` in a table of kind `{made.kind}`", mend)
    elif output != "unknown" and not is_word(output):
        mend = "Write lower case words joined by hyphens."
        made.refuse(problems, where, f"`{output}` is no output", mend)
    cited = citations.read(because, where)
    citations.check_numbers([number for cell in cells for number in literals(cell)], cited, where)
    made.rows.append(DraftRow(identity, cells, output, cited, row.place))


def check_row_id(identity: str, place: Place, problems: Problems) -> bool:
    """Refuse an id that is not capitals and digits."""
    good = _ROW.fullmatch(identity) is not None
    if not good:
        problems.refuse(place, f"`{identity}` is no id of a row", "Write capitals, then digits: `R1`.")
    return good


def _check_size(made: Draft, problems: Problems) -> None:
    inputs, rows = len(made.inputs), len(made.rows)
    outputs = {row.output for row in made.rows}
    if made.kind == "bands" and inputs != 1:
        made.refuse(
            problems, made.header, f"bands over {inputs} inputs", "A bands table reads exactly one number."
        )
    elif not inputs:
        made.refuse(problems, made.header, "a decision that reads nothing", "Give it an input.")
    if made.kind == "unique" and inputs > MOST_INPUTS:
        what = f"{inputs} inputs, and a unique table has at most {MOST_INPUTS}"
        made.refuse(problems, made.header, what, "Give some a table of their own.")
    if made.kind == "unique" and rows > MOST_ROWS:
        what = f"{rows} rows, and a unique table has at most {MOST_ROWS}"
        made.refuse(problems, made.header, what, "Divide the question.")
    if made.kind == "unique" and outputs == {"unknown"}:
        made.refuse(problems, made.header, "a table that never answers", "Give a row an output.")
    if made.kind == "bands" and len(outputs) < rows:
        mend = "Name each range, and join them in a table that reads it."
        made.refuse(problems, made.header, "two bands of one name", mend)
