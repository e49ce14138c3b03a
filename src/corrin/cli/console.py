"""What a terminal shows: colour only where there is one and NO_COLOR is not set, lines of its own width."""

import re
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from itertools import count
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from corrin.errors import Problem

WIDEST, NARROWEST, PIPED = 96, 40, 80
"""Columns: no line is longer than the widest, whatever the terminal; without a terminal they are 80."""

STYLES = {
    "title": "bold",
    "heading": "bold cyan",
    "alarm": "bold red",
    "amber": "yellow",
    "good": "green",
    "plain": "",
    "quiet": "dim",
}


def console(to: TextIO | None = None) -> Console:
    """Standard output as a terminal, or as a plain file."""
    return Console(file=to or sys.stdout, highlight=False, soft_wrap=True, emoji=False, markup=False)


def width(of: Console) -> int:
    """The columns to fill."""
    return max(NARROWEST, min(WIDEST, of.width)) if of.is_terminal else PIPED


def paint(to: Console, lines: Iterable[tuple[str, str]]) -> None:
    """Each line in its tone, with its label in bold."""
    from corrin.answers.text.layout import LABEL, NARROW  # noqa: PLC0415 - so that --help is quick

    labelled = width(to) >= NARROW
    for tone, line in lines:
        text = Text(line, style=STYLES[tone])
        if labelled and tone not in {"title", "heading", "quiet"} and re.match(r"\w", line):
            text.stylize("bold", 0, LABEL)
        to.print(text)


def tell(to: Console, sentence: str, style: str = "", indent: int = 0) -> None:
    """A sentence: a terminal breaks it between words; elsewhere it is one line."""
    text = Text(sentence, style=style)
    if to.is_terminal:
        to.print(Padding(text, (0, 0, 0, indent), expand=False), soft_wrap=False)
    else:
        to.print(Text(" " * indent) + text)


def complain(problems: Iterable[Problem]) -> None:
    """Each problem on standard error: where, what is wrong, what to do."""
    to = console(sys.stderr)
    for problem in problems:
        to.print(Text.assemble(("error ", "bold red"), (problem.where, "bold")))
        tell(to, f"{problem.what}.", "red", 2)
        tell(to, problem.mend, indent=2)


@contextmanager
def counting(what: str) -> Generator[Callable[[object], None]]:
    """A line on standard error that counts what was done, or says it where it is words; silent elsewhere."""
    to = console(sys.stderr)
    if not to.is_terminal:
        yield lambda _done: None
        return
    with to.status(what) as status:
        numbers = count(1)
        yield lambda done: status.update(
            f"{what}: {done}" if isinstance(done, str) else f"{what} {next(numbers)}"
        )
