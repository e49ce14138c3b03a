"""In what the dialects of SQL differ, each difference by a name, and what the statements do about it.

What is said here stands as comments at the head of a printed script, and in docs/reference/sql-dialects.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from corrin.readings.sql import DIALECTS


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that some dialects do otherwise, and what the statements do about it."""

    name: str
    dialects: tuple[str, ...]
    said: str


DIFFERENCES = (
    Difference(
        "identifier-case",
        ("snowflake",),
        "unquoted names are upper case there; the columns of verdicts are quoted and stay lower case, "
        'so they are read as "name" in double quotes',
    ),
    Difference(
        "identifier-length",
        ("postgres",),
        "a name longer than 63 bytes is cut in silence; no column is longer, and long names of inner steps "
        "are cut by us, with a mark that keeps them apart",
    ),
    Difference(
        "materialized-steps",
        ("postgres",),
        "a step is written out again wherever it is read; the steps to verdicts are MATERIALIZED",
    ),
    Difference(
        "steps-worked-out-again",
        ("databricks", "spark"),
        "a step is worked out again wherever it is read, in minutes; the script keeps such steps with CACHE "
        "TABLE, and drops them at its end",
    ),
    Difference(
        "no-statistics-of-steps",
        ("postgres",),
        "the planner takes a step to have one row and loops over it, in square time; nested loops and JIT "
        "are off for this one transaction",
    ),
    Difference(
        "target-list-limit",
        ("postgres",),
        "a SELECT gives at most 1,664 columns; the widest step has fewer, and a test counts them",
    ),
    Difference(
        "null-ordering",
        ("bigquery", "databricks", "postgres", "snowflake", "spark"),
        "NULL stands first or last by default; every ORDER BY says where, and orders by a CASE first",
    ),
    Difference(
        "quotation-marks",
        ("bigquery", "databricks", "spark"),
        "names are quoted with backticks",
    ),
    Difference(
        "union-distinct",
        ("bigquery",),
        "UNION alone is refused; it is written UNION DISTINCT",
    ),
    Difference(
        "type-names",
        ("bigquery", "databricks", "snowflake", "spark", "trino"),
        "TEXT and BIGINT have other names; `corrin sql --tables` prints them",
    ),
    Difference(
        "transactions",
        ("bigquery", "databricks", "snowflake", "spark", "trino"),
        "each CREATE TABLE stands for itself: when a later one fails, drop what the earlier ones made",
    ),
    Difference(
        "whole-division",
        ("snowflake", "trino"),
        "thousandths become whole years and days in the worklist; a division of whole numbers is no whole "
        "number there, so it is cut off: none of them is below zero",
    ),
    Difference(
        "text-order",
        ("postgres",),
        "texts are put in order by the collation of the database; where that is not C, people of one place "
        "in the worklist, and facts of one minute, may stand otherwise",
    ),
    Difference(
        "generated-code-limit",
        ("databricks", "spark"),
        "a method of the JVM has at most 64 KB, so Spark may give up whole-stage code generation for a wide "
        "step and go on without it: a line in its log, no error",
    ),
)

OPENING: Mapping[str, tuple[str, ...]] = {
    "postgres": ("BEGIN", "SET LOCAL enable_nestloop = off", "SET LOCAL jit = off"),
    "duckdb": ("BEGIN",),
}
"""What is said before the statements: for this one transaction only."""
CLOSING: Mapping[str, tuple[str, ...]] = {"postgres": ("COMMIT",), "duckdb": ("COMMIT",)}

KEEP_STEPS = {"databricks", "spark"}
"""Dialects in which a step can be kept under a name for the length of a script."""

RUN = ("duckdb", "postgres", "spark")
"""Dialects in which tests run the statements and compare every row; the others are parsed."""


def of(dialect: str) -> list[Difference]:
    """The differences that matter to one dialect."""
    return [each for each in DIFFERENCES if dialect in each.dialects]


__all__ = ["CLOSING", "DIALECTS", "DIFFERENCES", "OPENING", "RUN", "Difference", "of"]
