"""A CDM as lists of rows, written to any of the places where one may lie; its vocabulary is our value sets."""

import csv
import gzip
import io
import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path

import duckdb

from corrin import guideline

VOCABULARIES = {
    "loinc": "LOINC",
    "snomed": "SNOMED",
    "rxnorm": "RxNorm",
    "atc": "ATC",
    "icd10cm": "ICD10CM",
    "hpo": "HPO",
}
CLASSES = {"loinc": "Lab Test", "snomed": "Clinical Finding", "rxnorm": "Ingredient", "atc": "ATC 5th"}
FIRST = 3_000_000
UNITS = {"pg/mL": 8845, "pmol/L": 8729, "nmol/L": 8736, "g/dL": 8713, "g/L": 8636, "fL": 8583, "umol/L": 8749}
POSITIVE, NEGATIVE, LOW = 45884084, 45878583, 45881666
ORAL, INTRAMUSCULAR = 4132161, 4302612
PRODUCT = 40_000_001
"""A product below an ingredient, made for the tests."""

COLUMNS = {
    "person": "person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime"
    " care_site_id gender_source_value",
    "death": "person_id death_date",
    "care_site": "care_site_id care_site_name",
    "visit_occurrence": "visit_occurrence_id person_id visit_end_date",
    "measurement": "measurement_id person_id measurement_concept_id measurement_date measurement_datetime"
    " operator_concept_id value_as_number value_as_concept_id unit_concept_id range_high"
    " measurement_source_value measurement_source_concept_id unit_source_value value_source_value",
    "observation": "observation_id person_id observation_concept_id observation_date value_as_number"
    " value_as_string value_as_concept_id unit_concept_id observation_source_value"
    " observation_source_concept_id unit_source_value value_source_value",
    "condition_occurrence": "condition_occurrence_id person_id condition_concept_id condition_start_date"
    " condition_end_date condition_type_concept_id condition_status_concept_id stop_reason"
    " visit_occurrence_id condition_source_value condition_source_concept_id condition_status_source_value",
    "drug_exposure": "drug_exposure_id person_id drug_concept_id drug_exposure_start_date"
    " drug_exposure_end_date verbatim_end_date drug_type_concept_id stop_reason days_supply sig"
    " route_concept_id drug_source_value drug_source_concept_id route_source_value",
    "drug_era": "drug_era_id person_id drug_concept_id drug_era_start_date drug_era_end_date",
    "procedure_occurrence": "procedure_occurrence_id person_id procedure_concept_id procedure_date"
    " procedure_end_date procedure_source_value procedure_source_concept_id",
    "concept": "concept_id concept_name domain_id vocabulary_id concept_class_id concept_code",
    "concept_relationship": "concept_id_1 concept_id_2 relationship_id",
    "concept_ancestor": "ancestor_concept_id descendant_concept_id",
}
TEXT = (
    "_value",
    "_name",
    "_code",
    "domain_id",
    "vocabulary_id",
    "class_id",
    "relationship_id",
    "reason",
    "sig",
)


def kind(column: str) -> str:
    if column.endswith("_datetime"):
        return "TIMESTAMP"
    if column.endswith("_date"):
        return "DATE"
    if column in {"value_as_number", "range_high"}:
        return "DOUBLE"
    return "VARCHAR" if column.endswith((*TEXT, "_string")) else "BIGINT"


@cache
def _codes() -> list[tuple[str, str]]:
    return sorted({(one.system, one.code) for one in guideline.load().declared.codes})


class Cdm:
    """Tables of rows; a row names the columns that it fills."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, object]]] = {table: [] for table in COLUMNS}
        self.ids: dict[tuple[str, str], int] = {}
        self.next: defaultdict[str, int] = defaultdict(lambda: 1)
        for number, (system, code) in enumerate(_codes(), FIRST):
            self.ids[system, code] = number
            self.concept(number, f"{system} {code}", VOCABULARIES[system], CLASSES.get(system, "Code"), code)
        for unit, number in UNITS.items():
            self.concept(number, unit, "UCUM", "Unit", unit)
        self.concept(POSITIVE, "Positive", "LOINC", "Answer", "LA6576-8")
        self.concept(NEGATIVE, "Negative", "LOINC", "Answer", "LA6577-6")
        self.concept(LOW, "Low", "LOINC", "Answer", "LA9632-6")
        self.concept(ORAL, "Oral", "SNOMED", "Qualifier Value", "26643006")
        self.concept(INTRAMUSCULAR, "Intramuscular", "SNOMED", "Qualifier Value", "78421000")

    def concept(self, number, name, vocabulary, kind, code) -> None:
        self.rows["concept"].append(
            {
                "concept_id": number,
                "concept_name": name,
                "domain_id": "x",
                "vocabulary_id": vocabulary,
                "concept_class_id": kind,
                "concept_code": code,
            }
        )

    def product(self, number: int, *ingredients: tuple[str, str]) -> None:
        """A product of these ingredients, with a concept of its own."""
        self.concept(number, "a product", "RxNorm", "Clinical Drug", f"p{number}")
        for one in ingredients:
            self.rows["concept_ancestor"].append(
                {"ancestor_concept_id": self.ids[one], "descendant_concept_id": number}
            )

    def add(self, table: str, person: object = None, **cells: object) -> int:
        """One row more; its id is counted on."""
        key = COLUMNS[table].split()[0]
        number = self.next[table]
        self.next[table] += 1
        row = {} if person is None else {"person_id": person}
        self.rows[table].append({key: number, **row, **cells})
        return number

    def person(self, number: int, birth: str = "", sex: int = 0, **cells: object) -> None:
        year, month, day = ([int(part) for part in birth.split("-")] if birth else []) + [None] * (
            3 - len(birth.split("-") if birth else [])
        )
        self.rows["person"].append(
            {
                "person_id": number,
                "gender_concept_id": sex,
                "year_of_birth": year,
                "month_of_birth": month,
                "day_of_birth": day,
                **cells,
            }
        )

    # --- where it is written ---

    def parquet(self, folder: Path, *, without: tuple[str, ...] = ()) -> Path:
        with self._loaded(without) as base:
            folder.mkdir(exist_ok=True)
            for table in self._tables(without):
                base.execute(f"COPY {table} TO '{folder / table}.parquet'")
        return folder

    def duckdb(self, path: Path) -> Path:
        with duckdb.connect(str(path)) as base:
            base.execute("CREATE SCHEMA omop; USE omop")
            self._create(base, self._tables(()))
        return path

    def csv(self, folder: Path, *, compressed: bool = False, upper: bool = False, tabs: bool = False) -> Path:
        folder.mkdir(exist_ok=True)
        for table in self._tables(()):
            names = COLUMNS[table].split()
            path = folder / f"{table.upper() if upper else table}.csv{'.gz' if compressed else ''}"
            vocabulary = tabs and table.startswith("concept")
            with gzip.open(path, "wt", newline="") if compressed else path.open("w", newline="") as out:
                write = (
                    csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE) if vocabulary else csv.writer(out)
                )
                write.writerow([name.upper() if upper else name for name in names])
                for row in self.rows[table]:
                    write.writerow(["" if row.get(name) is None else row[name] for name in names])
        return folder

    def postgres(self, connection, schema: str) -> None:
        connection.execute(f"CREATE SCHEMA {schema}")
        for table in self._tables(()):
            names = COLUMNS[table].split()
            typed = ", ".join(f"{name} {kind(name).replace('DOUBLE', 'NUMERIC')}" for name in names)
            connection.execute(f"CREATE TABLE {schema}.{table} ({typed})")
            with connection.cursor().copy(f"COPY {schema}.{table} FROM STDIN") as copy:
                for row in self.rows[table]:
                    copy.write_row([row.get(name) for name in names])
        connection.commit()

    def _tables(self, without) -> list[str]:
        return [table for table in COLUMNS if table not in without]

    def _loaded(self, without):
        base = duckdb.connect()
        self._create(base, self._tables(without))
        return base

    def _create(self, base, tables) -> None:
        for table in tables:
            names = COLUMNS[table].split()
            base.execute(f"CREATE TABLE {table} ({', '.join(f'{name} {kind(name)}' for name in names)})")
            text = io.StringIO()
            rows = csv.writer(text)
            for row in self.rows[table]:
                rows.writerow(["" if row.get(name) is None else row[name] for name in names])
            with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
                file.write(text.getvalue())
                file.flush()
                base.execute(f"COPY {table} FROM '{file.name}' (HEADER false, NULLSTR '', AUTO_DETECT false)")
