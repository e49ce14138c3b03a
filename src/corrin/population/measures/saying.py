"""measures.json: what was counted, of whom, what is left out and why, and the numbers that may be shown.

Shared counts enter, a JSON-able dictionary leaves; its numbers are those of `measures.fhir.json` and the
report.
"""

from typing import Any

from corrin.guideline.columns import UNKNOWN
from corrin.population.measures.definitions import OUTSIDE, Definitions, Measure
from corrin.population.measures.folder import About
from corrin.population.measures.sharing import Shared, ShownGroup

FORM = 1
WHO = "everybody in the export who is alive and whose record was not merged into another"

Json = dict[str, Any]


def measures(shared: Shared, definitions: Definitions, about: About) -> Json:
    """Everything that was counted, with its definitions."""
    return {
        "form": FORM,
        "as_of": about.as_of.isoformat(),
        "guideline": identity(about),
        "suppression": suppression(shared),
        "roles": {
            "achieved": definitions.achieved,
            "undone": definitions.undone,
            "excluded": definitions.excluded,
            OUTSIDE: OUTSIDE,
        },
        "who": WHO,
        "people": shared.everybody.people,
        "gaps": [_gap(shared, definitions, measure) for measure in definitions.gaps],
        "verdicts": [_verdict(shared, measure) for measure in definitions.verdicts],
    }


def identity(about: About) -> Json:
    """Under which guideline a run was."""
    return {"version": about.version, "hash": about.hash, "profile": about.profile, "site": about.site}


def suppression(shared: Shared) -> Json:
    """What is hidden, and how."""
    if shared.below <= 1:
        return {"below": 0, "hidden": 0, "says": "nothing is hidden: not for sharing"}
    return {
        "below": shared.below,
        "hidden": shared.hidden,
        "says": (
            f"null is a number that is not shown: it is from 1 to {shared.below - 1}, or would give such a "
            "number away by subtraction within its measure"
        ),
    }


def _gap(shared: Shared, definitions: Definitions, measure: Measure) -> Json:
    return {
        "gap": measure.id,
        "label": measure.label,
        "statements": list(measure.because),
        "table": measure.table,
        "rows": {word: list(measure.rows.get(word, ())) for word in (*measure.words, UNKNOWN)},
        "initial_population": _initial(measure),
        "denominator": f"{definitions.achieved} or {definitions.undone}: {measure.of}",
        "numerator": f"{definitions.achieved}: {measure.achieved}",
        "excluded": f"{definitions.excluded}: {measure.say[definitions.excluded]}; counted, and in no rate",
        "unknown": "cannot tell: reported beside the rate, never counted as done",
        "everybody": rate(shared.everybody, measure, definitions),
        "by": {
            name: [{"group": one.label, **rate(one, measure, definitions)} for one in groups]
            for name, groups in shared.groups.items()
        },
    }


def _initial(measure: Measure) -> str:
    if measure.guard is None:
        return WHO
    return f"{WHO}, of whom {measure.guard.finding} is {measure.guard.cell.text}"


def rate(group: ShownGroup, measure: Measure, definitions: Definitions) -> Json:
    """The counts of a gap in one group, its denominator and its rate; None where a part is hidden or is
    nobody.
    """
    counts = dict(zip(measure.columns, group.counts[measure.id], strict=True))
    done, undone = counts[definitions.achieved], counts[definitions.undone]
    applicable = None if done is None or undone is None else done + undone
    outside = counts.get(OUTSIDE, 0)
    initial = None if group.people is None or outside is None else group.people - outside
    share = round(done / applicable, 4) if applicable and done is not None else None
    return {
        "people": group.people,
        "initial_population": initial,
        "applicable": applicable,
        "rate": share,
        "counts": counts,
    }


def _verdict(shared: Shared, measure: Measure) -> Json:
    def said(group: ShownGroup) -> Json:
        counts = dict(zip(measure.columns, group.counts[measure.id], strict=True))
        return {"people": group.people, "counts": counts}

    return {
        "verdict": measure.id,
        "label": measure.label,
        "statements": list(measure.because),
        "words": {**measure.say, UNKNOWN: "cannot tell"},
        "everybody": said(shared.everybody),
        "by": {
            name: [{"group": one.label, **said(one)} for one in groups]
            for name, groups in shared.groups.items()
        },
    }
