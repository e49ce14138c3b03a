"""Planted faults: every small slip of an editor's hand that a page can hold, one at a time.

Page texts enter, faults leave: each is one line of one page, replaced or struck out. `faults` runs them and
asks who notices: the reader, an example, or a proof.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from corrin.guideline.model import GRID, to_grid

HEADING = re.compile(r"^##+ (Decision|List|Regimen|Timeline): *([a-z0-9-]+)")
NUMBER = re.compile(r"(?<![\w{])(?<!\w\.)-?\d+(?:\.\d+)?(?![\w}])")
STEP = "0.001"
DELETED = "row deleted"
SWAPPED = "output swapped"
OPENED = "cell opened"
DROPPED = "unknown dropped"
ADDED = "unknown added"
SHIFTED = "limit"
KINDS = (DELETED, SWAPPED, OPENED, DROPPED, ADDED, SHIFTED)
COMPARED = re.compile(r"<=|>=|<|>")
OTHER_SIGN = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
"""One step of the grid lies between the two: whether the limit itself is included."""
OPEN_END = re.compile(r",\s*unknown$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One slip: at `line` of `page`, `before` became `after` (None: the line was struck out).

    `cell` is the finding whose cell it is, if it is a cell's; `written` is what stands there now.
    """

    kind: str
    page: str
    line: int
    table: str
    row: str
    before: str
    after: str | None
    cell: str = ""
    written: str = ""

    @property
    def id(self) -> str:
        """How the list of equivalent faults names it, whatever line it stands on."""
        return " ".join(part for part in (self.row, self.kind, self.cell) if part)

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.id}"

    def apply(self, pages: Mapping[str, str]) -> dict[str, str]:
        """The pages with this one slip in them."""
        lines = pages[self.page].split("\n")
        lines[self.line - 1 : self.line] = [] if self.after is None else [self.after]
        return {**pages, self.page: "\n".join(lines)}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a pipe table that decides or schedules, with its header."""

    page: str
    number: int
    heading: str
    table: str
    header: tuple[str, ...]
    cells: tuple[str, ...]
    text: str

    @property
    def arrow(self) -> int | None:
        """Where the output stands; None in a table that has none."""
        return next((i for i, name in enumerate(self.header) if name.startswith("->")), None)

    def having(self, index: int, cell: str) -> str:
        """The line with one cell replaced."""
        cells = (*self.cells[:index], cell, *self.cells[index + 1 :])
        return "| " + " | ".join(cells) + " |"

    def fault(self, kind: str, index: int, written: str, cell: str = "") -> Fault:
        """A slip in one cell of this line."""
        after = self.having(index, written)
        return Fault(kind, self.page, self.number, self.table, self.cells[0], self.text, after, cell, written)


def faults(pages: Mapping[str, str]) -> tuple[Fault, ...]:
    """Every planted fault of these pages (`*.md`, and the numbers of a parameters page), in page order."""
    lines = [line for page, text in pages.items() if page.endswith(".md") for line in rows_of(page, text)]
    outputs: dict[str, list[str]] = {}
    for line in lines:
        if line.arrow is not None:
            outputs.setdefault(line.table, []).append(line.cells[line.arrow])
    found = chain.from_iterable(_slips(line, outputs.get(line.table, [])) for line in lines)
    numbers = (f for page, text in pages.items() if page.endswith(".toml") for f in _numbers(page, text))
    return (*found, *numbers)


def rows_of(page: str, text: str) -> Iterator[Line]:
    """The rows of every table that decides or schedules: examples are not among them."""
    heading, table, header = "", "", ()
    for number, line in enumerate(text.split("\n"), 1):
        match = HEADING.match(line)
        if match or line.startswith("#"):
            heading, table = match.groups() if match else ("", "")
            header = ()
        elif not line.startswith("|"):
            header = ()
        elif heading:
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            if not header:
                header = cells
            elif set("".join(cells)) - set("-: "):
                yield Line(page, number, heading, table, header, cells, line)


def _slips(line: Line, outputs: list[str]) -> Iterator[Fault]:
    """Every slip on one row."""
    yield Fault(DELETED, line.page, line.number, line.table, line.cells[0], line.text, None)
    if line.arrow is None:
        return
    yield from _swapped(line, line.arrow, outputs)
    first = 2 if line.heading == "List" else 1
    for index in range(first, line.arrow):
        yield from _cell_slips(line, index)


def _swapped(line: Line, index: int, outputs: list[str]) -> Iterator[Fault]:
    """The output of the next row that says something else."""
    here = outputs.index(line.cells[index])
    others = [output for output in outputs[here:] + outputs[:here] if output != line.cells[index]]
    if others:
        yield line.fault(SWAPPED, index, others[0])


def _cell_slips(line: Line, index: int) -> Iterator[Fault]:
    """A cell that no longer matters, has lost its `unknown`, or has moved its limit by one step."""
    cell, name = line.cells[index], line.header[index].split(" [")[0]
    name = line.cells[1] if line.heading == "List" else name
    if cell != "-":
        yield line.fault(OPENED, index, "-", name)
    if OPEN_END.search(cell):
        yield line.fault(DROPPED, index, OPEN_END.sub("", cell), name)
    elif cell not in {"-", "known", "unknown"} and not re.search(r"[<>]|\.\.", cell):
        yield line.fault(ADDED, index, f"{cell}, unknown", name)
    for shifted, sign in _shifted(cell):
        yield line.fault(f"{SHIFTED} {sign}{STEP}", index, shifted, name)
    compared = COMPARED.match(cell)
    if compared:
        other = OTHER_SIGN[compared.group()]
        yield line.fault(f"{SHIFTED} {other}", index, other + cell[compared.end() :], name)


def _shifted(cell: str) -> Iterator[tuple[str, str]]:
    """A cell with each of its numbers one step up, and one step down."""
    for match in NUMBER.finditer(cell):
        steps = to_grid(Decimal(match.group()))
        for step, sign in ((1, "+"), (-1, "-")):
            moved = f"{(steps + step) / GRID:.3f}"
            yield cell[: match.start()] + moved + cell[match.end() :], sign


def _numbers(page: str, text: str) -> Iterator[Fault]:
    """Each `value = n` of a dictionary, one step up and one step down."""
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("["):
            section = line.strip("[] ")
        elif line.startswith("value"):
            for shifted, sign in _shifted(line):
                yield Fault(f"{SHIFTED} {sign}{STEP}", page, number, section, section, line, shifted)
