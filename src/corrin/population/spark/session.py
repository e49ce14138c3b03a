"""A session of Spark, set so that wide rules are planned quickly; and its failures in words.

The one module that loads pyspark, which is no part of the ordinary installation.
"""

import os
import re
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote

from corrin.errors import CorrinError, InputError, Problem, UsageError

SETTINGS = {
    # a step that is kept stays in parts by patient, and what is joined by patient and more needs no new parts
    "spark.sql.requireAllClusterKeysForCoPartition": "false",
    "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning": "false",
    # nobody's rows are sent to every machine: of many steps just below the usual 10 MB the driver would
    # hold all at once
    "spark.sql.autoBroadcastJoinThreshold": "256KB",
    # planning anew after each of many small steps costs more than it saves: the parts are even as they are
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
    "spark.sql.debug.maxToStringFields": "20",
    "spark.ui.showConsoleProgress": "false",
}
QUIET = "FATAL"
"""What Spark logs of its own: an error comes to us, and its text may hold a line of a patient."""

_DAMAGED = "EOFException|ZipException|ZlibException|incorrect header|Unexpected end of|not in gzip format"
UNREACHABLE, REACH = (
    "cannot be reached by Spark",
    "Give a path that every machine of the cluster reaches, with its scheme: hdfs://, s3a://, file://.",
)
_UNREACHABLE = (
    "PATH_NOT_FOUND|FileNotFoundException|UnknownHostException|ConnectException|UnsupportedFileSystem"
    "|No FileSystem for scheme"
)
_LOST = "ExecutorLost|executor.*(lost|exited)|Lost executor|worker.*(crashed|exited)"


@contextmanager
def session(master: str | None) -> Generator[Any]:
    """Spark for the length of a block: the one there is (spark-submit), else one of our own.

    Errors: `UsageError` without pyspark, without Java, and for a master that cannot be reached; whatever
    Spark says within the block as an `InputError` or a `CorrinError`.
    """
    _needed()
    sql: Any = import_module("pyspark.sql")
    running: Any = sql.SparkSession.getActiveSession()
    spark = running or _begun(sql, master)
    kept = {name: spark.conf.get(name, None) for name in SETTINGS if name.startswith("spark.sql.")}
    for name in kept:
        spark.conf.set(name, SETTINGS[name])
    try:
        yield spark
    except CorrinError:
        raise
    except Exception as error:
        raise _in_words(error) from error
    finally:
        _restored(spark, kept) if running else spark.stop()


def _needed() -> None:
    """Errors: a `UsageError` where something is not installed."""
    if find_spec("pyspark") is None:
        mend = "Run `make spark`, or pip install 'corrin[spark]'."
        raise UsageError(Problem("--engine spark", "pyspark is not installed", mend))
    home = os.environ.get("JAVA_HOME")
    if not (home and shutil.which("java", path=f"{home}/bin")) and not shutil.which("java"):
        mend = "Install Java 17 or later (Debian: openjdk-17-jre-headless), or set JAVA_HOME."
        raise UsageError(Problem("--engine spark", "Java is not here, and Spark runs on it", mend))


def _begun(sql: Any, master: str | None) -> Any:  # noqa: ANN401 - pyspark is loaded late
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.appName("corrin screen")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    if master:
        builder = builder.master(master)
    try:
        spark = builder.getOrCreate()
    except Exception as error:
        mend = "See what Spark wrote above; try --master 'local[2]'."
        raise UsageError(
            Problem(f"--master {master or 'of spark-submit'}", "Spark does not start", mend)
        ) from error
    spark.sparkContext.setLogLevel(QUIET)
    return spark


def _restored(spark: Any, kept: dict[str, str | None]) -> None:  # noqa: ANN401
    """Leave a session that is not ours as it was."""
    for name, value in kept.items():
        if value is None:
            spark.conf.unset(name)
        else:
            spark.conf.set(name, value)


def _in_words(error: Exception) -> CorrinError:
    """What Spark said, with a place and a mend; never a value of a patient."""
    text = str(error)
    found = re.search(r"[a-z0-9]+:/[^\s'\",]*\.(?:ndjson|jsonl|json)(?:\.gz|\.zst)?", text)
    where = unquote(found[0]) if found else "the export"
    if re.search(_DAMAGED, text):
        return InputError(Problem(where, "ends early or is damaged", "Fetch the file again."))
    if re.search(_UNREACHABLE, text):
        return InputError(Problem(where, UNREACHABLE, REACH))
    if re.search(_LOST, text):
        mend = "Nothing was written. Look at the log of that machine; give it more memory, or start again."
        return CorrinError(Problem("Spark", "gave up: a worker died, again and again", mend))
    mend = "Nothing was written. Spark's own log says more."
    return CorrinError(Problem("Spark", f"gave up: {_kind(error, text)}", mend))


def _kind(error: Exception, text: str) -> str:
    """The class of an error: its message may hold what a patient's line holds."""
    named = re.findall(r"\b(?:[a-z]\w*\.)+([A-Z]\w*(?:Exception|Error))\b", text)
    return named[-1] if named else type(error).__name__
