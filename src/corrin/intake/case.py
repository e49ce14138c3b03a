"""Case files: one patient as a person hands it over, every answer by its finding's id.

One JSON object enters (`{"case": 1, "as_of": ..., "findings": {...}}`), one `Record` leaves. Whether an id is
a finding, and whether its answer fits, is settled by `findings`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from corrin.errors import InputError, Problem
from corrin.intake import dates, values
from corrin.intake.declared import PARTS
from corrin.intake.values import Value
from corrin.records import Code, Event, Ignored, Patient, Quantity, Record, When

VERSION = 1
SYSTEM = "corrin"
_KEYS = frozenset({"case", "title", "patient", "as_of", "complete", "findings", "on_record"})
_ANSWER_KEYS = frozenset({"value", "unit", "comparator", "date", "word", "upper_limit"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHORT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


class _Number(str):
    """A JSON number as it was printed, told apart from a text that looks like one."""

    __slots__ = ()


def read(text: str, where: str, prefix: str = "") -> Record:
    """The record of one case file, already known to be JSON; `prefix` is put before every pointer."""
    case = json.loads(text, object_pairs_hook=_once, parse_int=_Number, parse_float=_Number)
    problems = _Reader(where, prefix)
    record = problems.record(cast("dict[str, object]", case))
    if problems.found:
        raise InputError(*problems.found)
    return record


class _Twice(dict[str, object]):
    """An object in which a key was given twice; `keys_given_twice` names them."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        names = [key for key, _ in pairs]
        self.keys_given_twice = sorted({name for name in names if names.count(name) > 1})


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else _Twice(pairs)


class _Reader:
    """Walks one case file and gathers what cannot be placed."""

    def __init__(self, where: str, prefix: str) -> None:
        """Every problem stands in `where`, every pointer behind `prefix`."""
        self.where = where
        self.prefix = prefix
        self.found: list[Problem] = []
        self.ignored: list[Ignored] = []

    def refuse(self, at: str, what: str, mend: str) -> None:
        self.found.append(Problem(f"{self.where}: {self.prefix}{at}", what, mend))

    def record(self, case: dict[str, object]) -> Record:
        if case.get("case") != str(VERSION) or not isinstance(case.get("case"), _Number):
            self.refuse("case", "the version of the case file is not one that is read", 'Write "case": 1.')
        self._keys(case)
        findings = case.get("findings")
        if not isinstance(findings, dict):
            self.refuse(
                "findings", "an object of findings is needed", 'Write "findings": {"<id>": true, ...}.'
            )
            findings = {}
        given = cast("dict[str, object]", findings)
        twice = set(given.keys_given_twice) if isinstance(given, _Twice) else set[str]()
        for name in sorted(twice):
            self.refuse(f"findings.{_shown(name)}", "given twice", "Give a list for several results.")
        events = (
            *(event for name, answer in given.items() for event in self._events(name, answer)),
            *self._on_record(case.get("on_record"), given),
        )
        return Record(
            patient=Patient(id=self._patient(case.get("patient")), where=self.prefix.rstrip(": ")),
            events=events,
            complete=self._complete(case.get("complete")),
            as_of=self._as_of(case.get("as_of")),
            ignored=tuple(self.ignored),
        )

    def _on_record(self, dates_of: object, findings: Mapping[str, object]) -> Iterator[Event]:
        """The days by which answers stand on record: each counts beside a yes, where no date is given."""
        for name, days in self._object("on_record", dates_of or {}).items():
            at = f"on_record.{_shown(name)}"
            for one, written in self._object(at, days).items():
                here = f"{at}.{_shown(one)}"
                if not isinstance(written, str) or isinstance(written, _Number) or not dates.when(written):
                    self.refuse(here, "no day of the calendar", "Write YYYY-MM-DD, YYYY-MM or YYYY.")
                elif name in findings:
                    self.ignored.append(
                        Ignored(self.prefix + here, f"findings.{_shown(name)} counts instead")
                    )
                elif findings.get(one) is not True:
                    why = f"findings.{_shown(one)} is not true: its day does not count"
                    self.ignored.append(Ignored(self.prefix + here, why))
                else:
                    yield event(name, self.prefix + here, values.text(written))

    def _object(self, at: str, given: object) -> Mapping[str, object]:
        if not isinstance(given, dict):
            mend = 'Write "on_record": {"<a date>": {"<an answer>": "2026-03-01"}}.'
            self.refuse(at, "an object is needed", mend)
            return {}
        if isinstance(given, _Twice):
            for name in given.keys_given_twice:
                self.refuse(f"{at}.{_shown(name)}", "given twice", "Keep one.")
        return cast("dict[str, object]", given)

    def _keys(self, case: dict[str, object]) -> None:
        if isinstance(case, _Twice):
            for name in case.keys_given_twice:
                self.refuse(_shown(name), "given twice", "Keep one.")
        for name in [key for key in case if key not in _KEYS]:
            self.ignored.append(Ignored(self.prefix + _shown(name), "no part of a case file"))

    def _patient(self, given: object) -> str | None:
        if given is None or isinstance(given, str):
            return None if given is None else str(given)
        self.ignored.append(Ignored(f"{self.prefix}patient", "a patient is named by one short text"))
        return None

    def _as_of(self, given: object) -> str | None:
        if given is None:
            return None
        if isinstance(given, str) and _DAY.fullmatch(given) and dates.when(given):
            return str(given)
        self.refuse("as_of", "no day of the calendar", "Write YYYY-MM-DD.")
        return None

    def _complete(self, given: object) -> frozenset[str]:
        if given is None:
            return frozenset()
        if not isinstance(given, list):
            self.refuse("complete", "a list of parts is needed", f"Choose from {', '.join(sorted(PARTS))}.")
            return frozenset()
        parts = cast("list[object]", given)
        for index, part in enumerate(parts):
            if not isinstance(part, str) or part not in PARTS:
                self.refuse(
                    f"complete[{index}]",
                    "no part that can be declared complete",
                    f"Choose from {', '.join(sorted(PARTS))}.",
                )
        return frozenset(part for part in parts if isinstance(part, str)) & PARTS

    def _events(self, name: str, answer: object) -> Iterator[Event]:
        at = f"{self.prefix}findings.{_shown(name)}"
        if not isinstance(answer, list):
            yield event(name, at, *_answer(answer))
            return
        several = cast("list[object]", answer)
        if not several:
            self.ignored.append(Ignored(at, "an empty list: nothing is said"))
        for index, one in enumerate(several):
            yield event(name, f"{at}[{index}]", *_answer(one))


def event(
    finding: str, where: str, value: Value, taken: When | None = None, limit: Quantity | None = None
) -> Event:
    """An answer given under a finding's own id: as certain as the person who gave it."""
    return Event(
        kind="answer",
        codes=(Code(SYSTEM, finding),),
        where=where,
        word=value.word,
        quantity=value.quantity,
        date=value.date,
        polarity=value.polarity,
        absent_reason=value.absent_reason,
        unreadable=value.unreadable,
        upper_limit=limit,
        start=taken,
        end=taken,
        status="final",
        verification="confirmed",
    )


def _shown(name: str) -> str:
    """A key as an error may show it: whatever does not look like an id might be something about a patient."""
    return name if _SHORT_NAME.fullmatch(name) else "(a key that is no id)"


def _answer(answer: object) -> tuple[Value, When | None, Quantity | None]:
    if isinstance(answer, dict):
        return _object(cast("dict[str, object]", answer))
    return _plain(answer), None, None


def _plain(answer: object) -> Value:
    if answer is None:
        return values.UNKNOWN
    if isinstance(answer, bool):
        return values.PRESENT if answer else values.ABSENT
    if isinstance(answer, _Number):
        number = values.number(answer)
        return values.unreadable(_BEYOND) if number is None else Value(quantity=Quantity(number))
    if isinstance(answer, str):
        if values.number(answer.strip()) is not None and not dates.looks_dated(answer.strip()):
            return values.unreadable("a number written as text; leave out the quotation marks")
        return values.text(answer)
    return values.unreadable("neither a yes or no, a number, a word, a date nor an object with a value")


_BEYOND = "a number beyond anything that is measured"


def _object(answer: Mapping[str, object]) -> tuple[Value, When | None, Quantity | None]:
    """`{"value": 98, "unit": "pmol/L", "date": "2026-11-20"}`, `{"word": "high"}`, `{"value": true, ...}`."""
    fault = _fault(answer)
    written = answer.get("date")
    taken = dates.when(written) if isinstance(written, str) and not isinstance(written, _Number) else None
    if written is not None and taken is None:
        fault = fault or "its date is none of the calendar"
    if fault:
        return values.unreadable(fault), taken, None
    value = _plain(answer["value"]) if "value" in answer else _word(answer["word"])
    if value.unreadable:
        return value, taken, None
    if value.quantity is None:
        if answer.get("unit") or answer.get("comparator"):
            return values.unreadable("a unit or a comparator without a number"), taken, None
        return value, taken, _limit(answer.get("upper_limit"), "")
    unit = cast("str", answer.get("unit") or "")
    comparator = values.COMPARATORS[cast("str", answer.get("comparator") or "")]
    measured = Quantity(value.quantity.value, unit, comparator=comparator)
    return Value(quantity=measured), taken, _limit(answer.get("upper_limit"), unit)


def _word(given: object) -> Value:
    if isinstance(given, str) and not isinstance(given, _Number):
        return values.word(given)
    return values.unreadable("its word is no text")


def _fault(answer: Mapping[str, object]) -> str:
    """Why an answer given as an object cannot be read; a key we do not know may change what it means."""
    unit, comparator, limit = answer.get("unit"), answer.get("comparator") or "", answer.get("upper_limit")
    faults = (
        (isinstance(answer, _Twice), "a key is given twice"),
        (bool(answer.keys() - _ANSWER_KEYS), f"a key that is none of {', '.join(sorted(_ANSWER_KEYS))}"),
        (("value" in answer) == ("word" in answer), "either a value or a word is needed"),
        (isinstance(answer.get("value"), dict | list), "its value is no single value"),
        (not isinstance(unit or "", str) or isinstance(unit, _Number), "its unit is no text"),
        (
            not isinstance(comparator, str) or comparator not in values.COMPARATORS,
            "its comparator is none of <, <=, >, >=",
        ),
        (limit is not None and _limit(limit, "") is None, "its upper limit is no number with a unit"),
    )
    return next((why for wrong, why in faults if wrong), "")


def _limit(given: object, unit: str) -> Quantity | None:
    """The laboratory's own upper limit; a bare number is in the unit of the result."""
    if isinstance(given, dict):
        fields = cast("dict[str, object]", given)
        named = fields.get("unit", unit)
        if fields.keys() - {"value", "unit"} or not isinstance(named, str) or isinstance(named, _Number):
            return None
        return _limit(fields.get("value"), named)
    number = values.number(given) if isinstance(given, _Number) else None
    return None if number is None else Quantity(number, unit)
