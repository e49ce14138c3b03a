"""Measure, and print a table: each figure, its aim, and the ratio to something plain measured in the same run.

Speed is measured here and asserted nowhere.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks import page, service
from benchmarks.bundles import AS_OF, bundle
from benchmarks.rows import random_rows
from rich.console import Console
from rich.table import Table
from tests.burden.charts import charts

import corrin
from corrin import findings, guideline, intake
from corrin.readings.python import Reader

PATIENTS = Path(__file__).parent.parent / "tests" / "patients"


class Figure(NamedTuple):
    """One line of the table; `ratio` is this figure over the plain thing named beside it."""

    what: str
    measured: str
    aim: str
    ratio: str


def median(run: Callable[[int], object], times: int) -> float:
    """Median seconds of a call, which is told its number so that it need not repeat itself."""
    taken: list[float] = []
    for number in range(times):
        begun = time.perf_counter()
        run(number)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def decide() -> list[Figure]:
    """A findings row to every verdict: of people as records describe them, and of random dense rows never met before."""
    model = guideline.load()
    day = date.fromisoformat(AS_OF)
    ordinary = [intake.read(chart)[0] for _, chart in charts(300)]
    cases = [intake.read(path)[0] for path in sorted(PATIENTS.glob("*/patient.json"))]
    people = [findings.derive(record, model, day).row for record in (cases * 10 + ordinary)]
    dense = random_rows(model, 4000, seed=7)
    figures: list[Figure] = []
    for name, rows in (("a patient's row", people), ("a random dense row", dense)):
        reader = Reader(model)
        slots = [reader.entered(row) for row in rows]
        plain = median(lambda n, rows=rows: dict(rows[n % len(rows)]), 4000)
        columns = median(
            lambda n, slots=slots, reader=reader: reader.read(slots[n % len(slots)].copy()), 4000
        )
        traced = median(lambda n, rows=rows, reader=reader: reader.decide(rows[n % len(rows)]), 4000)
        figures += [
            Figure(
                f"decide, {name}",
                f"{columns * 1e6:.0f} us",
                "50 us",
                f"{columns / plain:.0f} x copying the row",
            ),
            Figure(
                "    with the full trace",
                f"{traced * 1e6:.0f} us",
                "100 us",
                f"{traced / plain:.0f} x copying the row",
            ),
        ]
    return figures


def one_patient() -> list[Figure]:
    """A Bundle's bytes to the answer, beside parsing the same bytes with the standard library."""
    figures: list[Figure] = []
    kinds = (
        (100_000, True, "3 ms", 200),
        (1_000_000, True, "30 ms", 40),
        (100_000, False, "3 ms", 200),
        (1_000_000, False, "30 ms", 40),
    )
    for size, whole, aim, times in kinds:
        data = bundle(size, whole=whole)
        kind = "whole export" if whole else "results only"
        corrin.assess(data, as_of=AS_OF)
        taken = median(lambda _, data=data: corrin.assess(data, as_of=AS_OF), times)
        parsed = median(lambda _, data=data: json.loads(data), times)
        record = intake.read(data)[0]
        model = guideline.load()
        door = median(lambda _, data=data: intake.read(data), times)
        derived = median(
            lambda _, record=record, model=model: findings.derive(record, model, date.fromisoformat(AS_OF)),
            times,
        )
        figures += [
            Figure(
                f"{len(data) // 1000} KB Bundle to answer, {kind}",
                f"{taken * 1e3:.1f} ms",
                aim,
                f"{taken / parsed:.1f} x json.loads",
            ),
            Figure(
                "    of which bytes to record",
                f"{door * 1e3:.2f} ms",
                "",
                f"{door / parsed:.1f} x json.loads",
            ),
            Figure(
                "    of which record to findings",
                f"{derived * 1e3:.2f} ms",
                "",
                f"{derived / parsed:.1f} x json.loads",
            ),
        ]
    data = bundle(100_000)
    answer = corrin.assess(data, as_of=AS_OF)
    begun = time.perf_counter()
    answer.to_json()
    figures.append(
        Figure(
            "an answer as JSON, with what would change it",
            f"{(time.perf_counter() - begun) * 1e3:.0f} ms",
            "",
            "",
        )
    )
    return figures


POPULATION = """
import resource, sys, time
import duckdb
from benchmarks.rows import fill, raw
from corrin import guideline
from corrin.readings import sql

model = guideline.load()
with duckdb.connect() as base:
    base.execute("SET threads = 2; SET preserve_insertion_order = false; SET memory_limit = '800MB'")
    fill(base, model, int(sys.argv[1]))
    names = [n for c in raw(model) for n in ([c.id] if c.kind == "words" else [c.id + "_low", c.id + "_high"])]
    begun = time.perf_counter()
    base.execute("SELECT " + ", ".join("count(" + name + ")" for name in names) + " FROM findings").fetchall()
    scanned = time.perf_counter() - begun
    wanted = [c for v in model.verdicts.values() for c in v.columns]
    wanted += [model.table(t).flag(o) for v in model.verdicts.values() for t in v.tables for o in model.table(t).outputs]
    columns = sorted(set(wanted))
    counts = ", ".join("count(" + chr(34) + column + chr(34) + ")" for column in columns)
    begun = time.perf_counter()
    base.execute("SELECT " + counts + " FROM (" + sql.select(model, columns=columns) + ")").fetchall()
    print(time.perf_counter() - begun, scanned, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(columns))
"""


def population(number: int = 1_000_000) -> list[Figure]:
    """Findings rows to all verdicts in DuckDB, in a process of its own so that its memory can be seen."""
    run = subprocess.run(
        [sys.executable, "-c", POPULATION, str(number)], capture_output=True, text=True, check=True
    )
    taken, scanned, memory, columns = (float(part) for part in run.stdout.split())
    return [
        Figure(
            f"SQL, {number:,} patients, all verdicts ({columns:.0f} columns)",
            f"{number / taken:,.0f} a second",
            "400,000 a second",
            f"{taken / scanned:.1f} x counting every input",
        ),
        Figure("    peak memory", f"{memory / 1024:.0f} MB", "1,000 MB", ""),
    ]


def commands() -> list[Figure]:
    """The command line as it is called, beside an interpreter that starts and stops."""
    idle = median(lambda _: subprocess.run([sys.executable, "-c", "pass"], check=True), 5)
    figures: list[Figure] = []
    for words, aim in ((["check"], "1 s"), (["prove", "--profile", "uk"], "120 s")):
        taken = median(
            lambda _, words=words: subprocess.run(
                [sys.executable, "-m", "corrin", *words], check=False, capture_output=True
            ),
            1,
        )
        figures.append(
            Figure(
                f"corrin {' '.join(words)}", f"{taken:.1f} s", aim, f"{taken / idle:.0f} x starting Python"
            )
        )
    return figures


def main() -> None:
    """Every figure, one table."""
    table = Table("what", "measured", "aim", "ratio, in this run", title="Corrin, two cores")
    for part in (decide, one_patient, population, commands, service.measure, page.measure):
        for figure in part():
            table.add_row(*figure)
    Console(width=110).print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"This process peaked at {peak:.0f} MB. Python {sys.version.split()[0]}.")


if __name__ == "__main__":
    main()
