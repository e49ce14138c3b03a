"""FHIR R4 as records: one for each patient the input speaks of.

JSON documents enter (a Bundle of any type, resources by themselves, lines of NDJSON); each resource ends as
events of one patient or as a line that says why not.
"""

from collections.abc import Iterable

from corrin.errors import InputError, Problem
from corrin.intake.content import Broken, Document
from corrin.intake.fhir import condition, medicine, observation, questionnaire
from corrin.intake.fhir.chart import PARTS, Chart, Library, Wanted
from corrin.intake.fhir.people import Owner, People
from corrin.intake.fhir.r4 import shapes, terms
from corrin.intake.fhir.r4.drugs import Medicine
from corrin.intake.fhir.walk import Found, Walk
from corrin.records import Event, Ignored, Patient, Record

__all__ = ["read"]

_SHOWN = 20
_INTRODUCED = frozenset({"Patient", "Medication", "Substance", "Specimen"})
"""Whom and what others point to: known before anything is written down."""


def read(
    documents: Iterable[Document | Broken],
    where: str,
    complete: frozenset[str] = frozenset(),
    wanted: Wanted = None,
) -> tuple[Record, ...]:
    """The record of each patient, in the order in which their Patient resources came.

    `complete` are parts of a record that whoever hands the documents over declares complete. Of observations
    with none of the codes that are `wanted` only the place is kept.

    Errors: `InputError` where nothing speaks of a patient.
    """
    walk, people, library = Walk(where), People(wanted=wanted), Library()
    for document in documents:
        if isinstance(document, Broken):
            walk.common.ignore(document.place, document.reason)
            walk.common.broken.update(*PARTS.values())
        else:
            walk.document(document)
    for found in walk.found:
        if found.name in _INTRODUCED:
            _introduce(found, people, library)
    spoken, owners = _owned(walk, people)
    turn_to = library.turn_to if library.shared else None
    for found, owner in zip(spoken, owners, strict=True):
        if turn_to:
            turn_to(found.waiting.place)
        _place(found, owner or people.nameless(), people, library, walk.common)
    if not people.charts:
        raise _nobody(walk, where)
    for chart in people.charts.values():
        chart.complete.update(complete)
    return _records(walk, people, library)


def _introduce(found: Found, people: People, library: Library) -> None:
    """Get to know a person, or something that others point to."""
    resource, waiting = found.resource, found.waiting
    if isinstance(resource, shapes.Person):
        people.add(resource, waiting)
    else:
        library.add(resource, found.name, waiting.base, waiting.place)


def _owned(walk: Walk, people: People) -> tuple[list[Found], list[Owner | None]]:
    """Every resource that says something, each with the one it is about by its own word."""
    spoken = [found for found in walk.found if found.name not in _INTRODUCED]
    if not people.shared:
        return spoken, [people.owner(found.subject, found.waiting.base) for found in spoken]
    spoken += _taken_back(walk, people)
    return spoken, [
        people.apart(found.subject, found.waiting.prefix) or people.owner(found.subject, found.waiting.base)
        for found in spoken
    ]


def _taken_back(walk: Walk, people: People) -> list[Found]:
    """What looked like another Bundle's resource by its urn, and is about that of its own."""
    back = [
        (found, said) for found, said in walk.dropped if people.apart(found.subject, found.waiting.prefix)
    ]
    gone = {id(said) for _, said in back}
    walk.common.ignored = [one for one in walk.common.ignored if id(one) not in gone]
    return [found for found, _ in back]


def _place(found: Found, owner: Owner, people: People, library: Library, common: Chart) -> None:
    """Write one resource on the chart of the patient it is about; whatever left no trace is listed."""
    if owner.key is None:
        common.refuse(found.name, found.waiting.place, f"{found.name} {owner.reason}")
        return
    chart, resource = people.charts[owner.key], found.resource
    if isinstance(resource, shapes.Observation):
        observation.write(resource, found.waiting.prefix, chart, library, found.left_out)
        return
    events, ignored = len(chart.events), len(chart.ignored)
    _write(found, chart, library)
    if len(chart.events) == events and len(chart.ignored) == ignored:
        chart.ignore(found.waiting.place, f"{found.name} says nothing that can be read")
    if found.name in PARTS and not all(_coded(event) for event in chart.events[events:]):
        chart.broken.update(PARTS[found.name])


def _write(found: Found, chart: Chart, library: Library) -> None:
    resource, prefix = found.resource, found.waiting.prefix
    match resource:
        case shapes.Condition():
            condition.write_condition(resource, prefix, chart)
        case Medicine():
            medicine.write(resource, prefix, chart, library)
        case shapes.Procedure():
            condition.write_procedure(resource, prefix, chart)
        case shapes.Allergy():
            condition.write_allergy(resource, prefix, chart)
        case shapes.Order():
            condition.write_order(resource, prefix, chart)
        case shapes.FamilyHistory():
            condition.write_family(resource, prefix, chart)
        case shapes.Response():
            questionnaire.write_response(resource, prefix, chart)
        case shapes.Listing():
            questionnaire.write_list(resource, prefix, chart)
        case _:
            chart.ignore(found.waiting.place, f"{found.name} is not read by itself")


def _coded(event: Event) -> bool:
    """Known by a code of a system that value sets speak of: what is known by a text alone may be anything."""
    return any(code.system in terms.SHORT_NAMES for code in event.codes)


def _records(walk: Walk, people: People, library: Library) -> tuple[Record, ...]:
    common = (*walk.common.ignored, *walk.passed_over(), *library.idle())
    return tuple(
        Record(
            patient=people.patients[key],
            events=tuple(chart.events),
            ignored=(*chart.ignored, *_unsaid(people.patients[key], chart, walk.common), *common),
            complete=frozenset(chart.complete - chart.broken - walk.common.broken),
        )
        for key, chart in people.charts.items()
    )


def _unsaid(patient: Patient, chart: Chart, common: Chart) -> list[Ignored]:
    """What the input leaves open about one patient as a whole."""
    withdrawn = sorted(chart.complete & (chart.broken | common.broken))
    lines = [Ignored("input", f"{part}: declared complete, and not all could be read") for part in withdrawn]
    if not patient.where:
        lines.append(Ignored("input", "no Patient resource: age and sex are not known"))
    return lines


def _nobody(walk: Walk, where: str) -> InputError:
    """Nothing in the input speaks of a patient: what there is instead."""
    instead = (*walk.common.ignored, *walk.passed_over())[:_SHOWN]
    return InputError(
        Problem(where, "speaks of no patient", "Hand over a Patient and what belongs to it."),
        *[Problem(f"{where}: {one.where}", one.reason, "Mend it, or leave it out.") for one in instead],
    )
