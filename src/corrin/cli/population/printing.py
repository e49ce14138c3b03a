"""`corrin sql`: the statements from facts to verdicts, for a warehouse that has the facts."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def sql(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    dialect: Annotated[
        str,
        typer.Option(
            help="duckdb, spark, databricks, postgres, bigquery, snowflake or trino.", metavar="NAME"
        ),
    ],
    begin: Annotated[
        str, typer.Option("--from", help="facts, findings, or verdicts.", metavar="TABLE")
    ] = "facts",
    end: Annotated[
        str, typer.Option("--to", help="findings, verdicts, or worklist.", metavar="TABLE")
    ] = "verdicts",
    schema: Annotated[str, typer.Option(help="Where the tables stand.", metavar="NAME")] = "",
    profile: Annotated[str, typer.Option(help="Whose regimen and limits.")] = "uk",
    site: Annotated[
        Path | None, typer.Option(help="A site's own limits and codes (TOML).", metavar="FILE")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day of the people's answers, for a worklist.", metavar="DATE")
    ] = None,
    *,
    select: Annotated[bool, typer.Option("--select", help="The last step alone, as a SELECT.")] = False,
    tables: Annotated[bool, typer.Option("--tables", help="The empty tables that are read.")] = False,
) -> None:
    """Print the rules as SQL, from facts to verdicts, to run inside a warehouse."""
    from corrin import api, guideline  # noqa: PLC0415 - so that --help is quick
    from corrin.population import warehouse  # noqa: PLC0415

    order = warehouse.Order(dialect, begin, end, schema, api.day(as_of) if as_of else None)
    if tables:
        sys.stdout.write(warehouse.tables(order))
        return
    write = warehouse.query if select else warehouse.script
    sys.stdout.write(write(guideline.load(profile, site), order))
