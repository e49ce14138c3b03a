"""The same small population written twice: as FHIR and as a CDM, fact by fact."""

import json

from tests.omop.cdm import INTRAMUSCULAR, NEGATIVE, ORAL, POSITIVE, PRODUCT, UNITS, Cdm

SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "atc": "http://www.whocc.no/atc",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
}
OPERATORS = {"<": 4171756, "<=": 4171754, ">": 4172704, ">=": 4171755}
SEXES = {"male": 8507, "female": 8532}
TYPES = {
    "MedicationRequest": 32838,
    "MedicationDispense": 32825,
    "MedicationAdministration": 32818,
    "MedicationStatement": 32830,
}


class Twice:
    def __init__(self) -> None:
        self.cdm = Cdm()
        self.cdm.product(PRODUCT, ("rxnorm", "6809"))
        self.resources: list[dict] = []

    def bundle(self) -> bytes:
        entries = [{"resource": each} for each in self.resources]
        return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()

    def _resource(self, name: str, person: int | None = None, **elements) -> None:
        subject = {} if person is None else {"subject": {"reference": f"Patient/{person}"}}
        self.resources.append({"resourceType": name, **subject, **elements})

    def person(self, number: int, birth: str, sex: str, died: str = "") -> None:
        self._resource(
            "Patient",
            id=str(number),
            birthDate=birth,
            gender=sex,
            **({"deceasedDateTime": died} if died else {}),
        )
        self.cdm.person(number, birth, SEXES[sex])
        if died:
            self.cdm.rows["death"].append({"person_id": number, "death_date": died})

    def result(self, person, code, value, unit, day, *, operator="", limit=None, clock="") -> None:
        quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
        self._resource(
            "Observation", person, status="final", code=concept("loinc", code),
            effectiveDateTime=day + (f"T{clock}Z" if clock else ""),
            valueQuantity=quantity | ({"comparator": operator} if operator else {}),
            **({"referenceRange": [{"high": {"value": limit, "unit": unit}}]} if limit else {}),
        )  # fmt: skip
        self.cdm.add(
            "measurement", person, measurement_concept_id=self.cdm.ids["loinc", code], measurement_date=day,
            measurement_datetime=f"{day} {clock or '00:00:00'}", value_as_number=value,
            operator_concept_id=OPERATORS.get(operator, 0), unit_concept_id=UNITS[unit],
            unit_source_value=unit, range_high=limit, measurement_source_value=code,
        )  # fmt: skip

    def word(self, person, code, word, day) -> None:
        coded = {"positive": ("LA6576-8", POSITIVE), "negative": ("LA6577-6", NEGATIVE)}[word]
        self._resource(
            "Observation", person, status="final", code=concept("loinc", code), effectiveDateTime=day,
            valueCodeableConcept=concept("loinc", coded[0]),
        )  # fmt: skip
        self.cdm.add(
            "measurement", person, measurement_concept_id=self.cdm.ids["loinc", code], measurement_date=day,
            value_as_concept_id=coded[1],
        )  # fmt: skip

    def condition(self, person, system, code, start, *, end=None, verification="", status=0) -> None:
        coded = {"verificationStatus": {"coding": [{"code": verification}]}} if verification else {}
        self._resource(
            "Condition", person, code=concept(system, code), onsetDateTime=start, **coded,
            **({"abatementDateTime": end} if end else {}),
        )  # fmt: skip
        standard = system == "snomed"
        self.cdm.add(
            "condition_occurrence", person, condition_start_date=start, condition_end_date=end,
            condition_type_concept_id=32840, condition_status_concept_id=status,
            condition_concept_id=self.cdm.ids[system, code] if standard else 0,
            condition_source_concept_id=0 if standard else self.cdm.ids[system, code],
        )  # fmt: skip

    def medicine(
        self, person, kind, code, start, end=None, *, dose="", often="daily", route="", product=False
    ) -> None:
        timing = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}} if dose else {}
        dosage = {"timing": timing} if timing else {}
        if dose:
            value, unit = dose.split()
            dosage["doseAndRate"] = [{"doseQuantity": {"value": float(value), "unit": unit}}]
        if route:
            dosage["route"] = {"text": route}
        period = {"start": start} | ({"end": end} if end else {})
        dated = {
            "MedicationRequest": {"authoredOn": start, "intent": "order"},
            "MedicationStatement": {"effectivePeriod": period},
            "MedicationAdministration": {"effectiveDateTime": start},
            "MedicationDispense": {"whenHandedOver": start},
        }[kind]
        if kind == "MedicationRequest":
            dosage["timing"] = dosage.get("timing", {})
            dosage["timing"].setdefault("repeat", {})["boundsPeriod"] = period
        key = {"MedicationStatement": "dosage", "MedicationAdministration": ""}.get(kind, "dosageInstruction")
        if kind == "MedicationAdministration":
            given = {"dosage": {"route": {"text": route}}} if route else {}
        else:
            given = {key: [dosage]} if dosage else {}
        status = "completed" if kind in {"MedicationAdministration", "MedicationDispense"} else "active"
        self._resource(
            kind, person, status=status, medicationCodeableConcept=concept("rxnorm", code), **dated, **given
        )
        self.cdm.add(
            "drug_exposure", person, drug_concept_id=PRODUCT if product else self.cdm.ids["rxnorm", code],
            drug_exposure_start_date=start, drug_type_concept_id=TYPES[kind],
            drug_exposure_end_date=end if kind in {"MedicationRequest", "MedicationStatement"} else start,
            sig=f"{dose.replace('.0 ', ' ')} {often}" if dose else None,
            route_concept_id={"oral": ORAL, "intramuscular": INTRAMUSCULAR}.get(route, 0),
        )  # fmt: skip

    def procedure(self, person, code, day) -> None:
        self._resource(
            "Procedure", person, status="completed", code=concept("snomed", code), performedDateTime=day
        )
        self.cdm.add(
            "procedure_occurrence",
            person,
            procedure_concept_id=self.cdm.ids["snomed", code],
            procedure_date=day,
        )


def concept(system: str, code: str) -> dict:
    return {"coding": [{"system": SYSTEMS[system], "code": code}]}


def population() -> Twice:
    """Eleven people: low, borderline and high levels, comparators, units, antibodies, medicines, diagnoses."""
    twice = Twice()
    twice.person(1, "1948-05-02", "female")
    twice.result(1, "2132-9", 150.0, "pg/mL", "2026-10-01", clock="09:30:00")
    twice.result(1, "718-7", 10.1, "g/dL", "2026-10-01")
    twice.person(2, "1960", "male")
    twice.result(2, "14685-2", 83.0, "pmol/L", "2026-09-12", operator="<")
    twice.person(-3, "1971-02", "male")
    twice.result(-3, "2132-9", 265.0, "pg/mL", "2026-08-20")
    twice.result(-3, "13964-2", 512.0, "nmol/L", "2026-08-20", limit=400.0)
    twice.person(4, "1955-11-30", "female")
    twice.medicine(4, "MedicationRequest", "6809", "2019-01-10", "2027-01-01", product=True)
    twice.person(5, "1980-01-01", "female", died="2025-06-01")
    twice.result(5, "2132-9", 120.0, "pg/mL", "2025-05-01")
    twice.person(6, "1944-12-24", "male")
    twice.word(6, "31444-3", "positive", "2026-07-07")
    twice.condition(6, "snomed", "84027009", "2020-03-03")
    twice.person(7, "1939-08-08", "female")
    twice.condition(7, "icd10cm", "D51.0", "2026-01-05")
    twice.word(7, "31444-3", "negative", "2026-07-07")
    twice.person(8, "1966-06-16", "male")
    twice.condition(8, "snomed", "84027009", "2026-05-05", verification="unconfirmed", status=32899)
    twice.condition(8, "snomed", "84027009", "2021-05-05", end="2024-02-02")
    twice.person(9, "1990-10-10", "female")
    twice.medicine(
        9, "MedicationStatement", "11248", "2026-02-01", "2027-06-01", dose="1000 mcg", route="oral"
    )
    twice.person(10, "1951-04-04", "male")
    twice.medicine(10, "MedicationAdministration", "11248", "2026-10-20", route="intramuscular")
    twice.medicine(10, "MedicationDispense", "6809", "2026-10-20")
    twice.person(11, "1933-03-03", "female")
    return twice
