"""Small records for tests: a lab result, an answer, a medicine, a condition, and what is found in them."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from corrin import guideline
from corrin.findings import Interpreter
from corrin.records import MINUTES_A_DAY, Code, Event, Patient, Quantity, Record, When

AS_OF = date(2026, 11, 22)
EPOCH = date(1970, 1, 1).toordinal()
CODES = {
    "serum_b12": "2132-9",
    "mma": "13964-2",
    "haemoglobin": "718-7",
    "mcv": "787-2",
    "creatinine": "2160-0",
    "egfr": "62238-1",
}
"""LOINC codes of the tests that are sent with one here."""


@cache
def interpreter():
    return Interpreter(guideline.read())


def when(text: str | None) -> When | None:
    """`2026-11-20T09:00`, `2026-11-20`, `2026-11` or `2026`."""
    if text is None:
        return None
    if "T" in text:
        at = datetime.fromisoformat(text)
        minute = (at.toordinal() - EPOCH) * MINUTES_A_DAY + at.hour * 60 + at.minute
        return When(minute, minute, text)
    parts = [int(part) for part in text.split("-")]
    first = date(*[*parts, 1, 1][:3])
    following = {
        1: lambda: date(first.year + 1, 1, 1),
        2: lambda: date(first.year + first.month // 12, first.month % 12 + 1, 1),
        3: lambda: date.fromordinal(first.toordinal() + 1),
    }[len(parts)]()
    return When(
        (first.toordinal() - EPOCH) * MINUTES_A_DAY, (following.toordinal() - EPOCH) * MINUTES_A_DAY - 1, text
    )


def quantity(text: str, ucum: str = "") -> Quantity:
    """`<83 pg/mL` as an intake adapter reads it."""
    comparator = text[: len(text) - len(text.lstrip("<>="))]
    number, _, unit = text[len(comparator) :].partition(" ")
    return Quantity(Decimal(number), unit, ucum, comparator)


def lab(finding: str, value: str | None = None, on: str | None = "2026-11-20", **more) -> Event:
    """A result from a laboratory."""
    limit = more.pop("limit", None)
    ucum = more.pop("ucum", "")
    given = {
        "kind": "observation",
        "codes": (Code("loinc", CODES[finding]) if finding in CODES else Code("corrin", finding),),
        "where": f"{finding} {value} {on}",
        "quantity": quantity(value, ucum) if value else None,
        "start": when(on),
        "end": when(on),
        "status": "final",
        "upper_limit": quantity(limit) if limit else None,
    }
    return Event(**(given | more))


def answer(finding: str, said=None, on: str | None = None, **more) -> Event:
    """An answer by the finding's own id: True, False, None for not known, a date, a word or a quantity."""
    given: dict = {"polarity": {True: "present", False: "absent", None: "unknown"}.get(said, "present")}
    if isinstance(said, str):
        given = {"word": said}
        if said[0].isdigit() or said[0] in "<>":
            given = (
                {"date": when(said)}
                if said[:4].isdigit() and len(said) in {4, 7, 10}
                else {"quantity": quantity(said)}
            )
    return Event(
        kind="answer",
        codes=(Code("corrin", finding),),
        where=f"findings.{finding}",
        start=when(on),
        end=when(on),
        status="final",
        verification="confirmed",
        **(given | more),
    )


def condition(
    code: str, start: str | None = None, recorded: str | None = None, system: str = "snomed", **more
) -> Event:
    """A diagnosis, confirmed and active unless it says otherwise."""
    given = {"status": "active", "verification": "confirmed", "kind": "condition"}
    return Event(
        codes=(Code(system, code),),
        where=f"condition {code}",
        start=when(start),
        recorded=when(recorded),
        **(given | more),
    )


def medicine(
    code: str, start: str | None = None, end: str | None = None, system: str = "rxnorm", **more
) -> Event:
    """A medicine: an active request unless it says otherwise; a moment where it is an administration."""
    given = {"kind": "medicine", "status": "active", "medium": "request", "intent": "actual"}
    given |= more
    if given["medium"] == "administration":
        given = {**given, "status": more.get("status", "completed")}
        end = end or start
    return Event(
        codes=(Code(system, code),), where=f"medicine {code}", start=when(start), end=when(end), **given
    )


def found(
    *events: Event,
    complete: tuple[str, ...] = (),
    patient: Patient | None = None,
    as_of: date = AS_OF,
    said: str | None = None,
    present: bool = False,
):
    """What is known after these events."""
    record = Record(patient or Patient(), events, complete=frozenset(complete), as_of=said)
    return interpreter().derive(record, as_of, present=present)


EVERYTHING = ("requests", "statements", "administrations")
