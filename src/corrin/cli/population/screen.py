"""The command that screens a population: it shows how far it is, and where everything was put."""

import os
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from corrin.cli.console import console, tell
from corrin.errors import Problem, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Generator

    from corrin.population.screening.reading import Heard, Order
    from corrin.population.screening.run import Screened

SPARK = "spark"
ENGINES = ("duckdb", SPARK)

BYTES = 10_000
"""A step that is faster than this a second counts bytes, not shares."""

Complete = Annotated[
    list[str] | None,
    typer.Option(
        "--complete",
        help="All of a kind is there: medicines, conditions ... Repeatable.",
        metavar="KIND",
    ),
]
"""Of such a kind, what is absent is absent."""

SAID = {
    "refused": ("result refused", "results refused"),
    "broken": ("line that cannot be read", "lines that cannot be read"),
    "unmapped": (
        "value under a code or column that nobody mapped",
        "values under codes or columns that nobody mapped",
    ),
    "of nobody": ("line that names no patient", "lines that name no patient"),
    "columns not read": ("column left out", "columns left out"),
}
"""What a person should know of the input, if there is any of it."""

LATER = (
    "patient with events after the day of the answer, which do not count",
    "patients with events after the day of the answer, which do not count",
)
BEHIND = (
    "record that was merged into another still holds events, which do not count for the other",
    "records that were merged into others still hold events, which do not count for the others",
)
ANOTHER = (
    "resource or element of another FHIR version, which is not read",
    "resources or elements of another FHIR version, which are not read",
)


def screen(  # noqa: PLR0913 - each is an option of the command line
    export: Annotated[str, typer.Argument(help="A FHIR bulk export, an OMOP CDM, a CSV or Parquet file.")],
    *,
    out: Annotated[
        Path, typer.Option(help="Where to write: a new folder, or an earlier run's.", metavar="DIR")
    ],
    as_of: Annotated[str | None, typer.Option(help="Day of the answer; else today.", metavar="DATE")] = None,
    profile: Annotated[str, typer.Option(help="Whose regimen and limits.")] = "uk",
    site: Annotated[Path | None, typer.Option(help="A site's own limits and codes.", metavar="FILE")] = None,
    form: Annotated[str | None, typer.Option("--format", help="fhir, omop, table; else by content.")] = None,
    names: Annotated[
        Path | None, typer.Option("--map", help="A site's own concepts or columns.", metavar="FILE")
    ] = None,
    below: Annotated[int | None, typer.Option(min=0, help="Hide numbers smaller than this.")] = None,
    identifiers: Annotated[bool, typer.Option("--identifiers", help="Name patients in the report.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; else one a core.")] = None,
    full_parse: Annotated[
        bool, typer.Option("--full-parse", help="Read every line, and search none.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at a line that cannot be read.")] = False,
    engine: Annotated[str, typer.Option(help="duckdb, on this machine; or spark.")] = ENGINES[0],
    master: Annotated[
        str | None, typer.Option(help="Where Spark runs; else as spark-submit says.", metavar="URL")
    ] = None,
    complete: Complete = None,
) -> None:
    """Screen a population: a worklist ranked by harm, with the state of every care gap."""
    from corrin import api  # noqa: PLC0415 - so that --help is quick
    from corrin.intake import declared  # noqa: PLC0415
    from corrin.population import screening  # noqa: PLC0415

    day = api.day(as_of) if as_of else date.today()  # noqa: DTZ011 - the calendar on the wall
    many = jobs or os.cpu_count() or 1
    order = screening.Order(
        *(export, out, day, profile, site, many, full_parse, strict, form, names, below, identifiers),
        complete=declared.parts(complete or ()),
        present=as_of is None,
    )
    with progress() as heard:
        say(console(), _screened(order, engine, master, heard))


def _screened(order: "Order", engine: str, master: str | None, heard: "Heard") -> "Screened":
    """The order carried out here, or on a cluster.

    Errors: a `UsageError` for an engine that there is not, and for what it does not read.
    """
    from corrin.population import screening, spark  # noqa: PLC0415 - so that --help is quick

    if engine not in ENGINES:
        raise UsageError(Problem(f"--engine {engine}", "not known here", did_you_mean(engine, ENGINES)))
    if engine != SPARK:
        return screening.screen(order, heard)
    if order.form not in (None, "fhir"):
        mend = "Leave --engine out: OMOP and tables are read on this machine."
        raise UsageError(Problem(f"--format {order.form}", "is not read on Spark", mend))
    return spark.screen(order, master, heard)


@contextmanager
def progress() -> "Generator[Heard]":
    """A bar for each step on standard error, with rate and time left; silent where there is no terminal."""
    to = console(sys.stderr)
    if not to.is_terminal:
        yield lambda _step, _done, _all: None
        return
    columns = (
        TextColumn("{task.description:9}"),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f}% {task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=to) as bar:
        tasks: dict[str, TaskID] = {}

        def heard(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total, rate="")
            bar.update(tasks[step], completed=done, total=total, rate=_rate(bar, tasks[step]))

        yield heard


def _rate(bar: Progress, task: TaskID) -> str:
    """How many bytes a second, where bytes are counted."""
    speed = next(each.finished_speed or each.speed for each in bar.tasks if each.id == task)
    return f"{speed / 1e6:,.0f} MB/s" if speed and speed > BYTES else ""


def say(to: Console, done: "Screened") -> None:
    """What came of it, and where it lies."""
    from corrin.intake.fhir.r4.decode import OTHER_VERSION  # noqa: PLC0415 - so that --help is quick
    from corrin.population.gathering import LEFT_BEHIND, TO_COME  # noqa: PLC0415

    people = "patient" if done.patients == 1 else "patients"
    tell(to, f"{done.patients:,} {people}, {done.listed:,} on the worklist.")
    for part in sorted(done.declared.holds):
        tell(to, f"The source declares: all {part} are here. What is absent of them counts as absent.")
    for part, why in sorted(done.declared.set_aside.items()):
        tell(to, f"That all {part} are here is set aside: {why}. Mend the export, or leave it undeclared.")
    said = [(done.tally.total(subject), words) for subject, words in SAID.items()]
    said.append((done.tally.total("patients", TO_COME), LATER))
    said.append((done.tally.total("patients", LEFT_BEHIND), BEHIND))
    said.append((done.tally.total("ignored", OTHER_VERSION), ANOTHER))
    for number, (one, many) in said:
        if number:
            tell(to, f"{number:,} {one if number == 1 else many}: see ingest.json.")
    to.print(f"The worklist: {done.out / 'worklist.csv'}")
    to.print(f"The report:   {done.out / 'report.html'}")
