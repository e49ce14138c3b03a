"""A FHIR export read: its parts are cut by several processes and counted; then its lines can be shared out.

What to screen enters, and processes; what was seen of each part leaves. The processes begin at once: whoever
waits for them can do something else meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from corrin import findings
from corrin.errors import InputError, Problem
from corrin.guideline.model import Guideline
from corrin.intake.bulk import files
from corrin.intake.declared import NONE, Parts
from corrin.population import dictionary
from corrin.population.extracting import cuts, patients
from corrin.population.extracting.batches import batches
from corrin.population.extracting.cuts import Seen, Wanted
from corrin.population.extracting.journal import Journal
from corrin.population.extracting.patients import Lines, Room
from corrin.population.screening import declaring, output
from corrin.population.screening.pool import Pool
from corrin.population.tally import Tally

SHARE = 128 << 20
"""Bytes of kept lines that make one share of the patients, and not more patients than `PEOPLE`."""

PEOPLE = 15_000
"""Patients of a share: more of them would not fit in `MEMORY` when they are decided."""

AT_ONCE = 8
"""Shares for which it costs little that each looks at what is known of all lines."""

SHOWN = 20
"""Lines that an error names."""

INTRODUCED = ("Patient", "Bundle")
"""Resources in which somebody is introduced."""

Heard = Callable[[str, int, int], object]
"""Told which step it is, how much of it is done, and how much there is."""


def silent(_step: str, _done: int, _all: int) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to screen, for which day, under whose guideline, and where to write.

    `export` is a path, or an address of a database; `names` a file that says how a site calls its concepts
    or columns. `whole` reads every resource instead of searching first; `strict` stops at a line that cannot
    be read. `below` is the smallest number shown to others; with `identifiers` the report names patients.
    `complete` are parts of a record of which the source declares that all of it is there. `present`: the day
    is today, so a result that is dated later has a wrong date.
    """

    export: str
    out: Path
    as_of: date
    profile: str = "uk"
    site: Path | None = None
    jobs: int = 1
    whole: bool = False
    strict: bool = False
    form: str | None = None
    names: Path | None = None
    below: int | None = None
    identifiers: bool = False
    complete: Parts = NONE
    present: bool = False


class Reading:
    """An export that is being cut; the parts that were cut before are taken as they are."""

    def __init__(self, order: Order, rules: Guideline, export: files.Export, workers: Pool) -> None:
        self._order, self._export = order, export
        sought, kept = wanted(order, rules), output.kept(order.out)
        self._journal = Journal(kept)
        named = [(part, cuts.name(part, sought)) for part in export.parts]
        self._seen = [known for part, name in named if (known := self._journal.known(part, name))]
        before = {one.part for one in self._seen}
        todo = batches((part, name) for part, name in named if part not in before)
        self._cutting = workers.run(cuts.cut, ((batch, sought, kept) for batch in todo))

    def seen(self, heard: Heard) -> list[Seen]:
        """What was seen of every part, in the order of the files.

        Errors: those of `check`; an `InputError` for a file that is damaged.
        """
        seen, size = self._seen, self._export.size
        done = sum(one.size for one in seen)
        heard("reading", done, size)
        for some in self._cutting:
            self._journal.add(some)
            seen += some
            done += sum(one.size for one in some)
            heard("reading", done, size)
        self._journal.tidy(seen)
        seen.sort(key=lambda one: (one.part.name, one.part.start))
        check(self._order, seen)
        return seen


def wanted(order: Order, rules: Guideline) -> Wanted:
    """What is searched for: codes, and the types of which every line matters, as all of them are declared."""
    kinds = {("", kind) for kind in declaring.kinds(order.complete)}
    return Wanted(findings.codes(rules) | kinds, dictionary.read(rules).watch, order.whole)


def check(order: Order, seen: Sequence[Seen]) -> None:
    """Errors: an `InputError` for a torn line where that stops, and where no Patient is."""
    if order.strict and any(one.broken for one in seen):
        raise InputError(*islice(_torn(seen), SHOWN))
    if not any(one.types.get(kind) for one in seen for kind in INTRODUCED):
        what = "holds no Patient: nobody's age or sex would be known"
        nobody = Problem(order.export, what, "Add Patient.ndjson to the export.")
        raise InputError(nobody, *islice(_torn(seen), SHOWN))


def _torn(seen: Sequence[Seen]) -> Iterator[Problem]:
    """Each line that cannot be read, as an error names it."""
    for place, line in output.broken(seen):
        yield Problem(place, line.reason, "Mend the line; without --strict it is kept apart.")


def counted(seen: Sequence[Seen]) -> Tally:
    """What was counted while lines were cut out."""
    tally = Tally()
    for one in seen:
        tally.count("lines", "read", number=one.lines)
        for kind, number in one.types.items():
            tally.count("resources", kind, number=number)
        for code, number in one.unmapped.items():
            tally.count("unmapped", code, number=number)
    for place, line in output.broken(seen):
        tally.count("broken", line.reason, place)
    return tally


def lines_of(seen: Sequence[Seen], tally: Tally, kept: Path, room: Room) -> Lines:
    """The lines that were kept, as something that can be shared out; those that name nobody are counted."""
    before: dict[str, int] = {}
    parts: dict[str, tuple[str, int]] = {}
    for one in seen:
        name = one.part.name
        if one.kept:
            parts[one.name] = (name, before.get(name, 0))
        before[name] = before.get(name, 0) + one.lines
    leaves = frozenset(one.leaf for one in seen if one.kept)
    lines = Lines(kept, leaves, parts)
    if not any(one.nameless for one in seen):
        return lines
    nobody, keys = patients.nameless(lines, room)
    alone = keys[0] if len(keys) == 1 else None
    for kind, number in nobody.items() if alone is None else ():
        tally.count("of nobody", f"{kind} that names no patient", number=number)
    return replace(lines, alone=alone)


def shares_of(seen: Sequence[Seen]) -> tuple[int, int]:
    """Into how many shares the patients are divided, by bytes and by people."""
    people = sum(one.types.get(kind, 0) for one in seen for kind in INTRODUCED)
    return -(-sum(one.weight for one in seen) // SHARE), -(-people // PEOPLE)
