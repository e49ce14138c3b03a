"""What is otherwise in one run than in another, counted in DuckDB; only people who change are kept aside.

Two folders that `corrin screen` wrote enter; a `Comparison` leaves, and, if asked for, a file that names who
changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import duckdb

from corrin.errors import Problem, UsageError
from corrin.guideline.model import Guideline
from corrin.population.comparing.subjects import Subject, comparable, subjects
from corrin.population.measures.folder import About, Screened, engine, literal, opened

WORKLIST = ("patient", "rank", "gap")


@dataclass(frozen=True, slots=True)
class Move:
    """How many people go from one word of a subject to another."""

    subject: Subject
    before: str
    after: str
    people: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """A test: for how many each run asks, and how many come and go."""

    subject: Subject
    before: int
    after: int
    more: int
    fewer: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    `both` are the people in both worklists, `only` those in one; `listed` how many have an open gap; `new`
    and `gone` by the worst gap those who have one in the second run alone, and in the first alone.
    """

    one: About
    other: About
    both: int
    only: tuple[int, int]
    changed: int
    listed: tuple[int, int]
    new: dict[str, int]
    gone: dict[str, int]
    moves: tuple[Move, ...]
    triggers: tuple[Trigger, ...]
    skipped: tuple[str, ...]


def compare(one: Path, other: Path, guideline: Guideline, out: Path | None = None) -> Comparison:
    """Compare two folders; `out` (.csv or .parquet) gets one line for each person and change.

    Errors: a `UsageError` for a folder that no screen wrote, and for an `out` of another kind.
    """
    if out is not None and out.suffix not in {".csv", ".parquet"}:
        what = f"is neither .csv nor .parquet but {out.suffix or 'without an ending'}"
        raise UsageError(Problem(str(out), what, "Name the list so that its kind can be seen."))
    if out is not None and not out.parent.is_dir():
        raise UsageError(Problem(str(out), "its folder is not there", "Make the folder, or name another."))
    first, second = (
        opened(folder, {"worklist": WORKLIST, "verdicts": ("patient",)}) for folder in (one, other)
    )
    found, skipped = comparable(subjects(guideline), first, second)
    with engine() as base:
        base.execute(f"CREATE TEMP TABLE changed AS {_changed(first, second, found)}")
        if out is not None:
            _listed(base, found, out)
        return _told(base, (first, second), found, skipped)


def _told(
    base: duckdb.DuckDBPyConnection,
    pair: tuple[Screened, Screened],
    found: Sequence[Subject],
    skipped: tuple[str, ...],
) -> Comparison:
    first, second = pair
    (people, listed), (_, listed_after) = (_sizes(base, one) for one in pair)
    only_a, only_b, changed = _row(
        base,
        "SELECT count(*) FILTER (WHERE NOT in_b), count(*) FILTER (WHERE NOT in_a), "
        "count(*) FILTER (WHERE in_a AND in_b) FROM changed",
    )
    return Comparison(
        one=first.about,
        other=second.about,
        both=people - only_a,
        only=(only_a, only_b),
        changed=changed,
        listed=(listed, listed_after),
        new=_entries(base, "b_gap", "a_gap"),
        gone=_entries(base, "a_gap", "b_gap"),
        moves=tuple(_moves(base, [one for one in found if one.kind != "test"])),
        triggers=tuple(_triggers(base, pair, [one for one in found if one.kind == "test"])),
        skipped=skipped,
    )


def _crowd(screened: Screened, found: Sequence[Subject]) -> str:
    """One row for each person on the worklist, with a word for each subject."""
    said = ", ".join(one.sql for one in found)
    return (
        f"SELECT w.patient, w.gap, {said} FROM {screened.source('worklist')} AS w "
        f"LEFT JOIN {screened.source('verdicts')} AS v USING (patient)"
    )


def _changed(first: Screened, second: Screened, found: Sequence[Subject]) -> str:
    """Everybody of whom anything is said otherwise, or who is in one run only; A before B."""
    names = ["gap", *(one.name for one in found)]
    columns = ", ".join(f"a.{name} AS a_{name}, b.{name} AS b_{name}" for name in names)
    apart = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in names)
    return (
        f"SELECT coalesce(a.patient, b.patient) AS patient, a.patient IS NOT NULL AS in_a, "
        f"b.patient IS NOT NULL AS in_b, {columns} FROM ({_crowd(first, found)}) AS a "
        f"FULL JOIN ({_crowd(second, found)}) AS b ON a.patient = b.patient "
        f"WHERE a.patient IS NULL OR b.patient IS NULL OR {apart}"
    )


def _sizes(base: duckdb.DuckDBPyConnection, screened: Screened) -> tuple[int, int]:
    """How many people there are, and how many of them have an open gap."""
    people, listed = _row(base, f"SELECT count(*), count(gap) FROM {screened.source('worklist')}")
    return people, listed


def _entries(base: duckdb.DuckDBPyConnection, there: str, missing: str) -> dict[str, int]:
    """People with an open gap in one run and none in the other, by that gap."""
    rows = base.execute(
        f"SELECT {there}, count(*) FROM changed WHERE {there} IS NOT NULL AND {missing} IS NULL "
        "GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return {str(gap): people for gap, people in rows}


def _moves(base: duckdb.DuckDBPyConnection, found: Sequence[Subject]) -> Iterator[Move]:
    """From which word to which, most people first within a subject; only people in both runs."""
    for one in found:
        rows = base.execute(
            f"SELECT a_{one.name}, b_{one.name}, count(*) FROM changed "
            f"WHERE in_a AND in_b AND a_{one.name} <> b_{one.name} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
        ).fetchall()
        yield from (Move(one, before, after, people) for before, after, people in rows)


def _triggers(
    base: duckdb.DuckDBPyConnection, pair: tuple[Screened, Screened], found: Sequence[Subject]
) -> Iterator[Trigger]:
    """How often each test is asked for in each run, and by how many people more and fewer."""
    if not found:
        return
    asked = ", ".join(f"count(*) FILTER (WHERE {one.name} = 'yes')" for one in found)
    before, after = (_row(base, f"SELECT {asked} FROM ({_crowd(screened, found)})") for screened in pair)
    for one, had, has in zip(found, before, after, strict=True):
        old, new = f"a_{one.name}", f"b_{one.name}"
        more, fewer = _row(
            base,
            f"SELECT count(*) FILTER (WHERE {new} = 'yes' AND {old} IS DISTINCT FROM 'yes'), "
            f"count(*) FILTER (WHERE {old} = 'yes' AND {new} IS DISTINCT FROM 'yes') FROM changed",
        )
        yield Trigger(one, had, has, more, fewer)


def _listed(base: duckdb.DuckDBPyConnection, found: Sequence[Subject], out: Path) -> None:
    """One line for each person and change, as a file written aside and then renamed."""
    changes = [
        f"SELECT patient, '{one.kind}' AS what, {literal(one.id)} AS name, a_{one.name} AS before, "
        f"b_{one.name} AS after FROM changed WHERE a_{one.name} IS DISTINCT FROM b_{one.name}"
        for one in found
    ]
    aside = out.with_name(f"{out.name}.partial")
    kind = "FORMAT csv, HEADER" if out.suffix == ".csv" else "FORMAT parquet"
    everything = f"SELECT * FROM ({' UNION ALL '.join(changes)}) ORDER BY patient, what, name"
    try:
        base.execute(f"COPY ({everything}) TO {literal(str(aside))} ({kind})")
        aside.replace(out)
    except (duckdb.IOException, OSError):
        aside.unlink(missing_ok=True)
        raise UsageError(
            Problem(str(out), "cannot be written", "Name a place where you may write.")
        ) from None


def _row(base: duckdb.DuckDBPyConnection, statement: str) -> tuple[int, ...]:
    return cast("tuple[Any, ...]", base.execute(statement).fetchone())
