"""The steps of the statement in `sql`: common table expressions, each named after what it holds.

What a finding declares enters as text literals; each step reads those before it. Integers and text only: no
dates, casts, divisions or lists.
"""

from collections.abc import Iterable, Sequence

from corrin.findings.deriving import Deriver
from corrin.findings.facts import IN_ANOTHER_UNIT
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID


def text(value: str) -> str:
    """A value as a literal."""
    return "'" + value.replace("'", "''") + "'"


def listed(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Rows of literals as a table."""
    said = (", ".join(text(each) if isinstance(each, str) else str(each) for each in row) for row in rows)
    return f"SELECT * FROM (VALUES {', '.join(f'({row})' for row in said)}) AS listed({', '.join(columns)})"


def among(names: Iterable[str]) -> str:
    """A list for `IN`, never empty."""
    listed = ", ".join(text(name) for name in names)
    return f"({listed})" if listed else "('')"


_OTHER_UNIT = " OR ".join(f"(grade = {rank} AND top = {top})" for rank, top in sorted(IN_ANOTHER_UNIT))
FORMS = f"""
    SELECT *, CASE WHEN first_minute IS NULL OR grade = top THEN 0 ELSE 1 END AS beside FROM (
        SELECT {{columns}}, MAX(grade) OVER (PARTITION BY patient, finding, first_minute, last_minute) AS top
        FROM {{facts}} WHERE state = 'usable'
    ) AS graded WHERE first_minute IS NULL OR grade = top OR {_OTHER_UNIT}"""
"""Of one time the most direct form of a result; `beside` it the number in another unit, for the least."""
STANDING = "SELECT * FROM forms WHERE beside = 0"
SEEN = """
    SELECT standing.*, rules.target, rules.take, rules.days, rules.reach, rules.undated, rules.until,
        rules.kind, rules.floor, rules.anchor, ends.given,
        CASE WHEN standing.last_day IS NULL THEN rules.undated
            WHEN standing.last_day >= people.as_of_day - rules.days THEN 1 ELSE 0 END AS inside,
        MAX(standing.first_minute) OVER (PARTITION BY standing.patient, rules.target, rules.take) AS measured
    FROM forms AS standing
    JOIN rules ON rules.source = standing.finding AND (standing.beside = 0 OR rules.take = 'least')
    JOIN {patients} AS people ON people.patient = standing.patient
    LEFT JOIN (
        SELECT patient, finding, MAX(first_minute) AS given FROM standing GROUP BY patient, finding
    ) AS ends ON ends.patient = standing.patient AND ends.finding = rules.until"""
COUNTED = """
    SELECT * FROM seen WHERE inside = 1 OR (
        until <> '' AND kept = 1 AND NOT last_minute IS NULL
        AND (measured IS NULL OR measured <= last_minute) AND (given IS NULL OR given <= last_minute)
    )"""
LATEST = """
    SELECT * FROM (
        SELECT counted.*, MAX(first_minute) OVER (PARTITION BY patient, target, take) AS cut FROM counted
    ) AS dated WHERE last_minute IS NULL OR cut IS NULL OR last_minute >= cut"""


def nearest(deriver: Deriver) -> dict[str, str]:
    """Those nearest to the latest of another finding; without that, the latest."""
    anchors = among(
        target.finding.to or "" for target in deriver.targets.values() if target.finding.take == "nearest"
    )
    return {
        "anchors": f"""
            SELECT patient, target AS anchor, MIN(first_minute) AS from_minute, MAX(last_minute) AS to_minute
            FROM latest WHERE take <> 'answer' AND target IN {anchors} AND NOT first_minute IS NULL
            GROUP BY patient, target""",
        "distances": """
            SELECT seen.*,
                CASE WHEN seen.last_minute IS NULL THEN 0
                    WHEN seen.last_minute < anchors.from_minute THEN anchors.from_minute - seen.last_minute
                    WHEN seen.first_minute > anchors.to_minute THEN seen.first_minute - anchors.to_minute
                    ELSE 0 END AS least,
                CASE WHEN seen.last_minute IS NULL THEN NULL
                    WHEN anchors.to_minute - seen.first_minute >= seen.last_minute - anchors.from_minute
                    THEN anchors.to_minute - seen.first_minute
                    ELSE seen.last_minute - anchors.from_minute END AS most
            FROM seen JOIN anchors ON anchors.patient = seen.patient AND anchors.anchor = seen.anchor
            WHERE seen.take = 'nearest'""",
        "near": """
            SELECT * FROM (
                SELECT distances.*, MIN(most) OVER (PARTITION BY patient, target) AS nearest_most
                FROM distances WHERE CASE WHEN last_minute IS NULL THEN undated
                    WHEN least <= reach THEN 1 ELSE 0 END = 1
            ) AS close_by WHERE nearest_most IS NULL OR least <= nearest_most""",
        "picked": """
            SELECT patient, target, take, kind, floor, word, low, high, first_minute, last_minute, first_day,
                last_day FROM near
            UNION ALL
            SELECT latest.patient, latest.target, latest.take, latest.kind, latest.floor, latest.word,
                latest.low, latest.high, latest.first_minute, latest.last_minute, latest.first_day,
                latest.last_day
            FROM latest LEFT JOIN anchors
                ON anchors.patient = latest.patient AND anchors.anchor = latest.anchor
            WHERE anchors.patient IS NULL""",
    }


def chosen() -> dict[str, str]:
    """The one value of each finding: a word, or the span of numbers."""
    lowest = "CASE WHEN COUNT(*) > COUNT(low) THEN NULL ELSE MIN(low) END AS low"
    highest = "CASE WHEN COUNT(*) > COUNT(high) THEN NULL ELSE MAX(high) END AS high"
    return {
        "agreed": """
            SELECT patient, target, take, CASE WHEN MIN(word) = MAX(word) THEN MIN(word) END AS word,
                CASE WHEN MIN(word) <> MAX(word) THEN 1 ELSE 0 END AS contradictory
            FROM picked GROUP BY patient, target, take""",
        "anyone": """
            SELECT patient, target, CASE WHEN SUM(CASE WHEN word = 'yes' THEN 1 ELSE 0 END) > 0 THEN 'yes'
                WHEN SUM(CASE WHEN word = 'no' THEN 1 ELSE 0 END) > 0 THEN 'no' END AS word
            FROM counted WHERE take = 'any' GROUP BY patient, target""",
        "spans": f"""
            SELECT patient, target, take, MIN(floor) AS floor, {lowest}, {highest} FROM picked
            WHERE kind = 'number' AND take IN ('latest', 'nearest', 'count') GROUP BY patient, target, take
            UNION ALL
            SELECT patient, target, take, MIN(floor), {lowest}, MIN(high) FROM counted
            WHERE take = 'least' GROUP BY patient, target, take
            UNION ALL
            SELECT patient, target, take, MIN(floor), MAX(low), {highest} FROM counted
            WHERE take = 'most' GROUP BY patient, target, take
            UNION ALL
            SELECT patient, target, 'second-most', MIN(floor), MAX(CASE WHEN by_low = 2 THEN low END),
                MAX(CASE WHEN by_high = 2 THEN high END) FROM (
                SELECT results.*,
                    ROW_NUMBER() OVER (PARTITION BY patient, target
                        ORDER BY CASE WHEN low IS NULL THEN 1 ELSE 0 END, low DESC) AS by_low,
                    ROW_NUMBER() OVER (PARTITION BY patient, target
                        ORDER BY CASE WHEN high IS NULL THEN 0 ELSE 1 END, high DESC) AS by_high
                FROM (SELECT DISTINCT patient, target, floor, first_minute, last_minute, low, high
                    FROM counted WHERE take = 'second-most') AS results
            ) AS ranked GROUP BY patient, target HAVING COUNT(*) > 1""",
    }


def takes(deriver: Deriver, take: str) -> list[Finding]:
    """The findings that are answered in one way."""
    return [target.finding for target in deriver.targets.values() if target.finding.take == take]


def doses(deriver: Deriver, facts: str) -> dict[str, str]:
    """Days on which doses were given, at least; no more than that where all of them are declared."""
    pairs = listed(("target", "source"), [(each.id, each.of or "") for each in takes(deriver, "count")])
    return {
        "counting": pairs,
        "doses": f"""
            SELECT patient, target, {GRID} * COUNT(DISTINCT CASE WHEN rough = 0 THEN first_day END) AS dated,
                {GRID} * COUNT(CASE WHEN rough = 1 THEN 1 END) AS rough FROM (
                SELECT DISTINCT standing.patient, counting.target,
                    CASE WHEN first_day = last_day THEN first_day END AS first_day,
                    CASE WHEN first_day = last_day THEN 0 ELSE 1 END AS rough,
                    CASE WHEN first_day = last_day THEN 0 ELSE first_minute END AS one,
                    CASE WHEN first_day = last_day THEN 0 ELSE last_minute END AS other
                FROM standing JOIN counting ON counting.source = standing.finding
            ) AS given_on GROUP BY patient, target""",
        "declared": f"""
            SELECT patient, finding AS target, 1 AS complete FROM {facts} WHERE state = 'complete'
            GROUP BY patient, finding""",
    }


def counts() -> dict[str, str]:
    """The days of doses beside the number that a person gives."""
    return {
        "counted_days": f"""
            SELECT everyone.patient, everyone.target, spans.patient AS asked, spans.low AS asked_low,
                spans.high AS asked_high,
                CASE WHEN doses.patient IS NULL THEN 0 WHEN doses.dated > 0 THEN doses.dated
                    ELSE {GRID} END AS low,
                CASE WHEN NOT declared.complete = 1 OR declared.complete IS NULL THEN NULL
                    WHEN doses.patient IS NULL THEN 0 ELSE doses.dated + doses.rough END AS high
            FROM (
                SELECT patient, target FROM doses UNION SELECT patient, target FROM spans WHERE take = 'count'
                UNION SELECT declared.patient, declared.target FROM declared
                    JOIN counting ON counting.target = declared.target
            ) AS everyone
            LEFT JOIN doses ON doses.patient = everyone.patient AND doses.target = everyone.target
            LEFT JOIN declared ON declared.patient = everyone.patient AND declared.target = everyone.target
            LEFT JOIN spans ON spans.patient = everyone.patient AND spans.target = everyone.target""",
        "counts": """
            SELECT patient, target, low,
                CASE WHEN asked IS NULL THEN high WHEN asked_high IS NULL THEN NULL
                    WHEN asked_high >= low THEN asked_high WHEN high IS NULL THEN NULL
                    WHEN high > low THEN high ELSE low END AS high FROM (
                SELECT patient, target, asked, asked_high, high,
                    CASE WHEN asked_low > low THEN asked_low ELSE low END AS low FROM counted_days
            ) AS raised""",
    }


def before(deriver: Deriver) -> dict[str, str]:
    """Whether a medicine surely began before a sample that counts, or surely before none."""
    wanted = takes(deriver, "before-sample")
    instants = "meds.began_first = meds.began_last AND samples.first_minute = samples.last_minute"
    return {
        "medicine_and_lab": listed(
            ("target", "source", "anchor"),
            [(each.id, each.of or "", name) for each in wanted for name in each.samples],
        ),
        "samples": """
            SELECT medicine_and_lab.target, medicine_and_lab.source, latest.patient, latest.first_minute,
                latest.last_minute, latest.first_day, latest.last_day
            FROM latest JOIN medicine_and_lab ON medicine_and_lab.anchor = latest.target
            WHERE latest.take <> 'answer'""",
        "pairs": f"""
            SELECT samples.patient, samples.target,
                CASE WHEN meds.began_last_day < samples.first_day THEN 1
                    WHEN {instants} AND meds.began_last < samples.first_minute THEN 1 ELSE 0 END AS surely,
                CASE WHEN meds.patient IS NULL THEN 1
                    WHEN meds.began_first IS NULL OR samples.last_minute IS NULL THEN 0
                    WHEN {instants} THEN CASE WHEN meds.began_first >= samples.last_minute THEN 1 ELSE 0 END
                    WHEN meds.began_first_day >= samples.last_day THEN 1 ELSE 0 END AS surely_not
            FROM samples LEFT JOIN standing AS meds
                ON meds.patient = samples.patient AND meds.finding = samples.source""",
        "preceded": f"""
            SELECT everyone.patient, everyone.target,
                CASE WHEN NOT said.word IS NULL THEN said.word WHEN said.contradictory = 1 THEN NULL
                    WHEN judged.surely = 1 THEN 'yes'
                    WHEN declared.complete = 1 AND judged.surely_not = 1 THEN 'no' END AS word
            FROM (
                SELECT patient, target FROM samples UNION SELECT patient, target FROM agreed
                WHERE target IN {among(each.id for each in wanted)}
            ) AS everyone
            LEFT JOIN agreed AS said ON said.patient = everyone.patient AND said.target = everyone.target
            LEFT JOIN declared ON declared.patient = everyone.patient AND declared.target = everyone.target
            LEFT JOIN (SELECT patient, target, MAX(surely) AS surely, MIN(surely_not) AS surely_not FROM pairs
                GROUP BY patient, target) AS judged
                ON judged.patient = everyone.patient AND judged.target = everyone.target""",
    }


def refused(deriver: Deriver, facts: str, patients: str) -> dict[str, str]:
    """Whether a result was sent that cannot be used, and is not surely older than the one that is."""
    labs = listed(("target", "source"), [(each.id, each.of or "") for each in takes(deriver, "refused")])
    return {
        "sent": labs,
        "used": """
            SELECT patient, target, COUNT(*) AS many, MAX(first_minute) AS cut FROM picked
            WHERE take <> 'answer' GROUP BY patient, target""",
        "unusable": f"""
            SELECT DISTINCT pending.patient, sent.target FROM {facts} AS pending
            JOIN sent ON sent.source = pending.finding
            JOIN rules ON rules.target = sent.source AND rules.take <> 'answer'
            JOIN {patients} AS people ON people.patient = pending.patient
            LEFT JOIN used ON used.patient = pending.patient AND used.target = sent.source
            LEFT JOIN (SELECT DISTINCT patient, finding, first_minute, last_minute FROM {facts}
                WHERE state = 'usable' AND NOT first_minute IS NULL) AS final
                ON final.patient = pending.patient AND final.finding = pending.finding
                AND final.first_minute = pending.first_minute AND final.last_minute = pending.last_minute
            WHERE (pending.state = 'refused' OR (pending.state = 'preliminary' AND final.patient IS NULL))
                AND CASE WHEN used.many > 0 THEN
                    CASE WHEN pending.last_minute IS NULL OR used.cut IS NULL THEN 1
                        WHEN pending.last_minute >= used.cut THEN 1 ELSE 0 END
                    WHEN pending.last_day IS NULL THEN rules.undated
                    WHEN pending.last_day >= people.as_of_day - rules.days THEN 1 ELSE 0 END = 1""",
    }


def answered(deriver: Deriver, facts: str) -> dict[str, str]:
    """What a finding that covers several answers for one of them that nobody gave."""
    words = [
        (target.finding.id, said, word)
        for target in deriver.answered
        for answers in (target.finding.answered_by or {}).values()
        for said, word in answers.items()
    ]
    return {
        "answers": listed(("target", "said", "word"), words),
        "covered": f"""
            SELECT agreed.patient, agreed.target, answers.word FROM agreed
            JOIN answers ON answers.target = agreed.target AND answers.said = agreed.word
            LEFT JOIN agreed AS own ON own.patient = agreed.patient AND own.target = agreed.target
                AND own.take <> 'answer' AND (own.contradictory = 1 OR NOT own.word IS NULL)
            LEFT JOIN anyone ON anyone.patient = agreed.patient AND anyone.target = agreed.target
                AND NOT anyone.word IS NULL
            LEFT JOIN (SELECT DISTINCT patient, finding FROM {facts}
                WHERE state IN ('refused', 'preliminary', 'not-known')) AS pending
                ON pending.patient = agreed.patient AND pending.finding = agreed.target
            WHERE agreed.take = 'answer' AND own.patient IS NULL AND anyone.patient IS NULL
                AND pending.patient IS NULL""",
    }


WORDED = """
    SELECT patient, target, word FROM agreed WHERE take IN ('latest', 'nearest')
    UNION ALL SELECT patient, target, word FROM anyone
    UNION ALL SELECT patient, target, word FROM preceded
    UNION ALL SELECT patient, target, word FROM covered
    UNION ALL SELECT patient, target, 'yes' FROM unusable"""
NUMBERED = """
    SELECT patient, target, CASE WHEN low IS NULL AND high IS NULL THEN floor ELSE low END AS low, high
    FROM spans WHERE take <> 'count'
    UNION ALL SELECT patient, target, low, high FROM counts"""
