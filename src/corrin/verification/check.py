"""`corrin check`: the pages read, every example run, and a report of what is accounted for.

A folder enters, a report leaves in less than a second. What only a proof can show is shown by `prove`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from textwrap import wrap
from time import perf_counter

from corrin.errors import GuidelineError, Problem
from corrin.guideline import check as static
from corrin.guideline.locate import folder as found_folder
from corrin.guideline.reading import read_base
from corrin.verification import examples

ADDED = "A"
"""Statements whose id begins so were not in the brief."""
WAYS = {"rows": "by rows", "shown": "shown", "not computable": "not computable"}
"""How a statement can be accounted for, as the report begins to say it."""
FEW = 8
"""How many names stand in a line before the rest are only counted."""
FIGURE = 37
"""The column at which the figures begin."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. `static` and `run` are None when the pages cannot be read."""

    problems: tuple[Problem, ...]
    static: static.Report | None
    run: examples.Run | None
    profiles: tuple[str, ...]
    version: str
    seconds: float

    @property
    def good(self) -> bool:
        """Nothing is to be mended."""
        return not self.problems

    def to_text(self, width: int = 80) -> str:
        """The report in lines of a width, problems last."""
        return "\n".join(folded for line in _text(self) for folded in _fold(line, width))


def run(folder: str | PathLike[str] | None = None) -> CheckReport:
    """Read the pages of a folder (or our own) as they are before any profile, run their examples, report."""
    started = perf_counter()
    home = Path(folder) if folder is not None else found_folder()
    try:
        guideline = read_base(home)
    except GuidelineError as error:
        return CheckReport(error.problems, None, None, (), "", perf_counter() - started)
    report = static.report(guideline, home)
    ran = examples.run(guideline)
    problems = (*report.problems, *ran.problems, *_unheld(ran, report))
    seconds = perf_counter() - started
    return CheckReport(problems, report, ran, tuple(guideline.profiles), guideline.version, seconds)


def _unheld(ran: examples.Run, report: static.Report) -> Iterator[Problem]:
    """Rows for which no example would notice another output, beyond those the report names already."""
    named = {row for row, _ in report.bare_rows}
    for row in (*ran.unheld, *ran.unswapped):
        if row.id not in named:
            yield Problem(
                f"{row.place} row {row.id}",
                "the row holds in no example beside its output, so nobody would notice another output",
                "Add a line to its Examples in which it holds, and write its output after it.",
            )


def _text(report: CheckReport) -> Iterator[str]:
    if report.static is not None and report.run is not None:
        yield from _figures(report, report.static, report.run)
    if many := len(report.problems):
        yield f"{many} problem{'s' if many > 1 else ''}"
        yield from (f"  {problem}" for problem in report.problems)
    else:
        yield f"Nothing to mend. {report.seconds:.2f} s"


def _figures(report: CheckReport, found: static.Report, ran: examples.Run) -> Iterator[str]:
    yield f"Guideline {report.version}, profiles {', '.join(report.profiles)}"
    for letter in found.numbered:
        done, expected = found.accounted(letter)
        what = "statements added, accounted for" if letter == ADDED else "statements accounted for"
        ways = [account.how for account in found.accounts if account.statement.startswith(letter)]
        by = ", ".join(f"{sum(how.startswith(way) for how in ways)} {named}" for way, named in WAYS.items())
        yield _line(what, f"{done} of {expected}: {by}")
    yield _line("tables, rows", f"{found.tables}, {found.rows}")
    yield _line(
        "examples run, rows they hold", f"{ran.count}, {found.rows - len(ran.unheld)} of {found.rows}"
    )
    yield _line("inferred", _some(found.inferred))
    yield _line("unverified", _some(found.unverified))
    yield _line("sources nobody cites", _some(found.orphans))
    yield _line("findings no table reads", _some(found.unread))
    yield _line("tables no verdict rests on", _some(found.idle))
    yield _line("parameters nobody names", _some(found.unused))
    for account in found.accounts:
        if account.how.startswith("not computable"):
            yield _line(account.statement, account.how)
    yield _line("lock", "stale: run `corrin lock`" if found.stale else "fresh")


def _line(what: str, value: str) -> str:
    return f"  {what:{FIGURE - 3}} {value}"


def _fold(line: str, width: int) -> list[str]:
    """A line within the width, what goes on standing under where its value began."""
    under = " " * (FIGURE if width >= 2 * FIGURE and len(line) > FIGURE and line[FIGURE - 1] == " " else 4)
    return wrap(line, width, subsequent_indent=under, break_on_hyphens=False) or [line]


def _some(names: tuple[str, ...]) -> str:
    """How many, and the first few by name."""
    if not names:
        return "0"
    more = " ..." if len(names) > FEW else ""
    return f"{len(names)}: {', '.join(names[:FEW])}{more}"
