"""The run itself: cut, bring together, decide, put in order, write; each step kept until all are done.

An `Order` enters; a `Screened` leaves. A run that is broken off leaves what it had read, and none of the
files that are handed over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from time import perf_counter

from corrin import findings, guideline
from corrin.errors import InputError, Problem
from corrin.guideline.model import Guideline
from corrin.intake.bulk import files
from corrin.intake.declared import NONE, Parts, parts
from corrin.population import dictionary, outputs, worklist
from corrin.population.deciding import Scripts
from corrin.population.extracting import cuts, patients
from corrin.population.extracting.batches import batches
from corrin.population.extracting.cuts import Seen, Wanted
from corrin.population.extracting.journal import Journal
from corrin.population.extracting.patients import Lines, Room
from corrin.population.screening import declaring, output, shares, sources
from corrin.population.screening.declaring import Declared
from corrin.population.screening.pool import Pool, pool
from corrin.population.screening.shares import Source, Told
from corrin.population.screening.sources import Export
from corrin.population.screening.trouble import database
from corrin.population.tally import Tally

MEMORY = "160MB"
"""What the database of each process may use; Python and its libraries need as much again."""

SMALL = 1 << 26
"""Bytes of an export for which no second process is started."""

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
    `complete` are parts of a record of which the source declares that all of it is there.
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


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of it: the folder, how many patients, how many are listed, how long each step took; and what
    was declared complete.
    """

    out: Path
    patients: int
    listed: int
    tally: Tally
    seconds: dict[str, float]
    declared: Declared


class Clock:
    """How long each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = perf_counter()

    def done(self, step: str) -> None:
        """The step that just ended."""
        now = perf_counter()
        self.seconds[step] = round(now - self._begun, 3)
        self._begun = now


def screen(order: Order, heard: Heard = silent) -> Screened:
    """Screen a population.

    Errors: `InputError` for an export that is none, is damaged, or has no Patient; `UsageError` for a folder
    in which something else lies. Then nothing of what is handed over was written or changed.
    """
    clock = Clock()
    parts(order.complete)
    rules = guideline.load(order.profile, order.site)
    form = sources.form(order.export, order.form)
    export = files.find(Path(order.export)) if form == sources.FHIR else None
    folder = output.prepare(order.out)
    jobs = order.jobs if export is None or export.size > SMALL else 1
    scripts = Scripts.of(rules, worklist.clock(rules, order.as_of))
    told = Told(order.profile, order.site, order.as_of, folder, MEMORY, scripts)
    clock.done("prepared")
    with pool(jobs, shares.tell, told) as workers:
        seen = _cut(order, rules, export, workers, heard) if export else []
        tally = counted(seen)
        clock.done("read")
        if export:
            room = Room(MEMORY, folder)
            lines = _lines(seen, tally, output.kept(order.out), room)
            declared = declaring.of_lines(order.complete, order.export, seen, tally)
            many = max(jobs, *_shares(seen))
            if many > AT_ONCE:
                lines = patients.sort_out(lines, room, many)
            source = Export(lines, room, declared.holds)
        else:
            declared = _declared(order, form, rules)
            source, many = sources.shares_of(order.export, form, order.names, jobs, declared.holds)
        _work(workers, source, many, tally, heard)
        clock.done("decided")
    others = export.others if export else ()
    return finish(order, rules, Read(seen, others, tally, declared), clock, heard)


@dataclass(frozen=True, slots=True)
class Read:
    """What was seen of an input: every part, the files that are not read, what was counted and declared."""

    seen: Sequence[Seen]
    others: Sequence[str]
    tally: Tally
    declared: Declared


def finish(order: Order, rules: Guideline, read: Read, clock: Clock, heard: Heard) -> Screened:
    """Put the tables of all shares together, write what is handed over, and give it its name."""
    heard("writing", 0, 1)
    with database():
        written = output.tables(order.out, order.jobs)
    output.ingest(order.out, read)
    output.note(order, rules, written, clock.seconds)
    outputs.write(output.done(order.out), rules, below=order.below, identifiers=order.identifiers)
    clock.done("written")
    output.note(order, rules, written, clock.seconds)
    output.hand_over(order.out)
    heard("writing", 1, 1)
    told = (read.tally, clock.seconds, read.declared)
    return Screened(order.out, written.patients, written.listed, *told)


def _cut(order: Order, rules: Guideline, export: files.Export, workers: Pool, heard: Heard) -> list[Seen]:
    """The lines that matter, of every part; those cut before are taken as they are."""
    sought = wanted(order, rules)
    kept = output.kept(order.out)
    journal = Journal(kept)
    named = [(part, cuts.name(part, sought)) for part in export.parts]
    seen = [known for part, name in named if (known := journal.known(part, name))]
    before = {one.part for one in seen}
    todo = [(part, name) for part, name in named if part not in before]
    done = sum(one.size for one in seen)
    heard("reading", done, export.size)
    for some in workers.run(cuts.cut, ((batch, sought, kept) for batch in batches(todo))):
        journal.add(some)
        seen += some
        done += sum(one.size for one in some)
        heard("reading", done, export.size)
    journal.tidy(seen)
    seen.sort(key=lambda one: (one.part.name, one.part.start))
    check(order, seen)
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


def _declared(order: Order, form: str, rules: Guideline) -> Declared:
    """What is declared of a CDM or a table."""
    if not order.complete:
        return Declared()
    if form == sources.OMOP:
        return declaring.of_cdm(order.complete, order.export)
    return declaring.of_table(order.complete, Path(order.export), order.names, rules)


def _lines(seen: Sequence[Seen], tally: Tally, kept: Path, room: Room) -> Lines:
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


def _shares(seen: Sequence[Seen]) -> tuple[int, int]:
    """Into how many shares the patients are divided, by bytes and by people."""
    people = sum(one.types.get(kind, 0) for one in seen for kind in INTRODUCED)
    return -(-sum(one.weight for one in seen) // SHARE), -(-people // PEOPLE)


def _work(workers: Pool, source: Source, many: int, tally: Tally, heard: Heard) -> None:
    """Every share of the patients, one after the other or side by side."""
    heard("deciding", 0, many)
    tasks = ((source, (number, many)) for number in range(many))
    for done, share in enumerate(workers.run(shares.work, tasks), 1):
        tally.add(share)
        heard("deciding", done, many)
