"""Screening a population, on made-up exports of about 1, 2, 4 and 5 GB: each figure as a ratio in one run.

`cat` and `wc -l` over the same files are what it is compared with; processor time where another process may be
busy, wall time where a person waits. Files are read from the disk anew where the machine lets us forget them.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from corrin import guideline, synthesis

PATIENTS = (4_000, 8_000, 16_000, 20_000)
FOLDER = Path("build/bench")
AS_OF = "2026-11-22"
JOBS = 2

CUT = """
import sys
from datetime import date
from pathlib import Path
from corrin import findings, guideline
from corrin.intake.bulk import files
from corrin.population import dictionary
from corrin.population.extracting import cuts
from corrin.population.extracting.batches import batches

export, out, facts = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "facts"
rules = guideline.load()
wanted = cuts.Wanted(findings.codes(rules), dictionary.read(rules).watch)
named = [(part, cuts.name(part, wanted)) for part in files.find(export).parts]
seen = [one for some in batches(named) for one in cuts.cut(some, wanted, out)]
if facts:
    from corrin.population.extracting.patients import Room
    from corrin.population.gathering import Gatherer
    from corrin.population.screening import reading
    from corrin.population.screening.sources import Export

    room = Room("160MB", out)
    source = Export(reading.lines_of(seen, reading.counted(seen), out, room), room)
    gatherer = Gatherer(rules, date(2026, 11, 22), out, "0")
    for name, record in source.records((0, 1), rules, gatherer.tally):
        gatherer.take(record, name)
    gatherer.close()
"""
READ_JSON = """
import sys
import duckdb
from benchmarks.columns import FEW, read

base = duckdb.connect()
base.execute("SET threads = 1; SET preserve_insertion_order = false")
columns = FEW if sys.argv[2] == "few" else read()
counts = ", ".join(f'count("{name}")' for name in columns)
said = ", ".join(f"\\"{name}\\": '{kind}'" for name, kind in columns.items())
form = "format = 'newline_delimited', ignore_errors = true"
print(base.execute(f"SELECT {counts} FROM read_json('{sys.argv[1]}/*.ndjson', {form}, columns = {{{said}}})").fetchall())
"""
DECIDE = """
import sys, time
import duckdb
from benchmarks.rows import fill
from corrin import guideline
from corrin.population import statements

rules = guideline.load()
with duckdb.connect() as base:
    base.execute("SET threads = 2; SET preserve_insertion_order = false; SET memory_limit = '700MB'")
    fill(base, rules, int(sys.argv[1]))
    columns = ", ".join(f'count("{name}")' for name in statements.columns(rules))
    begun = time.perf_counter()
    base.execute(f"SELECT {columns} FROM ({statements.verdicts(rules)})").fetchall()
    print(time.perf_counter() - begun)
"""


class Cost(NamedTuple):
    """What a command took: seconds of wall and of processor, and the megabytes of its largest process."""

    wall: float
    work: float
    memory: float


def run(*command: str, shell: bool = False) -> tuple[Cost, str]:
    """Run a command in a process of its own and see what it and its children took."""
    code = "import resource, subprocess, sys, time, json; b = time.perf_counter(); r = subprocess.run(json.loads(sys.argv[1]), shell=sys.argv[2] == '1', capture_output=True, text=True); u = resource.getrusage(resource.RUSAGE_CHILDREN); print(json.dumps([time.perf_counter() - b, u.ru_utime + u.ru_stime, u.ru_maxrss / 1024, r.returncode, r.stdout, r.stderr]))"
    given = json.dumps(command[0] if shell else list(command))
    told = subprocess.run(
        [sys.executable, "-c", code, given, str(int(shell))], check=True, capture_output=True, text=True
    )
    wall, work, memory, exited, out, error = json.loads(told.stdout)
    if exited:
        raise RuntimeError(f"{command}: {error[-2000:]}")
    return Cost(wall, work, memory), out


def forget() -> bool:
    """Let the system forget the files it keeps in memory; False where it does not let us."""
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3", "ascii")
    except OSError:
        return False
    return True


def best(do: Callable[[], Cost], times: int = 3) -> Cost:
    """The least of several runs, each measure by itself."""
    costs = [do() for _ in range(times)]
    return Cost(*(min(values) for values in zip(*costs, strict=True)))


def made(patients: int) -> Path:
    """A made-up export of so many patients, written once."""
    folder = FOLDER / str(patients)
    if not (folder / "Patient.ndjson").exists():
        shutil.rmtree(folder, ignore_errors=True)
        synthesis.synthesise(synthesis.Order(patients, 1, folder), guideline.load())
    return folder


def fresh() -> str:
    """An empty folder to write to."""
    out = FOLDER / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return str(out)


def screened(folder: Path, *, cold: bool) -> Cost:
    """The whole way from files to the worklist, numbers and report, with nothing kept from before."""
    out = fresh()
    if cold:
        forget()
    words = ("screen", str(folder), "--out", out, "--as-of", AS_OF, "--jobs", str(JOBS))
    return run(sys.executable, "-m", "corrin", *words)[0]


def cat(folder: Path, *, cold: bool) -> Cost:
    """Reading the same files and throwing them away."""
    if cold:
        forget()
    return run(f"cat {folder}/*.ndjson > /dev/null", shell=True)[0]  # noqa: S604 - a pattern of our own files


def size(folder: Path) -> float:
    """Gigabytes of an export."""
    return sum(path.stat().st_size for path in folder.glob("*.ndjson")) / 1e9


def smallest() -> str:
    """An export of one line: what a program does with it is its start."""
    folder = FOLDER / "smallest"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Patient.ndjson").write_text('{"resourceType":"Patient","id":"a"}\n', "utf-8")
    return str(folder)


def extraction(folder: Path, table: Table) -> None:
    """What finding and reading the lines that matter costs, beside counting lines and parsing everything."""
    lines = best(lambda: run(f"wc -l {folder}/*.ndjson", shell=True)[0], 5)  # noqa: S604 - a pattern of our own files
    found = best(lambda: run(sys.executable, "-c", CUT, str(folder), fresh(), "cut")[0])
    start = best(lambda: run(sys.executable, "-c", CUT, smallest(), fresh(), "cut")[0])
    facts = best(lambda: run(sys.executable, "-c", CUT, str(folder), fresh(), "facts")[0])
    few = run(sys.executable, "-c", READ_JSON, str(folder), "few")[0]
    read = run(sys.executable, "-c", READ_JSON, str(folder), "read")[0]
    table.add_row("wc -l, the least of five", f"{lines.work:.2f} s", "", "")
    for what, cost, aim in (
        ("search and cut out", found, "3.5 x"),
        ("    of it, the program's start", start, ""),
        ("    to settled facts", facts, ""),
        ("DuckDB read_json, twelve columns", few, ""),
        ("DuckDB read_json, the columns our reader reads", read, ""),
    ):
        table.add_row(what, f"{cost.work:.2f} s", aim, f"{cost.work / lines.work:.1f} x wc -l")
    for what, cost in (("search and cut out", found), ("to settled facts", facts)):
        ratio = f"{few.work / cost.work:.1f} x and {read.work / cost.work:.1f} x"
        table.add_row(f"read_json over {what}", "", "at least 3 x", ratio)


def whole(folders: list[Path], table: Table) -> None:
    """From files to the worklist at several sizes: wall time beside `cat`, memory, and how it grows."""
    kinds = [("from disk", True), ("in memory", False)] if forget() else [("in memory", False)]
    for folder in folders:
        for what, cold in kinds:
            plain = best(lambda folder=folder, cold=cold: cat(folder, cold=cold))
            cost = best(lambda folder=folder, cold=cold: screened(folder, cold=cold), 2)
            table.add_row(
                f"screen, {size(folder):.1f} GB {what}",
                f"{cost.wall:.1f} s, {cost.work:.1f} s of processor",
                "6 x",
                f"{cost.wall / plain.wall:.1f} x cat",
            )
            table.add_row("    largest process", f"{cost.memory:.0f} MB", "400 MB", "")


def rules(table: Table, number: int = 10_000_000) -> None:
    """Findings rows to verdicts: the rules alone."""
    cost, told = run(sys.executable, "-c", DECIDE, str(number))
    table.add_row(
        f"{number:,} findings rows to verdicts",
        f"{number / float(told):,.0f} a second",
        "400,000 a second",
        "",
    )
    table.add_row("    largest process", f"{cost.memory:.0f} MB", "1,000 MB", "")


def main() -> None:
    """Every figure, one table."""
    table = Table("what", "measured", "aim", "ratio, in this run", title=f"Screening, {JOBS} processes")
    folders = [made(patients) for patients in PATIENTS]
    extraction(folders[-1], table)
    whole(folders, table)
    rules(table)
    Console(width=110).print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.strftime('%Y-%m-%d')}, Python {sys.version.split()[0]}; this process {peak:.0f} MB.")


if __name__ == "__main__":
    main()
