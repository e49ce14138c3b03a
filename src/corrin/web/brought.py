"""Dates that answers bring with them: a record says of a symptom since when it stands there.

The day belongs to the answer: whoever answers otherwise takes it back, and whoever types a date replaces it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from corrin.answers import Desk
from corrin.errors import InputError, Problem, Problems, did_you_mean
from corrin.web.fields import CHOICES, fields

Dated = Mapping[str, Mapping[str, str]]
"""For each date, the day that each answer brings."""


def along(text: str, where: str) -> Mapping[str, Any]:
    """What the page carries along in a hidden field, unseen.

    Errors: an `InputError` where something else came back: what was carried would be lost in silence.
    """
    try:
        given: object = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise InputError(Problem(where, "is not what the page carried along", "Open the page again."))
    return cast("dict[str, Any]", given)


def read(given: Mapping[str, Any], desk: Desk) -> Dated:
    """The days among what was carried along, of dates and answers that this guideline has."""
    known, declared = fields(desk), desk.guideline.declared.findings
    dated: dict[str, Mapping[str, str]] = {}
    for name, days in given.items():
        if name in known and isinstance(days, dict):
            each = cast("dict[str, object]", days).items()
            dated[name] = {
                one: day for one, day in each if one in declared[name].began and isinstance(day, str)
            }
    return {name: days for name, days in dated.items() if days}


def opened(given: Mapping[str, Mapping[str, str]], desk: Desk) -> Dated:
    """The days of a case file that was saved from the page.

    Errors: an `InputError` for a date or an answer that this guideline does not have: its day would be lost.
    """
    problems = Problems()
    declared = desk.guideline.declared.findings
    dated = [name for name in fields(desk) if declared[name].began]
    for name, days in given.items():
        if name not in dated:
            what = "no date that answers bring along"
            problems.refuse(f"on_record.{name}", what, did_you_mean(name, dated))
            continue
        for one in days:
            if one not in declared[name].began:
                at = f"on_record.{name}.{one}"
                problems.refuse(
                    at, "no answer that brings this date", did_you_mean(one, declared[name].began)
                )
    problems.speak(InputError)
    return given


def printed(dated: Dated) -> str:
    """The same as the page carries it; empty when there is nothing."""
    return json.dumps(dated) if dated else ""


def standing(days: Mapping[str, str], value: Callable[[str], str]) -> Mapping[str, str]:
    """The days whose answer is still what the record says."""
    return {one: day for one, day in days.items() if value(one) == CHOICES[0][0]}


def words(name: str, days: Mapping[str, str], value: Callable[[str], str], desk: Desk) -> str:
    """What stands beside the date: which days count, and which do no longer."""
    label = desk.guideline.declared.findings
    stand = standing(days, value)
    counted = "; ".join(f"{day} ({label[one].label})" for one, day in sorted(stand.items(), key=_day))
    gone = "; ".join(label[one].label for one in days if one not in stand)
    said = [f"On record: {counted}. A date here replaces it."] if counted else []
    if value(name):
        said = ["What stands here counts instead of the days on record."]
    if gone and not value(name):
        said.append(f"No longer counted, answered otherwise here: {gone}.")
    return " ".join(said)


def _day(entry: tuple[str, str]) -> str:
    return entry[1]
