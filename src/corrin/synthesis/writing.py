"""A whole population on disk: in blocks that share the processors, written aside, renamed when complete.

An `Order` enters; a folder leaves, with the truth and the coverage in `truth/` beside the data. A block is
the same whatever the number of patients, of processes, or of other blocks.
"""

import errno
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO, Literal

from corrin.errors import Problem, UsageError, did_you_mean
from corrin.guideline.model import Guideline
from corrin.synthesis import covering, fhir, forms, shares
from corrin.synthesis.coverage import Coverage
from corrin.synthesis.people import Draw, Synthetic, ordinary
from corrin.synthesis.people.person import seeded
from corrin.synthesis.truth import Truth

BLOCK = 500
"""Patients that are written together: one file of each type in a FHIR export."""
TRUTH = "truth"
_BUFFER = 1 << 18

References = Literal["relative", "absolute", "urn"]
Heard = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: how many patients, from which seed, in which format, how large each is.

    `complete` are parts of a record of which everything is written: what is not said of them is meant as no.
    """

    patients: int
    seed: int
    out: Path
    form: str = "fhir"
    size: int = fhir.DENSITY
    references: str = "relative"
    processes: int = 0
    complete: frozenset[str] = frozenset()

    def check(self) -> None:
        """Refuse what cannot be carried out, before anything is written."""
        if self.patients < 1:
            raise UsageError(Problem("--patients", "fewer than one patient", "Ask for 1 or more."))
        if self.size < 0:
            raise UsageError(Problem("--bytes-per-patient", "a negative number", "0 leaves out what fills."))
        for option, word, known in (
            ("--format", self.form, forms.FORMS),
            ("--references", self.references, fhir.BASES),
        ):
            if word not in known:
                raise UsageError(
                    Problem(option, f"`{word}` is none that is written", did_you_mean(word, known))
                )
        if self.out.exists() and (not self.out.is_dir() or any(self.out.iterdir())):
            raise UsageError(
                Problem(
                    str(self.out),
                    "is there already and is not empty",
                    "Name a new folder, or empty this one.",
                )
            )


@dataclass(slots=True)
class Written:
    """What was written: lines and bytes of each file type, and patients of each kind."""

    lines: Counter[str] = field(default_factory=Counter[str])
    bytes: Counter[str] = field(default_factory=Counter[str])

    def add(self, other: "Written") -> None:
        """The same, and what another block wrote."""
        self.lines += other.lines
        self.bytes += other.bytes


class Block:
    """Writes the patients of one block; made once in each process."""

    def __init__(
        self, order: Order, guideline: Guideline, folder: Path, first: tuple[Synthetic, ...]
    ) -> None:
        """`first` are the patients built by the solver: the numbers from 1 on are theirs."""
        self.order = order
        self.folder = folder
        self.first = first
        told = shares.read(guideline)
        self.draw: Draw = ordinary(guideline, told)
        self.form = forms.FORMS[order.form](guideline, told, order.size, order.references)
        self.truth = Truth(guideline, self.form.name)

    def person(self, number: int) -> Synthetic:
        """The patient of a number, the same in every population of this seed."""
        if number <= len(self.first):
            return self.first[number - 1]
        return self.draw(seeded(self.order.seed, number), number)

    def write(self, at: int) -> Written:
        """Write the files of one block and its part of the truth."""
        written = Written()
        numbers = range(at * BLOCK + 1, min((at + 1) * BLOCK, self.order.patients) + 1)
        people: list[Synthetic] = []
        with ExitStack() as stack:
            files: dict[str, BinaryIO] = {}
            for number in numbers:
                one = self.person(number)
                people.append(one)
                rng = seeded(self.order.seed, number, self.order.form)
                for kind, line in self.form.lines(one, rng):
                    if kind not in files:
                        files[kind] = stack.enter_context(
                            (self.folder / _part(self.form, kind, at)).open("wb", _BUFFER)
                        )
                    files[kind].write(line)
                    written.lines[kind] += 1
                    written.bytes[kind] += len(line)
        self.truth.write(self.folder / TRUTH / f"{at:06}.part", people)
        return written


def write(order: Order, guideline: Guideline, heard: Heard) -> tuple[Written, Coverage]:
    """Write the population of an order, and say what it covers.

    Errors: `UsageError` for an order that cannot be carried out, or a full disk: nothing is left behind.
    """
    order.check()
    told = shares.read(guideline)
    form = forms.FORMS[order.form](guideline, told, order.size, order.references)
    carries = replace(form.carries, complete=order.complete)
    covered = covering.cover(guideline, told.as_of, carries, order.seed, order.patients)
    coverage = Coverage.of(guideline, covered, order.form, form.name)
    with _aside(order.out) as folder:
        (folder / TRUTH).mkdir()
        written = Written()
        for block in _blocks(order, guideline, folder, covered.people):
            written.add(block)
            heard(block)
        _join(form, folder)
        _truth(Truth(guideline, form.name), folder / TRUTH)
        text = json.dumps(coverage.document(), ensure_ascii=False, indent=1) + "\n"
        (folder / TRUTH / "coverage.json").write_text(text, "utf-8")
        return written, coverage


_here: list[Block] = []
"""The block writer of this process."""


def _start(order: Order, guideline: Guideline, folder: Path, first: tuple[Synthetic, ...]) -> None:
    _here[:] = [Block(order, guideline, folder, first)]


def _run(at: int) -> Written:
    return _here[0].write(at)


def _blocks(
    order: Order, guideline: Guideline, folder: Path, first: tuple[Synthetic, ...]
) -> Iterator[Written]:
    """Every block, on as many processors as there are."""
    count = -(-order.patients // BLOCK)
    processes = min(order.processes or os.cpu_count() or 1, count)
    if processes == 1:
        only = Block(order, guideline, folder, first)
        yield from map(only.write, range(count))
        return
    context = get_context("spawn")
    with context.Pool(processes, _start, (order, guideline, folder, first)) as pool:
        yield from pool.imap(_run, range(count))


def _part(form: forms.Form, kind: str, at: int) -> str:
    return f".{kind}.{at:06}.part" if form.joined(kind) else f"{kind}.{at:03}{form.suffix}"


def _join(form: forms.Form, folder: Path) -> None:
    """One file of all the parts of a type that is not cut, below its header."""
    parts = sorted(folder.glob(".*.part"))
    kinds = dict.fromkeys([*form.headers, *(part.name.split(".")[1] for part in parts)])
    common = list(form.common())
    for kind in [*kinds, *dict.fromkeys(kind for kind, _ in common if kind not in kinds)]:
        with (folder / f"{kind}{form.suffix}").open("wb") as whole:
            whole.write(form.headers.get(kind, b""))
            whole.writelines(line for name, line in common if name == kind)
            for part in [one for one in parts if one.name.split(".")[1] == kind]:
                with part.open("rb") as piece:
                    shutil.copyfileobj(piece, whole, _BUFFER)
                part.unlink()


def _truth(truth: Truth, folder: Path) -> None:
    whole = folder / "truth.csv"
    with whole.open("wb") as file:
        file.write((",".join(truth.header) + "\n").encode())
        for part in sorted(folder.glob("*.part")):
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, file, _BUFFER)
            part.unlink()
    truth.parquet(whole, folder / "truth.parquet")


@contextmanager
def _aside(out: Path) -> Generator[Path]:
    """A folder beside the one that was asked for, renamed to it at the end, or removed."""
    partial = out.parent / f".{out.name}.partial-{os.getpid()}"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir()
        yield partial
        if out.exists():
            out.rmdir()
        partial.rename(out)
    except OSError as error:
        raise UsageError(_full(out, error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _full(out: Path, error: OSError) -> Problem:
    said = (error.strerror or "no reason was given").lower()
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        mend = "Make room, ask for fewer patients, or for fewer bytes a patient. Nothing was left behind."
        return Problem(str(out), f"there is no room to write it: {said}", mend)
    return Problem(str(out), f"cannot be written: {said}", "Write to a place that may be written.")
