"""Folders as `corrin screen` writes them, made here from records: what measures, comparisons and reports read."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
from tests.population.crowd import AS_OF, whose

from corrin import guideline as guidelines
from corrin.findings import Interpreter, sql
from corrin.population import dictionary, statements
from corrin.records import Record


def screen(records: Iterable[Record], folder: Path, profile="uk", site=None, as_of: date = AS_OF) -> Path:
    """The folder of these records under a profile and a site's file."""
    model = guidelines.load(profile, site)
    interpreter = Interpreter(model)
    folder.mkdir()
    with duckdb.connect() as base:
        for name, columns in (("facts", statements.FACTS), ("people", statements.PEOPLE)):
            base.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {k}' for c, k in columns.items())})")
        facts, people = [], []
        for record in records:
            settled = interpreter.settler.settle(record, as_of)
            who = record.patient.id
            facts += [
                (*row, fact.text, fact.where)
                for row, fact in zip(sql.rows(who, settled), settled.facts, strict=True)
            ]
            people.append((*sql.patient_row(who, settled), *whose(record.patient, len(record.ignored))))
        for name, rows in (("facts", facts), ("people", people)):
            if rows:
                base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        base.execute(statements.made("findings", statements.findings(model)))
        base.execute(statements.made("verdicts", statements.verdicts(model)))
        base.execute(f"CREATE TABLE worklist AS {worklist(model)}")
        for name in ("people", "findings", "verdicts", "worklist"):
            base.execute(f"COPY {name} TO '{folder / name}.parquet'")
    identity = {"version": model.version, "hash": model.hash, "profile": model.profile, "site": model.site}
    about = {
        "form": 1,
        "as_of": as_of.isoformat(),
        "guideline": identity,
        "inputs": ["made here"],
        "corrin": "0",
    }
    (folder / "screen.json").write_text(json.dumps(about), "utf-8")
    (folder / "ingest.json").write_text(json.dumps({}), "utf-8")
    return folder


def worklist(model) -> str:
    """Everybody alive and not merged away, the worst gap first: a plain one, for these tests."""
    listed = dictionary.read(model)
    states = ", ".join(f"coalesce(v.{gap.column}, 'unknown') AS {gap.name}" for gap in listed.gaps)
    worst = " ".join(f"WHEN v.{gap.column} = 'open' THEN {at}" for at, gap in enumerate(listed.gaps))
    names = " ".join(f"WHEN v.{gap.column} = 'open' THEN '{gap.id}'" for gap in listed.gaps)
    return f"""
        SELECT row_number() OVER (ORDER BY CASE {worst} ELSE 99 END, p.patient) AS rank, p.patient, p.site, p.sex,
            f.age_years_low // 1000 AS age_low, f.age_years_high // 1000 AS age_high,
            CASE {names} END AS gap, {states},
            'because' AS reason, 'act' AS next_action,
            f.days_since_neurological_onset_low // 1000 AS days,
            92 - f.days_since_neurological_onset_low // 1000 AS days_left,
            v.urgency, v.card, '[]' AS facts
        FROM people p JOIN verdicts v USING (patient) JOIN findings f USING (patient)
        WHERE p.died = 0 AND p.replaced_by IS NULL"""
