"""Facts and people to findings, verdicts and the worklist, in Spark SQL.

Parquet enters and leaves; the statements are printed from the guideline, elsewhere. Spark works out a step
anew wherever it is read, so the steps that are read again are kept, in parts by patient: then no row moves
any more.
"""

from datetime import date
from typing import Any

import sqlglot

from corrin.guideline.model import Guideline
from corrin.population import statements, worklist
from corrin.population.statements import NEUTRAL

DIALECT = "spark"
CLOCK = "days BIGINT, days_left BIGINT"
TABLES = ("people", "findings", "verdicts", "worklist")
BY = "patient"


def decide(spark: Any, guideline: Guideline, as_of: date, where: str, parts: int) -> None:  # noqa: ANN401
    """From the views `settled_facts` and `settled_people` to each of `TABLES`, as Parquet in `where`."""
    spark.conf.set("spark.sql.shuffle.partitions", parts)
    _people(spark, where)
    _kept(spark, "people", f"SELECT * FROM parquet.`{where}/people`", parts)
    _kept(spark, "facts", "SELECT * FROM settled_facts", parts)
    steps = statements.steps(guideline, dialect=DIALECT)
    again = statements.read_again(steps, DIALECT)
    for name, text in steps.items():
        step = spark.sql(text)
        (step.persist() if name in again else step).createOrReplaceTempView(name)
    _written(spark, "findings", f"SELECT * FROM {next(reversed(steps))}", where)
    for name in again:
        spark.catalog.uncacheTable(name)
    _written(spark, "verdicts", statements.verdicts(guideline, dialect=DIALECT), where)
    spark.createDataFrame(worklist.clock(guideline, as_of), CLOCK).createOrReplaceTempView("clock")
    _written(spark, "worklist", _spoken(worklist.select(guideline)), where)
    for name in ("facts", "people"):
        spark.catalog.uncacheTable(name)


def _people(spark: Any, where: str) -> None:  # noqa: ANN401
    people = spark.sql(_spoken(worklist.PEOPLE.format(people="settled_people")))
    _write(people.select(*statements.PEOPLE), f"{where}/people")


def _kept(spark: Any, name: str, text: str, parts: int) -> None:  # noqa: ANN401
    """A table in parts by patient, kept in memory or on disk."""
    spark.sql(text).repartition(parts, BY).persist().createOrReplaceTempView(name)


def _written(spark: Any, name: str, text: str, where: str) -> None:  # noqa: ANN401
    """A table as Parquet, and from then on read from there."""
    _write(spark.sql(text), f"{where}/{name}")
    spark.read.parquet(f"{where}/{name}").createOrReplaceTempView(name)


def _write(table: Any, where: str) -> None:  # noqa: ANN401
    table.write.option("compression", "zstd").parquet(where)


def _spoken(text: str) -> str:
    """A statement in Spark's dialect."""
    return sqlglot.transpile(text, read=NEUTRAL, write=DIALECT)[0]
