"""Each obligation as a question to the solver: what would break it, and that it could be broken at all.

An obligation enters, a `Question` leaves. `breach` must be impossible for every value of every parameter in
its range; `premise` must be possible with the profile's own numbers, so that nothing is proved of nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from corrin.guideline.declared import Finding
from corrin.guideline.model import Guideline, Table, Verdict
from corrin.readings import algebra, smt
from corrin.verification.obligations import FILE, Obligation, Reassurance, Rule, cone_of, reassurances
from corrin.verification.solver import Term, equal, same, two_of
from corrin.verification.states import FALSE, UNKNOWN, Change, States, alone, column_of, every, some

TESTS = {"sample", "scan"}


@dataclass(frozen=True, slots=True)
class Question:
    """What must be possible, what must not, in which states, and how the second state differs from the first.

    `excused`: what a written exception excuses here; `needed`: what it excuses anywhere in its verdict, which
    must be possible or the exception is stale. `barred`: why the obligation may not stand as it is written.
    """

    states: States
    premise: Term
    breach: Term
    change: Change | None = None
    excused: Term | None = None
    needed: Term | None = None
    barred: str = ""


class Asking:
    """Questions about one guideline, each space of states encoded once."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.whole = States(guideline)
        self._alone: dict[str, States] = {}
        self._reassurances = {each.name: each for each in reassurances(guideline)}

    def alone(self, table: Table) -> States:
        """One table over any inputs at all."""
        if table.id not in self._alone:
            self._alone[table.id] = States(alone(self.guideline, table))
        return self._alone[table.id]

    def question(self, obligation: Obligation) -> Question:
        """The question of one obligation."""
        of_tables = {
            "no overlap": self._no_overlap,
            "no gap": self._no_gap,
            "always answered": self._always_answered,
        }
        if obligation.kind in of_tables:
            return of_tables[obligation.kind](self.guideline.table(obligation.about))
        if obligation.kind == "reachable":
            return Question(self.whole, self.whole.holds(obligation.of), FALSE)
        if obligation.rule is None:
            return self._forgotten(obligation, self._reassurances[obligation.about])
        ask = self._moved if obligation.rule.move else self._rule
        return ask(obligation, obligation.rule)

    def _no_overlap(self, table: Table) -> Question:
        states = self.alone(table)
        holds = [states.encoding.rows[row.id].holds for row in table.rows]
        return Question(states, some(holds), two_of(holds))

    def _no_gap(self, table: Table) -> Question:
        states = self.alone(table)
        number = states.encoding.numbers[table.inputs[0]]
        exact = every([number.has_low, number.has_high, equal(number.low, number.high)])
        return Question(states, exact, every([exact, smt.negation(states.a_row_holds(table))]))

    def _always_answered(self, table: Table) -> Question:
        applies = self.whole.applies(table)
        return Question(self.whole, applies, every([applies, smt.negation(self.whole.a_row_holds(table))]))

    def _rule(self, obligation: Obligation, rule: Rule) -> Question:
        states, where = self.whole, f"{FILE} [{rule.id}]"
        when = some(states.all_hold(condition, where) for condition in rule.when)
        then = some(states.all_hold(condition, where) for condition in rule.then)
        premise = every([when, states.holds(obligation.of)]) if obligation.of else when
        return Question(states, premise, every([premise, smt.negation(then)]))

    def _moved(self, obligation: Obligation, rule: Rule) -> Question:
        states = self.whole
        ((finding, move),) = rule.move.items()
        if " to " in move:
            change = states.turned(finding, *move.split(" to "))
        else:
            change = states.moved(finding, up=move == "higher")
        steps = list(_steps(self.guideline, self.guideline.verdicts[obligation.of], states, change))
        severe = some(before for before, _ in steps)
        lowered = some(every(both) for both in steps)
        return Question(states, every([change.given, severe]), every([change.given, lowered]), change)

    def _forgotten(self, obligation: Obligation, about: Reassurance) -> Question:
        states, finding = self.whole, obligation.of
        change = states.widened(finding) if obligation.kind == "widened" else states.forgotten(finding)
        premise, breach = self._reassured(about, change)
        if obligation.kind != "said without":
            return Question(states, premise, breach, change)
        unread = some(states.is_one_of(name, "yes") for name in self._refusals(finding))
        keys = [each for each in self._reassurances.values() if each.verdict is about.verdict]
        anywhere = some(self._reassured(key, change)[1] for key in keys)
        barred = "" if self._is_test(finding) else f"`{finding}` is no test, and only a test can be not done."
        return Question(states, premise, every([breach, unread]), change, breach, anywhere, barred)

    def _reassured(self, about: Reassurance, change: Change) -> tuple[Term, Term]:
        """A patient whom a verdict does not reassure, and one whom it does after the change."""
        states = self.whole
        reassures = states.is_one_of(about.column, *about.words)
        applied = self._applied_already(about.column, change)
        known = states.known(change.finding)
        premise = every([known, smt.negation(reassures), change.given, applied])
        return premise, every([premise, change.after(reassures)])

    def _is_test(self, finding: str) -> bool:
        """A sample or a scan, or one of the things that one sample tells."""
        declared = self.guideline.declared.findings[finding]
        return declared.take != "refused" and self._test(declared).cost in TESTS

    def _refusals(self, finding: str) -> list[str]:
        """The columns that say that this test was done and could not be read."""
        findings = self.guideline.declared.findings
        test = self._test(findings[finding])
        return [name for name, each in findings.items() if each.take == "refused" and each.of == test.id]

    def _test(self, declared: Finding) -> Finding:
        """The test whose sample tells a finding; itself when it is not told by another."""
        return self.guideline.declared.findings.get(declared.of or declared.over_limit_of or "", declared)

    def _applied_already(self, column: str, change: Change) -> Term:
        """Every table before the column that the change could make applicable applied before it.

        Someone under the age of the guideline has no answer that forgetting the age could make milder.
        """
        cone = cone_of(self.guideline, column)
        before = [table for table in self.guideline.tables if cone & set(algebra.given(table))]
        applies = [self.whole.applies(table) for table in before]
        return every(term for term in applies if not same(change.after(term), term))


def _steps(
    guideline: Guideline, verdict: Verdict, states: States, change: Change
) -> Iterator[tuple[Term, Term]]:
    """For each word of a verdict: it stood before, and something less severe stands after.

    `unknown` stands between the words that reassure and all others.
    """
    column = column_of(guideline, verdict.columns[0])
    alarming = [word for word in verdict.values if word not in {*verdict.reassuring, UNKNOWN}]
    order = [*alarming, UNKNOWN, *verdict.reassuring]
    for place, word in enumerate(order[:-1]):
        milder = states.is_one_of(column, *order[place + 1 :])
        yield states.is_one_of(column, word), change.after(milder)
