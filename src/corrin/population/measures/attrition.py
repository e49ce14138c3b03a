"""attrition.json: how many fell at each step and why, from the lines of an export to those a gap applies to.

Each step has who is `left` and who is `lost` since the step before, so that every step adds up. What is
counted of people goes through the same suppression as the measures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import duckdb

from corrin.guideline.columns import UNKNOWN
from corrin.intake.declared import WITHDRAWN
from corrin.population.measures import suppression
from corrin.population.measures.counting import outside
from corrin.population.measures.definitions import OUTSIDE, Definitions, Measure
from corrin.population.measures.folder import About, Screened, literal
from corrin.population.measures.saying import FORM, Json, identity
from corrin.population.measures.saying import suppression as suppressed
from corrin.population.measures.sharing import Shared


@dataclass(frozen=True, slots=True)
class Fallen:
    """Exact numbers of people: all, those who died, those merged away, out of scope, with no gap told."""

    people: int
    died: int
    merged: int
    outside: int
    untold: int

    @property
    def alive(self) -> int:
        """Those who are counted."""
        return self.people - self.died - self.merged


def count(base: duckdb.DuckDBPyConnection, screened: Screened, definitions: Definitions) -> Fallen:
    """How many fall at each step."""
    column, word = definitions.outside
    out = f'v."{column}" IS NOT DISTINCT FROM {literal(word)}'
    untold = " AND ".join(_untold(gap) for gap in definitions.gaps)
    people = base.execute(
        "SELECT count(*), count(*) FILTER (WHERE died = 1), "
        "count(*) FILTER (WHERE died <> 1 AND replaced_by IS NOT NULL) "
        f"FROM {screened.source('people')}"
    ).fetchone()
    crowd = f"{screened.source('worklist')} AS w LEFT JOIN {screened.source('verdicts')} AS v USING (patient)"
    fallen = base.execute(
        f"SELECT count(*) FILTER (WHERE {out}), count(*) FILTER (WHERE NOT ({out}) AND {untold}) FROM {crowd}"
    ).fetchone()
    return Fallen(*cast("tuple[int, int, int]", people), *cast("tuple[int, int]", fallen))


def attrition(fallen: Fallen, shared: Shared, screened: Screened, definitions: Definitions) -> Json:
    """Every step, in numbers that may be shown."""
    about: About = screened.about
    return {
        "form": FORM,
        "as_of": about.as_of.isoformat(),
        "guideline": identity(about),
        "suppression": suppressed(shared),
        "input": list(_input(screened.ingest)),
        "ignored": set_aside(screened.ingest),
        "people": _people(fallen, shared.below),
        "gaps": [
            {"gap": gap.id, "label": gap.label, "steps": list(_gap(shared, gap, definitions))}
            for gap in definitions.gaps
        ],
    }


def entries(ingest: Mapping[str, Any], subject: str) -> list[Json]:
    """What was found under a subject of ingest.json, and how often; most first, without places."""
    found = cast("Sequence[Mapping[str, Any]]", ingest.get(subject, ()))
    return [{"what": one["what"], "number": one["number"]} for one in found]


def set_aside(ingest: Mapping[str, Any]) -> list[Json]:
    """Events that were read and not counted, by reason; what is counted by people is told elsewhere."""
    return [one for one in entries(ingest, "ignored") if not one["what"].endswith(WITHDRAWN)]


def total(ingest: Mapping[str, Any], subject: str) -> int:
    """Everything that was found under a subject."""
    return sum(one["number"] for one in entries(ingest, subject))


def _input(ingest: Mapping[str, Any]) -> Iterator[Json]:
    """From lines or rows read to those that speak of something this guideline reads."""
    kept = total(ingest, "resources")
    read = max(total(ingest, "lines"), kept)
    broken = total(ingest, "broken")
    if not read:
        return
    yield {"step": "lines read", "left": read, "lost": 0, "why": ""}
    yield {"step": "lines that can be read", "left": read - broken, "lost": broken, "why": "broken"}
    why = "speak of nothing that this guideline reads"
    yield {"step": "resources used", "left": kept, "lost": read - broken - kept, "why": why}


def _people(fallen: Fallen, below: int) -> list[Json]:
    """From every patient in the export to those of whom a gap can be told."""
    gone = 0 < fallen.died + fallen.merged < below
    either = gone or any(0 < one < below for one in (fallen.died, fallen.merged))
    inside = fallen.alive - fallen.outside
    whole = any(0 < one < below for one in (fallen.alive, fallen.people - fallen.died))
    scope = whole or bool(suppression.line((inside, fallen.outside), below))
    told = scope or bool(suppression.line((inside - fallen.untold, fallen.untold), below))
    steps = (
        ("patients in the export", fallen.people, 0, "", gone or whole, gone),
        ("alive", fallen.people - fallen.died, fallen.died, "died", either or whole, either),
        ("not merged away", fallen.alive, fallen.merged, "merged into another record", whole, either),
        ("in scope", inside, fallen.outside, "out of scope", scope, scope),
        ("a gap can be told", inside - fallen.untold, fallen.untold, "nothing can be told", told, told),
    )
    return [
        {"step": step, "left": None if no_left else left, "lost": None if no_lost else lost, "why": why}
        for step, left, lost, why, no_left, no_lost in steps
    ]


def _gap(shared: Shared, gap: Measure, definitions: Definitions) -> Iterator[Json]:
    """From everybody to those who a gap applies to, and on to those with whom it was done."""
    counts = dict(zip(gap.columns, shared.everybody.counts[gap.id], strict=True))
    left = shared.everybody.people
    yield {"step": "everybody", "left": left, "lost": 0, "why": ""}
    for step, word, why in (
        ("in scope", OUTSIDE, "out of scope"),
        ("can be told", UNKNOWN, "cannot tell"),
        ("applies", definitions.excluded, gap.say[definitions.excluded]),
        (definitions.achieved, definitions.undone, gap.says),
    ):
        lost = counts.get(word, 0)
        left = None if left is None or lost is None else left - lost
        yield {"step": step, "left": left, "lost": lost, "why": why}


def _untold(gap: Measure) -> str:
    """The condition that of a gap nothing can be told."""
    unknown = f"coalesce(w.{gap.name}, '{UNKNOWN}') = '{UNKNOWN}'"
    return f"({unknown} OR {outside(gap.guard)})" if gap.guard else unknown
