"""A hundred thousand made-up patients, each told the same alone and in the crowd."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from tests.bulk.lines import GUIDELINE

from corrin import api, synthesis
from corrin.population import screening
from corrin.population.digest import Digest
from corrin.population.screening import Order

AS_OF = date(2026, 11, 22)
CROWD = 100_000
TOGETHER = 1_000
"""Patients that are read as one input when each is assessed alone: what the memory of a test holds."""

_PATIENT = re.compile(rb"synthetic-([0-9]+)")


def alone(export: Path) -> Digest:
    """What `assess` says of each patient, some at a time, read the plain way."""
    digest = Digest(GUIDELINE)
    for lines in blocks(export):
        for answer in api.assess_all(lines, AS_OF):
            digest.said(answer.findings.patient.id, answer.verdicts)
    return digest


def blocks(export: Path) -> Iterator[bytes]:
    """The lines of an export by patients, so many together; what others point to is in each of them."""
    found: dict[int, list[bytes]] = defaultdict(list)
    shared: list[bytes] = []
    for path in sorted(export.glob("*.ndjson")):
        with path.open("rb") as file:
            for line in file:
                match = _PATIENT.search(line)
                (found[int(match[1]) // TOGETHER] if match else shared).append(line)
    for lines in found.values():
        yield b"".join([*lines, *shared])


def crowd(out: Path) -> Digest:
    """What the tables of the screening say."""
    digest = Digest(GUIDELINE)
    with duckdb.connect() as base:
        rows = base.execute(
            f"SELECT v.*, p.died = 1 OR p.replaced_by IS NOT NULL AS ended FROM '{out}/verdicts.parquet' AS v"
            f" JOIN '{out}/people.parquet' AS p ON p.patient = v.patient"
        )
        names = [one[0] for one in rows.description]
        while many := rows.fetchmany(5_000):
            for each in many:
                row = dict(zip(names, each, strict=True))
                digest.row(row.pop("patient"), row, ended=row.pop("ended"))
    return digest


@pytest.mark.deep
def test_a_hundred_thousand_patients_are_told_the_same_alone_and_in_the_crowd(tmp_path):
    synthesis.synthesise(synthesis.Order(CROWD, 3, tmp_path / "in", "fhir", 0), GUIDELINE)
    screening.screen(Order(str(tmp_path / "in"), tmp_path / "out", AS_OF, jobs=2))
    together, one_by_one = crowd(tmp_path / "out"), alone(tmp_path / "in")
    assert one_by_one.patients == CROWD
    assert str(together) == str(one_by_one)
