"""services.toml, [fhir] and beside it: which words of FHIR stand for which words of the guideline.

The guideline's dictionary enters; a frozen `Coordinates` leaves, every name in it checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from corrin.errors import GuidelineError, Problem, did_you_mean
from corrin.guideline.declared import CodeEntry
from corrin.guideline.model import Guideline, Verdict
from corrin.plans.dictionary import Section

PAGE = "services.toml"
PRIORITIES = ("routine", "urgent", "asap", "stat")


@dataclass(frozen=True, slots=True)
class Goal:
    """What the guideline is for, and the statements that say so."""

    text: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About:
    """Who made this edition, with whose money, for whom, and when it was written."""

    title: str
    developer: str
    funding: str
    released: str
    revised: str
    copyright: str
    written: str
    use: str


@dataclass(frozen=True)
class Coordinates:
    """How the guideline is found in FHIR: its address, and what becomes what.

    `carries_tests` and `carries_doses` are the actions under which requests stand.
    """

    guideline: Guideline
    about: About
    base: str
    id: str
    actions: Verdict
    tests: Verdict
    issues: tuple[Verdict, ...]
    summary: tuple[Verdict, ...]
    priority: Verdict
    priorities: Mapping[str, str]
    dose_assay: str
    carries_tests: tuple[str, ...]
    carries_doses: tuple[str, ...]
    test_codes: Mapping[str, CodeEntry]
    drug_codes: Mapping[str, CodeEntry]
    goals: tuple[Goal, ...]
    groups: Mapping[str, str]

    def canonical(self, kind: str) -> str:
        """The address of a resource of ours, with the version that answers."""
        return f"{self.base}/{kind}/{self.id}|{self.guideline.version}"

    def url(self, kind: str) -> str:
        """The address of a resource of ours."""
        return f"{self.base}/{kind}/{self.id}"


_laid: dict[tuple[str, str, str | None], Coordinates] = {}


def read(guideline: Guideline) -> Coordinates:
    """The coordinates of a guideline, read once for each of its profiles and sites.

    Errors: a `GuidelineError` for a missing entry, and for a name or a code that the guideline does not have.
    """
    if not guideline.services:
        raise GuidelineError(Problem(PAGE, "the file is missing", "Write it, or export nothing."))
    identity = (guideline.hash, guideline.profile, guideline.site)
    if identity not in _laid:
        _laid[identity] = _read(guideline)
    return _laid[identity]


def _read(guideline: Guideline) -> Coordinates:
    page = Section(guideline, "", guideline.services, PAGE)
    fhir = page.section("fhir")
    carries = fhir.section("carries")
    actions, tests, priority = (
        _verdict(guideline, fhir, key) for key in ("recommended", "tests", "priority")
    )
    doses = {course.drug: course for table in guideline.regimens.values() for course in table.courses}
    outputs = _outputs(guideline, tests)
    words = fhir.section("priorities")
    return Coordinates(
        guideline=guideline,
        about=_about(guideline, page.section("about")),
        base=fhir.text("base"),
        id=fhir.text("id"),
        actions=actions,
        tests=tests,
        issues=_verdicts(guideline, fhir, "issues"),
        summary=_verdicts(guideline, fhir, "summary"),
        priority=priority,
        priorities={
            word: words.among(word, dict.fromkeys(PRIORITIES)) for word in priority.values if words.has(word)
        },
        dose_assay=fhir.among("dose_assay", {each.assay: each for each in guideline.declared.conversions}),
        carries_tests=_known(carries, "tests", _outputs(guideline, actions)),
        carries_doses=_known(carries, "doses", _outputs(guideline, actions)),
        test_codes=_codes(guideline, fhir.section("codes").section("tests"), outputs),
        drug_codes=_codes(guideline, fhir.section("codes").section("drugs"), tuple(doses)),
        goals=tuple(Goal(one.text("text"), one.statements("because")) for one in fhir.sections("goals")),
        groups=_groups(guideline),
    )


def _verdict(guideline: Guideline, section: Section, key: str) -> Verdict:
    return guideline.verdicts[section.among(key, guideline.verdicts)]


def _verdicts(guideline: Guideline, section: Section, key: str) -> tuple[Verdict, ...]:
    names = _known(section, key, tuple(guideline.verdicts))
    return tuple(guideline.verdicts[name] for name in names)


def _outputs(guideline: Guideline, verdict: Verdict) -> tuple[str, ...]:
    return tuple(output for name in verdict.tables for output in guideline.table(name).outputs)


def _known(section: Section, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """A list of words, each of which the guideline has."""
    words = section.words(key)
    for word in words:
        if word not in known:
            raise GuidelineError(Problem(f"{PAGE}, {key}", f"names {word!r}", did_you_mean(word, known)))
    return words


def _codes(guideline: Guideline, section: Section, known: tuple[str, ...]) -> Mapping[str, CodeEntry]:
    """Verified codes: each stands in the value set of the finding that it is said to speak of."""
    found: dict[str, CodeEntry] = {}
    for name in section.keys():  # noqa: SIM118
        if name not in known:
            raise GuidelineError(Problem(f"{PAGE}, {name}", "asked for by no row", did_you_mean(name, known)))
        one = section.section(name)
        asked = (one.text("finding"), one.text("system"), one.text("code"))
        entry = next(
            (each for each in guideline.declared.codes if (each.finding, each.system, each.code) == asked),
            None,
        )
        if entry is None:
            mend = "Send a code that stands in valuesets/, or none: the words are sent in any case."
            raise GuidelineError(Problem(f"{PAGE}, {name}", f"{asked} is no verified code", mend))
        found[name] = entry
    return found


def _about(guideline: Guideline, about: Section) -> About:
    """What the page says of the guideline as well stands in plan.toml, the rest beside the addresses."""
    plan = Section(guideline, "", guideline.plan)
    shown = plan.section("evidence")
    return About(
        title=plan.section("page").text("title"),
        **{key: shown.text(key) for key in ("developer", "funding", "released", "revised")},
        **{key: about.text(key) for key in ("copyright", "written", "use")},
    )


def _groups(guideline: Guideline) -> Mapping[str, str]:
    """What a form calls each group of findings, as the page calls it, in its order."""
    page = Section(guideline, "", guideline.plan).section("page")
    return {one.text("id"): one.text("label") for one in page.sections("group")}
