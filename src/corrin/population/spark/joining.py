"""The lines that were cut out, brought together by patient: in SQL, since Spark moves what must meet.

Enters: the table `lines`. Leaves: the lines of every patient, with those of what they point to (a medicine,
an ingredient, a specimen), in one partition and in a row. It says what `extracting.patients` says.
"""

from typing import Any

from corrin.intake.bulk.search import SHARED
from corrin.population.extracting.patients import PATIENT
from corrin.population.tally import Tally

VIEWS = {
    "shared": "SELECT id, refs, coded, file, start, number, raw FROM lines WHERE type IN ({shared})",
    "told": "SELECT id, bool_or(coded OR size(refs) > 0) AS matters FROM shared GROUP BY id",
    "own": """
        SELECT lines.key, lines.type, lines.refs, lines.file, lines.start, lines.number, lines.raw
        FROM lines LEFT JOIN told ON told.id = get(lines.refs, 0)
        WHERE lines.type NOT IN ({shared}) AND (lines.type = '{patient}' OR lines.coded
            OR (size(lines.refs) > 0 AND (told.id IS NULL OR told.matters)))""",
    "mine": """
        SELECT CASE WHEN key = '' THEN {alone} ELSE key END AS key, refs, file, start, number, raw FROM own
        WHERE key <> '' OR {alone} IS NOT NULL""",
    "led": "SELECT DISTINCT key, explode(refs) AS id FROM mine",
    "first": """
        SELECT led.key, shared.refs, shared.file, shared.start, shared.number, shared.raw
        FROM led JOIN shared ON shared.id = led.id""",
    "led_on": "SELECT DISTINCT key, explode(refs) AS id FROM first",
    "second": """
        SELECT led_on.key, shared.file, shared.start, shared.number, shared.raw
        FROM led_on JOIN shared ON shared.id = led_on.id""",
}
"""A medicine that is elsewhere matters when it has a code that is asked for, or is nowhere to be found."""

EVERY = """
SELECT key, file, start, number, raw FROM mine
UNION ALL SELECT key, file, start, number, raw FROM first
UNION ALL SELECT key, file, start, number, raw FROM second"""


def joined(spark: Any, parts: int, tally: Tally) -> Any:  # noqa: ANN401 - pyspark is loaded late
    """The lines of every patient, those of one in a row; lines that name nobody are counted."""
    for name in ("shared", "told", "own"):
        _view(spark, name, "")
    alone = _alone(spark, tally)
    for name in VIEWS:
        _view(spark, name, alone)
    return spark.sql(EVERY).repartition(parts, "key").sortWithinPartitions("key", "file", "start", "number")


def _view(spark: Any, name: str, alone: str) -> None:  # noqa: ANN401
    shared = ", ".join(f"'{each}'" for each in SHARED)
    text = VIEWS[name].format(shared=shared, patient=PATIENT, alone=alone)
    spark.sql(text).createOrReplaceTempView(name)


def _alone(spark: Any, tally: Tally) -> str:  # noqa: ANN401
    """The key of the one patient there is, as SQL writes it: lines that name nobody are that patient's."""
    keys = [row[0] for row in spark.sql("SELECT DISTINCT key FROM own WHERE key <> '' LIMIT 2").collect()]
    if len(keys) == 1:
        return "'" + keys[0].replace("\\", "\\\\").replace("'", "\\'") + "'"
    for kind, number in spark.sql("SELECT type, COUNT(*) FROM own WHERE key = '' GROUP BY type").collect():
        tally.count("of nobody", f"{kind} that names no patient", number=number)
    return "NULL"
