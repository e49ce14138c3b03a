"""The words of an answer, and their order: verdicts.toml, words.toml, and [answer] in plan.toml."""

from collections.abc import Mapping
from dataclasses import dataclass

from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guideline, Verdict
from corrin.plans.dictionary import Condition, Section
from corrin.readings.assessment import Said


@dataclass(frozen=True, slots=True)
class Heading:
    """A verdict's place in the text, under a short name.

    Values in `hide` go without saying, those in `elsewhere` are said by the plan. `measured` adds the results
    behind it, `sources` the sources; `in_a_row` puts a list on one line.
    """

    verdict: Verdict
    short: str
    hide: frozenset[str]
    elsewhere: frozenset[str]
    measured: bool
    sources: bool
    in_a_row: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Statements that no row decides, and the patients to whom they are shown."""

    statements: tuple[str, ...]
    when: Condition


@dataclass(frozen=True, slots=True)
class Wording:
    """How a guideline wants its answers told."""

    guideline: Guideline
    red_flags: Verdict
    asked_groups: frozenset[str]
    capitals: frozenset[str]
    ended: Mapping[str, str]
    lines: tuple[Heading, ...]
    lists: tuple[Heading, ...]
    shown: tuple[Shown, ...]

    @property
    def ended_verdicts(self) -> Mapping[str, Said]:
        """What is said of somebody who died, or whose record was merged away."""
        verdicts = self.guideline.verdicts.values()
        return {verdict.id: self.ended.get(verdict.id, _nothing(verdict)) for verdict in verdicts}

    def member(self, verdict: Verdict, output: str) -> str:
        """An output of a list in words."""
        for identity in verdict.tables:
            table = self.guideline.table(identity)
            if output in table.outputs:
                return self.guideline.words[table.output][output]
        return output

    def label(self, finding: str) -> str:
        """What a person calls a finding."""
        return self.guideline.declared.findings[finding].label

    def asked(self, finding: str) -> str:
        """What a person is asked for it, within a sentence: the day itself, for the days since it."""
        return self.named(self.guideline.declared.findings[finding].since or finding)

    def named(self, finding: str) -> str:
        """The same within a sentence: `MRI`, `B12` and names keep their capitals."""
        label = self.label(finding)
        first = label.split(" ", 1)[0]
        plain = len(first) == 1 or first[1:].islower()
        return label[0].lower() + label[1:] if plain and first not in self.capitals else label


def read(guideline: Guideline) -> Wording:
    """The entries of [answer] in plan.toml.

    Errors: a missing entry, and a name that is no verdict.
    """
    answer = Section(guideline, "", guideline.plan).section("answer")
    ended = answer.section("ended")
    return Wording(
        guideline=guideline,
        red_flags=guideline.verdicts[answer.among("red_flag_list", guideline.verdicts)],
        asked_groups=frozenset(answer.words("asked_groups")),
        capitals=frozenset(answer.words("capitals")),
        ended={name: ended.text(name) for name in guideline.verdicts if ended.has(name)},
        lines=tuple(_heading(guideline, one) for one in answer.sections("line")),
        lists=tuple(_heading(guideline, one) for one in answer.sections("list")),
        shown=tuple(
            Shown(one.statements("statements"), one.condition("when")) for one in answer.sections("shown")
        ),
    )


def _heading(guideline: Guideline, section: Section) -> Heading:
    verdict = guideline.verdicts[section.among("verdict", guideline.verdicts)]
    return Heading(
        verdict=verdict,
        short=section.text("name"),
        hide=frozenset(section.words("hide")),
        elsewhere=frozenset(section.words("elsewhere")),
        measured=section.has("measured"),
        sources=section.has("sources"),
        in_a_row=section.has("in_a_row"),
    )


def _nothing(verdict: Verdict) -> Said:
    if verdict.kind == "each":
        return dict.fromkeys(verdict.keys, UNKNOWN)
    return () if verdict.kind == "list" else UNKNOWN
