"""Rows of the CDM for one person: what an ETL makes of a record, with what it drops and what it keeps.

An `Event` enters, rows leave, each with its table. What is planned, preliminary or in error never reaches
a CDM.
"""

from collections.abc import Iterator, Mapping
from random import Random

from corrin.intake.omop import terms
from corrin.records import Code, Event, Patient, When
from corrin.synthesis.omop.concepts import Concepts
from corrin.synthesis.people.person import on
from corrin.synthesis.shares import Shares

Line = tuple[str, bytes]

COLUMNS: Mapping[str, str] = {
    "person": "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,"
    "race_concept_id,ethnicity_concept_id,care_site_id,person_source_value,gender_source_value",
    "death": "person_id,death_date",
    "care_site": "care_site_id,care_site_name,care_site_source_value",
    "visit_occurrence": "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,"
    "visit_type_concept_id,care_site_id",
    "measurement": "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,"
    "measurement_type_concept_id,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,"
    "range_high,measurement_source_value,measurement_source_concept_id,unit_source_value,value_source_value",
    "observation": "observation_id,person_id,observation_concept_id,observation_date,"
    "observation_type_concept_id,value_as_number,value_as_string,value_as_concept_id,unit_concept_id,"
    "observation_source_value,unit_source_value",
    "condition_occurrence": "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,"
    "condition_end_date,condition_type_concept_id,condition_status_source_value,condition_source_value,"
    "condition_source_concept_id",
    "drug_exposure": "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,"
    "drug_exposure_end_date,drug_type_concept_id,stop_reason,sig,drug_source_value,drug_source_concept_id,route_source_value",
    "procedure_occurrence": "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,"
    "procedure_type_concept_id,procedure_source_value,procedure_source_concept_id",
    "concept": "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,"
    "concept_code",
    "concept_ancestor": "ancestor_concept_id,descendant_concept_id,min_levels_of_separation,"
    "max_levels_of_separation",
}
"""The columns of each table that is written, in order."""

RECORD = 32817
"""The record type of an electronic health record, in every CDM."""
PRESCRIBED = 32838
STATED = 32865
"""The types of a drug that was prescribed, and of one that the patient tells of."""
OUTPATIENT = 9202
DAY = 10
DROPPED = frozenset({"error", "preliminary", "not-done", "draft"})
PERSON_ROWS = 10_000
"""Numbers of rows of one person: a row has the same number whoever else is there."""
VISITS = 8
VITALS = 7
SPAN = 3000
RUNS_ON = 60

_SEX = {word: number for number, word in terms.SEX.items()}
_OPERATOR = {sign: number for number, sign in terms.OPERATORS.items()}
_WORD = {word: number for number, word in reversed(list(terms.WORDS.items()))}
_FLAG = {"L": "low", "N": "normal", "H": "high"}


def header(table: str) -> bytes:
    """The first line of a table."""
    return (COLUMNS[table] + "\n").encode()


class Rows:
    """The rows of one person."""

    def __init__(self, concepts: Concepts, shares: Shares, rng: Random, person: int) -> None:
        self.concepts = concepts
        self.shares = shares
        self.rng = rng
        self.id = person
        self.next = person * PERSON_ROWS

    def person(self, patient: Patient) -> Line:
        """Who it is; a date of birth as far as it is known."""
        born = patient.birth.text if patient.birth else ""
        year, month, day = (*born.split("-"), "", "", "")[:3]
        site = (patient.site or "").rpartition("-")[2]
        sex = _SEX.get(patient.sex or "", 0)
        return _line(
            "person",
            self.id,
            sex,
            year,
            month.lstrip("0"),
            day.lstrip("0"),
            "",
            0,
            0,
            site,
            patient.id,
            patient.sex,
        )

    def death(self, patient: Patient) -> Iterator[Line]:
        """When the person died."""
        if patient.died:
            yield _line("death", self.id, _day(patient.died_on))

    def event(self, event: Event) -> Iterator[Line]:
        """The row of an event, unless an ETL drops it."""
        if event.status in DROPPED or event.intent == "plan" or event.verification == "error":
            return
        code = event.codes[0] if event.codes else Code("", event.text.replace(",", ""))
        number = self.concepts.ids.get(code, 0)
        if not number and event.kind != "medicine":
            return
        self.next += 1
        if event.kind == "observation" and (event.quantity or code.system == "loinc"):
            yield self._measurement(event, code, number)
        elif event.kind == "observation":
            yield self._observation(event, number)
        elif event.kind == "condition":
            yield self._condition(event, code, number)
        elif event.kind == "medicine":
            yield self._drug(event, code.code, number)
        elif event.kind in {"family", "allergy"}:
            heading = next(iter(terms.FAMILY)) if event.kind == "family" else self.concepts.allergy
            day = _day(event.recorded or event.start)
            yield _line("observation", self.next, self.id, heading, day, RECORD, "", "", number, 0, "", "")
        elif event.kind == "procedure":
            yield _line(
                "procedure_occurrence", self.next, self.id, number, _day(event.start), RECORD, code.code, 0
            )

    def _measurement(self, event: Event, code: Code, number: int) -> Line:
        quantity = event.quantity
        unit = quantity.unit if quantity else ""
        known = self.concepts.units.get(quantity.ucum, 0) if quantity else 0
        high = event.upper_limit.value if event.upper_limit else ""
        return _line(
            "measurement",
            self.next,
            self.id,
            number,
            _day(event.start),
            _clock(event.start),
            RECORD,
            _OPERATOR.get(quantity.comparator, 0) if quantity and quantity.comparator else 0,
            f"{quantity.value:f}" if quantity else "",
            _WORD.get(_FLAG.get(event.flag, ""), 0) if quantity else 0,
            known,
            high,
            code.code,
            0,
            unit,
            "" if quantity else event.word,
        )

    def _observation(self, event: Event, number: int) -> Line:
        yes = "no" if event.polarity == "absent" else "yes"
        said = event.date.text if event.date else event.word
        answer = 0 if said is not None else _WORD[yes]
        day = _day(event.start)
        return _line("observation", self.next, self.id, number, day, RECORD, "", said, answer, 0, "", "")

    def _condition(self, event: Event, code: Code, number: int) -> Line:
        said = event.verification if event.verification != "confirmed" else event.status
        end = _day(event.end) if event.status == "resolved" else ""
        source = code.system == "icd10cm"
        day = _day(event.start or event.recorded)
        concept, local = (0, number) if source else (number, 0)
        return _line(
            "condition_occurrence", self.next, self.id, concept, day, end, RECORD, said, code.code, local
        )

    def _drug(self, event: Event, source: str, number: int) -> Line:
        """What runs has an end to come, unless nobody knows since when; what was stopped says so.

        A medicine that is known by its name alone has no concept.
        """
        concept = (
            self.concepts.products[number]
            if number and self.rng.random() < self.shares.printing["reference"]
            else number
        )
        runs = event.status == "active" and event.start is not None
        ends = on(self.shares.as_of, -RUNS_ON) if runs else event.end
        start = event.start or event.recorded or on(self.shares.as_of, 1)
        reason = "stopped" if event.status == "stopped" else ""
        dates = _day(start), _day(ends)
        return _line(
            "drug_exposure",
            self.next,
            self.id,
            concept,
            *dates,
            STATED if event.medium == "statement" else PRESCRIBED,
            reason,
            "",
            source,
            0,
            "",
        )

    def filler(self) -> Iterator[Line]:
        """Visits, and measurements that nobody asks for."""
        draw = self.rng.random
        for _ in range(int(draw() * VISITS * 2)):
            day = _day(on(self.shares.as_of, int(draw() * SPAN)))
            self.next += 1
            yield _line("visit_occurrence", self.next, self.id, OUTPATIENT, day, day, RECORD, 1)
            for _ in range(VITALS):
                self.next += 1
                value = f"{draw() * 100:.1f}"
                yield _line(
                    "measurement",
                    self.next,
                    self.id,
                    self.concepts.vital,
                    day,
                    "",
                    RECORD,
                    0,
                    value,
                    0,
                    0,
                    "",
                    "",
                    0,
                    "",
                    "",
                )


def _day(when: When | None) -> str:
    """A CDM has days: what is known to the month is its first day."""
    if when is None:
        return ""
    return (when.text + "-01-01")[:DAY] if len(when.text) < DAY else when.text[:DAY]


def _clock(when: When | None) -> str:
    return f"{when.text[:DAY]} {when.text[11:19]}" if when and when.instant else ""


def _line(table: str, *cells: object) -> Line:
    return table, (",".join("" if cell is None else str(cell) for cell in cells) + "\n").encode()
