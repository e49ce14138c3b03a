"""A filled form answered: the case file, the answer to it, and a note beside each field that needs one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from corrin import api, findings, intake
from corrin.answers import Desk
from corrin.answers.values import value
from corrin.exports.sheet import Sheet
from corrin.findings.facts import CONTRADICTORY, OUT_OF_WINDOW, WHY, Fact, Settled
from corrin.web import brought
from corrin.web.fields import fields
from corrin.web.form import KEPT, Case, Filled, case

NO_PLACES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a field: the value as it is read, or what is wrong with it."""

    words: str
    wrong: bool = False


@dataclass(frozen=True)
class Answered:
    """A form with its answer."""

    desk: Desk
    filled: Filled
    case: Case
    sheet: Sheet
    notes: Mapping[str, Note]
    origins: Mapping[str, str] = field(default_factory=dict[str, str])


def answered(filled: Filled, desk: Desk, today: date, origins: Mapping[str, str] | None = None) -> Answered:
    """The answer to a form is the answer to the case file that it makes.

    `origins` says of a finding where and when its value came from, where the form was filled from elsewhere.
    """
    made, places, problems = case(filled, desk, today)
    record = intake.read(json.dumps(made, ensure_ascii=False).encode())[0]
    as_of = api.day(record.as_of)
    present = as_of == today
    settled = findings.settle(record, desk.guideline, as_of, present=present)
    sheet = Sheet(api.answer(record, desk, as_of, present=present), settled.facts)
    notes = {**_read(desk, settled, places), **_wide(sheet, places)}
    notes |= {
        places[one.where]: Note(one.reason, wrong=True) for one in settled.refused if one.where in places
    }
    notes |= {
        places[one.where]: Note(one.reason, wrong=True) for one in settled.ignored if one.where in places
    }
    notes |= {name: Note(words, wrong=True) for name, words in problems.items()}
    notes |= {
        f"{name}-0": Note(brought.words(name, days, filled.value, desk))
        for name, days in filled.dated.items()
        if f"{name}-0" not in notes
    }
    if filled.kept or filled.complete:
        notes[KEPT] = Note(_carried(desk, filled))
    return Answered(desk, filled, made, sheet, notes, origins or {})


def _carried(desk: Desk, filled: Filled) -> str:
    """What counts although no field shows it."""
    declared = desk.guideline.declared.findings
    labels = [declared[one].label for one in filled.kept if one in declared]
    if filled.complete:
        labels.append(f"complete lists of {', '.join(filled.complete)}")
    strange = [one for one in filled.kept if one not in declared]
    said = [f"Kept, and not used: {'; '.join(strange)}."] if strange else []
    if labels:
        counted = f"Kept as it stood in the case file, and counted: {'; '.join(labels)}."
        said.append(f"{counted} An answer below replaces it.")
    return " ".join(said)


def _read(desk: Desk, settled: Settled, places: Mapping[str, str]) -> Mapping[str, Note]:
    """Each number as it is read, in the unit of its finding."""
    return {
        places[fact.where]: Note(f"= {shown}")
        for fact in settled.facts
        if fact.where in places and (shown := _shown(desk, fact))
    }


def _shown(desk: Desk, fact: Fact) -> str:
    if (
        fact.finding not in fields(desk)
        or not fields(desk)[fact.finding].units
        or fact.use != "usable"
        or (fact.low, fact.high) == (None, None)
    ):
        return ""
    shown = value(desk.guideline.declared.findings[fact.finding], (fact.low, fact.high))
    return "" if shown == fact.text else shown


def _wide(sheet: Sheet, places: Mapping[str, str]) -> Mapping[str, Note]:
    """What several results of one finding come to, and why a given answer does not count."""
    known = sheet.answer.findings
    notes: dict[str, Note] = {}
    for finding, facts in known.evidence.items():
        between = known.row.get(finding)
        own = [fact for fact in facts if fact.finding == finding]
        if (
            isinstance(between, tuple)
            and _differ(own)
            and between not in {(one.low, one.high) for one in own}
        ):
            words = f"differs from another result of the same day: read as {sheet.known(finding, between)}"
            notes.update(_each(own, places, words))
    for finding, why in known.why.items():
        if why in {OUT_OF_WINDOW, CONTRADICTORY}:
            rows = [
                name
                for place, name in places.items()
                if place.removeprefix("findings.").split("[")[0] == finding
            ]
            notes.update({name: Note(WHY[why], wrong=True) for name in rows})
    return notes


def _differ(facts: Iterable[Fact]) -> bool:
    return len({(fact.low, fact.high) for fact in facts}) > 1


def _each(facts: Iterable[Fact], places: Mapping[str, str], words: str) -> Mapping[str, Note]:
    return {places[fact.where]: Note(words, wrong=True) for fact in facts if fact.where in places}
