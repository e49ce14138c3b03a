"""A handout in plain words, for the clinician to give: paragraphs of [handout] in plan.toml that apply.

An `Answer` enters, an HTML document leaves. Which paragraph applies is a condition in the guideline.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from corrin.answers import Answer
from corrin.answers.values import MONTHS, span
from corrin.exports.sheet.printing import environment
from corrin.plans.dates import Span
from corrin.plans.dictionary import ALWAYS, Section
from corrin.plans.facts import Facts

NAMED = 8
"""So many appointments are listed; the later ones are agreed at a review."""


@dataclass(frozen=True, slots=True)
class Part:
    """Paragraphs under a heading."""

    title: str
    texts: tuple[str, ...]


def parts(answer: Answer) -> tuple[Part, ...]:
    """The headings under which something applies to this patient."""
    guideline = answer.desk.guideline
    facts = Facts({**answer.findings.row, **answer.assessment.decision.columns}, answer.findings.as_of)
    page = Section(guideline, "", guideline.plan).section("handout")
    found = [
        Part(
            one.text("title"),
            tuple(
                say.text("text")
                for say in one.sections("say")
                if facts.met(say.condition("when") if say.has("when") else ALWAYS)
            ),
        )
        for one in ([] if answer.ended else page.sections("part"))
    ]
    return tuple(part for part in found if part.texts)


def html(answer: Answer) -> str:
    """The whole handout as a document."""
    guideline = answer.desk.guideline
    page = Section(guideline, "", guideline.plan).section("handout")
    days = tuple(_appointments(answer))
    identity = answer.identity
    whose = f"Guideline {identity.version}, {identity.profile}, {identity.hash[:12]}."
    return (
        environment()
        .get_template("handout.html")
        .render(
            title=page.text("title"),
            note=page.text("note"),
            parts=parts(answer),
            days=days,
            identity=f"{whose} Not clinically validated.",
        )
    )


def _appointments(answer: Answer) -> Iterable[str]:
    """What is to come: what is over is due now, and a dose that only a guess could date is left out."""
    plan, today = answer.plan, answer.findings.as_of
    due = plan.next_due
    when = [dose.on for dose in plan.doses]
    if not when and due and due.settled(today):
        when = [due.on]
    yield from dict.fromkeys(_named("Injection", on, today) for on in when[:NAMED])
    if len(when) > NAMED:
        yield "More injections follow. You are told when."
    yield from dict.fromkeys(_named("Check", review.on, today) for review in plan.reviews)


def _named(what: str, on: Span, today: date) -> str:
    return f"{what}: {'as soon as can be' if on.before(today) else _plain(on)}"


def _plain(when: Span) -> str:
    if when.exact and when.earliest:
        return (
            f"{when.earliest:%A} {when.earliest.day} {MONTHS[when.earliest.month - 1]} {when.earliest.year}"
        )
    return span(when)
