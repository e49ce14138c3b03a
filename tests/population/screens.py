"""Folders as `corrin screen` writes them, made here from records: what measures, comparisons and reports read."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from shutil import rmtree

import duckdb
from tests.population.crowd import AS_OF

from corrin import guideline as guidelines
from corrin.population import worklist
from corrin.population.deciding import Scripts, decide
from corrin.population.gathering import Gatherer
from corrin.records import Record


def screen(records: Iterable[Record], folder: Path, profile="uk", site=None, as_of: date = AS_OF) -> Path:
    """The folder of these records under a profile and a site's file."""
    model = guidelines.load(profile, site)
    work = folder / "work"
    work.mkdir(parents=True)
    gatherer = Gatherer(model, as_of, work, "0")
    for record in records:
        gatherer.take(record)
    tally = gatherer.close()
    decide(Scripts.of(model, worklist.clock(model, as_of)), work, "0", "400MB")
    with duckdb.connect() as base:
        for name in ("people", "findings", "verdicts"):
            base.execute(f"COPY (FROM '{work / name}-0.parquet') TO '{folder / name}.parquet'")
        ranked = worklist.ordered(f"read_parquet('{work}/worklist-0.parquet')")
        base.execute(
            f"COPY (SELECT * EXCLUDE (gap_order, clocked, refused_results) FROM ({ranked})) TO '{folder}/worklist.parquet'"
        )
    rmtree(work)
    identity = {"version": model.version, "hash": model.hash, "profile": model.profile, "site": model.site}
    about = {
        "form": 1,
        "as_of": as_of.isoformat(),
        "guideline": identity,
        "inputs": ["made here"],
        "corrin": "0",
    }
    (folder / "screen.json").write_text(json.dumps(about), "utf-8")
    (folder / "ingest.json").write_text(json.dumps(tally.to_dict()), "utf-8")
    return folder
