"""One patient's answer: everything that follows, in one frozen object, said as JSON or as text.

An assessment, the findings behind it and the plan enter. What takes longer (what is missing, what would
change the answer, the text) is worked out when it is asked for, once.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from corrin.answers import text, wording
from corrin.answers.parts import (
    Because,
    Difference,
    Identity,
    Ignored,
    Member,
    Person,
    Refusal,
    Remark,
    Used,
    Why,
    publish,
)
from corrin.answers.reasons import Contents, Reasons
from corrin.answers.suppose.questions import Change, Missing, Questions
from corrin.answers.text.layout import Printed
from corrin.answers.values import value
from corrin.findings.facts import Findings
from corrin.guideline.model import Guideline, Verdict
from corrin.plans import Plan
from corrin.plans.facts import Facts
from corrin.readings.assessment import Assessment, Said, reader


class Desk:
    """A guideline laid out for answering: found once, used for every patient."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.contents = Contents(guideline)
        self.wording = wording.read(guideline)
        self.asked = self.contents.asked_about(self.wording.red_flags, self.wording.asked_groups)
        """Every finding that a red flag rests on."""
        self.questions = Questions(guideline, reader(guideline))


@dataclass(frozen=True)
class Answer:
    """What the guideline says of one patient, why, and what would change it.

    Shape: `verdicts` has a word for each verdict, the outputs of a list, or a word for each key.
    Unknown: the word `unknown`. For somebody who died, or whose record was merged away, everything is unknown
    and nothing is recommended.
    """

    desk: Desk
    assessment: Assessment
    findings: Findings
    plan: Plan

    @property
    def ended(self) -> bool:
        """The person died, or the record was merged into another."""
        return self.findings.patient.died or self.findings.patient.replaced_by is not None

    @cached_property
    def filed(self) -> bool:
        """Something stands in this record beside who the person is: a fact, or a value that was refused."""
        declared = self.desk.guideline.declared.findings
        told = any(facts and not declared[name].person for name, facts in self.findings.evidence.items())
        return told or bool(self.findings.refused)

    @cached_property
    def verdicts(self) -> Mapping[str, Said]:
        """Every verdict by its id."""
        if not self.ended:
            return self.assessment.verdicts
        return self.desk.wording.ended_verdicts

    @cached_property
    def reasons(self) -> Reasons:
        """Why each table said what it said."""
        return Reasons(self.desk.contents, self.assessment, self.findings.row)

    def members(self, verdict: Verdict) -> tuple[Member, ...]:
        """The outputs of a list verdict, in words and with their rows."""
        if self.ended:
            return ()
        words = self.desk.wording.member
        return tuple(
            Member(output, words(verdict, output), tuple(self.because(rows)))
            for output, rows in self.reasons.members(verdict).items()
        )

    def words(self, verdict: Verdict) -> list[str]:
        """The outputs of a list verdict, in words alone."""
        if self.ended:
            return []
        return [self.desk.wording.member(verdict, output) for output in self.reasons.members(verdict)]

    def because(self, rows: Iterable[str]) -> Iterable[Because]:
        """Rows with the statements they cite and the findings that made them hold."""
        for row in rows:
            yield Because(row, self.desk.contents.rows[row][1].because, self.reasons.behind(row))

    def told(self, rows: Iterable[str]) -> tuple[str, ...]:
        """The findings behind some rows for which there is a fact, each fact under one name."""
        return self.reasons.told(rows, self.findings.evidence)

    @cached_property
    def red_flags_asked(self) -> Mapping[str, str | None]:
        """Each finding that a red flag rests on: present, absent, or (None) not asked."""
        known = self.findings.row
        words = {finding: known.get(finding) for finding in self.desk.asked}
        return {finding: word if isinstance(word, str) else None for finding, word in words.items()}

    @cached_property
    def red_flags_open(self) -> tuple[str, ...]:
        """What has to be asked before "no red flag": flags not answered, else what stands behind them."""
        asked = self.red_flags_asked
        unknown = tuple(one for one, word in asked.items() if word is None)
        if unknown:
            return unknown
        tables = [self.desk.contents.tables[one].name for one in self.desk.wording.red_flags.tables]
        behind = [one for table in tables for one in self.reasons.wanting(table) if one not in asked]
        return tuple(dict.fromkeys(behind))

    @cached_property
    def _questions(self) -> tuple[tuple[Missing, ...], tuple[Change, ...]]:
        return ((), ()) if self.ended else self.desk.questions.ask(self.findings.row, self.findings.as_of)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The unknown findings that would change a main verdict, the cheapest to find out first."""
        return self._questions[0]

    @property
    def changes(self) -> tuple[Change, ...]:
        """For each main verdict the smallest change of one finding that makes it say something else."""
        return self._questions[1]

    @cached_property
    def said_without(self) -> Mapping[str, tuple[str, ...]]:
        """Verdicts that reassure without a test that was not done, and the tests."""
        could = {one.id: one.would_change for one in self.missing}
        without: dict[str, tuple[str, ...]] = {}
        for verdict in self.desk.guideline.verdicts.values():
            tests = tuple(test for test in verdict.said_without if verdict.id in could.get(test, ()))
            if tests and self.verdicts[verdict.id] in verdict.reassuring:
                without[verdict.id] = tests
        return without

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Where sources differ about rows that held, or about the course that is shown."""
        if self.ended:
            return ()
        courses = [self.plan.regimen.course, *self.plan.regimen.beside] if self.plan.regimen else []
        touched = self.reasons.held | {course.row for course in courses if course}
        return tuple(
            Difference(one.id, one.issue, one.choice, one.rationale, rows, one.sides)
            for one in self.desk.guideline.disagreements.values()
            if (rows := tuple(row for row in one.rows if row in touched))
        )

    @cached_property
    def remarks(self) -> tuple[Remark, ...]:
        """The statements that plan.toml shows to such a patient: no row decides by them."""
        if self.ended:
            return ()
        known = Facts({**self.findings.row, **self.assessment.decision.columns}, self.findings.as_of)
        shown = [
            one for entry in self.desk.wording.shown if known.met(entry.when) for one in entry.statements
        ]
        statements = (self.desk.guideline.statements[one] for one in dict.fromkeys(shown))
        return tuple(Remark(one.id, one.text, one.sources) for one in statements)

    @property
    def fired(self) -> tuple[str, ...]:
        """The rows that hold, in the order of the pages."""
        return () if self.ended else self.assessment.decision.held

    @cached_property
    def used(self) -> tuple[Used, ...]:
        """Every fact that stands behind a known finding."""
        declared = self.desk.guideline.declared.findings
        old = self.findings.beyond or {}
        return tuple(
            Used(finding, value(declared[finding], known), fact.text, fact.where, old.get(finding))
            for finding, known in self.findings.row.items()
            for fact in self.findings.evidence.get(finding, ())
        )

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """Every value that was sent and not used."""
        return tuple(Refusal(one.finding, one.text, one.reason, one.where) for one in self.findings.refused)

    @property
    def ignored(self) -> tuple[Ignored, ...]:
        """Everything that was read and not used."""
        return tuple(Ignored(one.where, one.reason) for one in self.findings.ignored)

    @property
    def identity(self) -> Identity:
        """Which guideline answered."""
        guideline = self.desk.guideline
        return Identity(guideline.version, guideline.hash, guideline.profile, guideline.site)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain dictionaries and lists, in the shape of the published schema."""
        patient = self.findings.patient
        verdicts = self.desk.guideline.verdicts.values()
        flags = self.desk.wording.red_flags.id
        not_asked = [finding for finding, word in self.red_flags_asked.items() if word is None]
        parts: dict[str, object] = {
            "patient": Person(patient.id, patient.died, patient.replaced_by),
            "as_of": self.findings.as_of,
            "guideline": self.identity,
            "verdicts": self.verdicts,
            "said_without": self.said_without,
            **{verdict.id: self.members(verdict) for verdict in verdicts if verdict.kind == "list"},
            f"{flags}_not_asked": not_asked,
            "clock": self.plan.clock,
            "plan": self.plan,
            "recovery": self.plan.recovery,
            "missing": self.missing,
            "changes": self.changes,
            "remarks": self.remarks,
            "disagreements": self.differences,
            "fired": self.fired,
            "why": {row: self._why(row) for row in self.fired},
            "used": self.used,
            "refused": self.refused,
            "ignored": self.ignored,
        }
        return {key: publish(part) for key, part in parts.items()}

    def to_json(self) -> str:
        """The same on one line, always the same text for the same answer."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    def lines(self, width: int = 80) -> Iterable[Printed]:
        """What a clinician reads, the most important first: lines, each with its tone."""
        return text.lines(self, width)

    def to_text(self, width: int = 80) -> str:
        """The same without the tones."""
        return "\n".join(line for _, line in self.lines(width)) + "\n"

    def _why(self, row: str) -> Why:
        table, held = self.desk.contents.rows[row]
        return Why(
            table=table.id,
            says=held.output,
            place=str(held.place),
            statements=held.because,
            sources=self.desk.contents.sources(held.because),
            inferred=held.inferred,
            unverified=held.unverified,
            findings=self.reasons.behind(row),
        )
