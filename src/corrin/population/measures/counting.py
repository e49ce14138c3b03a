"""Everybody counted once for each measure, over all and by age band, sex and site: one statement, one pass.

A folder and definitions enter, exact counts leave. Only DuckDB sees a patient; Python sees one row a group.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guard
from corrin.population.measures.definitions import OUTSIDE, Band, Definitions, Measure
from corrin.population.measures.folder import Screened, literal

NOT_RECORDED = "not recorded"
DIMENSIONS = ("age_band", "sex", "site")
"""By what people are grouped, and the columns of the crowd."""


@dataclass(frozen=True, slots=True)
class Group:
    """People of one age band, sex or site, or all of them: how many, and by measure how many of each word."""

    label: str
    people: int
    counts: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """The exact counts, over everybody and by dimension; nothing of it is suppressed yet."""

    everybody: Group
    groups: Mapping[str, tuple[Group, ...]]


def count(base: duckdb.DuckDBPyConnection, screened: Screened, definitions: Definitions) -> Counted:
    """Everybody on the worklist (alive, not merged away) by every measure."""
    cells = [(measure, word) for measure in definitions.measures for word in measure.columns]
    counted = ", ".join(
        f"count(*) FILTER (WHERE {measure.name} = {literal(word)})" for measure, word in cells
    )
    sets = ", ".join(f"({name})" for name in ("", *DIMENSIONS))
    marks = ", ".join(f"GROUPING({name})" for name in DIMENSIONS)
    rows = base.execute(
        f"WITH crowd AS ({crowd(screened, definitions)}) SELECT {marks}, {', '.join(DIMENSIONS)}, count(*), "
        f"{counted} FROM crowd GROUP BY GROUPING SETS ({sets})"
    ).fetchall()
    everybody = Group("everybody", 0, {one.id: (0,) * len(one.columns) for one in definitions.measures})
    groups: dict[str, list[Group]] = {name: [] for name in DIMENSIONS}
    for row in rows:
        grouped = [name for name, apart in zip(DIMENSIONS, row[:3], strict=True) if not apart]
        label = row[3 + DIMENSIONS.index(grouped[0])] if grouped else "everybody"
        group = Group(str(label), row[6], dict(_by_measure(definitions, row[7:])))
        if grouped:
            groups[grouped[0]].append(group)
        else:
            everybody = group
    for name, many in groups.items():
        many.sort(key=lambda one: _order(definitions, name, one.label))
    return Counted(everybody, {name: tuple(many) for name, many in groups.items()})


def crowd(screened: Screened, definitions: Definitions) -> str:
    """The statement that gives one row for each person: the groups, and a word for each measure."""
    words = ", ".join(f"{_said(measure, definitions)} AS {measure.name}" for measure in definitions.measures)
    grouped = [f"coalesce(w.{name}, '{NOT_RECORDED}') AS {name}" for name in DIMENSIONS[1:]]
    return (
        f"SELECT {_band(definitions.bands)} AS {DIMENSIONS[0]}, {', '.join(grouped)}, {words} "
        f"FROM {screened.source('worklist')} AS w "
        f"LEFT JOIN {screened.source('verdicts')} AS v USING (patient)"
    )


def outside(guard: Guard, prefix: str = "v.") -> str:
    """The condition that a table does not apply: what guards it is known, and is none of its words."""
    column, words = f"{prefix}{guard.finding}", ", ".join(map(literal, guard.cell.words))
    return f"({column} IS NOT NULL AND {column} NOT IN ({words}))"


def _said(measure: Measure, definitions: Definitions) -> str:
    source = f"w.{measure.name}" if measure in definitions.gaps else f'v."{measure.column}"'
    said = f"coalesce({source}, '{UNKNOWN}')"
    return f"CASE WHEN {outside(measure.guard)} THEN '{OUTSIDE}' ELSE {said} END" if measure.guard else said


def _band(bands: Sequence[Band]) -> str:
    """The band in which both the lowest and the highest age lie; else the age is not known well enough."""
    within = " ".join(f"WHEN {' AND '.join(_ends(band))} THEN {literal(band.label)}" for band in bands)
    return f"CASE {within} ELSE '{NOT_RECORDED}' END"


def _ends(band: Band) -> Iterator[str]:
    if band.first is not None:
        yield f"w.age_low >= {band.first}"
    if band.last is not None:
        yield f"w.age_high <= {band.last}"


def _by_measure(definitions: Definitions, numbers: Sequence[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    at = 0
    for measure in definitions.measures:
        width = len(measure.columns)
        yield measure.id, tuple(numbers[at : at + width])
        at += width


def _order(definitions: Definitions, dimension: str, label: str) -> tuple[int, str]:
    """Bands from the youngest, sexes and sites by name, and what is not recorded last."""
    bands = [band.label for band in definitions.bands] if dimension == DIMENSIONS[0] else []
    return (bands.index(label) if label in bands else len(bands) + (label == NOT_RECORDED), label)
