"""A made-up patient as one row of a spreadsheet: a column for each finding, and for the day it was found.

A `Synthetic` enters, one line leaves. A cell holds one answer: of several results the latest that counts.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from random import Random

from corrin.guideline.declared import Finding
from corrin.guideline.model import Guideline
from corrin.records import Event, Patient, Quantity
from corrin.synthesis import covering
from corrin.synthesis.people import Synthetic
from corrin.synthesis.people.told import OWN
from corrin.synthesis.shares import Shares

FILE = "patients"
FIRST = ("patient", "as_of")
RUNNING = frozenset({"final", "corrected", "active", "completed", "unknown"})
MEDICINE = "medicine"
"""What is taken now is so today, whenever it began."""
DAY = 10


class Sheet:
    """Prints patients as rows below one header."""

    carries = covering.SHEET
    suffix = ".csv"

    def __init__(self, guideline: Guideline, shares: Shares) -> None:
        self.as_of = shares.as_of
        asked = [each for each in guideline.declared.findings.values() if each.asked]
        self.asked = {each.id: each for each in asked}
        self.limits = {each.upper_limit_of: each.id for each in asked if each.upper_limit_of}
        self.person = {each.person: each.id for each in asked if each.person}
        self.codes: dict[tuple[str, str], list[str]] = {}
        for each in guideline.declared.codes:
            if each.finding in self.asked:
                self.codes.setdefault((each.system, each.code), []).append(each.finding)
        self.columns = [*FIRST, *self._columns()]
        self.headers: Mapping[str, bytes] = {FILE: _row(self.columns)}

    def _columns(self) -> Iterator[str]:
        for each in self.asked.values():
            yield each.id
            if each.window and not each.upper_limit_of:
                yield f"{each.id} date"

    def name(self, one: Synthetic) -> str:
        """What the format calls a patient."""
        return one.patient.id or ""

    def joined(self, kind: str) -> bool:
        """There is one file."""
        return kind == FILE

    def common(self) -> Iterator[tuple[str, bytes]]:
        """Nothing belongs to no patient."""
        return iter(())

    def lines(self, one: Synthetic, _rng: Random) -> Iterator[tuple[str, bytes]]:
        """The row of one patient."""
        cells = {"patient": self.name(one), "as_of": self.as_of.isoformat(), **self._person(one.patient)}
        told = sorted(self._told(one), key=lambda each: each[1].start.first if each[1].start else 0)
        for finding, event in told:
            written = _cell(event)
            cells[finding.id] = written
            noted = event.start or event.recorded
            if noted and event.kind != MEDICINE and f"{finding.id} date" in self.columns:
                cells[f"{finding.id} date"] = noted.text[:DAY]
            if event.upper_limit and finding.id in self.limits:
                cells[self.limits[finding.id]] = _quantity(event.upper_limit)
        yield FILE, _row([cells.get(column, "") for column in self.columns])

    def _person(self, patient: Patient) -> dict[str, str]:
        said: dict[str, str] = {}
        if patient.birth and len(patient.birth.text) == DAY:
            born = patient.birth.text
            before = born[5:] > self.as_of.isoformat()[5:]
            said[self.person["birth"]] = str(self.as_of.year - int(born[:4]) - before)
        if patient.sex:
            said[self.person["gender"]] = patient.sex
        return said

    def _told(self, one: Synthetic) -> Iterator[tuple[Finding, Event]]:
        """What a person who fills in a form takes from a record: nothing that was withdrawn or is to come."""
        corrected = {event.identity for event in one.events if event.status == "corrected"}
        for event in one.events:
            stands = event.status in RUNNING and event.kind != "order" and event.intent != "plan"
            to_come = event.start is not None and event.start.text[:DAY] > self.as_of.isoformat()
            replaced = event.identity in corrected and event.status != "corrected" and event.identity
            doubted = event.verification in {"error", "unconfirmed"}
            if stands and not (to_come or replaced or doubted):
                yield from ((each, event) for each in self._findings(event) if _about(event, each))

    def _findings(self, event: Event) -> Iterator[Finding]:
        names = [
            name
            for code in event.codes
            for name in ([code.code] if code.system == OWN else self.codes.get((code.system, code.code), []))
        ]
        yield from (self.asked[name] for name in names if name in self.asked)


def _about(event: Event, finding: Finding) -> bool:
    """What is said of a relative answers for the family alone."""
    return event.kind != "family" or finding.counts == "family"


def _cell(event: Event) -> str:
    if event.quantity:
        return _quantity(event.quantity)
    if event.date:
        return event.date.text
    if event.word is not None:
        return event.word
    return "no" if event.polarity == "absent" else "yes"


def _quantity(quantity: Quantity) -> str:
    """As a laboratory prints it: `<83 pg/mL`."""
    return f"{quantity.comparator}{quantity.value:f} {quantity.unit}".strip()


def _row(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()
