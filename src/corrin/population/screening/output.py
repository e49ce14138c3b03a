"""The folder that is handed over: what may lie in it beforehand, what is written, and when it is named.

Everything is made in `.work/new` and moved at the end, the note of the run last: a folder without it was
never finished.
"""

import json
import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import corrin
from corrin.alone import alone
from corrin.errors import Problem, UsageError
from corrin.guideline.model import Guideline
from corrin.intake.bulk.cutting import Broken
from corrin.population import worklist
from corrin.population.extracting.cuts import Seen
from corrin.population.measures.folder import FORM
from corrin.population.parquet import quoted, table_of

if TYPE_CHECKING:
    from corrin.population.screening.reading import Order
    from corrin.population.screening.run import Read

NOTE = "screen.json"
WORK, CUTS, NEW, MADE = ".work", "cuts", "new", "made"
TABLES = ("people", "findings", "verdicts")
MEMORY = "300MB"
ROWS = 10_000
"""Rows that are written together: wide ones, each of which waits in memory until all are there."""
OWNER = 0o700
"""A folder that we make may be entered by its owner alone; one that was there stays as it is."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many patients there are, and how many are listed."""

    patients: int
    listed: int


@contextmanager
def prepared(out: Path) -> Generator[Path]:
    """The folder in which the shares are made, empty, and this run's alone.

    Errors: `UsageError` where something lies in `out` that no run of this kind put there, or another run is
    at work.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(Problem(str(out), "is a file", "Name a folder."))
    ours = (out / NOTE).exists() or (out / WORK).exists()
    if out.is_dir() and not ours and any(out.iterdir()):
        what = "is not empty, and no screening wrote it"
        raise UsageError(Problem(str(out), what, "Name an empty folder, or a new one."))
    out.parent.mkdir(parents=True, exist_ok=True)
    for private in (out, out / WORK, kept(out)):
        private.mkdir(mode=OWNER, exist_ok=True)
    with alone(out / WORK, out):
        shutil.rmtree(aside(out), ignore_errors=True)
        done(out).mkdir(parents=True)
        yield aside(out)


def kept(out: Path) -> Path:
    """Where the lines that were cut stay from one run to the next."""
    return out / WORK / CUTS


def aside(out: Path) -> Path:
    """Where a run makes what it hands over."""
    return out / WORK / NEW


def done(out: Path) -> Path:
    """Where lies what is handed over at the end."""
    return aside(out) / MADE


def broken(seen: Sequence[Seen]) -> Iterator[tuple[str, Broken]]:
    """Each line that cannot be read, and where it stands."""
    before: dict[str, int] = {}
    for one in seen:
        base = before.get(one.part.name, 0)
        before[one.part.name] = base + one.lines
        for line in one.broken:
            yield f"{one.part.name}: line {base + line.number}", line


def tables(out: Path, jobs: int) -> Written:
    """The tables of all shares as one each, and the worklist in its order."""
    import duckdb  # noqa: PLC0415 - whoever asks about one patient does not need it

    folder, made = aside(out), done(out)
    with duckdb.connect() as base:
        base.execute(
            f"SET threads = {jobs}; SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false"
        )
        base.execute(f"SET temp_directory = {quoted(folder / 'spill')}")
        for table in TABLES:
            parts = table_of(folder / f"{table}-*.parquet")
            _copy(base, f"SELECT * FROM {parts}", made / f"{table}.parquet")
        ranked = table_of(folder / "ranked.parquet")
        _copy(base, worklist.ordered(table_of(folder / "worklist-*.parquet")), folder / "ranked.parquet")
        shown = f"SELECT * EXCLUDE ({', '.join(worklist.LEFT_OUT)})"
        listed = f"FROM {ranked} WHERE gap IS NOT NULL OR refused_results > 0"
        safe = f"{shown} REPLACE ({', '.join(map(_cell, ('patient', 'site', 'reason')))})"
        _copy(base, f"{shown} FROM {ranked} ORDER BY rank", made / "worklist.parquet")
        _copy(base, f"{safe} {listed} ORDER BY rank", made / "worklist.csv")
        (patients,) = base.execute(f"SELECT COUNT(*) FROM {ranked}").fetchone() or (0,)
        (many,) = base.execute(f"SELECT COUNT(*) {listed}").fetchone() or (0,)
    return Written(patients, many)


def ingested(read: "Read") -> str:
    """What became of the input, file by file and reason by reason, as JSON."""
    seen = read.seen
    files: dict[str, dict[str, int]] = {}
    for one in seen:
        file = files.setdefault(one.part.name, dict.fromkeys(("bytes", "lines", "kept", "broken"), 0))
        numbers = (one.size, one.lines, one.kept, len(one.broken))
        for name, number in zip(file, numbers, strict=True):
            file[name] += number
    told = {
        "files": [{"file": name, **file} for name, file in files.items()],
        "not_read": list(read.others),
        "reused": sum(one.reused for one in seen),
        **({"declared": read.declared.to_dict()} if read.declared.parts else {}),
        **read.tally.to_dict(),
    }
    return _json(told)


def ingest(out: Path, read: "Read") -> None:
    """Write down what became of the input; lines that cannot be read are kept apart."""
    (done(out) / "ingest.json").write_text(ingested(read), "utf-8")
    lines = [
        json.dumps({"where": place, "reason": line.reason, "begins": line.raw.decode("utf-8", "replace")})
        for place, line in broken(read.seen)
    ]
    if lines:
        (done(out) / "broken.ndjson").write_text("\n".join(lines) + "\n", "utf-8")


def note(order: "Order", rules: Guideline, written: Written, seconds: Mapping[str, float]) -> None:
    """Write down what the run was."""
    (done(order.out) / NOTE).write_text(noted(order, rules, written, seconds), "utf-8")


def noted(order: "Order", rules: Guideline, written: Written, seconds: Mapping[str, float]) -> str:
    """What the run was, as JSON: enough to know whether another is of the same kind."""
    identity = {"version": rules.version, "hash": rules.hash, "profile": rules.profile, "site": rules.site}
    told = {
        "form": FORM,
        "corrin": corrin.__version__,
        "as_of": order.as_of.isoformat(),
        "guideline": identity,
        "inputs": [_called(order.export)],
        "whole": order.whole,
        "complete": sorted(order.complete),
        "patients": written.patients,
        "listed": written.listed,
        "seconds": dict(seconds),
    }
    return _json(told)


def hand_over(out: Path) -> None:
    """Give everything its name, the note last; what an earlier run left is replaced."""
    (out / NOTE).unlink(missing_ok=True)
    for left in out.iterdir():
        if left.is_file():
            left.unlink()
    for made in sorted(done(out).iterdir(), key=lambda each: each.name == NOTE):
        made.replace(out / made.name)
    shutil.rmtree(aside(out))


def _called(export: str) -> str:
    """What was screened, without the way to it or a password."""
    return export.rpartition("@")[2] if "://" in export else Path(export).name


def _copy(base: Any, statement: str, path: Path) -> None:  # noqa: ANN401 - DuckDB's connection
    form = (
        "FORMAT csv, HEADER"
        if path.suffix == ".csv"
        else f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS}"
    )
    base.execute(f"COPY ({statement}) TO {quoted(path)} ({form})")


def _cell(column: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return (
        f"CASE WHEN {column}[1] IN ('=', '+', '-', '@') THEN '''' || {column} ELSE {column} END AS {column}"
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
