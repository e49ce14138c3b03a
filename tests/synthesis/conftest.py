"""Made-up populations, written once for all tests, and read back by the intake of each format."""

import csv
from functools import cache
from pathlib import Path

import pytest

from corrin import findings, guideline, intake, synthesis
from corrin.intake import omop
from corrin.synthesis import shares

ENOUGH = 900
"""Patients: those for every row and edge, and a few hundred ordinary ones."""
SEED = 11


def write(out: Path, **order):
    asked = {"patients": ENOUGH, "seed": SEED, "out": out, "size": 0, "processes": 1} | order
    return synthesis.synthesise(synthesis.Order(**asked), guideline.load())


@cache
def records(folder: Path, form: str):
    """Every patient of a folder by the id the truth has, read by the intake of the format."""
    wanted = findings.codes(guideline.load())
    if form == "omop":
        return {record.patient.id: record for record in omop.read(folder, wanted)}
    if form == "csv":
        read = intake.read((folder / "patients.csv").read_bytes(), "patients.csv", wanted)
        return {record.patient.id: record for record in read}
    lines = b"".join(path.read_bytes() for path in sorted(folder.glob("*.ndjson")))
    return {record.patient.id: record for record in intake.read(lines, "export", wanted)}


@cache
def derived(folder: Path, form: str):
    """The findings row of every patient."""
    laid = guideline.load()
    as_of = shares.read(laid).as_of
    return {name: findings.derive(one, laid, as_of).row for name, one in records(folder, form).items()}


@cache
def truth(folder: Path):
    with (folder / "truth" / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {row["patient"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def populations(tmp_path_factory):
    """The folder and the coverage of a population in each format."""
    root = tmp_path_factory.mktemp("populations")
    return {form: (root / form, write(root / form, form=form)[1]) for form in synthesis.FORMS}


@pytest.fixture(scope="session", params=list(synthesis.FORMS))
def population(request, populations):
    """One format after the other: its name, its folder, its coverage."""
    return request.param, *populations[request.param]
