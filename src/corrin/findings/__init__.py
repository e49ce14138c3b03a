"""What is known of one patient: a record becomes one flat row of findings, and why the rest is unknown.

A `Record` and a guideline enter, `Findings` leaves, in two steps: `settle` reads each event on its own,
`derive` answers each finding from the facts. What is declared stands in guideline/findings.toml; nothing
clinical is here.
"""

from datetime import date

from corrin.findings.deriving import Deriver
from corrin.findings.facts import WHY, Fact, Findings, Refused, Settled, Value
from corrin.findings.settling import Settler
from corrin.guideline.model import Guideline
from corrin.records import Record
from corrin.units import Interval

__all__ = [
    "WHY",
    "Fact",
    "Findings",
    "Interpreter",
    "Refused",
    "Settled",
    "Value",
    "codes",
    "derive",
    "settle",
]

_MOST_KEPT = 8


class Interpreter:
    """What findings.toml declares, made ready once: codes in one table, units, limits, windows."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.settler = Settler(guideline)
        self.deriver = Deriver(guideline)

    def derive(self, record: Record, as_of: date, *, present: bool = False) -> Findings:
        """What is known on `as_of`."""
        return self.deriver.derive(self.settler.settle(record, as_of, present=present))

    def number(self, finding: str, text: str) -> Interval:
        """What a person writes, `41.9 pmol/L` or `<42 pg/mL`, as an interval on the finding's grid.

        Errors: a `Refusal` names what cannot be read.
        """
        return self.settler.scales[finding].text(text).interval


_made: dict[int, Interpreter] = {}


def interpreter(guideline: Guideline) -> Interpreter:
    """The interpreter of a guideline, made once for each."""
    made = _made.get(id(guideline))
    if made is None or made.guideline is not guideline:
        while len(_made) >= _MOST_KEPT:
            del _made[next(iter(_made))]
        made = _made[id(guideline)] = Interpreter(guideline)
    return made


def codes(guideline: Guideline) -> frozenset[tuple[str, str]]:
    """Every code that speaks of a finding, with its system: an event with none of them says nothing here."""
    return interpreter(guideline).settler.codes


def settle(record: Record, guideline: Guideline, as_of: date, *, present: bool = False) -> Settled:
    """Each event of a record as facts, refusals, or why it is neither.

    `present`: `as_of` is today, so a result that is dated later has a wrong date, and is refused.
    """
    return interpreter(guideline).settler.settle(record, as_of, present=present)


def derive(record: Record, guideline: Guideline, as_of: date, *, present: bool = False) -> Findings:
    """What is known of one patient on `as_of`; nothing later has happened yet. `present` as in `settle`."""
    return interpreter(guideline).derive(record, as_of, present=present)
