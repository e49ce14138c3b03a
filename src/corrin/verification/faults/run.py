"""Every slip planted in turn, and who noticed: an example, the reader, the report, or a proof.

Pages enter, a `FaultReport` leaves. A slip that nobody notices must be listed as equivalent, with the reason,
or the guideline could be changed in silence. The quick ones are asked first: the examples of the table, then
the reader over all pages, then the obligations that the table can touch.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from corrin.errors import GuidelineError, Problem, Refusal
from corrin.guideline import check
from corrin.guideline.locate import LOCK
from corrin.guideline.locate import folder as found_folder
from corrin.guideline.model import Guideline, Row, Table
from corrin.guideline.pages.cells import read_cell
from corrin.guideline.reading import read_base
from corrin.readings import algebra
from corrin.verification import examples
from corrin.verification.faults import slips
from corrin.verification.faults.planted import copied
from corrin.verification.faults.slips import Fault
from corrin.verification.obligations import Obligation, Rule, cone_of, obligations, read_rules, reassurances
from corrin.verification.prove import Bench

NOBODY = ""
PARAMETERS = "parameters.toml"
LINE = re.compile(r"(?<=\.md):\d+")


@dataclass(frozen=True, slots=True)
class Noticed:
    """One slip and who noticed it (example, reader, report or proof; empty: nobody), and what they said."""

    fault: Fault
    by: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class FaultReport:
    """What came of every slip. `equivalent` gives the reason for each that changes nothing."""

    noticed: tuple[Noticed, ...]
    equivalent: Mapping[str, str]
    seconds: float

    @property
    def survivors(self) -> tuple[Fault, ...]:
        """Slips that nobody noticed and nobody listed as equivalent."""
        return tuple(
            each.fault for each in self.noticed if not each.by and each.fault.id not in self.equivalent
        )

    @property
    def stale(self) -> tuple[str, ...]:
        """Slips listed as equivalent that somebody noticed."""
        return tuple(each.fault.id for each in self.noticed if each.by and each.fault.id in self.equivalent)

    @property
    def good(self) -> bool:
        """Every slip was noticed, or is listed with its reason."""
        return not self.survivors and not self.stale

    def to_text(self) -> str:
        """A table of slips by kind and by who noticed, then what is to be mended."""
        return "\n".join(_text(self))


def run(
    folder: Path | None = None,
    *,
    equivalent: Path | None = None,
    kinds: Iterable[str] = slips.KINDS,
    only: Callable[[Fault], bool] = lambda _: True,
    heard: Callable[[Noticed], None] | None = None,
) -> FaultReport:
    """Plant every slip of these kinds that `only` lets through, one at a time."""
    started = perf_counter()
    home = folder or found_folder()
    listed = read_equivalent(equivalent) if equivalent else {}
    noticed: list[Noticed] = []
    with copied(home) as copy:
        jury = Jury(copy)
        wanted = tuple(kinds)
        for fault in slips.faults(jury.texts):
            if fault.kind.startswith(wanted) and only(fault):
                noticed.append(jury.hear(fault))
                if heard:
                    heard(noticed[-1])
    return FaultReport(tuple(noticed), listed, perf_counter() - started)


def planted(folder: Path | None = None) -> tuple[Fault, ...]:
    """Every slip that can be planted in the pages of a folder."""
    return slips.faults(_texts(folder or found_folder()))


def _texts(folder: Path) -> dict[str, str]:
    names = [*sorted(path.name for path in folder.glob("*.md")), PARAMETERS]
    return {name: (folder / name).read_text("utf-8") for name in names}


def read_equivalent(path: Path) -> dict[str, str]:
    """The slips that change nothing, each by its id, with the reason."""
    return {name: str(reason) for name, reason in tomllib.loads(path.read_text("utf-8")).items()}


class Jury:
    """Everybody who may notice a slip, over a copy of the pages that may be spoiled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guideline = read_base(folder)
        self._rules = read_rules(folder)
        self._told = set(_reported(self._guideline, folder))
        self.texts = _texts(folder)

    def hear(self, fault: Fault) -> Noticed:
        """Who notices this slip."""
        if said := self._examples(fault):
            return Noticed(fault, "example", said)
        page = self._folder / fault.page
        page.write_text(fault.apply(self.texts)[fault.page], "utf-8")
        try:
            guideline = read_base(self._folder)
        except GuidelineError as error:
            return Noticed(fault, "reader", str(error.problems[0]))
        finally:
            page.write_text(self.texts[fault.page], "utf-8")
        if news := [said for said in _reported(guideline, self._folder) if said not in self._told]:
            return Noticed(fault, "report", news[0])
        if said := next(_disproved(guideline, self._rules, fault.table), ""):
            return Noticed(fault, "proof", said)
        return Noticed(fault, NOBODY)

    def _examples(self, fault: Fault) -> str:
        """What an example of the table says with the slip in its row; nothing when it cannot be placed."""
        table = next((each for each in self._guideline.tables if each.id == fault.table), None)
        try:
            spoiled = table and _spoiled(table, fault, self._guideline)
        except Refusal:
            return ""
        if not spoiled:
            return ""
        ran = examples.run(replace(self._guideline, tables=(spoiled,)))
        return str(ran.problems[0]) if ran.problems else ""


def _spoiled(table: Table, fault: Fault, guideline: Guideline) -> Table | None:
    """The table with the slip in one of its rows; None when no row is left."""
    spoiled = (
        _spoiled_row(row, table, fault, guideline) if row.id == fault.row else row for row in table.rows
    )
    kept = tuple(row for row in spoiled if row)
    return replace(table, rows=kept) if kept else None


def _spoiled_row(row: Row, table: Table, fault: Fault, guideline: Guideline) -> Row | None:
    if fault.kind == slips.DELETED:
        return None
    if not fault.cell:
        return replace(row, output=fault.written)
    place = table.inputs.index(fault.cell)
    cell = read_cell(fault.written, guideline.columns[fault.cell], guideline.parameters)
    return replace(row, cells=(*row.cells[:place], cell, *row.cells[place + 1 :]))


def _reported(guideline: Guideline, folder: Path) -> Iterator[str]:
    """What the report on the pages refuses, the lock aside; without the lines, which a struck row moves."""
    problems: tuple[Problem, ...] = check.report(guideline, folder).problems
    yield from (LINE.sub("", str(problem)) for problem in problems if problem.where != LOCK)


def _disproved(guideline: Guideline, rules: tuple[Rule, ...], table: str) -> Iterator[str]:
    """The obligations that a table can touch and that do not hold, those about the table itself first."""
    bench = Bench(guideline, 0)
    touched = [each for each in obligations(guideline, rules) if _touches(each, table, guideline)]
    for obligation in sorted(touched, key=lambda each: (each.about != table, each.kind == "forgotten")):
        result = bench.show(obligation)
        if not result.good:
            yield f"{result.outcome}: {obligation.id}"


def _touches(obligation: Obligation, table: str, guideline: Guideline) -> bool:
    """Whether a slip in a table can matter to an obligation: it is about the table, or about what follows."""
    if obligation.rule is not None or obligation.about == table:
        return True
    gives = {each.id: set(algebra.given(each)) for each in guideline.tables}
    if obligation.about in gives:
        columns = gives[obligation.about]
    else:
        columns = {each.column for each in reassurances(guideline) if each.name == obligation.about}
    return any(cone_of(guideline, column) & gives.get(table, set()) for column in columns)


def _text(report: FaultReport) -> Iterator[str]:
    yield f"{'':18}{'planted':>9}{'example':>9}{'reader':>9}{'report':>9}{'proof':>9}{'nobody':>9}"
    for kind in slips.KINDS:
        by = Counter(each.by for each in report.noticed if each.fault.kind.startswith(kind))
        counts = [sum(by.values()), *(by[who] for who in ("example", "reader", "report", "proof", NOBODY))]
        yield f"{kind:18}" + "".join(f"{count:9}" for count in counts)
    unnoticed = [each.fault for each in report.noticed if not each.by]
    for fault in unnoticed:
        reason = report.equivalent.get(
            fault.id, "NOBODY NOTICED: write an example, or list it with the reason"
        )
        yield f"{fault}: {reason}"
    yield from (f"{name}: is listed as equivalent, and was noticed: strike it out" for name in report.stale)
    yield f"{len(report.noticed)} slips, {len(report.survivors)} unnoticed. {report.seconds:.0f} s"
