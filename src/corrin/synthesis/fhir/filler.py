"""The bulk of an export: visits with vital signs, panels, notes, bills, none of which this guideline reads.

A dictionary of shapes enters once; for each patient, lines of NDJSON by type leave. Lines are templates
with a few places to fill, because an export of gigabytes is written in minutes.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from random import Random
from typing import Any

from corrin.synthesis.fhir import shapes
from corrin.synthesis.people.person import seeded

Line = tuple[str, bytes]
"""A type and one line of it."""

_SLOT = re.compile(rb'"?[@#]([a-z]+\d*)[@#]"?')
_NAMES = ("id", "patient", "encounter", "when", "end", "day", "value", "claim")
_MOST_RESULTS = 8
_INDEX = {name: at for at, name in enumerate((*_NAMES, *(f"r{at}" for at in range(_MOST_RESULTS))))}
_HEX = 128
FILLER = "filler"
"""The seed of what is the same in every run."""


@dataclass(frozen=True, slots=True)
class Template:
    """One line with places to fill; `low`..`high` is the range of its number."""

    kind: str
    line: bytes
    fill: Callable[[list[bytes]], tuple[bytes, ...]]
    low: float = 0
    high: float = 0
    results: tuple["Template", ...] = ()


def template(resource: Mapping[str, Any], low: float = 0, high: float = 0) -> Template:
    """Cut a resource at its places: `@name@` within a text, `#name#` for a text that becomes a number."""
    raw = (
        json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode().replace(b"%", b"%%") + b"\n"
    )
    slots: list[int] = []

    def cut(match: re.Match[bytes]) -> bytes:
        slots.append(_INDEX[match[1].decode()])
        whole = match[0]
        number = b"#" in whole
        before = b'"' if whole.startswith(b'"') and not number else b""
        after = b'"' if whole.endswith(b'"') and not number else b""
        return before + b"%b" + after

    line = _SLOT.sub(cut, raw)
    return Template(str(resource["resourceType"]), line, itemgetter(*slots, 0), low, high)


class Filler:
    """Lines that fill an export, drawn anew for each patient from the same shapes."""

    def __init__(self, shares: Mapping[str, Any], prefix: str) -> None:
        """`prefix` stands before the address of every resource that is referred to."""
        self.mean: Mapping[str, float] = shares["visit"]
        build = shapes.Shapes(shares, prefix)
        notes = list(_notes(shares["notes"]))
        self.of: dict[str, list[Template]] = {
            kind: [template(one, low, high) for one, low, high in build.variants(kind, notes)]
            for kind in self.mean
            if kind != "panel"
        }
        self.panels = [
            (template(report), [template(one, low, high) for one, low, high in results])
            for report, results in build.panels(notes)
        ]
        self.visit_bytes = self._typical()

    def lines(self, rng: Random, patient: bytes, visits: int, last_day: int) -> Iterator[Line]:
        """Every line of so many visits, the last of them on or before a day (since 1970-01-01)."""
        for _ in range(visits):
            yield from self._visit(rng, patient, last_day - int(rng.random() * rng.random() * shapes.SPAN))

    def _visit(self, rng: Random, patient: bytes, day: int) -> Iterator[Line]:
        draw = rng.random
        encounter, claim = _id(rng), _id(rng)
        when, end, date = shapes.moments(day, int(draw() * shapes.OPEN_MINUTES))
        slots = [encounter, patient, encounter, when, end, date, b"0", claim, *([b""] * _MOST_RESULTS)]
        for kind, mean in self.mean.items():
            for _ in range(int(mean + draw())):
                if kind == "panel":
                    yield from self._panel(rng, slots)
                    continue
                one = self.of[kind][int(draw() * len(self.of[kind]))]
                slots[0] = encounter if kind == "Encounter" else claim if kind == "Claim" else _id(rng)
                slots[6] = b"%.1f" % (one.low + draw() * (one.high - one.low))
                yield one.kind, one.line % one.fill(slots)[:-1]

    def _panel(self, rng: Random, slots: list[bytes]) -> Iterator[Line]:
        report, results = self.panels[int(rng.random() * len(self.panels))]
        for at, one in enumerate(results):
            slots[0] = slots[len(_NAMES) + at] = _id(rng)
            slots[6] = b"%.1f" % (one.low + rng.random() * (one.high - one.low))
            yield one.kind, one.line % one.fill(slots)[:-1]
        slots[0] = _id(rng)
        yield report.kind, report.line % report.fill(slots)[:-1]

    def _typical(self) -> float:
        """Bytes of a visit, as measured over a few hundred."""
        rng = seeded(FILLER)
        sample = 200
        total = sum(len(line) for _, line in self.lines(rng, b"synthetic-000000", sample, shapes.SPAN))
        return total / sample


def _id(rng: Random) -> bytes:
    digits = b"%032x" % rng.getrandbits(_HEX)
    return b"%b-%b-%b-%b-%b" % (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])


def _notes(shares: Mapping[str, Any]) -> Iterator[str]:
    """Notes without sense, as base64: they are the same in every run."""
    rng = seeded(FILLER)
    words: list[str] = shares["words"]
    for _ in range(shares["variants"]):
        size = rng.randrange(shares["least_bytes"], shares["most_bytes"])
        text = " ".join(rng.choice(words) for _ in range(size // 6))
        yield base64.b64encode(text.encode()).decode()
