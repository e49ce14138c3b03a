"""The proofs: every obligation of every profile, shown for every patient or broken by one.

The lock enters, a `Certificate` leaves. One solver keeps what it has learned from one obligation to the next,
so that a thousand of them take seconds.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

from corrin import guideline as pages
from corrin.errors import GuidelineError
from corrin.guideline.model import Guideline
from corrin.verification import witness
from corrin.verification.certificate import Certificate, Outcome, Proof, Result
from corrin.verification.faults.planted import Planted, copied, plant, read_planted
from corrin.verification.obligations import (
    FILE,
    Obligation,
    Rule,
    check_rules,
    obligations,
    read_rules,
    trivial,
)
from corrin.verification.questions import Asking, Question
from corrin.verification.solver import Solver, version

Heard = Callable[[Result], None]

WITNESSES = 20
"""How many broken obligations are shown with a patient: finding one takes longer than the proof."""


def run(
    profile: str | None = None,
    *,
    site: Path | None = None,
    fault: Path | None = None,
    only: Iterable[str] = (),
    heard: Heard | None = None,
) -> Certificate:
    """Prove the locked guideline, under one profile or all of them.

    `fault`: a file with a planted fault; the pages are then read with that fault in them, and not the lock.
    `only`: parts of the ids of obligations (a table, a verdict, a finding, a kind) to which to keep.
    """
    folder = pages.folder()
    names = [profile] if profile else list(pages.load().profiles)
    if fault is not None:
        return _faulty(read_planted(fault), names, folder, only, heard)
    guidelines = [pages.load(name, site) for name in names]
    return prove_all(guidelines, folder, only=only, heard=heard)


def _faulty(
    planted: Planted, names: list[str], folder: Path, only: Iterable[str], heard: Heard | None
) -> Certificate:
    """The proofs of pages with a fault in them; a fault that the reader refuses leaves nothing to prove."""
    with copied(folder) as spoiled:
        plant(planted, spoiled)
        try:
            guidelines = [pages.read(spoiled, name) for name in names]
            return prove_all(guidelines, spoiled, only=only, heard=heard)
        except GuidelineError as error:
            return Certificate((), version(), tuple(str(problem) for problem in error.problems))


def prove_all(
    guidelines: Iterable[Guideline],
    folder: Path,
    *,
    only: Iterable[str] = (),
    heard: Heard | None = None,
) -> Certificate:
    """Prove guidelines that were read already, with the rules of this folder."""
    rules = read_rules(folder)
    digest = hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
    proofs = tuple(prove(guideline, rules, digest, only=only, heard=heard) for guideline in guidelines)
    return Certificate(proofs, version())


def prove(
    guideline: Guideline,
    rules: tuple[Rule, ...],
    digest: str = "",
    *,
    only: Iterable[str] = (),
    heard: Heard | None = None,
) -> Proof:
    """Every obligation of one guideline under its profile."""
    started = perf_counter()
    check_rules(guideline, rules)
    wanted = tuple(only)
    bench = Bench(guideline, WITNESSES)
    results: list[Result] = []
    for obligation in obligations(guideline, rules):
        if wanted and not all(part in f"{obligation.id}:" for part in wanted):
            continue
        result = bench.show(obligation)
        results.append(result)
        if heard:
            heard(result)
    return Proof(
        version=guideline.version,
        hash=guideline.hash,
        profile=guideline.profile,
        site=guideline.site,
        obligations_hash=digest,
        ranges=tuple(_range(parameter.id, guideline) for parameter in guideline.parameters.values()),
        results=tuple(results),
        trivial=trivial(guideline),
        seconds=perf_counter() - started,
    )


def _range(name: str, guideline: Guideline) -> str:
    parameter = guideline.parameters[name]
    above = f", above {parameter.above}" if parameter.above else ""
    return (
        f"{name} {witness.decimal(parameter.low)}..{witness.decimal(parameter.high)} {parameter.unit}{above}"
    )


class Bench:
    """One guideline made ready for questions: its terms, and a solver for each space of states."""

    def __init__(self, guideline: Guideline, witnesses: int) -> None:
        """`witnesses`: how many broken obligations are shown with a patient; the rest are only named."""
        self._asking = Asking(guideline)
        self._witnesses = witnesses
        self._solvers: dict[object, Solver] = {}

    def show(self, obligation: Obligation) -> Result:
        """Show one obligation to hold, or how it is broken."""
        started = perf_counter()
        question = self._asking.question(obligation)
        outcome, note = self._judge(question)
        patient = None
        if outcome == "fails" and not note and self._witnesses:
            self._witnesses -= 1
            patient = witness.find(question, obligation, self._solver(question))
        return Result(obligation, outcome, perf_counter() - started, patient, note)

    def _judge(self, question: Question) -> tuple[Outcome, str]:
        """What came of a question, and what there is to say of it."""
        ask = self._solver(question).ask
        if question.barred:
            return "fails", question.barred
        if ask(question.premise, question.states.defaults) != "possible":
            return "of nobody", "No patient meets its premise with the profile's own numbers."
        if question.needed is not None and ask(question.needed) == "impossible":
            return "stale", "The exception is not needed: strike it out of said_without."
        answer = ask(question.breach)
        if answer == "undecided":
            return "undecided", "The solver gave up."
        if answer == "possible":
            return "fails", ""
        excused = question.excused is not None and ask(question.excused) == "possible"
        return ("exception" if excused else "holds"), ""

    def _solver(self, question: Question) -> Solver:
        states = question.states
        if states not in self._solvers:
            self._solvers[states] = Solver(states.encoding.constraints)
        return self._solvers[states]
