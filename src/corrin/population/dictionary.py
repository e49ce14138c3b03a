"""population.toml: the order of the care gaps, their words, and which actions and facts a worklist shows.

The guideline's dictionary enters; a frozen `Worklist` leaves, every name in it checked. Nothing is decided
here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corrin.errors import GuidelineError, Problem, did_you_mean
from corrin.guideline.model import Guideline, Verdict
from corrin.plans.dictionary import Section

PAGE = "population.toml"


@dataclass(frozen=True, slots=True)
class Gap:
    """One care gap: its key in the verdict, the column that says its state, and how it is shown.

    `next` are actions, the first that the patient has comes first; `shows` are findings whose facts are
    named.
    """

    id: str
    column: str
    label: str
    says: str
    next: tuple[str, ...]
    otherwise: str
    shows: tuple[str, ...]
    clock: bool
    because: tuple[str, ...]

    @property
    def name(self) -> str:
        """The column of the worklist: the id as warehouses want it."""
        return self.id.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Worklist:
    """All of `population.toml`: the gaps in their order, the worst first.

    `acts` is the word for a gap that is open, `outside` the one for whom the guideline does not speak of.
    """

    verdict: Verdict
    acts: str
    outside: str
    actions: Verdict
    beside: tuple[Verdict, ...]
    watch: tuple[str, ...]
    refused: tuple[str, ...]
    gaps: tuple[Gap, ...]
    unread: str
    unusable: str


def read(guideline: Guideline) -> Worklist:
    """The dictionary of a guideline.

    Errors: a `GuidelineError` for a missing entry, a name that the guideline does not have, and a gap without
    its place in the order.
    """
    if not guideline.population:
        raise GuidelineError(Problem(PAGE, "the file is missing", "Write it, or screen nobody."))
    page = Section(guideline, "", guideline.population, PAGE)
    verdict = guideline.verdicts[page.among("gaps", guideline.verdicts)]
    actions = guideline.verdicts[page.among("actions", guideline.verdicts)]
    columns = dict(zip(verdict.keys, verdict.columns, strict=True))
    gaps = tuple(_gap(guideline, one, columns, actions) for one in page.sections("order"))
    unplaced = [key for key in verdict.keys if key not in {gap.id for gap in gaps}]
    if unplaced or len(gaps) != len(columns):
        what = f"has {len(gaps)} gaps for {len(columns)}, without {', '.join(unplaced) or 'any left out'}"
        raise GuidelineError(Problem(f"{PAGE}, order", what, "Give every gap one place."))
    return Worklist(
        verdict=verdict,
        acts=page.among("acts", dict.fromkeys(verdict.values)),
        outside=page.among("outside", dict.fromkeys(verdict.values)),
        actions=actions,
        beside=tuple(guideline.verdicts[name] for name in _known(page, "beside", guideline.verdicts)),
        watch=tuple(word.lower() for word in page.words("watch")),
        refused=_known(page, "refused", guideline.declared.findings),
        gaps=gaps,
        unread=page.section("otherwise").text("refused"),
        unusable=page.section("otherwise").text("says"),
    )


def _gap(guideline: Guideline, section: Section, columns: Mapping[str, str], actions: Verdict) -> Gap:
    key = section.among("gap", columns)
    outputs = dict.fromkeys(output for name in actions.tables for output in guideline.table(name).outputs)
    return Gap(
        id=key,
        column=columns[key],
        label=section.text("label"),
        says=section.text("says"),
        next=_known(section, "next", outputs),
        otherwise=section.text("otherwise"),
        shows=_known(section, "shows", guideline.declared.findings),
        clock=section.has("clock"),
        because=section.statements("because"),
    )


def _known(section: Section, key: str, known: Iterable[str]) -> tuple[str, ...]:
    """A list of names that the guideline has."""
    named, there = section.words(key), set(known)
    strange = next((name for name in named if name not in there), None)
    if strange is not None:
        raise GuidelineError(
            Problem(f"{PAGE}, {key}", f"names {strange!r}, which is not there", did_you_mean(strange, there))
        )
    return named
