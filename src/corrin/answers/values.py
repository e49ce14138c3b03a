"""Findings and dates in the words a person reads: numbers with their unit, intervals with their limits."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID
from corrin.plans.dates import Count, Span, add_months
from corrin.plans.plan import Clock, Line, Prescription

Interval = tuple[int | None, int | None]
Value = str | Interval | None

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

PRINTED: Mapping[str, str] = {"1": "", "a": " years", "d": " days", "mo": " months"}
"""Units of time and of counting, as a sentence has them; any other unit as a laboratory prints it."""
_MONTHLY = re.compile(r"\bevery 1 months")
_MICRO = re.compile(r"\bu(?=mol|g)")


def number(grid: int) -> str:
    """A number on the grid: one decimal, unless rounding would make it a whole number that it is not.

    >>> number(41826), number(41999), number(42000)
    ('41.8', '41.999', '42')
    """
    exact = Decimal(grid) / GRID
    rounded = exact.quantize(Decimal("0.1"))
    shown = exact if rounded == rounded.to_integral() and rounded != exact else rounded
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def interval(between: Interval, unit: str) -> str:
    """An interval as a laboratory would print it, or as a sentence would say it.

    >>> interval((None, 41999), "pg/mL"), interval((42000, 51000), "pg/mL"), interval((1000, 1000), "d")
    ('below 42 pg/mL', '42 to 51 pg/mL', '1 day')
    """
    low, high = between
    said = _unit(unit)
    if low is not None and low == high:
        one = number(low) == "1" and unit in PRINTED
        return f"{number(low)}{said.removesuffix('s') if one else said}"
    beyond = ("more than", "less than") if unit in PRINTED else ("above", "below")
    lower = None if low is None else _end(low, -1, (beyond[0], "at least"))
    upper = None if high is None else _end(high, 1, (beyond[1], "at most"))
    if lower and upper:
        plain = lower[0] == "at least" and upper[0] == "at most"
        return (
            f"{lower[1]} to {upper[1]}{said}" if plain else f"{' '.join(lower)} and {' '.join(upper)}{said}"
        )
    return f"{' '.join(lower or upper or ())}{said}"


def value(finding: Finding, known: Value) -> str:
    """What is known of a finding, in words."""
    if known is None:
        return "not known"
    return known if isinstance(known, str) else interval(known, finding.unit)


def day(when: date) -> str:
    """A date without a year's or a month's order to mistake: 22 Nov 2026."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def weekday(when: date) -> str:
    """A day to come, with its day of the week: Sun 22 Nov."""
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]}"


def span(when: Span) -> str:
    """A day, or the days between which it lies."""
    if when.earliest and when.latest:
        if when.exact:
            return day(when.earliest)
        if when.earliest.day == 1 and when.latest + timedelta(days=1) == add_months(when.earliest, 1):
            return f"in {MONTHS[when.earliest.month - 1]} {when.earliest.year}"
        return f"between {day(when.earliest)} and {day(when.latest)}"
    if when.latest:
        return f"by {day(when.latest)}"
    return f"from {day(when.earliest)}" if when.earliest else "on a day not known"


def count(days: Count, noun: str = "day") -> str:
    """A number of days, or the numbers between which it lies."""
    if days.least is not None and days.least == days.most:
        return f"{days.least} {noun}{'' if days.least == 1 else 's'}"
    if days.least is not None and days.most is not None:
        return f"{days.least} to {days.most} {noun}s"
    if days.least is not None:
        return f"at least {days.least} {noun}s"
    return f"at most {days.most} {noun}s"


def _end(end: int, beyond: int, words: tuple[str, str]) -> tuple[str, str]:
    """`41.999 at most` is `below 42`: whichever number is the rounder one names the end."""
    outside = number(end + beyond)
    return (words[0], outside) if len(outside) < len(number(end)) else (words[1], number(end))


def printed(unit: str) -> str:
    """A unit as a laboratory prints it.

    >>> printed("umol/L"), printed("mL/min/{1.73_m2}")
    ('µmol/L', 'mL/min/1.73 m²')
    """
    plain = unit.replace("{", "").replace("}", "").replace("_m2", " m²")
    return _MICRO.sub("µ", plain)


def left(clock: Clock) -> str:
    """What is left of the months a source names, or how long ago they ended."""
    days = clock.days_left
    if days.most is not None and days.most < 0:
        return f"ended {count(Count(-days.most, None if days.least is None else -days.least))} ago"
    if days.least is not None and days.least >= 0:
        return f"{count(days)} left"
    return "perhaps over" if days.most is None else f"{count(Count(None, days.most))} left, perhaps none"


def until_treatment(days: Count) -> str:
    """How long the clock had run when treatment began, if it had begun to run.

    Unknown: an onset of which only the latest day is known may lie before the treatment or after it.

    >>> until_treatment(Count(90, 90)), until_treatment(Count(-290, -290))
    ('treatment began after 90 days', 'treatment had begun before it')
    """
    if days.most is not None and days.most < 0:
        return "treatment had begun before it"
    if days.least is not None and days.least < 0:
        return "whether treatment had begun before it is not known"
    return f"treatment began after {count(days)}"


def rhythm(line: Line) -> str:
    """How often a course is given: every 2 days until no further improvement, then every 2 months."""
    until = f" until {line.until}" if line.until.strip("-") else ""
    if line.until[:1].isdigit():
        until = f" ({line.until})"
    return f"{line.loading}{until}, then {_MONTHLY.sub('every month', line.maintenance)}"


def withheld(line: Line) -> str:
    """What is said where the course of a profile would be, when its drug is not for this patient."""
    return f"{line.drug[:1].upper()}{line.drug[1:]} is not planned for this patient: see the cautions"


def another(regimen: Prescription) -> tuple[str, str]:
    """What a course of another source is called, and who decides: alone, there is none to pick."""
    if regimen.course:
        return "Beside it", "The clinician picks; the two are never mixed."
    return "From another source", "The clinician decides."


def _unit(unit: str) -> str:
    return PRINTED.get(unit, f" {printed(unit)}")
