"""Plans: what follows from an assessment on a calendar: doses, next due, reviews, the clock, milestones.

An assessment, the findings behind it and the guideline enter; a frozen `Plan` leaves. Doses stand in the
guideline's Regimen tables; whether to give them was decided by its other tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corrin.plans import clock, dictionary, followup, recovery
from corrin.plans.dates import Span
from corrin.plans.facts import Facts
from corrin.plans.plan import Action, Clock, Course, Milestone, Plan
from corrin.plans.treatment import Treatment, doses, next_due, prescribe

if TYPE_CHECKING:
    from corrin.findings import Findings
    from corrin.guideline.model import Guideline
    from corrin.plans.dictionary import Entries
    from corrin.readings.assessment import Assessment

__all__ = ["Plan", "make"]


def make(assessment: Assessment, findings: Findings, guideline: Guideline) -> Plan:
    """Everything dated that follows from one assessment; nothing for somebody who died or was merged away.

    Unknown: nothing is left out because a date is missing; it becomes a range, or is due now, and says why.
    """
    if findings.patient.died or findings.patient.replaced_by:
        return Plan()
    entries = dictionary.entries(guideline)
    facts = Facts({**findings.row, **assessment.decision.columns}, findings.as_of)
    treatment = Treatment(entries, facts, guideline)
    reviews = followup.reviews(treatment)
    return Plan(
        actions=_actions(entries, assessment, guideline),
        regimen=prescribe(treatment),
        doses=doses(treatment, reviews),
        next_due=next_due(treatment),
        reviews=reviews,
        _course=lambda: Course(_clock(entries, treatment), _recovery(entries, treatment)),
    )


def _actions(entries: Entries, assessment: Assessment, guideline: Guideline) -> tuple[Action, ...]:
    """The outputs that hold in the tables of the verdict, in the order of the pages, each once."""
    rows: dict[str, list[str]] = {}
    words: dict[str, str] = {}
    for identity in guideline.verdicts[entries.recommended].tables:
        table = guideline.table(identity)
        for row in assessment.rows.get(identity, ()):
            rows.setdefault(row.output, []).append(row.id)
            words[row.output] = guideline.words[table.output][row.output]
    return tuple(Action(output, words[output], tuple(because)) for output, because in rows.items())


def _clock(entries: Entries, treatment: Treatment) -> Clock | None:
    """The clock from the onset that is surely the longest ago; of two alike, from the first that is named.

    Unknown: how long before it the first symptom came; another onset around it says how long at most.
    """
    facts = treatment.facts
    proxies = entries.clock.onsets if facts.met(entries.clock.when) else ()
    known = [(onset, proxy) for proxy in proxies if (onset := facts.day(proxy.finding)) is not None]
    if not known:
        return None
    onset, proxy = min(known, key=lambda one: one[0].latest or facts.as_of)
    by = onset.latest or facts.as_of
    before = (one.earliest for one, _ in known if one.earliest and one.earliest <= by)
    onset = Span(onset.earliest or next(before, None), onset.latest)
    started = treatment.started if treatment.continues else None
    return clock.run(entries.clock, proxy, onset, started, facts.as_of)


def _recovery(entries: Entries, treatment: Treatment) -> tuple[Milestone, ...]:
    treated = treatment.begins or treatment.continues
    if not treated or not treatment.facts.met(entries.recovery.when):
        return ()
    timeline = treatment.guideline.timelines[entries.recovery.timeline]
    return recovery.expect(entries.recovery, timeline, treatment.facts, treatment.started)
