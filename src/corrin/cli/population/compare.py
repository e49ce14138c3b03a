"""`corrin compare`: two runs of one population side by side."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from corrin.cli.console import console, paint, width
from corrin.cli.exits import DONE

FORMATS = ("text", "json")


def compare(
    first: Annotated[Path, typer.Argument(help="A folder that `corrin screen` wrote.", metavar="A")],
    second: Annotated[Path, typer.Argument(help="Another, of the same people.", metavar="B")],
    out: Annotated[
        Path | None,
        typer.Option(help="List who changes, one line a change (.csv or .parquet).", metavar="FILE"),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Say who changes class from one screening to another, and which tests follow.

    Screen one export twice, with two profiles, a site's file or two versions of the guideline, and see what a
    change would do before it is made.
    """
    from corrin import guideline  # noqa: PLC0415 - so that --help is quick
    from corrin.population import comparing, dictionary  # noqa: PLC0415
    from corrin.population.comparing import saying  # noqa: PLC0415

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is neither of {', '.join(FORMATS)}.", param_hint="--format")
    rules = guideline.load()
    found = comparing.compare(first, second, rules, out)
    names = (str(first), str(second))
    if form == "json":
        sys.stdout.write(json.dumps(saying.to_dict(found, names), ensure_ascii=False, indent=1) + "\n")
    else:
        labels = {gap.id: gap.label for gap in dictionary.read(rules).gaps}
        to = console()
        paint(to, saying.lines(found, names, labels, width(to)))
    if out is not None:
        console(sys.stderr).print(f"Wrote {out}: it names patients.")
    raise typer.Exit(DONE)
