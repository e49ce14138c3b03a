"""The second step for a whole population: one SQL statement over a table of facts.

A guideline enters, text leaves, in the dialect of any warehouse that SQLGlot knows. The statement gives the
table of findings that `readings.sql` reads: `patient`, a nullable text column for each worded finding,
`x_low` and `x_high` for each number. For every patient it says what `derive` says.

`facts` has the columns of `COLUMNS`, one row for each settled fact; `patients` has `patient` and `as_of_day`,
the days from 1970-01-01 to the day of the answer. Integers and text only: no dates, casts or divisions.
"""

from collections.abc import Iterator, Mapping

from corrin.findings import steps
from corrin.findings.deriving import Deriver
from corrin.findings.facts import Fact, Settled
from corrin.findings.settling.elapsed import EPOCH
from corrin.findings.taking import Target
from corrin.guideline.model import Guideline
from corrin.records import MINUTES_A_DAY

NEUTRAL = "duckdb"
EVER = 10**6
"""More days than any look-back."""

COLUMNS: Mapping[str, str] = {
    "patient": "TEXT",
    "finding": "TEXT",
    "state": "TEXT",
    "word": "TEXT",
    "low": "BIGINT",
    "high": "BIGINT",
    "first_minute": "BIGINT",
    "last_minute": "BIGINT",
    "first_day": "BIGINT",
    "last_day": "BIGINT",
    "began_first": "BIGINT",
    "began_last": "BIGINT",
    "began_first_day": "BIGINT",
    "began_last_day": "BIGINT",
    "grade": "BIGINT",
    "kept": "BIGINT",
}
"""The table of facts: `state` is the use of a fact, `grade` its rank, `kept` is 1 if it may outlast."""

PATIENT_COLUMNS: Mapping[str, str] = {"patient": "TEXT", "as_of_day": "BIGINT"}


def rows(patient: str, settled: Settled) -> Iterator[tuple[str | int | None, ...]]:
    """The rows of one patient in the table of facts."""
    for fact in settled.facts:
        yield _row(patient, fact)


def patient_row(patient: str, settled: Settled) -> tuple[str, int]:
    """The row of one patient in the table of patients."""
    return patient, settled.as_of.toordinal() - EPOCH


def _row(patient: str, fact: Fact) -> tuple[str | int | None, ...]:
    began = (fact.began_first, fact.began_last)
    began_days = (None if minute is None else minute // MINUTES_A_DAY for minute in began)
    return (
        *(patient, fact.finding, fact.use, fact.word, fact.low, fact.high),
        *(fact.first, fact.last, fact.first_day, fact.last_day),
        *(*began, *began_days, fact.rank, int(fact.kept)),
    )


def select(
    guideline: Guideline, facts: str = "facts", patients: str = "patients", dialect: str = NEUTRAL
) -> str:
    """The statement that gives the table of findings."""
    import sqlglot  # noqa: PLC0415 - printing SQL alone needs it

    *before, (_, last) = named(guideline, facts, patients).items()
    written = ",\n".join(f"{name} AS ({text})" for name, text in before)
    return sqlglot.transpile(f"WITH {written}\n{last}", read=NEUTRAL, write=dialect, pretty=True)[0]


def named(guideline: Guideline, facts: str, patients: str) -> dict[str, str]:
    """The steps of the statement, each reading those before it; the last gives findings."""
    deriver = Deriver(guideline)
    return {
        "rules": steps.listed(
            RULES, [rule for target in deriver.targets.values() for rule in _rules(target)]
        ),
        "forms": steps.FORMS.format(facts=facts, columns=", ".join(COLUMNS)),
        "standing": steps.STANDING,
        "seen": steps.SEEN.format(patients=patients),
        "counted": steps.COUNTED,
        "latest": steps.LATEST,
        **steps.nearest(deriver),
        **steps.chosen(),
        **steps.doses(deriver, facts),
        **steps.counts(),
        **steps.before(deriver),
        **steps.refused(deriver, facts, patients),
        **steps.answered(deriver, facts),
        "worded": steps.WORDED,
        "numbered": steps.NUMBERED,
        "wide": _wide(deriver, patients),
    }


RULES = ("target", "source", "take", "until", "kind", "anchor", "days", "reach", "undated", "floor")
"""How each finding is answered: whose facts, which of them, what ends an old one's life, how far back."""


def _rules(target: Target) -> Iterator[tuple[str | int, ...]]:
    """The rule of a finding, and one for each other finding that answers for it."""
    yield _rule(target, target.source, target.finding.take)
    for asker in target.finding.answered_by or {}:
        yield _rule(target, asker, "answer")


def _rule(target: Target, source: str, take: str) -> tuple[str | int, ...]:
    finding = target.finding
    days = EVER if target.window is None else target.window
    until = finding.until if finding.until and take != "answer" else ""
    return (
        *(finding.id, source, take, until, finding.kind, finding.to or ""),
        *(days, days * MINUTES_A_DAY, int(target.undated), target.floor),
    )


def _wide(deriver: Deriver, patients: str) -> str:
    """One row for each patient, one column (of a number two) for each finding."""
    words = [target.finding for target in deriver.targets.values() if target.finding.kind != "number"]
    numbers = [target.finding for target in deriver.targets.values() if target.finding.kind == "number"]
    refused = {each.id for each in steps.takes(deriver, "refused")}
    shown = [
        f"CASE WHEN w.{each.id} = 'yes' THEN 'yes' ELSE 'no' END AS {each.id}"
        if each.id in refused
        else f"w.{each.id}"
        for each in words
    ]
    shown += [f"n.{each.id}_{end}" for each in numbers for end in ("low", "high")]
    worded = [f"MAX(CASE WHEN target = {steps.text(each.id)} THEN word END) AS {each.id}" for each in words]
    ends = [
        f"MAX(CASE WHEN target = {steps.text(each.id)} THEN {end} END) AS {each.id}_{end}"
        for each in numbers
        for end in ("low", "high")
    ]
    return f"""SELECT people.patient, {", ".join(shown)}
        FROM {patients} AS people
        LEFT JOIN (SELECT patient, {", ".join(worded)} FROM worded GROUP BY patient) AS w
            ON w.patient = people.patient
        LEFT JOIN (SELECT patient, {", ".join(ends)} FROM numbered GROUP BY patient) AS n
            ON n.patient = people.patient"""
