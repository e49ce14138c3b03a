"""One event as a FHIR R4 resource, US-Core-like, in one of the ways in which servers write it.

An `Event` and a seeded source of chance enter, resources leave: the event's own, and those it points to.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

from corrin.intake.fhir.r4 import terms
from corrin.records import Code, Event, Patient, Quantity
from corrin.synthesis.fhir.shapes import TERMS, Resource, coding, concept, narrative
from corrin.synthesis.shares import Shares

OBSERVED = {
    "final": "final",
    "corrected": "amended",
    "preliminary": "preliminary",
    "error": "entered-in-error",
    "not-done": "cancelled",
}
REQUESTED = {
    "active": "active",
    "completed": "completed",
    "stopped": "stopped",
    "draft": "draft",
    "error": "entered-in-error",
}
STATEMENTS = {"active": "active", "completed": "completed", "stopped": "stopped", "error": "entered-in-error"}
INTENT = {"plan": "plan"}
FLAGS = f"{TERMS}v3-ObservationInterpretation"
PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_HEX = 128


class Printer:
    """Events of one patient as resources; `prefix` stands before the address of every reference."""

    def __init__(self, shares: Shares, prefix: str, rng: Random, patient: str) -> None:
        self.chance: Mapping[str, float] = shares.printing
        self.prefix = prefix
        self.rng = rng
        self.patient = patient

    def resources(self, event: Event) -> Iterator[Resource]:
        """The resource of an event, after those that it points to."""
        made = {
            "observation": self._observation,
            "condition": self._condition,
            "medicine": self._medicine,
            "order": self._order,
            "procedure": self._procedure,
            "allergy": self._allergy,
            "family": self._family,
        }[event.kind](event)
        yield from made

    def ref(self, kind: str, name: str) -> Resource:
        """A reference, relative or absolute."""
        where = f"{self.prefix}{name}" if self.prefix.startswith("urn:") else f"{self.prefix}{kind}/{name}"
        return {"reference": where}

    def _id(self) -> str:
        digits = f"{self.rng.getrandbits(_HEX):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def _base(self, kind: str, profile: str, event: Event, subject: str = "subject") -> Resource:
        return {
            "resourceType": kind,
            "id": self._id(),
            "meta": {"versionId": "1", "profile": [PROFILE + profile]},
            "text": narrative(event.text),
            subject: self.ref("Patient", self.patient),
        }

    def _observation(self, event: Event) -> Iterator[Resource]:
        value = self._value(event)
        own = {"code": _concept(event.codes, event.text)} | value
        made: Resource = self._base("Observation", "observation-lab", event)
        made |= {
            "status": OBSERVED.get(event.status, "unknown"),
            "category": [concept(f"{TERMS}observation-category", "laboratory", "Laboratory")],
        }
        if event.identity:
            system, _, name = event.identity.partition("|")
            made["identifier"] = [{"system": system, "value": name}]
        if event.start:
            made["effectiveDateTime"] = event.start.text
        if event.specimen:
            self._specimen(made, event.specimen)
        chance = self.rng.random()
        if event.quantity and chance < self.chance["panel"]:
            yield made | {"code": {"text": "Panel"}, "component": [own]}
            return
        yield made | own
        if chance > 1 - self.chance["members"]:
            panel: Resource = {key: made[key] for key in made if key not in {"id", "identifier", "text"}}
            yield panel | {
                "id": self._id(),
                "code": {"text": "Panel"},
                "hasMember": [self.ref("Observation", str(made["id"]))],
            }

    def _specimen(self, made: Resource, specimen: str) -> None:
        """What was measured in: in a word, or as a resource within."""
        if self.rng.random() < self.chance["specimen"]:
            made["contained"] = [{"resourceType": "Specimen", "id": "specimen", "type": {"text": specimen}}]
            made["specimen"] = {"reference": "#specimen"}
        else:
            made["specimen"] = {"display": specimen}

    def _value(self, event: Event) -> Resource:
        value: Resource = {}
        if event.quantity:
            value["valueQuantity"] = self._quantity(event.quantity)
        elif event.date:
            value["valueDateTime"] = event.date.text
        elif event.word is not None:
            value["valueString"] = event.word
        elif event.absent_reason:
            value["dataAbsentReason"] = concept(f"{TERMS}data-absent-reason", event.absent_reason)
        else:
            value["valueBoolean"] = event.polarity != "absent"
        if event.flag:
            value["interpretation"] = [concept(FLAGS, event.flag)]
        if event.upper_limit:
            value["referenceRange"] = [{"high": self._quantity(event.upper_limit)}]
        return value

    def _quantity(self, quantity: Quantity) -> Resource:
        made: Resource = {"value": plain(quantity.value)}
        if quantity.comparator:
            made["comparator"] = quantity.comparator
        chance = self.rng.random()
        if quantity.unit and (not quantity.ucum or chance > self.chance["code_only_unit"]):
            made["unit"] = quantity.unit
        if quantity.ucum and chance < 1 - self.chance["unit_only"]:
            made |= {"system": terms.UCUM, "code": quantity.ucum}
        return made

    def _condition(self, event: Event) -> Iterator[Resource]:
        made = self._base("Condition", "condition-problems-health-concerns", event)
        if event.status != "error":
            made["clinicalStatus"] = concept(f"{TERMS}condition-clinical", event.status)
        made["verificationStatus"] = concept(f"{TERMS}condition-ver-status", VERIFIED[event.verification])
        made["category"] = [concept(f"{TERMS}condition-category", "problem-list-item")]
        made["code"] = _concept(event.codes, event.text)
        yield made | _present(
            onsetDateTime=event.start and event.start.text,
            abatementDateTime=event.end and event.end.text,
            recordedDate=event.recorded and event.recorded.text,
        )

    def _medicine(self, event: Event) -> Iterator[Resource]:
        stated = event.medium == "statement"
        made = self._base(
            "MedicationStatement" if stated else "MedicationRequest", "medicationrequest", event
        )
        made["status"] = STATEMENTS.get(event.status, "intended") if stated else REQUESTED[event.status]
        if stated:
            made["meta"].pop("profile")
            made |= _effective(event)
        else:
            made["intent"] = INTENT.get(event.intent, "order")
        drug = _concept(event.codes, event.text)
        chance = self.rng.random()
        if chance < self.chance["contained"]:
            made["contained"] = [{"resourceType": "Medication", "id": "drug", "code": drug}]
            made["medicationReference"] = {"reference": "#drug"}
        elif chance > 1 - self.chance["reference"]:
            name = self._id()
            yield {"resourceType": "Medication", "id": name, "code": drug}
            made["medicationReference"] = self.ref("Medication", name)
        else:
            made["medicationCodeableConcept"] = drug
        if event.recorded:
            made["dateAsserted" if stated else "authoredOn"] = event.recorded.text
        dosage = _dosage(event)
        if dosage:
            made["dosage" if stated else "dosageInstruction"] = [dosage]
        yield made

    def _order(self, event: Event) -> Iterator[Resource]:
        made = self._base("ServiceRequest", "servicerequest", event)
        made |= {"status": REQUESTED[event.status], "intent": INTENT.get(event.intent, "order")}
        made["code"] = _concept(event.codes, event.text)
        yield made | _present(authoredOn=event.recorded and event.recorded.text)

    def _procedure(self, event: Event) -> Iterator[Resource]:
        status = {"error": "entered-in-error", "not-done": "not-done"}.get(event.status, "completed")
        made = self._base("Procedure", "procedure", event) | {"status": status}
        made["code"] = _concept(event.codes, event.text)
        yield made | _present(performedDateTime=event.start and event.start.text)

    def _allergy(self, event: Event) -> Iterator[Resource]:
        made = self._base("AllergyIntolerance", "allergyintolerance", event, "patient")
        if event.status != "error":
            made["clinicalStatus"] = concept(f"{TERMS}allergyintolerance-clinical", event.status)
        system = f"{TERMS}allergyintolerance-verification"
        made["verificationStatus"] = concept(system, VERIFIED[event.verification])
        made["code"] = _concept(event.codes, event.text)
        yield made | _present(recordedDate=event.recorded and event.recorded.text)

    def _family(self, event: Event) -> Iterator[Resource]:
        made = self._base("FamilyMemberHistory", "familymemberhistory", event, "patient")
        made["meta"].pop("profile")
        made["status"] = "entered-in-error" if event.status == "error" else "completed"
        made["relationship"] = {"text": "Parent"}
        made["condition"] = [{"code": _concept(event.codes, event.text)}]
        yield made | _present(date=event.recorded and event.recorded.text)

    def person(self, patient: Patient) -> Resource:
        """The Patient resource; it has no name."""
        made: Resource = {
            "resourceType": "Patient",
            "id": patient.id,
            "meta": {"versionId": "1", "profile": [f"{PROFILE}patient"]},
            "text": narrative("A patient who was made up"),
            "identifier": [{"system": "urn:example:patients", "value": patient.id}],
            "active": patient.replaced_by is None,
        }
        made |= _present(
            gender=patient.sex,
            birthDate=patient.birth and patient.birth.text,
            deceasedDateTime=patient.died_on and patient.died_on.text,
        )
        if patient.died and not patient.died_on:
            made["deceasedBoolean"] = True
        if patient.site:
            made["managingOrganization"] = self.ref("Organization", patient.site)
        if patient.replaced_by:
            made["link"] = [{"other": self.ref("Patient", patient.replaced_by), "type": "replaced-by"}]
        return made


VERIFIED = {
    "confirmed": "confirmed",
    "unknown": "confirmed",
    "unconfirmed": "unconfirmed",
    "refuted": "refuted",
    "error": "entered-in-error",
}


def plain(exact: Decimal) -> int | float:
    """A number as JSON writes it, exactly."""
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _concept(codes: tuple[Code, ...], text: str) -> Resource:
    said = [coding(terms.uri(each.system), each.code) for each in codes]
    return ({"coding": said} if said else {}) | {"text": text}


def _present(**elements: object) -> Resource:
    return {name: value for name, value in elements.items() if value}


def _effective(event: Event) -> Resource:
    """When it was taken: since a day, or from one day to another."""
    period = _present(start=event.start and event.start.text, end=event.end and event.end.text)
    return {"effectivePeriod": period} if period else {}


def _dosage(event: Event) -> Resource:
    """The dose, how often, by which route, from when to when."""
    made: Resource = {}
    repeat: Resource = {}
    period = _present(start=event.start and event.start.text, end=event.end and event.end.text)
    if event.end:
        repeat["boundsPeriod"] = period
    if event.times_a_day:
        repeat |= {"frequency": plain(event.times_a_day), "period": 1, "periodUnit": "d"}
    if repeat:
        made["timing"] = {"repeat": repeat}
    if event.route:
        made["route"] = {"text": event.route}
    if event.dose:
        dose = {"value": plain(event.dose.value), "unit": event.dose.unit, "system": terms.UCUM}
        made["doseAndRate"] = [{"doseQuantity": dose | {"code": event.dose.ucum or event.dose.unit}}]
    return made
