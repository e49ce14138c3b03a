"""A handout in plain words, for the clinician to give: paragraphs of [handout] in plan.toml that apply.

An `Answer` enters, an HTML document leaves. Which paragraph applies is a condition in the guideline.
"""

from dataclasses import dataclass

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
    when = [dose.on for dose in answer.plan.doses] or (
        [answer.plan.next_due.on] if answer.plan.next_due else []
    )
    days = [f"Injection: {_plain(one)}" for one in when[:NAMED]]
    days += [f"Check: {_plain(review.on)}" for review in answer.plan.reviews]
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


def _plain(when: Span) -> str:
    if when.exact and when.earliest:
        return (
            f"{when.earliest:%A} {when.earliest.day} {MONTHS[when.earliest.month - 1]} {when.earliest.year}"
        )
    return span(when)
