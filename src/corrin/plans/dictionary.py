"""`plan.toml`: which columns, findings, parameters and statements a plan reads.

The guideline's dictionary enters; frozen entries leave, with every name checked against the guideline, and
parameters replaced by their values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from corrin.errors import GuidelineError, Problem, did_you_mean
from corrin.guideline.model import GRID, Guideline

Condition = tuple[Mapping[str, tuple[str, ...]], ...]
"""Met when one of its parts is: column or finding -> the values it may have, `unknown` being one of them."""

ALWAYS: Condition = ({},)
NEVER: Condition = ()
UNKNOWN = "unknown"

PAGE = "plan.toml"


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """Where it is recorded or decided which course of the Regimen table is meant, and what is withheld."""

    given: str
    chosen: str
    shared: str
    withheld: str
    beside: Condition


@dataclass(frozen=True, slots=True)
class TreatmentEntry:
    """When doses are planned, and the findings that say what was already given."""

    begin: Condition
    under_way: Condition
    is_loading: Condition
    is_maintained: Condition
    doses_so_far: str
    last_dose_day: str
    start_day: str
    review_day: str


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A review every so many days, or so many months after the start and the last review."""

    id: str
    label: str
    every_days: int | None
    after_months: int | None
    when: Condition
    unless: Condition
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Onset:
    """A finding that counts the days since something began, and what it stands in for.

    `because` are statements beside those of the clock itself.
    """

    finding: str
    proxy: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockEntry:
    """The months a source names, whom they concern, and the onsets to count from, the best first."""

    months: int
    when: Condition
    onsets: tuple[Onset, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecoveryEntry:
    """Which Timeline is shown to whom, from what kind of source, and which statements stand beside it."""

    timeline: str
    when: Condition
    source: str
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """Everything in `plan.toml`."""

    course: CourseEntry
    treatment: TreatmentEntry
    reviews: tuple[ReviewEntry, ...]
    clock: ClockEntry
    recovery: RecoveryEntry
    recommended: str


READY = 4
"""For how many guidelines the entries are kept: each profile once, and a site's."""

_ready: list[tuple[Guideline, Entries]] = []


def entries(guideline: Guideline) -> Entries:
    """The entries of a guideline, read once."""
    for known, ready in _ready:
        if known is guideline:
            return ready
    made = read(guideline)
    _ready[:] = [(guideline, made), *_ready[: READY - 1]]
    return made


def read(guideline: Guideline) -> Entries:
    """The entries of `plan.toml`.

    Errors: a missing entry, and a name that is no column, finding, parameter, statement, verdict or timeline.
    """
    page = Section(guideline, "", guideline.plan)
    course, treatment, clock = page.section("course"), page.section("treatment"), page.section("clock")
    recovery = page.section("recovery")
    return Entries(
        course=_course(course),
        treatment=TreatmentEntry(
            begin=treatment.condition("begin"),
            under_way=treatment.condition("under_way"),
            is_loading=treatment.condition("is_loading"),
            is_maintained=treatment.condition("is_maintained"),
            doses_so_far=treatment.column("doses_so_far"),
            last_dose_day=treatment.column("last_dose_day"),
            start_day=treatment.column("start_day"),
            review_day=treatment.column("review_day"),
        ),
        reviews=tuple(_review(section) for section in page.sections("reviews")),
        clock=ClockEntry(
            months=clock.number("months"),
            when=clock.condition("when") if clock.has("when") else ALWAYS,
            onsets=tuple(_onset(one) for one in clock.sections("onset")),
            because=clock.statements("because"),
        ),
        recovery=RecoveryEntry(
            timeline=recovery.among("timeline", guideline.timelines),
            when=recovery.condition("when"),
            source=recovery.text("source"),
            beside=recovery.statements("beside"),
        ),
        recommended=page.section("recommended").among("verdict", guideline.verdicts),
    )


def _onset(section: "Section") -> Onset:
    because = section.statements("because") if section.has("because") else ()
    return Onset(section.column("finding"), section.text("proxy"), because)


def _course(section: "Section") -> CourseEntry:
    return CourseEntry(
        given=section.column("given"),
        chosen=section.column("chosen"),
        shared=section.text("shared"),
        withheld=section.column("withheld"),
        beside=section.condition("beside"),
    )


def _review(section: "Section") -> ReviewEntry:
    return ReviewEntry(
        id=section.text("id"),
        label=section.text("label"),
        every_days=section.number("every_days") if section.has("every_days") else None,
        after_months=None if section.has("every_days") else section.number("after_months"),
        when=section.condition("when") if section.has("when") else ALWAYS,
        unless=section.condition("unless") if section.has("unless") else NEVER,
        because=section.statements("because"),
    )


class Section:
    """One section of a dictionary, which knows its name for the error messages."""

    def __init__(
        self, guideline: Guideline, name: str, entries: Mapping[str, object], page: str = PAGE
    ) -> None:
        self._guideline = guideline
        self._page = page
        self._name = name
        self._entries = entries

    def has(self, key: str) -> bool:
        """The entry is there."""
        return key in self._entries

    def keys(self) -> tuple[str, ...]:
        """The entries there are, in their order."""
        return tuple(self._entries)

    def section(self, key: str) -> "Section":
        """The entries of a section within."""
        value = self._value(key)
        if not isinstance(value, Mapping):
            raise self._refused(key, "is no section", f"Write [{self._path(key)}] and its entries below.")
        return Section(self._guideline, self._path(key), cast("Mapping[str, object]", value), self._page)

    def sections(self, key: str) -> list["Section"]:
        """The entries of each of several sections within."""
        value = self._value(key)
        if not isinstance(value, list | tuple):
            raise self._refused(key, "is no list of sections", f"Write [[{self._path(key)}]] for each.")
        many = cast("list[Mapping[str, object]]", value)
        return [Section(self._guideline, self._path(key), one, self._page) for one in many]

    def text(self, key: str) -> str:
        """A text."""
        value = self._value(key)
        if not isinstance(value, str):
            raise self._refused(key, f"is {value!r}", "Write a text between quotes.")
        return value

    def among(self, key: str, known: Mapping[str, object]) -> str:
        """A name that must be one of those known."""
        value = self.text(key)
        if value not in known:
            raise self._refused(
                key, f"names {value!r}, which the guideline does not have", did_you_mean(value, known)
            )
        return value

    def column(self, key: str) -> str:
        """A column that tables can read."""
        return self.among(key, self._guideline.columns)

    def number(self, key: str) -> int:
        """A parameter, as the whole number it stands for."""
        return self._guideline.parameters[self.among(key, self._guideline.parameters)].value // GRID

    def statements(self, key: str) -> tuple[str, ...]:
        """Statements that stand on a page."""
        value = self._value(key)
        named = tuple(cast("list[str]", value)) if isinstance(value, list | tuple) else ()
        strange = [one for one in named if one not in self._guideline.statements]
        if strange or not named:
            raise self._refused(
                key, f"cites {strange or value!r}", "Cite a list of statements that stand on a page."
            )
        return named

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; none when the entry is not there."""
        value = self._entries.get(key, ())
        if not isinstance(value, list | tuple):
            raise self._refused(key, f"is {value!r}", "Write a list of words.")
        return tuple(cast("list[str]", value))

    def condition(self, key: str) -> Condition:
        """A condition, or several of which one is enough."""
        value = self._value(key)
        parts = cast("list[object]", value if isinstance(value, list | tuple) else [value])
        return tuple(self._part(key, part) for part in parts)

    def _part(self, key: str, part: object) -> Mapping[str, tuple[str, ...]]:
        if not isinstance(part, Mapping):
            raise self._refused(key, f"is {part!r}", 'Write a condition such as { start = "now" }.')
        asked = cast("Mapping[str, str | list[str]]", part)
        return {name: self._words(key, name, words) for name, words in asked.items()}

    def _words(self, key: str, name: str, words: str | list[str]) -> tuple[str, ...]:
        column = self._guideline.columns.get(name)
        allowed = (words,) if isinstance(words, str) else tuple(words)
        if column is None or not set(allowed) <= {*column.values, UNKNOWN}:
            raise self._refused(key, f"asks for {name} = {words!r}", "Name a column and one of its values.")
        return allowed

    def _value(self, key: str) -> object:
        if key not in self._entries:
            raise self._refused(key, "is missing", f"Add it; the comments in {self._page} say what it is.")
        return self._entries[key]

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def _refused(self, key: str, what: str, mend: str) -> GuidelineError:
        return GuidelineError(Problem(f"{self._page}, {self._path(key)}", what, mend))
