"""What an answer asks for, as FHIR requests that somebody still has to sign: drafts, never orders.

ServiceRequests for the next tests, MedicationRequests for the regimen: dated doses, and the course in words.
"""

from collections.abc import Iterable, Sequence

from corrin.answers import Answer
from corrin.exports.fhir.coordinates import Coordinates
from corrin.exports.fhir.elements import Json, concept, dose, period, pruned
from corrin.guideline.model import Course
from corrin.plans.dates import Span
from corrin.plans.plan import Dose, Line, Stage

STATUS, INTENT = "draft", "proposal"

Drug = tuple[str, str, str]
"""A drug, its dose and its route."""


def tests(answer: Answer, coordinates: Coordinates, subject: Json, *, noted: bool) -> list[Json]:
    """A ServiceRequest for each next test; the code is verified, or there are words alone."""
    found = () if answer.ended else answer.reasons.members(coordinates.tests).items()
    return [_test(answer, coordinates, subject, test, rows if noted else ()) for test, rows in found]


def _test(answer: Answer, coordinates: Coordinates, subject: Json, test: str, noted: Iterable[str]) -> Json:
    rows = answer.desk.contents.rows
    statements = [statement for row in noted for statement in rows[row][1].because]
    words = answer.desk.wording.member(coordinates.tests, test)
    return pruned(
        {
            "resourceType": "ServiceRequest",
            "id": test,
            "status": STATUS,
            "intent": INTENT,
            "priority": priority(answer, coordinates),
            "code": concept(words, coordinates.test_codes.get(test)),
            "subject": subject,
            "authoredOn": answer.findings.as_of.isoformat(),
            "instantiatesCanonical": [coordinates.canonical("PlanDefinition")],
            "note": notes(coordinates, statements),
        }
    )


def medicines(answer: Answer, coordinates: Coordinates, subject: Json) -> list[Json]:
    """The course that was decided on, with its dated doses; beside it those that a source puts next to it.

    Where only the first dose is decided, that dose alone. None where no dose follows.
    """
    prescription = answer.plan.regimen
    if prescription is None or answer.ended or not answer.plan.doses:
        return []
    drugs = dict.fromkeys((one.drug, one.dose, one.route) for one in answer.plan.doses)
    chosen = [_medicine(answer, coordinates, subject, drug, number) for number, drug in enumerate(drugs, 1)]
    beside = [_offered(answer, coordinates, subject, line) for line in prescription.beside]
    return [*chosen, *beside]


def _medicine(answer: Answer, coordinates: Coordinates, subject: Json, drug: Drug, number: int) -> Json:
    prescription = answer.plan.regimen
    course = prescription.course if prescription else None
    doses = [one for one in answer.plan.doses if (one.drug, one.dose, one.route) == drug]
    identity = f"{prescription.id if prescription else coordinates.id}-{number}"
    return {
        **_request(answer, coordinates, subject, identity, drug[0]),
        **pruned({"note": notes(coordinates, course.because if course else ())}),
        "dosageInstruction": list(_dosages(coordinates, doses, course)),
    }


def _offered(answer: Answer, coordinates: Coordinates, subject: Json, line: Line) -> Json:
    """Another profile's course: shown beside the chosen one, in words, without dates."""
    dosage = {
        "sequence": 1,
        "text": _whole(line),
        "route": {"text": line.route},
        **_rate(coordinates, line.dose),
    }
    return {
        **_request(answer, coordinates, subject, f"{line.row.lower()}-beside", line.drug),
        **pruned({"note": notes(coordinates, line.because)}),
        "dosageInstruction": [dosage],
    }


def _request(answer: Answer, coordinates: Coordinates, subject: Json, identity: str, drug: str) -> Json:
    return pruned(
        {
            "resourceType": "MedicationRequest",
            "id": identity,
            "status": STATUS,
            "intent": INTENT,
            "priority": priority(answer, coordinates),
            "medicationCodeableConcept": concept(drug, coordinates.drug_codes.get(drug)),
            "subject": subject,
            "authoredOn": answer.findings.as_of.isoformat(),
            "instantiatesCanonical": [coordinates.canonical("PlanDefinition")],
        }
    )


def _dosages(coordinates: Coordinates, doses: Sequence[Dose], course: Line | None) -> Iterable[Json]:
    """One instruction for each stage of the course that has doses."""
    stages = [(stage, [one for one in doses if one.stage is stage]) for stage in Stage]
    for sequence, (stage, given) in enumerate(((stage, given) for stage, given in stages if given), 1):
        yield pruned(
            {
                "sequence": sequence,
                "text": _words(stage, given, course),
                "timing": _timing(coordinates, stage, given, course),
                "route": {"text": given[0].route},
                **_rate(coordinates, given[0].dose),
            }
        )


def _words(stage: Stage, given: Sequence[Dose], course: Line | None) -> str:
    """The course as its table says it, for whoever reads no structure."""
    one = given[0]
    if course is None:
        return f"{one.dose} {one.drug}, {one.route}: the first dose only"
    rhythm = course.loading if stage is Stage.LOADING else course.maintenance
    until = f" until {course.until}" if stage is Stage.LOADING and course.until != "-" else ""
    return f"{one.dose} {one.drug}, {one.route}, {rhythm}{until}"


def _whole(line: Line) -> str:
    until = f" until {line.until}" if line.until != "-" else ""
    return f"{line.dose} {line.drug}, {line.route}, {line.loading}{until}; then {line.maintenance}"


def _timing(coordinates: Coordinates, stage: Stage, given: Sequence[Dose], course: Line | None) -> Json:
    """Days that are known are named; otherwise the days between which the doses lie, and how often."""
    if all(one.on.exact for one in given) and (stage is Stage.LOADING or course is None):
        return {"event": [one.on.earliest.isoformat() for one in given if one.on.earliest]}
    first, last = given[0].on, given[-1].on
    if stage is Stage.LOADING:
        return {"repeat": pruned({"boundsPeriod": period(Span(first.earliest, last.latest))})}
    months = _months(coordinates, course)
    begins = period(Span(first.earliest, None))
    if months is None:
        return {"repeat": {"boundsPeriod": period(first)}}
    least, most = months
    often = {"frequency": 1, "period": least, "periodUnit": "mo"}
    most_often = {"periodMax": most} if most != least else {}
    return {"repeat": pruned({"boundsPeriod": begins, **often, **most_often})}


def _months(coordinates: Coordinates, course: Line | None) -> tuple[int, int] | None:
    return _course(coordinates, course.row).maintenance_months if course else None


def _course(coordinates: Coordinates, row: str) -> Course:
    tables = coordinates.guideline.regimens.values()
    return next(course for table in tables for course in table.courses if course.row == row)


def _rate(coordinates: Coordinates, text: str) -> Json:
    quantity = dose(coordinates, text)
    return {"doseAndRate": [{"doseQuantity": quantity}]} if quantity else {}


def priority(answer: Answer, coordinates: Coordinates) -> str | None:
    """How soon, in FHIR's words; None where the guideline cannot tell."""
    said = answer.verdicts[coordinates.priority.id]
    return coordinates.priorities.get(said) if isinstance(said, str) else None


def notes(coordinates: Coordinates, statements: Iterable[str]) -> list[Json]:
    """What the guideline says, with where it comes from, in words: requests have no place for citations."""
    guideline = coordinates.guideline
    cited = [guideline.statements[one] for one in dict.fromkeys(statements)]
    return [
        {"text": f"{one.id}: {one.text} [{'; '.join(guideline.sources[name].title for name in one.sources)}]"}
        for one in cited
    ]
