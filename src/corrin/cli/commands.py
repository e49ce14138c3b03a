"""The commands: check, lock, prove, assess, explain."""

import sys
from datetime import date
from enum import StrEnum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import corrin
from corrin.cli.console import complain, console, counting, paint, width
from corrin.cli.exits import DONE, FOUND, INPUT, MEANING
from corrin.cli.population import register
from corrin.cli.population.screen import Complete
from corrin.cli.serving import serve
from corrin.errors import InputError

if TYPE_CHECKING:
    from corrin.answers import Answer

STANDARD_INPUT = "-"
CERTIFICATE = Path("build/certificate.json")
EXITS = "\n\n".join(f"{code}  {meaning}" for code, meaning in MEANING.items())

app = typer.Typer(
    help="Could weak legs be vitamin B12 deficiency, and what now? One guideline, read and run.",
    epilog=f"Exit codes:\n\n{EXITS}\n\nCorrin supports clinicians; it has not been validated clinically.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How an answer is said: for a clinician, or one JSON object a line."""

    TEXT = auto()
    JSON = auto()


def _profiles() -> list[str]:
    from corrin import guideline  # noqa: PLC0415 - only the shell's completion asks

    return list(guideline.load().profiles)


Profile = Annotated[str, typer.Option(help="Whose regimen and limits.", autocompletion=_profiles)]
Site = Annotated[Path | None, typer.Option(help="A site's own limits and codes (TOML).", metavar="FILE")]


app.command()(serve)
register(app)


@app.callback(invoke_without_command=True)
def start(
    *, version: Annotated[bool, typer.Option("--version", help="Print the versions and stop.")] = False
) -> None:
    """Could weak legs be vitamin B12 deficiency, and what now? One guideline, read and run."""
    if version:
        from corrin import guideline  # noqa: PLC0415 - only --version asks

        loaded = guideline.load()
        console().print(f"corrin {corrin.__version__}, guideline {loaded.version} {loaded.hash[:12]}")
        raise typer.Exit(DONE)


@app.command()
def check() -> None:
    """Read the pages, run their examples, and report what is accounted for."""
    from corrin.verification import check as checking  # noqa: PLC0415 - reads pages

    report = checking.run()
    to = console()
    to.print(report.to_text(width(to)))
    raise typer.Exit(DONE if report.good else FOUND)


@app.command()
def lock() -> None:
    """Write the lock, and the schema of answers, anew after a page or a dictionary was changed."""
    from corrin import guideline  # noqa: PLC0415 - reads pages
    from corrin.answers import schema  # noqa: PLC0415

    path = guideline.lock.write()
    locked = guideline.load()
    console().print(f"Wrote {path.name} and {schema.write(locked).name}: guideline {locked.hash[:12]}")


@app.command()
def prove(
    profile: Annotated[str | None, typer.Option(help="One profile; without it, all of them.")] = None,
    fault: Annotated[
        Path | None, typer.Option(help="Plant the fault of this file, and see what notices.", metavar="FILE")
    ] = None,
    site: Site = None,
) -> None:
    """Prove the locked guideline, and write build/certificate.json."""
    from corrin.verification import prove as proving  # noqa: PLC0415 - loads the solver

    with counting("Proving") as heard:
        certificate = proving.run(profile, site=site, fault=fault, heard=heard)
    console().print(certificate.to_text())
    if fault is None:
        console().print(f"Wrote {certificate.write(CERTIFICATE)}")
    raise typer.Exit(DONE if certificate.good else FOUND)


@app.command()
def assess(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    files: Annotated[
        list[Path],
        typer.Argument(help="FHIR JSON, NDJSON, a case file or CSV; - is standard input.", allow_dash=True),
    ],
    as_of: Annotated[
        str | None,
        typer.Option(help="The day of the answer; else the case file's, else today.", metavar="DATE"),
    ] = None,
    profile: Profile = "uk",
    site: Site = None,
    form: Annotated[Format, typer.Option("--format", help="For a person, or for a program.")] = Format.TEXT,
    complete: Complete = None,
) -> None:
    """Say what the guideline says of each patient in these files."""
    from corrin import api, findings, intake  # noqa: PLC0415 - so that --help is quick
    from corrin.intake import declared  # noqa: PLC0415

    laid = api.desk(profile, site)
    wanted = findings.codes(laid.guideline)
    given, parts = api.day(as_of) if as_of else None, declared.parts(complete or ())
    today = date.today()  # noqa: DTZ011 - the calendar on the wall, here and nowhere else
    saying = Saying(form)
    unread = False
    for file in files:
        source, where = _source(file)
        try:
            for record in intake.read(source, where, wanted, parts):
                day = given or api.day(record.as_of or today)
                saying.say(api.answer(record, laid, day, present=not (given or record.as_of)))
        except InputError as error:
            complain(error.problems)
            unread = True
    raise typer.Exit(INPUT if unread else DONE)


@app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(
            help="A row (B1), or a statement, finding, verdict, table, parameter, source or difference."
        ),
    ],
    profile: Profile = "uk",
    site: Site = None,
) -> None:
    """Show where something stands, why, on what source, and whether it is proved."""
    from corrin import guideline  # noqa: PLC0415 - so that --help is quick
    from corrin.cli import explaining  # noqa: PLC0415

    to = console()
    paint(to, explaining.lines(guideline.load(profile, site), name, CERTIFICATE, width(to)))


def _source(file: Path) -> tuple[bytes | Path, str]:
    if str(file) == STANDARD_INPUT:
        return sys.stdin.buffer.read(), "standard input"
    return file, str(file)


class Saying:
    """Answers one after the other, as text with a line between them or as JSON without."""

    def __init__(self, form: Format) -> None:
        self._form = form
        self._to = console()
        self._first = True

    def say(self, answer: "Answer") -> None:
        """One answer on standard output."""
        if self._form is Format.JSON:
            sys.stdout.write(answer.to_json() + "\n")
            return
        if not self._first:
            paint(self._to, [("plain", ""), ("heading", "═" * width(self._to)), ("plain", "")])
        paint(self._to, answer.lines(width(self._to)))
        self._first = False
