"""The run on Spark: cut, bring together, settle, decide, write; each step kept where every machine reads.

An `Order` enters; a `Screened` leaves. Everything is made aside and named at the end: what Spark gives up
leaves nothing that looks finished.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from corrin import guideline
from corrin.errors import InputError, Problem, UsageError
from corrin.guideline.model import Guideline
from corrin.intake.bulk.blocks import Part
from corrin.intake.bulk.cutting import Broken
from corrin.intake.declared import parts as named
from corrin.population import worklist
from corrin.population.extracting.cuts import Seen
from corrin.population.screening import declaring, output, reading, run
from corrin.population.screening.reading import Heard, Order, silent
from corrin.population.screening.run import UNMAPPED, Clock, Read, Screened
from corrin.population.spark import deciding, joining, parts, places
from corrin.population.spark.parts import LINES, SETTLED, Piece, Settling
from corrin.population.spark.places import Files
from corrin.population.spark.session import REACH, UNREACHABLE, session
from corrin.population.statements import FACTS, PEOPLE
from corrin.population.tally import Tally

GLOB = "*.{ndjson,jsonl,json}{,.gz,.zst}"
SHARE = 1 << 25
"""Bytes of lines, as they are, that make one share of the patients."""
PATTERNS = set("*?[{")
MOST = 2_000
"""Shares at most."""


def screen(order: Order, master: str | None = None, heard: Heard = silent) -> Screened:
    """Screen a population on Spark.

    Errors: `UsageError` without Spark or Java, with a map of concepts or columns, and where something lies
    that no screening wrote; `InputError` for an export that cannot be reached, is damaged, or has no Patient;
    `CorrinError` when Spark gives up. Then nothing of what is handed over was written or changed.
    """
    clock = Clock()
    named(order.complete)
    if order.names is not None:
        raise UsageError(UNMAPPED)
    rules = guideline.load(order.profile, order.site)
    with session(master) as spark, ExitStack() as alone:
        files = Files(spark)
        work = _prepared(order.out, files, alone)
        clock.done("prepared")
        try:
            return _run(spark, files, order, rules, clock, (work, heard))
        except BaseException:
            files.remove(work)
            raise


def _prepared(out: Path, files: Files, alone: ExitStack) -> str:
    """The address at which everything is made.

    Errors: a `UsageError` where something lies that no screening wrote.
    """
    if PATTERNS & set(str(out if places.far(out) else out.resolve())):
        what = "or a folder above it has one of * ? [ { in its name, which Spark takes for a pattern"
        raise UsageError(Problem(str(out), what, "Name another folder."))
    if not places.far(out):
        return places.address(alone.enter_context(output.prepared(out)))
    where = places.address(out)
    if files.exists(where):
        raise UsageError(Problem(where, "is there already", "Name a new folder."))
    files.remove(f"{where}.partial")
    return f"{where}.partial"


def _run(  # noqa: PLR0913, PLR0917 - all that a run needs
    spark: Any,  # noqa: ANN401 - pyspark is loaded late
    files: Files,
    order: Order,
    rules: Guideline,
    clock: Clock,
    to: tuple[str, Heard],
) -> Screened:
    work, heard = to
    heard("reading", 0, 1)
    seen, at = _cut(spark, files, order, rules, work)
    reading.check(order, seen)
    tally = reading.counted(seen)
    clock.done("read")
    heard("settling", 0, 1)
    many = min(MOST, max(spark.sparkContext.defaultParallelism, sum(one.size for one in seen) // SHARE))
    lines = joining.joined(spark, many, tally)
    declared = declaring.of_lines(order.complete, order.export, seen, tally)
    settling = Settling(rules, order.as_of, at, declared.holds, order.present)
    tally.add(_settle(spark, settling, lines, work))
    clock.done("settled")
    heard("deciding", 0, 1)
    deciding.decide(spark, rules, order.as_of, f"{work}/tables", many)
    clock.done("decided")
    read = Read(seen, (), tally, declared)
    if places.far(order.out):
        return _named(spark, files, order, rules, read, clock)
    _brought(output.aside(order.out))
    return run.finish(order, rules, read, clock, heard)


def _cut(
    spark: Any,  # noqa: ANN401
    files: Files,
    order: Order,
    rules: Guideline,
    work: str,
) -> tuple[list[Seen], dict[Piece, tuple[str, int]]]:
    """The lines that matter, kept; what was seen of each piece of a file, and where each piece stands."""
    root = places.address(order.export)
    if not files.exists(root):
        raise InputError(Problem(root, UNREACHABLE, REACH))
    reader = spark.read.option("lineSep", "\n").option("recursiveFileLookup", "true")
    if not files.is_file(root):
        reader = reader.option("pathGlobFilter", GLOB)
    lines = reader.text(root).selectExpr(
        "CAST(value AS BINARY) AS raw", "_metadata.file_path AS file", "_metadata.file_block_start AS start"
    )
    sought = reading.wanted(order, rules)
    lines.mapInArrow(parts.cutter(sought), _columns(LINES)).write.parquet(f"{work}/lines")
    kept = spark.read.schema(_columns(LINES)).parquet(f"{work}/lines")
    kept.where("note IS NULL").createOrReplaceTempView("lines")
    notes = kept.where("note IS NOT NULL").select("file", "start", "note").collect()
    return _seen(notes, root)


def _seen(notes: Sequence[Any], root: str) -> tuple[list[Seen], dict[Piece, tuple[str, int]]]:
    seen: list[Seen] = []
    at: dict[Piece, tuple[str, int]] = {}
    before: dict[str, int] = {}
    for file, start, note in sorted(notes):
        name = places.name(file, root)
        one = _part(name, start, json.loads(note))
        at[file, start] = (name, before.get(name, 0))
        before[name] = before.get(name, 0) + one.lines
        seen.append(one)
    return sorted(seen, key=lambda one: (one.part.name, one.part.start)), at


def _part(name: str, start: int, note: Mapping[str, Any]) -> Seen:
    broken = tuple(Broken(number, reason, raw.encode()) for number, reason, raw in note["broken"])
    kept = sum(note["types"].values())
    part = Part(Path(name), name, start)
    told = (note["lines"], kept, 0, note.get("weight", 0), note["size"])
    return Seen(part, name, "", *told, broken, note["unmapped"], note["types"])


def _settle(spark: Any, settling: Settling, lines: Any, work: str) -> Tally:  # noqa: ANN401
    """Facts and people, kept and given names; what was counted."""
    settled = lines.mapInArrow(parts.settler(settling), _columns(SETTLED))
    settled.write.partitionBy("kind").parquet(f"{work}/settled")
    for kind, columns in ((parts.FACT, FACTS), (parts.PERSON, PEOPLE)):
        of_kind = spark.read.schema(_columns(SETTLED)).parquet(f"{work}/settled").where(f"kind = '{kind}'")
        of_kind.select(*columns).createOrReplaceTempView(f"settled_{kind}")
    told = spark.read.schema(_columns(SETTLED)).parquet(f"{work}/settled").where(f"kind = '{parts.COUNTED}'")
    whole = Tally()
    for (text,) in told.select("text").collect():
        whole.add(Tally.from_dict(json.loads(text)))
    return whole


def _brought(aside: Path) -> None:
    """Spark's files of each table as the shares of a screening; what led to them is gone."""
    for table in deciding.TABLES:
        for number, made in enumerate(sorted((aside / "tables" / table).glob("*.parquet"))):
            made.replace(aside / f"{table}-{number:04d}.parquet")
    for step in ("tables", "lines", "settled"):
        shutil.rmtree(aside / step)


def _named(  # noqa: PLR0913, PLR0917
    spark: Any,  # noqa: ANN401
    files: Files,
    order: Order,
    rules: Guideline,
    read: Read,
    clock: Clock,
) -> Screened:
    """Folders of Parquet, what became of the input, and the note, under the name that was asked for."""
    out = places.address(order.out)
    work, tables = f"{out}.partial", f"{out}.partial/tables"
    ranked = spark.sql(worklist.ordered("worklist")).persist()
    listed = ranked.where("gap IS NOT NULL OR refused_results > 0").count()
    written = output.Written(ranked.count(), listed)
    ranked.drop(*worklist.LEFT_OUT).orderBy("rank").write.parquet(f"{tables}/worklist.parquet")
    files.remove(f"{tables}/worklist")
    for table in output.TABLES:
        files.rename(f"{tables}/{table}", f"{tables}/{table}.parquet")
    files.write(f"{tables}/ingest.json", output.ingested(read))
    clock.done("written")
    told = replace(order, export=places.address(order.export))
    files.write(f"{tables}/{output.NOTE}", output.noted(told, rules, written, clock.seconds))
    if not files.rename(tables, out):
        raise UsageError(
            Problem(out, "could not be given its name", "Name a new folder, on one file system.")
        )
    files.remove(work)
    return Screened(order.out, written.patients, written.listed, read.tally, clock.seconds, read.declared)


def _columns(columns: Mapping[str, str]) -> str:
    """Columns and types as Spark is told them."""
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())
