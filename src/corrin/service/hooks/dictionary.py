"""services.toml, [hooks]: which words of CDS Hooks stand for which words of the guideline.

The guideline's dictionary enters; a frozen `Hooks` leaves, every name in it checked. Nothing is decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from corrin import findings
from corrin.errors import GuidelineError, Problem, did_you_mean
from corrin.guideline.model import GRID, Guideline, Table, Verdict
from corrin.intake.fhir.r4 import terms
from corrin.plans.dictionary import Section

PAGE = "services.toml"
INDICATORS = ("info", "warning", "critical")  # the three words of CDS Hooks
EVER, WINDOW = "ever", "window"
OWN = "corrin"  # findings sent by their own ids


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its id, the hook it answers, and what it says of itself."""

    id: str
    hook: str
    description: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the card: the indicator of CDS Hooks, and the table that says why."""

    indicator: str
    table: Table


@dataclass(frozen=True, slots=True)
class Query:
    """One query that a client runs beforehand. `codes` are tokens (`system|code`); none: all there is.

    Units: `within` days back from the day of the answer; None: whenever.
    Shape: `findings` are those whose codes it asks for.
    """

    key: str
    type: str
    needed: bool
    parts: tuple[str, ...]
    codes: tuple[str, ...]
    within: int | None
    findings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The action that says a draft order should not stand, the finding it is of, and what is suggested."""

    action: str
    finding: str
    text: str


@dataclass(frozen=True)
class Hooks:
    """All of [hooks]."""

    level: Verdict
    levels: Mapping[str, Level]
    reasons: Mapping[str, str]
    title: str
    source: str
    usage: str
    topic: Mapping[str, str]
    lines: tuple[Verdict, ...]
    lists: tuple[Verdict, ...]
    treatment: frozenset[str]
    tests: frozenset[str]
    withheld: tuple[str, ...]
    withdraw: Withdrawal
    services: tuple[Service, ...]
    queries: tuple[Query, ...]
    override_system: str
    overrides: Mapping[str, str]
    wanted: frozenset[tuple[str, str]]
    """Every code that speaks of a finding: of a result with none of them only the place is read."""

    def complete(self, empty: Iterable[str]) -> frozenset[str]:
        """The parts of a record of which every query was looked up and found empty."""
        found = set(empty)
        return frozenset(part for part, keys in self.behind.items() if found >= keys)

    @cached_property
    def behind(self) -> Mapping[str, frozenset[str]]:
        """By part of a record, the queries that bring it."""
        parts = {part for query in self.queries for part in query.parts}
        return {part: frozenset(one.key for one in self.queries if part in one.parts) for part in parts}


_laid: dict[tuple[str, str, str | None], Hooks] = {}


def read(guideline: Guideline) -> Hooks:
    """The dictionary of a guideline, read once for each of its profiles and sites.

    Errors: a `GuidelineError` for a missing entry, and for a name that the guideline does not have.
    """
    if not guideline.services:
        raise GuidelineError(Problem(PAGE, "the file is missing", "Write it, or serve no hooks."))
    identity = (guideline.hash, guideline.profile, guideline.site)
    if identity not in _laid:
        _laid[identity] = _read(guideline)
    return _laid[identity]


def _read(guideline: Guideline) -> Hooks:
    page = Section(guideline, "", guideline.services, PAGE).section("hooks")
    recommended = (
        Section(guideline, "", guideline.plan).section("recommended").among("verdict", guideline.verdicts)
    )
    actions = _outputs(guideline, guideline.verdicts[recommended])
    levels = _levels(guideline, page.section("levels"))
    why = tuple(dict.fromkeys(output for one in levels.values() for output in one.table.outputs))
    reasons, withdraw = page.section("reasons"), page.section("withdraw")
    overrides, topic = page.section("overrides"), page.section("topic")
    codes = overrides.section("reasons")
    return Hooks(
        level=guideline.verdicts[page.among("level", guideline.verdicts)],
        levels=levels,
        reasons={output: reasons.text(output) for output in why},
        title=page.text("title"),
        source=page.text("source"),
        usage=page.text("usage"),
        topic={key: topic.text(key) for key in ("system", "code", "display")},
        lines=_verdicts(guideline, page, "lines"),
        lists=_verdicts(guideline, page, "lists"),
        treatment=frozenset(_known(page, "treatment", actions)),
        tests=frozenset(_known(page, "tests", actions)),
        withheld=_known(page, "withheld", tuple(guideline.declared.findings)),
        withdraw=Withdrawal(
            withdraw.among("action", dict.fromkeys(actions)),
            withdraw.among("finding", guideline.declared.findings),
            withdraw.text("text"),
        ),
        services=tuple(
            Service(one.text("id"), one.text("hook"), one.text("description"))
            for one in page.sections("services")
        ),
        queries=tuple(_query(guideline, one) for one in page.sections("prefetch")),
        override_system=overrides.text("system"),
        overrides={code: codes.text(code) for code in codes.keys()},  # noqa: SIM118 - no mapping
        wanted=findings.codes(guideline),
    )


def _levels(guideline: Guideline, section: Section) -> dict[str, Level]:
    tables = {table.id: table for table in guideline.tables}
    levels: dict[str, Level] = {}
    for name in section.keys():  # noqa: SIM118 - no mapping
        one = section.section(name)
        indicator = one.among("indicator", dict.fromkeys(INDICATORS))
        levels[name] = Level(indicator, tables[one.among("table", tables)])
    return levels


def _outputs(guideline: Guideline, verdict: Verdict) -> tuple[str, ...]:
    return tuple(output for name in verdict.tables for output in guideline.table(name).outputs)


def _verdicts(guideline: Guideline, section: Section, key: str) -> tuple[Verdict, ...]:
    return tuple(guideline.verdicts[name] for name in _known(section, key, tuple(guideline.verdicts)))


def _known(section: Section, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """A list of words, each of which the guideline has."""
    words = section.words(key)
    for word in words:
        if word not in known:
            raise GuidelineError(Problem(f"{PAGE}, {key}", f"names {word!r}", did_you_mean(word, known)))
    return words


def _query(guideline: Guideline, section: Section) -> Query:
    systems = section.words("systems")
    since = section.among("since", {EVER: None, WINDOW: None}) if section.has("since") else EVER
    codes, within, heard = (
        _codes(guideline, systems, section.words("kinds"), since) if systems else ((), None, frozenset[str]())
    )
    return Query(
        key=section.text("key"),
        type=section.text("type"),
        needed=section.has("needed"),
        parts=section.words("parts"),
        codes=codes,
        within=within,
        findings=heard,
    )


def _codes(
    guideline: Guideline, systems: tuple[str, ...], kinds: tuple[str, ...], since: str
) -> tuple[tuple[str, ...], int | None, frozenset[str]]:
    """Every code by which findings of these kinds are heard, the days of their longest window, and which.

    A finding counts for ever when it declares no window, when a range of it is kept beyond its window, and
    when it is taken near to another's time; those stand in the query without a date, the others in the other.
    """
    coded: dict[str, list[str]] = {}
    for entry in guideline.declared.codes:
        if entry.system in systems:
            coded.setdefault(entry.finding, []).append(f"{terms.uri(entry.system)}|{entry.code}")
    tokens: list[str] = [f"{terms.CORRIN}|"] if OWN in systems else []
    days: list[int] = []
    asked: set[str] = set()
    for finding in guideline.declared.findings.values():
        heard = [token for name in (finding.id, *finding.codes) for token in coded.get(name, ())]
        ever = finding.window is None or finding.keeps is not None or finding.to is not None
        if finding.counts not in kinds or ever != (since == EVER) or not heard:
            continue
        tokens += heard
        asked.add(finding.id)
        if finding.window and not ever:
            days.append(guideline.parameters[finding.window].value // GRID)
    return tuple(dict.fromkeys(tokens)), max(days) if days else None, frozenset(asked)
