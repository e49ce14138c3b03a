"""A dose and how often a day, out of `sig`, where the text says nothing else.

`1000 mcg once daily` is read; whatever is not wholly understood leaves both unknown. The quantity of an
exposure is never a dose: sources mean tablets by it, or millilitres, or packs.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from corrin.intake import values
from corrin.records import Quantity

_OFTEN = {
    "daily": Decimal(1),
    "once daily": Decimal(1),
    "once a day": Decimal(1),
    "every day": Decimal(1),
    "qd": Decimal(1),
    "od": Decimal(1),
    "twice daily": Decimal(2),
    "twice a day": Decimal(2),
    "two times a day": Decimal(2),
    "bid": Decimal(2),
    "bd": Decimal(2),
    "three times daily": Decimal(3),
    "three times a day": Decimal(3),
    "tid": Decimal(3),
    "every other day": Decimal(1) / 2,
    "every second day": Decimal(1) / 2,
    "weekly": Decimal(1) / 7,
    "once weekly": Decimal(1) / 7,
    "once a week": Decimal(1) / 7,
}
_AS_NEEDED = ("as needed", "when needed", "if needed", "prn")
_WRITTEN = re.compile(
    r"(?:(?:take|give|inject) )?([0-9]+(?:\.[0-9]+)?) ?(\S+?),?"
    r"(?: (by mouth|orally|oral|po|im|sc|intramuscularly|subcutaneously))?,? ("
    + "|".join(sorted(map(re.escape, _OFTEN), key=len, reverse=True))
    + r")\.?"
)


class Sig(NamedTuple):
    """What a `sig` says."""

    dose: Quantity | None = None
    times_a_day: Decimal | None = None
    as_needed: bool = False
    route: str = ""


def read(written: str | None) -> Sig:
    """The dose, how often a day, and the route, all of it or nothing.

    >>> read("Take 1000 mcg by mouth once daily").times_a_day
    Decimal('1')
    >>> read("one or two tablets")
    Sig(dose=None, times_a_day=None, as_needed=False, route='')
    """
    said = " ".join((written or "").casefold().split())
    as_needed = any(said.removesuffix(".").endswith(each) for each in _AS_NEEDED)
    match = _WRITTEN.fullmatch(said)
    value = values.number(match[1]) if match else None
    if match is None or value is None:
        return Sig(as_needed=as_needed)
    return Sig(Quantity(value, match[2]), _OFTEN[match[4]], as_needed, match[3] or "")
