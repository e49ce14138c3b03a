"""Records become the tables of facts and people, as Parquet.

Records of one part of a population enter; two files and a tally leave. The same first step as for one
patient: each event is settled on its own, once.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from corrin import findings
from corrin.findings import sql
from corrin.findings.facts import Fact, Settled
from corrin.findings.settling.elapsed import EPOCH
from corrin.guideline.model import Guideline
from corrin.population.parquet import Sheet
from corrin.population.statements import FACTS, PEOPLE
from corrin.population.tally import Tally
from corrin.records import Patient, Record

Row = tuple[str | int | None, ...]
Codes = frozenset[tuple[str, str]]

ANSWER = "answer"
"""The kind of event that a column of a table, or a question of a form, gives."""

TO_COME = "with events after the day of the answer"
LEFT_BEHIND = "with events filed under a record that was merged into another, which do not count for it"

_SENT = re.compile(
    r"(unit |unit is printed |coded |measured in )?`(.*?)`(?=[ .:;,]|$)|(?<!\bR)(?<!STU)[0-9]+"
)
"""What was sent, in quotation marks, after the words that say it is a unit or a specimen; and numbers,
but for those of the versions of FHIR: R4, STU3."""
_UNITS = " Give it in "
"""After it a mend lists the units of a finding, which are the guideline's."""
_ONE_WORD = re.compile(r"[^\s`0-9][^\s`]{0,19}")


def fact_rows(patient: str, settled: Settled) -> Iterator[Row]:
    """The facts of one patient as rows of the table of facts: what they say, as printed, when and where."""
    for row, fact in zip(sql.rows(patient, settled), settled.facts, strict=True):
        yield (*row, fact.text, fact.where, _day(fact))


def person_row(patient: str, settled: Settled) -> Row:
    """One patient as a row of the table of people."""
    person = settled.patient
    born = person.birth
    return (
        *sql.patient_row(patient, settled),
        person.sex,
        born.first_day if born else None,
        born.last_day if born else None,
        int(person.died),
        person.replaced_by,
        person.site,
        person.where,
        len(settled.refused),
        len(settled.ignored),
    )


def _day(fact: Fact) -> str | None:
    """The day of a fact as a person writes it; None when it is not known to the day."""
    if fact.last_day is None or fact.first_day != fact.last_day:
        return None
    return (date.min + timedelta(days=fact.last_day + EPOCH - 1)).isoformat()


class Gatherer:
    """Settles records for one guideline and day, and writes what they come to.

    Writes `facts-<part>.parquet` and `people-<part>.parquet` in `folder`, whole once it is closed.
    """

    def __init__(
        self, guideline: Guideline, as_of: date, folder: Path, part: str, *, present: bool = False
    ) -> None:
        self._guideline = guideline
        self._as_of, self._present = as_of, present
        self._codes, self._ages = findings.codes(guideline), ages(guideline)
        self.facts = folder / f"facts-{part}.parquet"
        self.people = folder / f"people-{part}.parquet"
        self._sheets = Sheet(self.facts, FACTS), Sheet(self.people, PEOPLE)
        self.tally = Tally()

    def take(self, record: Record, name: str | None = None) -> None:
        """One patient more; `name` is what the tables call the patient, else the record's id."""
        settled = findings.settle(record, self._guideline, self._as_of, present=self._present)
        patient = name or record.patient.id or record.patient.where or "nameless"
        facts, people = self._sheets
        for row in fact_rows(patient, settled):
            facts.add(row)
        people.add(person_row(patient, settled))
        count(self.tally, record, settled, self._codes, self._ages)

    def close(self) -> Tally:
        """Finish both files."""
        for sheet in self._sheets:
            sheet.close()
        return self.tally


def ages(guideline: Guideline) -> frozenset[str]:
    """The findings that say how old somebody is, whether there is a birth date or not."""
    return frozenset(one.id for one in guideline.declared.findings.values() if one.person == "birth")


def count(tally: Tally, record: Record, settled: Settled, codes: Codes, ages: frozenset[str]) -> None:
    """What one patient adds to the counts; answers by other than these codes are of nobody's asking."""
    _person(tally, settled.patient, any(one.finding in ages and one.low is not None for one in settled.facts))
    for event in record.events:
        tally.count("events", event.kind)
        if event.kind == ANSWER and not codes.intersection((one.system, one.code) for one in event.codes):
            said = " ".join(f"{one.system}|{one.code}" for one in event.codes)
            tally.count("unmapped", said, event.where)
    for subject, names in (("complete", record.complete), ("facts", (one.finding for one in settled.facts))):
        for name in names:
            tally.count(subject, name)
    for refused in settled.refused:
        tally.count("refused", f"{refused.finding}: {_plain(refused.reason)}", refused.where)
    for ignored in settled.ignored:
        tally.count("ignored", _plain(ignored.reason), ignored.where)
    if settled.future:
        tally.count("patients", TO_COME, record.patient.where)
    if record.patient.replaced_by is not None and record.events:
        tally.count("patients", LEFT_BEHIND, record.events[0].where)


def _person(tally: Tally, person: Patient, aged: bool) -> None:  # noqa: FBT001 - said once, above
    tally.count("patients", "read")
    if person.birth is None and not aged:
        tally.count("patients", "without a birth date", person.where)
    if person.died:
        tally.count("patients", "died")
    if person.replaced_by is not None:
        tally.count("patients", "merged into another record")


def _plain(reason: str) -> str:
    """A reason without numbers and without what was sent: the same for every patient, and no value of any."""
    sent, units, listed = reason.rpartition(_UNITS)
    if not units or "`" in listed:
        return _SENT.sub(_unless_a_word, reason)
    return _SENT.sub(_unless_a_word, sent) + units + listed


def _unless_a_word(sent: re.Match[str]) -> str:
    """A unit or a specimen of one word stands as it was sent, so that it can be mended: a sentence may name
    anybody.
    """
    if sent[2] is None:
        return "#"
    return sent[0] if sent[1] and _ONE_WORD.fullmatch(sent[2]) else f"{sent[1] or ''}`...`"
