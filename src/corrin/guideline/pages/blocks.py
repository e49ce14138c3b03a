"""Markdown into blocks: sections with their prose and pipe tables, and quotes.

What Markdown would show and this scan could miss (a table inside a list, a comment, a row without its pipe)
is refused, so that the page a clinician reads is the page that runs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from corrin.errors import Problems, did_you_mean
from corrin.guideline.model import Place

KINDS = ("Decision", "List", "Examples", "Regimen", "Timeline", "Disagreement")

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_KIND = re.compile(r"([^:]+):\s*(.*)")
_PIPE = re.compile(r"(?<!\\)\|")
_HTML = re.compile(r"<[A-Za-z/!?][^>]*>?")
_RULER = re.compile(r":?-+:?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of a pipe table, cut into its cells."""

    cells: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Grid:
    """A pipe table: its header and its rows, every row as long as the header.

    `ids` are the first cells of all its lines; `broken` says that a line was refused.
    """

    header: tuple[str, ...]
    rows: tuple[GridRow, ...]
    place: Place
    ids: tuple[str, ...]
    broken: bool


@dataclass(slots=True)
class Section:
    """What stands under one heading.

    `kind` is empty for a heading that only orders the text, and `?` for one that was refused.
    """

    kind: str
    name: str
    place: Place
    paragraphs: list[list[Line]] = field(default_factory=list[list[Line]])
    grids: list[Grid] = field(default_factory=list[Grid])

    @property
    def names(self) -> set[str]:
        """Whatever it would have named: its table, the column after the arrow, its rows."""
        table = self.name.split(" ")[0]
        headers = [cell.removeprefix("-> ") for grid in self.grids for cell in grid.header]
        return {table, table.replace("-", "_"), *headers, *(name for grid in self.grids for name in grid.ids)}


@dataclass(slots=True)
class Page:
    """One page: its sections in order, and its quotes, which hold the statements."""

    sections: list[Section] = field(default_factory=list[Section])
    quotes: list[list[Line]] = field(default_factory=list[list[Line]])


def scan(name: str, text: str, problems: Problems) -> Page:
    """Cut one page into blocks."""
    page = Page()
    lines = [Line(line.rstrip(), Place(name, at)) for at, line in enumerate(text.split("\n"), 1)]
    before = "blank"
    for kind, run in groupby(lines, key=_block_of):
        block = list(run)
        piped = kind == "prose" and any(_PIPE.search(line.text) for line in block)
        if piped and page.sections and page.sections[-1].grids:
            page.sections[-1].grids[-1] = replace(page.sections[-1].grids[-1], broken=True)
        elif before in {"quote", "table"} and kind not in {"blank", "heading"}:
            problems.refuse(
                block[0].place,
                f"{kind} directly after a {before}, which Markdown shows as part of it",
                "Leave a blank line between them.",
            )
        _take(kind, block, page, problems)
        before = kind
    return page


def _block_of(line: Line) -> str:
    text = line.text
    if not text.strip():
        return "blank"
    if text.startswith("#"):
        return "heading"
    if text.startswith(">"):
        return "quote"
    return "table" if text.startswith("|") else "prose"


def _take(kind: str, block: list[Line], page: Page, problems: Problems) -> None:
    for line in block:
        _refuse_hidden(line, kind, problems)
    match kind:
        case "heading":
            page.sections += [_heading(line, problems) for line in block]
        case "quote":
            page.quotes.append(block)
        case "prose" if page.sections:
            page.sections[-1].paragraphs.append(block)
        case "table":
            _table(block, page, problems)
        case _:
            pass


def _refuse_hidden(line: Line, kind: str, problems: Problems) -> None:
    text = line.text
    if tag := _HTML.search(text):
        mend = "Say it in Markdown, where every reader of the page sees it."
        problems.refuse(line.place, f"HTML, `{tag[0]}`, which can hide what runs", mend)
    if kind != "prose":
        return
    if text.lstrip().startswith(("```", "~~~")):
        problems.refuse(line.place, "a block of code", "A page holds statements, tables and prose only.")
    elif _PIPE.search(text):
        problems.refuse(
            line.place, "a `|` outside a table", "Begin each line of a table with `|`, without indenting it."
        )
    elif text.lstrip().startswith(("#", ">")):
        problems.refuse(line.place, "an indented heading or quote", "Begin the line with it.")


def _heading(line: Line, problems: Problems) -> Section:
    found = _HEADING.fullmatch(line.text)
    if not found:
        problems.refuse(line.place, f"`{line.text}` is no heading", "Leave a space after the `#`.")
        return Section("?", line.text.lstrip("#").partition(": ")[2], line.place)
    level, title = found.groups()
    kind = _KIND.fullmatch(title)
    if level == "#" or (not kind and title.split(" ")[0] not in KINDS):
        return Section("", title, line.place)
    if not kind:
        first, _, rest = title.partition(" ")
        problems.refuse(line.place, f"`{title}` lacks its colon", f"Write `## {first}: {rest}`.")
        return Section("?", rest, line.place)
    word, name = kind.groups()
    if word not in KINDS:
        problems.refuse(line.place, f"a heading of unknown kind `{word}`", did_you_mean(word, KINDS))
        return Section("?", name, line.place)
    if level != "##":
        problems.refuse(line.place, f"`{level} {word}:` on the wrong level", f"Write `## {title}`.")
    return Section(word, name, line.place)


def _table(block: Sequence[Line], page: Page, problems: Problems) -> None:
    place = block[0].place
    if not page.sections:
        page.sections.append(Section("", "", place))
    if not page.sections[-1].kind:
        kinds = ", ".join(f"`## {kind}:`" for kind in KINDS)
        problems.refuse(place, "a table under no heading", f"Put it under one of {kinds}.")
    header = _cells(block[0])
    ruled = len(block) > 1 and all(_RULER.fullmatch(cell) for cell in _cells(block[1]))
    if not ruled:
        problems.refuse(place, "a table without its ruler", "Write `|---|---|` below the header.")
    lines = block[2:] if ruled else block[1:]
    fitting = [line for line in block if _fits(line, header, problems)]
    rows = tuple(GridRow(_cells(line), line.place) for line in lines if line in fitting)
    broken = not ruled or len(fitting) < len(block)
    page.sections[-1].grids.append(
        Grid(header, rows, place, tuple(_cells(line)[0] for line in lines), broken)
    )


def _fits(line: Line, header: tuple[str, ...], problems: Problems) -> bool:
    cells = _cells(line)
    if not line.text.endswith("|"):
        problems.refuse(line.place, "a row that does not end in `|`", "Close its last cell.")
    elif len(cells) != len(header):
        problems.refuse(
            line.place,
            f"row {cells[0]} has {len(cells)} cells, and the table {len(header)} columns",
            "Give every column its cell; `-` when it does not matter.",
        )
    return line.text.endswith("|") and len(cells) == len(header)


def _cells(line: Line) -> tuple[str, ...]:
    inner = line.text.removeprefix("|").removesuffix("|")
    return tuple(cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner))
