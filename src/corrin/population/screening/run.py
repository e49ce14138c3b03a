"""The run itself: cut, bring together, decide, put in order, write; each step kept until all are done.

An `Order` enters; a `Screened` leaves. A run that is broken off leaves what it had read, and none of the
files that are handed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from corrin import guideline
from corrin.errors import Problem, UsageError
from corrin.guideline.model import Guideline
from corrin.intake.bulk import files
from corrin.intake.declared import parts
from corrin.population import outputs, worklist
from corrin.population.deciding import Scripts
from corrin.population.extracting import patients
from corrin.population.extracting.cuts import Seen
from corrin.population.extracting.patients import Room
from corrin.population.screening import declaring, output, shares, sources
from corrin.population.screening.declaring import Declared
from corrin.population.screening.pool import Pool, pool
from corrin.population.screening.reading import (
    AT_ONCE,
    Heard,
    Order,
    Reading,
    counted,
    lines_of,
    shares_of,
    silent,
)
from corrin.population.screening.shares import Source, Told
from corrin.population.screening.sources import Export
from corrin.population.screening.trouble import database
from corrin.population.tally import Tally

MEMORY = "160MB"
"""What the database of each process may use; Python and its libraries need as much again."""

UNMAPPED = Problem(
    "--map",
    "names the concepts of a CDM or the columns of a table, and this is a FHIR export",
    "Add codes of your own in a site's file (--site FILE).",
)
"""Why a site's map is not taken for an export."""

ROWS = (
    Problem(
        "--strict",
        "stops at a line of a FHIR export that cannot be read, and this is a CDM or a table",
        "Leave it out: a file that breaks off is refused anyway, and ingest.json counts what is refused.",
    ),
    Problem(
        "--full-parse",
        "reads the lines of a FHIR export that the search leaves out, and this is a CDM or a table",
        "Leave it out.",
    ),
)
"""Why the two options about lines are not taken for rows: whoever gave them would believe them."""

SMALL = 1 << 26
"""Bytes of an export for which no second process is started."""


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
    _fits(order, form)
    export = files.find(Path(order.export)) if form == sources.FHIR else None
    with output.prepared(order.out) as folder:
        return _screen(order, rules, (form, export), (clock, folder), heard)


def _fits(order: Order, form: str) -> None:
    """Refuse what says nothing about such a source.

    Errors: `UsageError`, all of it at once.
    """
    given = (order.strict, order.whole)
    lines = form == sources.FHIR
    aside = [UNMAPPED] if lines and order.names else []
    aside += [problem for option, problem in zip(given, ROWS, strict=True) if option and not lines]
    if aside:
        raise UsageError(*aside)


def _screen(
    order: Order,
    rules: Guideline,
    of: tuple[str, files.Export | None],
    at: tuple[Clock, Path],
    heard: Heard,
) -> Screened:
    """Read, decide and write in a folder of its own."""
    (form, export), (clock, folder) = of, at
    jobs = order.jobs if export is None or export.size > SMALL else 1
    told = Told(order.profile, order.site, order.as_of, folder, MEMORY, order.present)
    clock.done("prepared")
    with pool(jobs, shares.tell, told) as workers:
        reading = Reading(order, rules, export, workers) if export else None
        scripts = Scripts.of(rules, worklist.clock(rules, order.as_of))
        seen = reading.seen(heard) if reading else []
        tally = counted(seen)
        clock.done("read")
        if export:
            room = Room(MEMORY, folder)
            lines = lines_of(seen, tally, output.kept(order.out), room)
            declared = declaring.of_lines(order.complete, order.export, seen, tally)
            many = max(jobs, *shares_of(seen))
            if many > AT_ONCE:
                lines = patients.sort_out(lines, room, many)
            source = Export(lines, room, declared.holds)
        else:
            declared = _declared(order, form, rules)
            source, many = sources.shares_of(order.export, form, order.names, jobs, declared.holds)
        _work(workers, (source, scripts), many, tally, heard)
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


def _declared(order: Order, form: str, rules: Guideline) -> Declared:
    """What is declared of a CDM or a table."""
    if not order.complete:
        return Declared()
    if form == sources.OMOP:
        return declaring.of_cdm(order.complete, order.export)
    return declaring.of_table(order.complete, Path(order.export), order.names, rules)


def _work(workers: Pool, given: tuple[Source, Scripts], many: int, tally: Tally, heard: Heard) -> None:
    """Every share of the patients, one after the other or side by side."""
    heard("deciding", 0, many)
    tasks = ((*given, (number, many)) for number in range(many))
    for done, share in enumerate(workers.run(shares.work, tasks), 1):
        tally.add(share)
        heard("deciding", done, many)
