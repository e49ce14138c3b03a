"""The commands for whole populations; each stands in a module of its own."""

import typer

from corrin.cli.population.compare import compare
from corrin.cli.population.download import download
from corrin.cli.population.printing import sql
from corrin.cli.population.screen import screen
from corrin.cli.population.synth import synth

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add each command to the command line."""
    app.command()(compare)
    app.command()(screen)
    app.command()(sql)
    app.command()(synth)
    app.command()(download)
