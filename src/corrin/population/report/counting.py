"""What the report counts beside the measures: levels, the clock, who comes first, and why one cannot tell.

Tables of a folder enter, exact counts leave, one statement each. Bands and verdicts are read from the
tables or by the guideline's own SQL; nothing is decided here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import duckdb

from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import GRID, Guideline
from corrin.population.measures.counting import outside
from corrin.population.measures.definitions import Definitions, Measure
from corrin.population.measures.folder import Screened, literal
from corrin.population.report.layout import Layout
from corrin.readings import sql


@dataclass(frozen=True, slots=True)
class Levels:
    """How many people by band, and within a band by step; of `ranged` only a range is known, not drawn."""

    bands: dict[str, int]
    steps: dict[str, dict[int, int]]
    ranged: int
    without: int


@dataclass(frozen=True, slots=True)
class First:
    """People by their worst open gap, and within it by what comes next."""

    gaps: dict[str, int]
    actions: dict[str, dict[str, int]]
    none: int


@dataclass(frozen=True, slots=True)
class Why:
    """Of those of whom a gap cannot be told: of how many each thing that it rests on is not known."""

    gap: str
    unknown: int
    inputs: dict[str, int]


def levels(
    base: duckdb.DuckDBPyConnection, screened: Screened, guideline: Guideline, layout: Layout
) -> Levels:
    """Everybody on the worklist by the band and the step of the latest level."""
    finding, grid = layout.drawn.id, layout.step * GRID
    base.execute(
        f"CREATE OR REPLACE TEMP VIEW findings AS SELECT * FROM {screened.source('findings')} "
        f"WHERE patient IN (SELECT patient FROM {screened.source('worklist')})"
    )
    banded = sql.select(guideline, "findings", sql.NEUTRAL, (layout.column,))
    rows = base.execute(
        f"SELECT b.{layout.column}, CASE WHEN f.{finding}_low = f.{finding}_high "
        f"THEN least(f.{finding}_low // {grid}, {layout.up_to // layout.step}) END AS step, count(*) "
        f"FROM ({banded}) AS b JOIN findings AS f USING (patient) GROUP BY 1, 2"
    ).fetchall()
    bands: dict[str, int] = {}
    steps: dict[str, dict[int, int]] = {}
    ranged = without = 0
    for band, step, people in rows:
        if band is None:
            without += people
            continue
        bands[band] = bands.get(band, 0) + people
        if step is None:
            ranged += people
        else:
            steps.setdefault(band, {})[step] = people
    return Levels(bands, steps, ranged, without)


def clock(
    base: duckdb.DuckDBPyConnection, screened: Screened, layout: Layout, definitions: Definitions
) -> tuple[int, ...]:
    """People with a gap whose clock runs: months over, then by the days left, and last those without an
    onset.
    """
    running = " OR ".join(f"{gap.name} = {literal(definitions.undone)}" for gap in layout.clocked)
    ends = [None, *layout.days_left, None]
    counted = [
        f"count(*) FILTER (WHERE days_left IS NOT NULL{_from(low, '>=')}{_from(high, '<')})"
        for low, high in pairwise(ends)
    ]
    counted.append("count(*) FILTER (WHERE days_left IS NULL)")
    row = base.execute(
        f"SELECT {', '.join(counted)} FROM {screened.source('worklist')} WHERE {running}"
    ).fetchone()
    return cast("tuple[int, ...]", row)


def first(base: duckdb.DuckDBPyConnection, screened: Screened) -> First:
    """People by their worst open gap, and by what is recommended next."""
    rows = base.execute(
        f"SELECT gap, coalesce(next_action, ''), count(*) FROM {screened.source('worklist')} "
        "GROUP BY 1, 2 ORDER BY 3 DESC, 2"
    ).fetchall()
    found = First({}, {}, sum(people for gap, _, people in rows if gap is None))
    for gap, action, people in rows:
        if gap is not None:
            found.gaps[gap] = found.gaps.get(gap, 0) + people
            found.actions.setdefault(gap, {})[action] = people
    return found


def top(base: duckdb.DuckDBPyConnection, screened: Screened, number: int) -> list[tuple[Any, ...]]:
    """The first rows of the worklist, with the patient's id, the reason and what comes next."""
    return base.execute(
        "SELECT rank, patient, site, sex, age_low, age_high, gap, reason, next_action, days_left "
        f"FROM {screened.source('worklist')} WHERE gap IS NOT NULL ORDER BY rank LIMIT {number}"
    ).fetchall()


def reasons(base: duckdb.DuckDBPyConnection, screened: Screened, definitions: Definitions) -> Iterator[Why]:
    """Of those of whom a gap cannot be told, how often each of the things it rests on is not known."""
    known = {
        name: f'{letter}."{name}"'
        for letter, table in (("f", "findings"), ("v", "verdicts"))
        for name in screened.columns[table]
    }
    for gap in definitions.gaps:
        inputs = [name for name in gap.inputs if name in known]
        counts = _counts(base, screened, gap, [known[name] for name in inputs])
        missing = dict(zip(inputs, counts[1:], strict=True))
        yield Why(gap.id, counts[0], {name: number for name, number in missing.items() if number})


def _counts(
    base: duckdb.DuckDBPyConnection, screened: Screened, gap: Measure, columns: Sequence[str]
) -> tuple[int, ...]:
    missing = "".join(f", count(*) FILTER (WHERE {column} IS NULL)" for column in columns)
    inside = f"AND NOT {outside(gap.guard)}" if gap.guard else ""
    row = base.execute(
        f"SELECT count(*){missing} FROM {screened.source('worklist')} AS w "
        f"LEFT JOIN {screened.source('verdicts')} AS v USING (patient) "
        f"LEFT JOIN {screened.source('findings')} AS f USING (patient) "
        f"WHERE coalesce(w.{gap.name}, '{UNKNOWN}') = '{UNKNOWN}' {inside}"
    ).fetchone()
    return cast("tuple[int, ...]", row)


def _from(end: int | None, sign: str) -> str:
    return "" if end is None else f" AND days_left {sign} {end}"
