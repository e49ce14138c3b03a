"""What one answer says, made ready for a template: lines with a tone and a shape, lists, reasons, facts.

An `Answer` and, where there are some, the facts settled from the record enter; nouns for templates leave.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from corrin.answers import Answer
from corrin.answers.parts import Difference, Member
from corrin.answers.text.facts import measured, result
from corrin.answers.text.layout import capital, in_a_row
from corrin.answers.values import Interval, value
from corrin.answers.wording import Heading
from corrin.exports.sheet.layout import Layout, layout
from corrin.exports.sheet.reasons import Reason, Statement, cited, lines, members
from corrin.exports.sheet.unused import Unused, unused
from corrin.findings.facts import NOT_KNOWN, WHY, Fact
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Verdict

SHAPES: Mapping[str, tuple[str, str]] = {
    "loud": ("■", "act"),
    "attention": ("▲", "attention"),
    "good": ("✓", "reassuring"),
    "plain": ("●", "noted"),
    "unclear": ("?", "cannot tell"),
}
"""A tone has a shape and a word, so that nobody needs its colour."""

FEW = 3
"""So many unknown findings are named behind a verdict that cannot be told; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One verdict in words, with what stands behind it."""

    name: str
    words: str
    tone: str
    beside: tuple[str, ...]

    @property
    def shape(self) -> str:
        """The sign of the tone."""
        return SHAPES[self.tone][0]

    @property
    def mark(self) -> str:
        """The word of the tone, for whoever does not see the sign."""
        return SHAPES[self.tone][1]


@dataclass(frozen=True, slots=True)
class Flags:
    """The red flags: present, asked and absent, asked and not known, not asked."""

    name: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    open: tuple[str, ...]
    unasked: tuple[str, ...]


_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Sheet:
    """One answer, ready to be printed; `facts` are all results of the record, for what is drawn over time."""

    answer: Answer
    facts: tuple[Fact, ...] = ()

    @cached_property
    def layout(self) -> Layout:
        """What stands where."""
        return layout(self.answer.desk)

    @property
    def empty(self) -> bool:
        """Nothing was said of the patient."""
        return not self.answer.findings.evidence and not self.unused and not self.answer.ignored

    @cached_property
    def unused(self) -> tuple[Unused, ...]:
        """Every answer that was given and could not be used; what a source holds besides is no answer."""
        return tuple(unused(self.answer))

    @cached_property
    def flags(self) -> Flags:
        """The red flags, in the order of the pages; "not asked" is never left out."""
        answer, label = self.answer, self.answer.desk.wording.asked
        asked, why, unknown = answer.red_flags_asked, answer.findings.why, answer.red_flags_open
        members = answer.members(answer.desk.wording.red_flags)
        return Flags(
            answer.desk.wording.red_flags.label,
            tuple(capital(one.words) for one in members),
            tuple(label(one) for one, word in asked.items() if word == "no"),
            tuple(label(one) for one in unknown if why.get(one) == NOT_KNOWN),
            tuple(label(one) for one in unknown if why.get(one) != NOT_KNOWN),
        )

    @cached_property
    def loud(self) -> tuple[Line, ...]:
        """What must be seen before everything else."""
        return tuple(line for line in self._lines if line.tone == "loud")

    @cached_property
    def status(self) -> tuple[Line, ...]:
        """Every other verdict that says something."""
        return tuple(line for line in self._lines if line.tone not in {"loud", "unclear"})

    @cached_property
    def cannot_tell(self) -> tuple[Line, ...]:
        """The verdicts that cannot be told, and what is wanting."""
        return tuple(line for line in self._lines if line.tone == "unclear")

    @cached_property
    def bar(self) -> tuple[Line, ...]:
        """The few that a phone shows all the time."""
        found = [self._line(heading) for heading in self.layout.bar]
        return tuple(line for line in found if line)

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        found = [self._line(heading) for heading in self.answer.desk.wording.lines]
        return tuple(line for line in found if line)

    def _line(self, heading: Heading) -> Line | None:
        answer, verdict = self.answer, heading.verdict
        word = answer.verdicts[verdict.id]
        if isinstance(word, Mapping):
            keys = [key.replace("-", " ") for key, one in word.items() if one not in heading.hide]
            return Line(heading.short, capital(", ".join(keys)), "plain", ()) if keys else None
        if not isinstance(word, str) or word in heading.hide | heading.elsewhere:
            return None
        if word == UNKNOWN:
            if verdict.id in answer.assessment.not_applicable or answer.ended:
                return None
            return Line(heading.short, self._wanting(verdict), "unclear", ())
        words = capital(verdict.say.get(word, word))
        without = [answer.desk.wording.named(test) for test in answer.said_without.get(verdict.id, ())]
        words += f" (said without {', '.join(without)})" if without else ""
        return Line(heading.short, words, self._tone(heading, word), tuple(self._measured(heading)))

    def _tone(self, heading: Heading, word: str) -> str:
        if word in self.layout.loud.get(heading.verdict.id, ()):
            return "loud"
        if word in heading.verdict.reassuring:
            return "good"
        return "attention" if heading.verdict.reassuring else "plain"

    def _measured(self, heading: Heading) -> Iterable[str]:
        if heading.measured:
            answer = self.answer
            yield from (result(answer, one) for one in measured(answer, heading.verdict.columns[0]))

    def _wanting(self, verdict: Verdict) -> str:
        """The unknown findings on which a verdict depends, and why; many of them are only counted."""
        answer = self.answer
        settling = [one.id for one in answer.missing if verdict.id in one.would_change]
        findings = answer.reasons.wanting(verdict.columns[0]) or settling
        why = {one: WHY.get(answer.findings.why.get(one, ""), "not known") for one in findings}
        if len(findings) > FEW:
            counted = Counter(why.values()).most_common()
            words = "; ".join(f"{many} {word}" if len(counted) > 1 else word for word, many in counted)
            return f"{len(findings)} findings are not known ({words})"
        named = [f"{answer.desk.wording.asked(one)} ({word})" for one, word in why.items()]
        return f"Depends on {in_a_row(named)}" if named else "What is known does not settle it"

    def members(self, heading: Heading) -> tuple[Member, ...]:
        """The entries of a list."""
        return tuple(one for one in self.answer.members(heading.verdict) if one.id not in heading.hide)

    @cached_property
    def also(self) -> Mapping[str, tuple[Member, ...]]:
        """Lists that stand lower down, under their labels."""
        found = {verdict.label: self.answer.members(verdict) for verdict in self.layout.also}
        return {label: members for label, members in found.items() if members}

    @cached_property
    def present(self) -> tuple[str, ...]:
        """Everything that was given and is used: results and words first, then what is there."""
        row, label = self.answer.findings.row, self.answer.desk.wording.label
        return tuple(
            label(one) if row[one] == "yes" else result(self.answer, one)
            for one in self._given
            if row[one] != "no" and not self._said_in_days(one)
        )

    def _said_in_days(self, finding: str) -> bool:
        """Months since a day that is said with the days since it."""
        declared = self.answer.desk.guideline.declared.findings
        day, measure = declared[finding].since, declared[finding].measure
        others = (declared[one] for one in self._given)
        return measure == "months" and any(one.since == day and one.measure == "days" for one in others)

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """Everything that was asked or examined and is not there."""
        named = self.answer.desk.wording.named
        return tuple(named(one) for one in self._given if self.answer.findings.row[one] == "no")

    @cached_property
    def _given(self) -> tuple[str, ...]:
        findings, declared = self.answer.findings, self.answer.desk.guideline.declared.findings
        return tuple(one for one in findings.row if findings.evidence.get(one) and declared[one].of is None)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The rows behind every line above."""
        lists = (self.layout.now, self.layout.tests, self.layout.cautions, self.layout.review)
        return (*lines(self.answer), *members(self.answer, lists))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that those rows cite."""
        return cited(self.answer, self.reasons)

    @cached_property
    def missing(self) -> Mapping[str, tuple[str, ...]]:
        """What is not known and would change the answer, the cheapest to find out first."""
        found: dict[str, list[str]] = {}
        for one in self.answer.missing:
            found.setdefault(one.cost, []).append(self.answer.desk.wording.named(one.id))
        return {cost: tuple(labels) for cost, labels in found.items()}

    @cached_property
    def changes(self) -> tuple[str, ...]:
        """For each main verdict the smallest change that would make it say something else."""
        answer = self.answer
        names = {one.verdict.id: one.short for one in answer.desk.wording.lines}
        verdicts = answer.desk.guideline.verdicts
        return tuple(
            f"{names.get(one.verdict, verdicts[one.verdict].label)}: "
            f"{verdicts[one.verdict].say.get(one.becomes, one.becomes)}, if "
            f"{answer.desk.wording.named(one.finding)} were {one.to} (now {one.from_})"
            for one in answer.changes
        )

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Where sources differ about what is said here."""
        return self.answer.differences

    @cached_property
    def origin(self) -> tuple[tuple[str, str], ...]:
        """The source attributes of the guideline; those of a person are worked out from its rows."""
        guideline, origin = self.answer.desk.guideline, self.layout.origin
        years = sorted(year for one in guideline.sources.values() for year in _YEAR.findall(one.year))
        cited_by = f"{len(guideline.statements)} statements from {len(guideline.sources)} sources"
        read = {column for table in guideline.tables for column in table.inputs}
        told = (
            (one.name, self._attribute([each for each in one.findings if each in read]))
            for one in origin.attributes
        )
        return (
            ("Citation", f"{cited_by}, {years[0]} to {years[-1]}; each row names its own"),
            ("Developer", origin.developer),
            ("Funding", origin.funding),
            ("Release date", origin.released),
            ("Revision date", origin.revised),
            *told,
        )

    def _attribute(self, used: list[str]) -> str:
        named = self.answer.desk.wording.named
        return f"used: {in_a_row(named(one) for one in used)}" if used else "not used: no row reads it"

    def known(self, finding: str, between: Interval) -> str:
        """A number of a finding as a person reads it."""
        return value(self.answer.desk.guideline.declared.findings[finding], between)
