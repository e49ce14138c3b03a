"""A population on Spark: the rows of DuckDB, whole or nothing, also when a worker dies."""

import os
import shutil
import signal
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from corrin import guideline, synthesis
from corrin.errors import InputError, UsageError
from corrin.population import screening, spark
from corrin.population.spark import places, run

AS_OF = date(2026, 11, 22)
MISSING = "needs Spark: run `make spark`, and install Java 17"
here = pytest.mark.skipif(find_spec("pyspark") is None or shutil.which("java") is None, reason=MISSING)
TABLES = ("people", "findings", "verdicts", "worklist")
QUIET = pytest.mark.filterwarnings("ignore::ResourceWarning")


def export(folder: Path, patients: int) -> Path:
    order = synthesis.Order(patients, 5, folder, "fhir", 0, "relative")
    order.check()
    synthesis.synthesise(order, guideline.load(), lambda _done: None)
    return folder


def ordered(source, out: Path, **more) -> screening.Order:
    return screening.Order(str(source), out, AS_OF, jobs=2, present=True, **more)


def same(one: Path, other: Path) -> None:
    """Every row of every table, and the columns and their types."""
    with duckdb.connect() as base:
        for table in TABLES:
            left, right = (
                f"SELECT * FROM read_parquet('{folder}/{table}.parquet')" for folder in (one, other)
            )
            columns = [base.execute(f"DESCRIBE {each}").fetchall() for each in (left, right)]
            assert columns[0] == columns[1], table
            assert base.execute(f"({left}) EXCEPT ALL ({right})").fetchone() is None, table
            assert base.execute(f"({right}) EXCEPT ALL ({left})").fetchone() is None, table
            assert base.execute(f"SELECT COUNT(*) > 0 FROM ({left})").fetchone() == (True,)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """An export, with gzip, a torn line and a file of one Bundle in it; and what DuckDB makes of it."""
    folder = tmp_path_factory.mktemp("crowded")
    source = export(folder / "export", 2000)
    packed = next(source.glob("Observation*.ndjson"))
    import gzip

    packed.with_name(f"{packed.name}.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
    with next(source.glob("Condition*.ndjson")).open("ab") as file:
        file.write(b'{"resourceType":"Condition","id":"torn"\n')
    screening.screen(ordered(source, folder / "duckdb"))
    return source, folder / "duckdb"


@here
@QUIET
def test_the_rows_are_duckdb_s_though_a_worker_dies(crowded, tmp_path):
    source, expected = crowded
    killed = threading.Thread(target=kill_a_worker, daemon=True)
    killed.start()
    done = spark.screen(ordered(source, tmp_path / "out"), "local-cluster[2,1,1024]")
    killed.join(timeout=5)
    assert not killed.is_alive(), "no worker was killed"
    assert done.patients > 1900
    assert done.tally.total("broken") == 1
    same(expected, tmp_path / "out")
    assert not (tmp_path / "out" / ".work" / "new").exists()


def kill_a_worker() -> None:
    """End one executor of ours, once there are two and they have begun."""
    while True:
        workers = [pid for pid in executors() if descends(pid)]
        if len(workers) > 1:
            time.sleep(12)
            os.kill(workers[0], signal.SIGKILL)
            return
        time.sleep(0.2)


def executors() -> list[int]:
    found = []
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_bytes() if process.name.isdigit() else b""
        except OSError:
            continue
        found += [int(process.name)] if b"CoarseGrainedExecutorBackend" in command else []
    return found


def descends(pid: int) -> bool:
    """The process was started, at some remove, by this one."""
    while pid > 1:
        if pid == os.getpid():
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


@pytest.mark.deep
@here
@QUIET
def test_the_rows_of_200_000_patients_are_duckdb_s(tmp_path):
    source, told = export(tmp_path / "export", 200_000), {"complete": frozenset({"medicines"})}
    screening.screen(ordered(source, tmp_path / "duckdb", **told))
    spark.screen(ordered(source, tmp_path / "spark", **told), "local-cluster[2,1,1024]")
    same(tmp_path / "duckdb", tmp_path / "spark")


@here
@QUIET
def test_a_damaged_file_an_unreachable_path_and_no_patient_are_said_and_nothing_is_written(tmp_path):
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "Patient.ndjson.gz").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab")
    (tmp_path / "nobody").mkdir()
    (tmp_path / "nobody" / "Condition.ndjson").write_text('{"resourceType":"Condition","id":"c"}\n')
    for source, what in (
        ("torn", "ends early or is damaged"),
        ("absent", "cannot be reached by Spark"),
        ("nobody", "holds no Patient"),
    ):
        with pytest.raises(InputError) as refused:
            spark.screen(ordered(tmp_path / source, tmp_path / "out"), "local[1]")
        (problem,) = refused.value.problems
        assert what in problem.what, source
        assert source in problem.where, source
        assert [each.name for each in (tmp_path / "out").iterdir()] == [".work"]


def test_without_pyspark_or_java_the_mend_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("corrin.population.spark.session.find_spec", lambda _name: None)
    with pytest.raises(UsageError) as refused:
        spark.screen(ordered(tmp_path, tmp_path / "out"))
    assert "make spark" in str(refused.value)
    monkeypatch.setattr("corrin.population.spark.session.find_spec", lambda _name: object())
    monkeypatch.setattr("corrin.population.spark.session.shutil.which", lambda *_, **__: None)
    with pytest.raises(UsageError) as refused:
        spark.screen(ordered(tmp_path, tmp_path / "out"))
    assert "Java 17" in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_map_of_columns_is_refused_as_it_is_without_spark(tmp_path):
    order = replace(ordered(tmp_path, tmp_path / "out"), names=tmp_path / "map.toml")
    with pytest.raises(UsageError, match=r"--map: names the concepts of a CDM"):
        spark.screen(order)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_spark_takes_for_a_pattern_is_refused(tmp_path):
    with ExitStack() as alone, pytest.raises(UsageError, match="takes for a pattern"):
        run._prepared(tmp_path / "out [1]", None, alone)
    assert list(tmp_path.iterdir()) == []


def test_a_path_keeps_its_scheme_and_a_plain_one_lies_here():
    assert places.address(Path("hdfs://names/exports")) == "hdfs://names/exports"
    assert places.address("s3a://bucket/a b") == "s3a://bucket/a b"
    assert places.address("/data/a b") == "file:/data/a%20b"
    assert places.far("s3a://bucket")
    assert not places.far("/data")
    assert places.name("file:///data/a%20b/sub/x.ndjson", "file:/data/a%20b") == "sub/x.ndjson"
    assert places.name("file:///data/x.ndjson", "file:/data/x.ndjson") == "x.ndjson"
