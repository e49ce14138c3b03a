"""The command that makes up a population: it writes a folder and says what is in it."""

from pathlib import Path
from typing import Annotated

import typer

from corrin.cli.console import console, counting, tell
from corrin.cli.population.screen import Complete

DENSITY = 250_000
"""Bytes of a patient unless said otherwise."""
MB = 1e6


def synth(  # noqa: PLR0913 - the options of a command
    patients: Annotated[int, typer.Option(help="How many patients.", metavar="N")],
    out: Annotated[Path, typer.Option(help="A new folder, or an empty one.", metavar="DIR")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    form: Annotated[str, typer.Option("--format", help="fhir, omop or csv.")] = "fhir",
    size: Annotated[
        int, typer.Option("--bytes-per-patient", help="How much of a FHIR export a patient fills.")
    ] = DENSITY,
    *,
    lean: Annotated[bool, typer.Option("--lean", help="Leave out what this guideline never reads.")] = False,
    references: Annotated[str, typer.Option(help="relative, absolute or urn.")] = "relative",
    profile: Annotated[str, typer.Option(help="Whose limits.")] = "uk",
    site: Annotated[
        Path | None, typer.Option(help="A site's own limits and codes (TOML).", metavar="FILE")
    ] = None,
    complete: Complete = None,
) -> None:
    """Make up a population to try Corrin on, with the truth beside it."""
    from corrin import guideline, synthesis  # noqa: PLC0415 - so that --help is quick
    from corrin.intake import declared  # noqa: PLC0415

    parts = declared.parts(complete or ())
    order = synthesis.Order(patients, seed, out, form, 0 if lean else size, references, complete=parts)
    order.check()
    laid = guideline.load(profile=profile, site=site)
    with counting("Making up, in blocks") as heard:
        written, coverage = synthesis.synthesise(order, laid, heard)
    lines, size = sum(written.lines.values()), sum(written.bytes.values())
    to = console()
    tell(
        to,
        f"Wrote {patients:,} patients to {out}: {lines:,} lines, {size / MB:,.1f} MB. Nobody in it exists.",
    )
    for line in coverage.lines():
        tell(to, line)
    tell(
        to,
        f"What was meant: {out / 'truth' / 'truth.csv'}; what is covered: {out / 'truth' / 'coverage.json'}.",
    )
