"""A patient who breaks an obligation, in words: as few findings as will do, before and after the change.

A model of the solver enters, a `Witness` leaves. What the guideline says of the patient is read by the plain
reading, so that the solver is not believed on its word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from corrin.guideline.model import GRID, Guideline
from corrin.readings import plain, smt
from corrin.verification.obligations import Obligation, reassurances
from corrin.verification.questions import Question
from corrin.verification.solver import Model, Solver, Term, equal, multiple
from corrin.verification.states import UNKNOWN, Change, States, column_of

TABLE_KINDS = {"no overlap", "no gap", "always answered", "reachable"}

State = Mapping[str, plain.Value]


@dataclass(frozen=True, slots=True)
class Witness:
    """One patient, finding by finding; what `changed`; and what the guideline says before and after."""

    patient: Mapping[str, str]
    changed: str
    says: tuple[str, ...]
    parameters: Mapping[str, str]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield "a patient of whom nothing is known" if not self.patient else "a patient with"
        yield from (f"  {label}: {value}" for label, value in self.patient.items())
        if self.parameters:
            yield f"where {', '.join(f'{name} is {value}' for name, value in self.parameters.items())}"
        if self.changed:
            yield f"and again with {self.changed}"
        yield from self.says


def find(question: Question, obligation: Obligation, solver: Solver) -> Witness:
    """The simplest patient who breaks an obligation that can be broken."""
    states = question.states
    model = solver.simplest(question.breach, _wishes(states))
    found = states.encoding.witness(model)
    patients: list[State] = [found.row]
    if question.change:
        patients.append(_after(states, question.change, model, found.row))
    guideline = states.guideline
    known = guideline.parameters
    odd = {name: value for name, value in found.parameters.items() if value != known[name].value}
    moved = {name: replace(known[name], value=value) for name, value in odd.items()}
    meant = replace(guideline, parameters={**known, **moved})
    return Witness(
        patient={
            label_of(guideline, name): in_words(guideline, name, value) for name, value in found.row.items()
        },
        changed=_changed(guideline, question.change, patients[-1]),
        says=tuple(_says(meant, obligation, patients)),
        parameters={name: f"{decimal(value)} {known[name].unit}" for name, value in odd.items()},
    )


def _wishes(states: States) -> Iterator[Term]:
    """What makes a patient simple: the usual limits, few findings, exact, plausible and round numbers."""
    yield states.defaults
    for column in smt.free(states.guideline):
        yield smt.negation(states.known(column.id))
    for name, number in states.encoding.numbers.items():
        exact = smt.both(number.has_low, number.has_high, equal(number.low, number.high))
        yield smt.either(smt.negation(states.known(name)), exact)
        plausible = states.guideline.declared.findings[name].plausible
        if plausible:
            yield smt.both(number.low >= plausible[0], number.low <= plausible[1])
        yield multiple(number.low, GRID)


def _after(states: States, change: Change, model: Model, before: State) -> State:
    """The same patient after the change."""
    number = states.encoding.numbers.get(change.finding)
    if number:
        low, high = change.after(number.low), change.after(number.high)
        there = change.after(number.has_low), change.after(number.has_high)
        value = smt.read_back(model, smt.Number(there[0], low, there[1], high))
    else:
        words = states.encoding.words[change.finding]
        value = smt.read_back(model, {word: change.after(flag) for word, flag in words.items()})
    return {**before, change.finding: value}


def label_of(guideline: Guideline, column: str) -> str:
    """What a person calls a finding; an output is called by its column."""
    finding = guideline.declared.findings.get(column)
    return finding.label if finding else column


def in_words(guideline: Guideline, column: str, value: plain.Value) -> str:
    """A word, or an interval with its unit, as a person says it."""
    if not isinstance(value, tuple):
        return value or UNKNOWN
    unit = guideline.columns[column].unit
    low, high = (None if end is None else decimal(end) for end in value)
    if low == high:
        return f"{low} {unit}"
    if low is None or high is None:
        return f"at most {high} {unit}" if low is None else f"at least {low} {unit}"
    return f"{low} to {high} {unit}"


def decimal(value: int) -> str:
    """A number on the grid as a person writes it.

    >>> decimal(499999), decimal(500000)
    ('499.999', '500')
    """
    whole, rest = divmod(abs(value), GRID)
    return ("-" if value < 0 else "") + (f"{whole}.{rest:03}".rstrip("0") if rest else str(whole))


def _changed(guideline: Guideline, change: Change | None, after: State) -> str:
    if change is None:
        return ""
    value = after.get(change.finding)
    told = "forgotten" if value is None else in_words(guideline, change.finding, value)
    return f"{label_of(guideline, change.finding)}: {told}"


def _says(guideline: Guideline, obligation: Obligation, patients: list[State]) -> Iterator[str]:
    """What the plain reading says of each patient, as far as the obligation is about it."""
    tables = {table.id: table for table in guideline.tables}
    for patient, when in zip(patients, ("", "afterwards "), strict=False):
        decision = plain.decide(guideline, patient)
        said: dict[str, plain.Value] = {**patient, **decision.columns}
        for column in _spotlight(guideline, obligation):
            giver = tables.get(guideline.columns[column].table or "")
            held = [row.id for row in giver.rows if row.id in decision.held] if giver else []
            by = f" ({', '.join(held)})" if held else ""
            yield f"{when}{label_of(guideline, column)}: {in_words(guideline, column, said.get(column))}{by}"


def _spotlight(guideline: Guideline, obligation: Obligation) -> list[str]:
    """The columns that an obligation is about."""
    rule = obligation.rule
    if obligation.kind in TABLE_KINDS:
        table = guideline.table(obligation.about)
        named = [*table.inputs, table.output if table.single else table.name]
    elif rule is None:
        named = [each.column for each in reassurances(guideline) if each.name == obligation.about]
    elif rule.move:
        named = [guideline.verdicts[obligation.of].columns[0]]
    else:
        named = [column_of(guideline, name) for condition in (*rule.when, *rule.then) for name in condition]
    return list(dict.fromkeys(named))
