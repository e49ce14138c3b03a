"""A crowd of random records: what Python says of each, and their facts and people as tables for an engine.

The records are those of tests/generative (duplicates, corrections, partial dates, comparators, refusals); some
of the people died or were merged into another record.
"""

import csv
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from tests.generative.events import Maker

from corrin import api
from corrin.findings import Interpreter
from corrin.guideline.model import Guideline
from corrin.population import gathering, statements
from corrin.population.digest import Digest

AS_OF = date(2026, 11, 22)


@dataclass
class Crowd:
    """`facts` and `people` are CSV files without a header, NULL an empty cell; `said` is what Python says, and of
    each gap `gaps`.
    """

    guideline: Guideline
    facts: Path
    people: Path
    said: str
    ended: frozenset[str]
    rows: dict[str, dict]
    gaps: dict[str, dict]


def gather(guideline: Guideline, folder: Path, number: int, seed: int = 11) -> Crowd:
    """So many people, all of them answered by Python too."""
    interpreter, maker, random = Interpreter(guideline), Maker(guideline, AS_OF, Random(seed)), Random(seed)
    desk = api.Desk(guideline)
    digest, ended, rows, gaps = Digest(guideline), set(), {}, {}
    crowd = Crowd(guideline, folder / "facts.csv", folder / "people.csv", "", frozenset(), rows, gaps)
    with crowd.facts.open("w", newline="") as facts, crowd.people.open("w", newline="") as people:
        for at in range(number):
            record = one(maker.record(), f"p{at}", random)
            person = record.patient
            settled = interpreter.settler.settle(record, AS_OF)
            csv.writer(facts).writerows(gathering.fact_rows(person.id, settled))
            csv.writer(people).writerow(gathering.person_row(person.id, settled))
            answer = api.answer(record, desk, AS_OF)
            digest.said(person.id, answer.verdicts)
            rows[person.id] = dict(answer.findings.row)
            gaps[person.id] = dict(answer.verdicts["care_gap"])
            ended |= {person.id} if answer.ended else set()
    crowd.said, crowd.ended = str(digest), frozenset(ended)
    return crowd


def one(record, name: str, random: Random):
    """The record under a name of its own; few of the people are dead or merged away."""
    end = random.choice(({},) * 18 + ({"died": True}, {"replaced_by": "another"}))
    return replace(record, patient=replace(record.patient, id=name, **end), as_of=None)


def tables() -> str:
    """The two tables of the input, in SQL that DuckDB and PostgreSQL read."""
    return ";".join(
        f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
        for name, columns in (("facts", statements.FACTS), ("people", statements.PEOPLE))
    )


def digest_of(crowd: Crowd, rows) -> str:
    """The hash of rows (dictionaries) of the table of verdicts."""
    digest = Digest(crowd.guideline)
    for row in rows:
        patient = row["patient"]
        digest.row(patient, row, ended=patient in crowd.ended)
    return str(digest)
