"""The command that serves: it reads the configuration, hands over the clock, and runs until it is stopped."""

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from corrin.cli.console import console


def serve(
    config: Annotated[Path | None, typer.Option(help="How to serve (TOML).", metavar="FILE")] = None,
    host: Annotated[str | None, typer.Option(help="Listen here; else 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Listen on this port; else 8000.")] = None,
    profile: Annotated[str | None, typer.Option(help="Whose regimen and limits; else uk.")] = None,
    site: Annotated[Path | None, typer.Option(help="A site's own limits and codes.", metavar="FILE")] = None,
) -> None:
    """Serve the page, JSON, CDS Hooks and FHIR; on this machine only, unless configured."""
    from corrin.service import config as configuration  # noqa: PLC0415 - so that --help is quick
    from corrin.service import serve as serving  # noqa: PLC0415

    read = configuration.read(config, os.environ)
    server = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    rules = {key: value for key, value in (("profile", profile), ("site", site)) if value is not None}
    settled = replace(read, server=replace(read.server, **server), guideline=replace(read.guideline, **rules))
    configuration.check(settled, "command line")
    said = f"Corrin at {settled.base_url} ({settled.reach}). Ctrl+C stops it."
    serving.run(settled, date.today, time.time, begun=lambda: console().print(said, highlight=False))
