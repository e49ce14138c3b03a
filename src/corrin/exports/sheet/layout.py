"""[page] and [evidence] of plan.toml: which list stands where, what is loud, which questions are grouped."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from corrin.answers import Desk
from corrin.answers.wording import Heading
from corrin.errors import GuidelineError, Problem
from corrin.guideline.model import Guideline, Verdict
from corrin.plans.dictionary import PAGE, Section


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand together, under a heading; `shown` without being asked for."""

    id: str
    label: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a person that a reader of a guideline asks about, and the findings that tell it."""

    name: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made the guideline, with whose money, and when."""

    developer: str
    funding: str
    released: str
    revised: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a guideline wants its page laid out."""

    title: str
    now: Heading
    tests: Heading
    cautions: Heading
    review: Heading
    also: tuple[Verdict, ...]
    bar: tuple[Heading, ...]
    drawn: tuple[str, ...]
    loud: Mapping[str, frozenset[str]]
    groups: tuple[Group, ...]
    origin: Origin


@lru_cache(maxsize=8)
def layout(desk: Desk) -> Layout:
    """The layout of a desk's guideline.

    Errors: a missing entry, a name that is no verdict or finding, a group of findings without a heading.
    """
    guideline = desk.guideline
    page = Section(guideline, "", guideline.plan).section("page")
    lists = {one.verdict.id: one for one in desk.wording.lists}
    lines = {one.verdict.id: one for one in desk.wording.lines}
    return Layout(
        title=page.text("title"),
        now=lists[page.among("list_now", lists)],
        tests=lists[page.among("list_tests", lists)],
        cautions=lists[page.among("list_cautions", lists)],
        review=lists[page.among("list_review", lists)],
        also=tuple(guideline.verdicts[one] for one in _known(page, "also", guideline.verdicts)),
        bar=tuple(lines[one] for one in _known(page, "bar", lines)),
        drawn=_known(page, "drawn", guideline.declared.findings),
        loud={one.among("verdict", lines): frozenset(one.words("values")) for one in page.sections("loud")},
        groups=_groups(guideline, page),
        origin=_origin(guideline),
    )


def _groups(guideline: Guideline, page: Section) -> tuple[Group, ...]:
    groups = tuple(
        Group(one.text("id"), one.text("label"), one.has("shown")) for one in page.sections("group")
    )
    used = {one.group for one in guideline.declared.findings.values() if one.asked}
    for name in sorted(used - {one.id for one in groups}):
        raise GuidelineError(
            Problem(
                f"{PAGE}, page.group", f"no heading for the group {name!r}", "Add a [[page.group]] for it."
            )
        )
    return groups


def _origin(guideline: Guideline) -> Origin:
    page = Section(guideline, "", guideline.plan).section("evidence")
    return Origin(
        developer=page.text("developer"),
        funding=page.text("funding"),
        released=page.text("released"),
        revised=page.text("revised"),
        attributes=tuple(
            Attribute(one.text("name"), _known(one, "findings", guideline.declared.findings))
            for one in page.sections("attribute")
        ),
    )


def _known(section: Section, key: str, known: Mapping[str, object]) -> tuple[str, ...]:
    words = section.words(key)
    for word in words:
        if word not in known:
            mend = "Name one that the guideline has."
            raise GuidelineError(Problem(f"{PAGE}, {key}", f"names {word!r}, which is not known", mend))
    return words
