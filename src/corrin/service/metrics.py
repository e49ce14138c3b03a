"""Counts, as Prometheus reads them: so that a service that has fallen silent is seen.

What happened enters as words of closed sets; text in the Prometheus format leaves. A label that a sender
chose (a code, a unit) is kept only in the shape of its code system, and only so many of them.
"""

import re
from collections import Counter
from collections.abc import Mapping

from corrin.answers import Answer
from corrin.findings.settling.results import FINAL
from corrin.guideline.columns import UNKNOWN
from corrin.records import Code, Event, Record

MOST_LABELS = 200
"""Different codes, or units, that are counted by name; the rest are counted together."""
OTHER = "other"

SHAPES: Mapping[str, re.Pattern[str]] = {
    "loinc": re.compile(r"[0-9]{1,5}-[0-9]"),
    "snomed": re.compile(r"[0-9]{6,18}"),
    "rxnorm": re.compile(r"[0-9]{1,7}"),
    "atc": re.compile(r"[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}"),
    "icd10cm": re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?"),
}
_ATOMS = "g|mol|l|L|eq|Eq|U|u|IU|iu|kat|%|m2|m|s|sec|min|h|hr|d|day|wk|mo|a|yr|1|10|3|6|9|12|1.73|ul|uL|cells"
UNIT = re.compile(
    rf"(?:[fpnuµμmcdk]?(?:mc)?(?:{_ATOMS})|mcg|mcL)(?:[/.*^](?:[fpnuµμmcdk]?(?:{_ATOMS}))){{0,3}}"
)
"""Units of laboratories: so no free text that somebody typed where a unit belongs is ever shown."""

HELP: Mapping[str, str] = {
    "corrin_requests_total": "Requests by route, method and status.",
    "corrin_request_seconds_total": "Seconds spent on requests, by route.",
    "corrin_answers_total": "Answers by what could be told: something-to-say, nothing-to-say, cannot-tell.",
    "corrin_cannot_tell_total": "Main verdicts that could not be told, by verdict.",
    "corrin_cards_total": "Cards by hook and kind.",
    "corrin_refusals_total": "Requests and values refused, by reason.",
    "corrin_unmapped_codes_total": "Codes received of which this guideline knows nothing.",
    "corrin_refused_units_total": "Units of final values that were refused.",
}


class Metrics:
    """Counters since the start; nothing in them belongs to one patient."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[tuple[tuple[str, str], ...], float]] = {name: {} for name in HELP}

    def count(self, name: str, labels: Mapping[str, str], by: float = 1) -> None:
        """Add to a counter of the list above."""
        counted = self._counts[name]
        key = tuple(labels.items())
        counted[key] = counted.get(key, 0) + by

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request that was answered."""
        self.count("corrin_requests_total", {"route": route, "method": method, "status": str(status)})
        self.count("corrin_request_seconds_total", {"route": route}, seconds)

    def card(self, hook: str, kind: str) -> None:
        """One card that was shown, or that was not: its kind says which."""
        self.count("corrin_cards_total", {"hook": hook, "kind": kind})

    def refusal(self, reason: str) -> None:
        """A request that was refused, the reason a fixed word of the program."""
        self.count("corrin_refusals_total", {"reason": reason})

    def answer(self, record: Record, answer: Answer) -> None:
        """One patient's answer: whether anything could be told, and what of the record was not understood."""
        self.count("corrin_answers_total", {"told": told(answer)})
        for verdict in unknown(answer):
            self.count("corrin_cannot_tell_total", {"verdict": verdict})
        if answer.findings.refused:
            events = {event.where: event for event in record.events}
            for refused in answer.findings.refused:
                self.refusal("value")
                event = events.get(refused.where)
                if event is not None and event.quantity is not None and event.status in FINAL:
                    self._name("corrin_refused_units_total", {"unit": _unit(event)})
        idle = {one.where for one in answer.findings.ignored if one.reason == NOT_ASKED}
        codes = [event.codes[0] for event in record.events if event.where in idle and event.codes]
        for code, times in Counter(codes).items():
            self._name("corrin_unmapped_codes_total", _shown(code), times)

    def _name(self, name: str, labels: Mapping[str, str], by: int = 1) -> None:
        counted = self._counts[name]
        key = tuple(labels.items())
        if key not in counted and len(counted) >= MOST_LABELS:
            labels = dict.fromkeys(labels, OTHER)
        self.count(name, labels, by)

    def text(self) -> str:
        """Every counter, in the Prometheus text format."""
        lines: list[str] = []
        for name, counts in self._counts.items():
            lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} counter"]
            for labels, number in sorted(counts.items()):
                said = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels)
                lines.append(f"{name}{{{said}}} {number:g}")
        return "\n".join(lines) + "\n"


NOT_ASKED = "of nothing that this guideline asks for"


def told(answer: Answer) -> str:
    """Whether an answer recommends something, has nothing to recommend, or cannot tell."""
    if answer.plan.actions and not answer.ended:
        return "something-to-say"
    return "cannot-tell" if unknown(answer) else "nothing-to-say"


def unknown(answer: Answer) -> tuple[str, ...]:
    """The main verdicts of which nothing is known."""
    if answer.ended:
        return ()
    said = answer.verdicts
    verdicts = answer.desk.guideline.verdicts.values()
    return tuple(one.id for one in verdicts if one.main and said[one.id] == UNKNOWN)


def _shown(code: Code) -> Mapping[str, str]:
    """A code as its labels, where it has the shape of its system: anything else may be a patient's."""
    shape = SHAPES.get(code.system)
    known = shape is not None and shape.fullmatch(code.code)
    return {"system": code.system, "code": code.code} if known else {"system": OTHER, "code": OTHER}


def _unit(event: Event) -> str:
    unit = (event.quantity.ucum or event.quantity.unit) if event.quantity else ""
    if not unit:
        return "(none)"
    return unit if UNIT.fullmatch(unit) else OTHER


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
