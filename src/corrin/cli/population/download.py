"""The command that brings a FHIR server's bulk export home."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from corrin.cli.console import console, counting, tell

if TYPE_CHECKING:
    from corrin.service import bulk

MB = 1e6


def download(  # noqa: PLR0913, PLR0917 - the options of a command
    url: Annotated[
        str, typer.Argument(help="The FHIR server, or the address of its $export.", metavar="URL")
    ],
    out: Annotated[Path, typer.Option(help="A new folder, or an empty one.", metavar="DIR")],
    group: Annotated[str | None, typer.Option(help="Only this Group.", metavar="ID")] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="Only this resource type; more than once.", metavar="TYPE"),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only what changed since this day or instant.", metavar="TIME")
    ] = None,
    auth: Annotated[
        Path | None,
        typer.Option(help="Who this client is: client_id and private_key_file (TOML).", metavar="FILE"),
    ] = None,
) -> None:
    """Bring the bulk export of a FHIR server home; run again, it carries on where it broke off."""
    from corrin.service import bulk  # noqa: PLC0415 - so that --help is quick

    order = bulk.Order(url, out, group, tuple(types or ()), since)
    order.check()
    credentials = bulk.read_credentials(auth) if auth else None
    world = bulk.World(time.sleep, time.monotonic, lambda: datetime.now(UTC).timestamp())
    with counting("Downloading") as heard:
        report = bulk.download(order, world, credentials, heard=heard)
    _say(console(), out, report)


def _say(to: Console, out: Path, report: "bulk.Report") -> None:
    """What came home, and what did not."""
    tell(
        to,
        f"Wrote {out}: {report.lines:,} resources in {len(report.files)} files, {report.size / MB:,.1f} MB,"
        f" as of {report.transaction_time}.",
    )
    inside = out / ".export"
    if report.errors:
        tell(
            to,
            f"The server could not export everything: {report.errors:,}"
            f" {'message' if report.errors == 1 else 'messages'} in {out}, OperationOutcome."
            " No --complete holds for this export.",
        )
    if report.deleted:
        tell(to, f"Bundles of deleted resources lie in {inside}, {report.deleted:,}; they are not applied.")
    if report.unended:
        tell(to, "The server did not delete its copy of the export when it was asked to.")
