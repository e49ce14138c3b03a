"""A filled form as a case file, and a case file as a filled form: nothing is lost on the way.

What a field cannot show (an answer with a date of its own, a limit given with a result) is kept as it was,
and goes back into the case file unless the field is answered anew.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from corrin.answers import Desk
from corrin.web import brought
from corrin.web.brought import Dated
from corrin.web.fields import NOT_KNOWN, NOT_KNOWN_TYPED, Field, fields

Case = dict[str, Any]
Entries = Mapping[str, Sequence[str]]
"""A submitted form: every name with its values in their order."""

AS_OF, PATIENT, PROFILE, KEPT = "case.as_of", "case.patient", "case.profile", "case.kept"
DATED = "case.dated"
ON_RECORD = "on_record"
UNIT, DATE = ".unit", ".date"

_NUMBER = re.compile(
    r"(?P<comparator><=|>=|=<|=>|<|>|≤|≥)?\s*(?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+))\s*(?P<unit>[^\d\s.,].*)?"
)
_SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_CHOICE = {"yes": True, "no": False, NOT_KNOWN: None}
_LONGEST, _CARRIED = 200, 1_000_000
"""Characters of a field that somebody fills, and of one that the page carries along."""


@dataclass(frozen=True, slots=True)
class Row:
    """One result as typed: what it says, its unit, its day."""

    value: str = ""
    unit: str = ""
    date: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was typed; a unit alone says nothing."""
        return not (self.value or self.date)


@dataclass(frozen=True)
class Filled:
    """A form as it is filled: rows for each finding, what no field can show, and dates that answers bring."""

    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict[str, tuple[Row, ...]])
    kept: Mapping[str, Any] = field(default_factory=dict[str, Any])
    complete: tuple[str, ...] = ()
    as_of: str = ""
    patient: str = ""
    dated: Dated = field(default_factory=dict[str, Mapping[str, str]])

    def row(self, finding: str, index: int = 0) -> Row:
        """One row; an empty one where nothing was typed."""
        rows = self.rows.get(finding, ())
        return rows[index] if index < len(rows) else Row()

    def value(self, finding: str) -> str:
        """What the first row says."""
        return self.row(finding).value


def submitted(entries: Entries, desk: Desk) -> Filled:
    """A submitted form; what is not a field of this guideline is not read.

    Errors: an `InputError` where a hidden field does not hold what the page put there.
    """
    rows: dict[str, tuple[Row, ...]] = {}
    for name in fields(desk):
        values = entries.get(name, ())
        units, dates = entries.get(name + UNIT, ()), entries.get(name + DATE, ())
        made = [Row(_clip(one), _nth(units, n), _nth(dates, n)) for n, one in enumerate(values)]
        if any(not row.empty for row in made):
            rows[name] = tuple(made)
    kept, dated = (brought.along(_nth(entries.get(one, ()), 0, _CARRIED), one) for one in (KEPT, DATED))
    kept = _kept(kept)
    return Filled(
        rows,
        {name: one for name, one in kept.get("findings", {}).items() if name not in rows},
        tuple(kept.get("complete", ())),
        _nth(entries.get(AS_OF, ()), 0),
        _nth(entries.get(PATIENT, ()), 0),
        brought.read(dated, desk),
    )


def case(filled: Filled, desk: Desk, today: date) -> tuple[Case, Mapping[str, str], Mapping[str, str]]:
    """The case file of a form; where each answer stands in it, by field; and what is wrong with a field.

    The day of the answer is the form's, or else today.
    """
    known = fields(desk)
    findings: dict[str, Any] = dict(filled.kept)
    places: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, rows in filled.rows.items():
        given = [(n, answer(known[name], row)) for n, row in enumerate(rows) if not row.empty]
        one = len(given) == 1
        for index, (n, _) in enumerate(given):
            places[f"findings.{name}" if one else f"findings.{name}[{index}]"] = f"{name}-{n}"
        findings[name] = given[0][1] if one else [each for _, each in given]
    standing = {
        name: dict(counted)
        for name, days in filled.dated.items()
        if name not in findings and (counted := brought.standing(days, filled.value))
    }
    day, wrong = _day(filled.as_of, today)
    if wrong:
        problems[AS_OF] = wrong
    made: Case = {"case": 1, "as_of": day.isoformat()}
    if filled.patient:
        made["patient"] = filled.patient
    if filled.complete:
        made["complete"] = list(filled.complete)
    if standing:
        made[ON_RECORD] = standing
    return {**made, "findings": findings}, places, problems


def fill(given: Case, desk: Desk) -> Filled:
    """A form filled from a case file; what a field would change is kept as it was."""
    known = fields(desk)
    rows: dict[str, tuple[Row, ...]] = {}
    kept: dict[str, Any] = {}
    for name, one in cast("dict[str, Any]", given.get("findings", {})).items():
        several = cast("list[Any]", one) if isinstance(one, list) else [one]
        shown = tuple(row for each in several if (row := _row(known.get(name), each)) is not None)
        if several and len(shown) == len(several) and (len(shown) == 1 or known[name].kind == "number"):
            rows[name] = shown
        else:
            kept[name] = one
    complete = tuple(cast("list[str]", given.get("complete") or []))
    dated = brought.opened(given.get(ON_RECORD) or {}, desk)
    return Filled(rows, kept, complete, str(given.get("as_of") or ""), str(given.get("patient") or ""), dated)


def hidden(filled: Filled) -> str:
    """What no field can show, as the page carries it along; empty when there is nothing."""
    parts = {"findings": dict(filled.kept), "complete": list(filled.complete)}
    found = {name: part for name, part in parts.items() if part}
    return json.dumps(found, ensure_ascii=False) if found else ""


def answer(asked: Field, row: Row) -> Any:  # noqa: ANN401 - any JSON
    """One row as a case file has it."""
    if asked.kind == "choice":
        return _CHOICE.get(row.value, row.value)
    if row.value.casefold() in {NOT_KNOWN, NOT_KNOWN_TYPED}:
        return None
    if asked.kind == "date":
        return row.value
    made = _measured(asked, row)
    if row.date:
        made["date"] = row.date
    return made["value"] if set(made) == {"value"} and not asked.units else made


def _measured(asked: Field, row: Row) -> dict[str, Any]:
    match = _NUMBER.fullmatch(row.value) if asked.kind == "number" else None
    if match is None:
        return {"word": row.value}
    made: dict[str, Any] = {"value": _number(match["number"])}
    comparator = match["comparator"]
    if comparator:
        made["comparator"] = _SIGNS.get(comparator, comparator)
    unit = _unit((match["unit"] or "").strip(), row.unit)
    if unit:
        made["unit"] = unit
    return made


def _unit(typed: str, chosen: str) -> str:
    """The unit, typed or chosen; of two that differ both are handed on, and the value is refused by name."""
    same = not typed or not chosen or typed.casefold() == chosen.casefold()
    return chosen or typed if same else f"{typed} and {chosen}"


def _row(asked: Field | None, given: Any) -> Row | None:  # noqa: ANN401 - any JSON
    """The row that says what a case file says, or None where no row can."""
    if asked is None:
        return None
    row = _written(asked, given)
    same = row is not None and not row.empty and _plain(answer(asked, row)) == _plain(given)
    return row if same else None


def _written(asked: Field, given: Any) -> Row | None:  # noqa: ANN401 - any JSON
    if given is None:
        return Row(NOT_KNOWN if asked.options else NOT_KNOWN_TYPED)
    if asked.kind == "choice":
        return Row({True: "yes", False: "no"}.get(given, "")) if isinstance(given, bool) else None
    if isinstance(given, Mapping):
        parts = cast("Mapping[str, Any]", given)
        said = parts.get("value", parts.get("word", ""))
        value = f"{parts.get('comparator') or ''}{said}"
        return Row(value, str(parts.get("unit") or ""), str(parts.get("date") or ""))
    return Row(str(given)) if isinstance(given, str | int | float) and not isinstance(given, bool) else None


def _plain(given: Any) -> Any:  # noqa: ANN401 - any JSON
    """`98` and `{"value": 98}` say the same, and so do `"high"` and `{"word": "high"}`."""
    if isinstance(given, str):
        return {"word": given}
    return {"value": given} if isinstance(given, int | float) and not isinstance(given, bool) else given


def _number(text: str) -> int | float:
    """Exact: the shortest decimal of a float is what was typed, to as many places as are ever measured."""
    return float(text) if "." in text else int(text)


def _day(text: str, today: date) -> tuple[date, str]:
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, "no day of the calendar. Write YYYY-MM-DD; until then the answer is for today."
    return day, "" if day == today else "the answer is for this day, not for today"


def _kept(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What no field can show; what is not of its shape is not read."""
    findings, complete = parts.get("findings", {}), parts.get("complete", [])
    return {
        "findings": cast("dict[str, Any]", findings) if isinstance(findings, dict) else {},
        "complete": cast("list[str]", complete) if isinstance(complete, list) else [],
    }


def _nth(values: Sequence[str], index: int, longest: int = _LONGEST) -> str:
    return _clip(values[index], longest) if index < len(values) else ""


def _clip(text: str, longest: int = _LONGEST) -> str:
    return text.strip()[:longest]
