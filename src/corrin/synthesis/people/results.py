"""Results of a laboratory as they arrive: many units, comparators, words, no unit, corrected, in urine.

A finding enters; events leave, with the interval that was meant when that is beyond doubt, else None.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from random import Random

from corrin.guideline.declared import Conversion, Finding
from corrin.guideline.model import GRID, Guideline
from corrin.records import Code, Event, Quantity
from corrin.synthesis.people.person import Value, month, on
from corrin.synthesis.people.told import OWN, Vocabulary
from corrin.synthesis.shares import Shares

ODD_UNITS = ("IU/mL", "units", "mg/dl/h", "ratio", "pg/dL/24h")
WORDS = ("low", "normal", "see comment", "haemolysed", "L", "within normal limits")
LONGEST_AGO = 1000
_MORNING = 420
_HOURS = 600
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """Events of one finding, what they mean if that is beyond doubt, and the noise among them."""

    events: tuple[Event, ...]
    meant: Value | None
    noise: tuple[str, ...]


class Results:
    """Draws results for one guideline."""

    def __init__(self, guideline: Guideline, shares: Shares, vocabulary: Vocabulary) -> None:
        self.shares = shares
        self.vocabulary = vocabulary
        self.windows = {name: parameter.value // GRID for name, parameter in guideline.parameters.items()}

    def draw(self, rng: Random, finding: Finding, as_of: date, serial: str, *, began: bool = False) -> Drawn:
        """One to three results; `serial` makes their business identifiers the patient's own.

        Where neurological symptoms `began`, levels are others.
        """
        one = _Drawing(self, rng, finding, as_of, serial)
        one.range = self.shares.typical(finding, began=began)
        ages = sorted(
            {1 + int(rng.random() ** 2 * LONGEST_AGO) for _ in range(1 + int(rng.random() * _OFTEN))}
        )
        for age in ages:
            one.result(age)
        window = self.windows.get(finding.window or "", LONGEST_AGO)
        sound = [age for age in one.sound if age < window - 1]
        clear = not one.clouded and sound and one.latest == min(one.sound)
        return Drawn(tuple(one.events), one.sound[min(sound)] if clear else None, tuple(one.noise))


class _Drawing:
    """The results of one finding so far."""

    def __init__(self, of: Results, rng: Random, finding: Finding, as_of: date, serial: str) -> None:
        self.of = of
        self.rng = rng
        self.finding = finding
        self.as_of = as_of
        self.serial = serial
        self.events: list[Event] = []
        self.noise: list[str] = []
        self.sound: dict[int, Value] = {}
        self.latest = LONGEST_AGO + 1
        self.clouded = finding.take == "nearest"
        self.range = of.shares.typical(finding)

    def result(self, age: int) -> None:
        """One result of so many days ago, with or without noise."""
        rng, noise = self.rng, self.of.shares.noise
        clean, meant = self._clean(age)
        kind = next((name for name in _NOISES if rng.random() < noise[name]), "")
        if kind:
            self.noise.append(f"{self.finding.id}: {kind}")
        sent, counts = _NOISES[kind](self, clean, age) if kind else ((clean,), True)
        self.events += sent
        if counts is None:
            self.clouded = True
        elif counts:
            self.latest = min(self.latest, age)
            self.sound[age] = meant if counts is True else counts

    def _clean(self, age: int) -> tuple[Event, Value]:
        finding, rng = self.finding, self.rng
        code = self.of.vocabulary.coded(rng, finding)
        if code is None or rng.random() < self.of.shares.noise["own_system"]:
            code = Code(OWN, finding.id)
        when = on(self.as_of, age, _MORNING + int(rng.random() * _HOURS))
        event = Event("observation", (code,), "", finding.label, start=when, end=when, status="final")
        if finding.kind == "word":
            word = finding.values[int(rng.random() * len(finding.values))]
            return event.but(word=word), word
        low, high = self.range
        conversions = self.of.vocabulary.units[finding.id]
        quantity, unit = measured(
            rng, low * (high / low) ** rng.random() if low else high * rng.random(), conversions
        )
        specimen = "Serum" if finding.specimens and rng.random() < self.of.shares.noise["specimen"] else ""
        return event.but(quantity=quantity, specimen=specimen), interval(quantity, unit)

    def comparator(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], Value | bool | None]:
        """Below or above what the analyser reads."""
        quantity = clean.quantity
        if quantity is None:
            return (clean,), True
        sign = self.rng.choice(("<", ">"))
        return (clean.but(quantity=quantity.but(comparator=sign)),), None

    def word(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], None]:
        """A word where a number should be."""
        return (clean.but(quantity=None, word=self.rng.choice(WORDS)),), None

    def no_unit(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], None]:
        """A number and nothing else."""
        quantity = clean.quantity and clean.quantity.but(unit="", ucum="")
        return (clean.but(quantity=quantity),), None

    def odd_unit(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], None]:
        """A unit that nobody lists."""
        quantity = clean.quantity and clean.quantity.but(unit=self.rng.choice(ODD_UNITS), ucum="")
        return (clean.but(quantity=quantity),), None

    def duplicate(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], bool]:
        """The same result twice, under two ids."""
        return (clean, clean), True

    def corrected(self, clean: Event, age: int) -> tuple[tuple[Event, ...], bool]:
        """A first value and, under the same identifier, the one that replaces it."""
        name = f"urn:example:results|{self.serial}-{self.finding.id}-{age}"
        first, _ = self._clean(age)
        first = first.but(codes=clean.codes, start=clean.start, end=clean.end, identity=name)
        return (first, clean.but(status="corrected", identity=name)), True

    def preliminary(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], None]:
        """Not final yet."""
        return (clean.but(status="preliminary"),), None

    def error(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], bool]:
        """Entered in error: says nothing."""
        return (clean.but(status="error"),), False

    def future(self, clean: Event, age: int) -> tuple[tuple[Event, ...], bool]:
        """A sample of a day that has not come."""
        when = on(self.as_of, -1 - age, _MORNING)
        return (clean.but(start=when, end=when),), False

    def undated(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], None]:
        """Nobody says when."""
        return (clean.but(start=None, end=None),), None

    def partial(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], None]:
        """Known to the month."""
        when = clean.start and month(clean.start)
        return (clean.but(start=when, end=when),), None

    def text_only(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], bool]:
        """Named in words, without a code."""
        return (clean.but(codes=()),), False

    def urine(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], None]:
        """Measured in something else."""
        return (clean.but(specimen="Urine"),), None

    def flag(self, clean: Event, _age: int) -> tuple[tuple[Event, ...], bool | None]:
        """The laboratory's own flag beside the number."""
        said = self.rng.choice(("L", "N", "H"))
        return (clean.but(flag=said),), None if self.finding.implies or clean.quantity is None else True


_NOISES = {
    name: getattr(_Drawing, name)
    for name in (
        *("comparator", "word", "no_unit", "odd_unit", "duplicate", "corrected", "preliminary", "error"),
        *("future", "undated", "partial", "flag", "urine", "text_only"),
    )
}


def measured(rng: Random, value: float, conversions: tuple[Conversion, ...]) -> tuple[Quantity, Conversion]:
    """A value in one of its units, rounded as laboratories round, in one of the unit's spellings."""
    unit = conversions[int(rng.random() ** 2 * len(conversions))]
    printed = Decimal(value) * Decimal(unit.per) / Decimal(unit.factor)
    digits = max(0, 3 - printed.adjusted() - 1) if printed else 0
    rounded = Decimal(f"{printed:.{min(digits, 3)}f}")
    spelling = unit.spellings[int(rng.random() ** 2 * len(unit.spellings))]
    return Quantity(rounded, spelling, unit.spellings[0]), unit


def interval(quantity: Quantity, unit: Conversion) -> tuple[int, int]:
    """The steps of the grid that the printed value lies between."""
    exact = Fraction(quantity.value) * Fraction(unit.factor) / Fraction(unit.per) * GRID
    return floor(exact), ceil(exact)


def kinds() -> Iterator[str]:
    """Every kind of noise among results."""
    yield from _NOISES
