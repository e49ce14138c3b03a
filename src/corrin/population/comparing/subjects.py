"""What is compared of each person: every verdict of one word, every key of a verdict of several, every test.

A guideline and the columns of both folders enter; subjects leave, with the SQL that reads each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Guideline, Verdict
from corrin.plans.dictionary import Section
from corrin.population import dictionary
from corrin.population.dictionary import PAGE
from corrin.population.measures.folder import Screened


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is said of a person; `name` is its column here, `needs` those of the table of verdicts.

    Shape: a test is `yes` when any of its columns is; its words are `yes` and `no`.
    """

    kind: str
    id: str
    label: str
    name: str
    needs: tuple[str, ...]
    words: tuple[str, ...]
    say: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def sql(self) -> str:
        """What is said, never NULL."""
        if self.kind == "test":
            asked = " OR ".join(f"coalesce(v.\"{column}\" = 'yes', FALSE)" for column in self.needs)
            return f"CASE WHEN {asked} THEN 'yes' ELSE 'no' END AS {self.name}"
        return f"coalesce(v.\"{self.needs[0]}\", '{UNKNOWN}') AS {self.name}"

    def told(self, word: str) -> str:
        """A word as a person reads it: the beginning of what the guideline says of it."""
        if word == UNKNOWN:
            return "cannot tell"
        return self.say.get(word, word).partition(":")[0]


def subjects(guideline: Guideline) -> tuple[Subject, ...]:
    """Everything that can be compared: gaps in the order of the worklist, then verdicts, then tests."""
    return (*_gaps(guideline), *_verdicts(guideline), *_tests(guideline))


def comparable(
    found: tuple[Subject, ...], one: Screened, other: Screened
) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """The subjects whose columns both folders have, and the labels of the others."""
    both = set(one.columns["verdicts"]) & set(other.columns["verdicts"])
    inside = tuple(each for each in found if set(each.needs) <= both)
    return inside, tuple(each.label for each in found if each not in inside)


def _gaps(guideline: Guideline) -> Iterator[Subject]:
    listed = dictionary.read(guideline)
    for gap in listed.gaps:
        verdict = listed.verdict
        yield Subject("gap", gap.id, gap.label, f"gap_{gap.name}", (gap.column,), verdict.values, verdict.say)


def _verdicts(guideline: Guideline) -> Iterator[Subject]:
    gaps = dictionary.read(guideline).verdict
    for verdict in guideline.verdicts.values():
        if verdict.kind == "one":
            yield _subject(verdict, verdict.id, verdict.label, verdict.columns[0])
        elif verdict.kind == "each" and verdict is not gaps:
            for key, column in zip(verdict.keys, verdict.columns, strict=True):
                label = f"{verdict.label} {key.replace('-', ' ').capitalize()}"
                yield _subject(verdict, f"{verdict.id}/{key}", label, column)


def _subject(verdict: Verdict, identity: str, label: str, column: str) -> Subject:
    return Subject("verdict", identity, label, f"verdict_{column}", (column,), verdict.values, verdict.say)


def _tests(guideline: Guideline) -> Iterator[Subject]:
    page = Section(guideline, "", guideline.population, PAGE).section("compare")
    verdict = guideline.verdicts[page.among("tests", guideline.verdicts)]
    flags: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for table in map(guideline.table, verdict.tables):
        for output in table.outputs:
            flags.setdefault(output, []).append(table.flag(output))
            labels[output] = guideline.words[table.output][output]
    for output, columns in flags.items():
        yield Subject(
            "test", output, labels[output], f"test_{output.replace('-', '_')}", tuple(columns), ("yes", "no")
        )
