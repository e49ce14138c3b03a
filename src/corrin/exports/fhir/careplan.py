"""One answer as a CarePlan: everything that is recommended, in the order and the nesting of the guideline.

The RequestGroup and all requests are contained in it; none of them is an order. What is not known, what was
refused and what must be minded is said in notes and DetectedIssues: an answer is never empty in silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from corrin.answers import Answer
from corrin.answers.parts import Member
from corrin.exports.fhir import requests
from corrin.exports.fhir.coordinates import Coordinates, read
from corrin.exports.fhir.elements import Json, citations, own, pruned, reference
from corrin.findings.settling.events import NOT_OURS
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Verdict

SHOWN = 4
"""Places that are named where nothing there was asked for; the rest are counted."""
MINDED = "preliminary"
"""The status of a DetectedIssue that nobody has confirmed."""


def care_plan(answer: Answer, subject: str | None = None, notes: Sequence[str] = ()) -> Json:
    """What the guideline recommends for one patient, as a CarePlan for somebody to accept or to decline.

    Shape: `subject` is the patient's id, else the one the answer knows; `notes` are put behind ours.
    """
    coordinates = read(answer.desk.guideline)
    patient = reference("Patient", subject or answer.findings.patient.id)
    tests = requests.tests(answer, coordinates, patient, noted=True)
    medicines = requests.medicines(answer, coordinates, patient)
    actions = [_Step(answer, coordinates, patient, one) for one in answer.members(coordinates.actions)]
    group = _group(answer, coordinates, patient, actions, (tests, medicines))
    messages = [one.message for one in actions if one.id in _messages(group)]
    issues = [
        _issue(answer, coordinates, patient, verdict, one)
        for verdict in coordinates.issues
        for one in answer.members(verdict)
    ]
    return pruned(
        {
            "resourceType": "CarePlan",
            "id": f"{coordinates.id}-{answer.findings.as_of.isoformat()}",
            "text": _narrative(answer),
            "contained": [group, *tests, *medicines, *messages, *issues],
            "instantiatesCanonical": [coordinates.canonical("PlanDefinition")],
            "status": requests.STATUS,
            "intent": requests.INTENT,
            "title": coordinates.about.title,
            "description": "; ".join(_said(answer, coordinates)),
            "subject": patient,
            "created": answer.findings.as_of.isoformat(),
            "period": {"start": answer.findings.as_of.isoformat()},
            "supportingInfo": [{"reference": f"#{one['id']}"} for one in issues],
            "activity": [{"reference": {"reference": f"#{group['id']}"}}],
            "note": [{"text": one} for one in (*_notes(answer), *notes)],
        }
    )


class _Step:
    """One recommended action: what it says, why, and the message it is when nothing can be requested."""

    def __init__(self, answer: Answer, coordinates: Coordinates, patient: Json, action: Member) -> None:
        self.id = action.id
        self.statements = tuple(dict.fromkeys(one for why in action.because for one in why.statements))
        self.head = pruned(
            {
                "id": action.id,
                "title": action.words,
                "code": [own(coordinates, "action", action.id, action.words)],
                "documentation": citations(coordinates, self.statements),
                "priority": requests.priority(answer, coordinates),
            }
        )
        self.message = pruned(
            {
                "resourceType": "CommunicationRequest",
                "id": action.id,
                "status": requests.STATUS,
                "subject": patient,
                "payload": [{"contentString": action.words}],
                "authoredOn": answer.findings.as_of.isoformat(),
            }
        )


def _group(
    answer: Answer,
    coordinates: Coordinates,
    patient: Json,
    steps: Sequence[_Step],
    asked: tuple[list[Json], list[Json]],
) -> Json:
    """The actions, with the requests that belong to each below it; a request stands once."""
    tests, medicines = asked
    below = {
        **_under(steps, coordinates.carries_tests, tests),
        **_under(steps, coordinates.carries_doses, medicines),
    }
    actions = [_action(step, below.get(step.id, [])) for step in steps]
    placed = {id(one) for many in below.values() for one in many}
    actions += [_leaf(one) for one in (*tests, *medicines) if id(one) not in placed]
    return pruned(
        {
            "resourceType": "RequestGroup",
            "id": coordinates.id,
            "instantiatesCanonical": [coordinates.canonical("PlanDefinition")],
            "status": requests.STATUS,
            "intent": requests.INTENT,
            "priority": requests.priority(answer, coordinates),
            "subject": patient,
            "authoredOn": answer.findings.as_of.isoformat(),
            "action": actions,
        }
    )


def _under(steps: Sequence[_Step], carriers: tuple[str, ...], asked: list[Json]) -> Mapping[str, list[Json]]:
    """The first action that may carry these requests carries all of them."""
    there = {step.id for step in steps}
    carrier = next((name for name in carriers if name in there), None)
    return {carrier: asked} if carrier and asked else {}


def _action(step: _Step, below: list[Json]) -> Json:
    if not below:
        return {**step.head, "resource": {"reference": f"#{step.id}"}}
    courses = sum(one["resourceType"] == "MedicationRequest" for one in below)
    choice = "exactly-one" if courses > 1 else "any"
    return {**step.head, "selectionBehavior": choice, "action": [_leaf(one) for one in below]}


def _leaf(request: Json) -> Json:
    """An action that is one request."""
    words = request.get("code") or request["medicationCodeableConcept"]
    return {"title": words["text"], "resource": {"reference": f"#{request['id']}"}}


def _messages(group: Json) -> frozenset[str]:
    """The actions that are nothing but words."""
    return frozenset(one["id"] for one in group.get("action", []) if "id" in one and "resource" in one)


def _issue(answer: Answer, coordinates: Coordinates, patient: Json, verdict: Verdict, issue: Member) -> Json:
    """Something to mind, with the statement behind it."""
    statements = [statement for one in issue.because for statement in one.statements]
    sources = " ".join(one["text"] for one in requests.notes(coordinates, statements))
    return pruned(
        {
            "resourceType": "DetectedIssue",
            "id": f"{verdict.id.replace('_', '-')}-{issue.id}",
            "status": MINDED,
            "code": own(coordinates, verdict.id, issue.id, issue.words),
            "patient": patient,
            "identifiedDateTime": answer.findings.as_of.isoformat(),
            "detail": f"{verdict.label}: {issue.words}. {sources}",
        }
    )


def _said(answer: Answer, coordinates: Coordinates) -> Iterator[str]:
    """The verdicts that matter most; one that cannot be told is told as such."""
    for verdict in coordinates.summary:
        said = answer.verdicts[verdict.id]
        word = said if isinstance(said, str) else ", ".join(said)
        yield f"{verdict.label}: {'cannot tell' if word == UNKNOWN else verdict.say.get(word, word)}"


def _notes(answer: Answer) -> Iterator[str]:
    """Which guideline answered, what could not be used, and what would change the answer."""
    identity = answer.identity
    yield (
        f"Guideline {identity.version}, profile {identity.profile}, hash {identity.hash}"
        f"{f', site {identity.site}' if identity.site else ''}. For a clinician to accept or decline."
    )
    if answer.ended:
        yield "The person died, or the record was merged into another: nothing is recommended."
    for refused in answer.refused:
        label = answer.desk.wording.label(refused.finding)
        yield f"Not used: {label}, {refused.reason} ({refused.where})."
    idle = [one.where for one in answer.findings.ignored if one.reason == NOT_OURS]
    if idle:
        more = f" and {len(idle) - SHOWN} more" if len(idle) > SHOWN else ""
        yield f"Not used: {', '.join(idle[:SHOWN])}{more}, {NOT_OURS}."
    if answer.missing:
        labels = ", ".join(answer.desk.wording.label(one.id) for one in answer.missing)
        yield f"Not known, and could change the answer: {labels}."
    for one in answer.differences:
        yield f"Sources differ: {one.issue} Taken here: {one.choice}"


def _narrative(answer: Answer) -> Json:
    """The whole answer as text, for a person."""
    text = escape(answer.to_text())
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{text}</pre></div>',
    }
