"""One row for each patient: the state of every care gap, the worst one first, why, and what comes next.

A guideline enters, a statement leaves that reads findings, verdicts, facts and people; in which order gaps
come and what is shown of each stands in population.toml. It uses nothing that only one engine knows.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from corrin.guideline.columns import UNKNOWN
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline
from corrin.plans import dictionary as plans
from corrin.plans.dates import Span
from corrin.population import dictionary
from corrin.population.dictionary import Gap, Worklist
from corrin.population.statements import NAMES, Names

RESULT = "result"
LONGEST_CLOCK = 4_000
"""Days since an onset for which the days left are worked out; longer ago they are long gone."""

RANK = """ROW_NUMBER() OVER (ORDER BY
    CASE WHEN gap_order IS NULL THEN 1 ELSE 0 END, gap_order,
    CASE WHEN clocked IS NULL THEN 1 ELSE 0 END, clocked, refused_results DESC, patient) AS rank"""
"""The place in the order: the worst gap first, and in it the fewest days left."""

LEFT_OUT = ("gap_order", "clocked", "refused_results")
"""Columns by which the worklist is put in order, and which nobody needs to see."""

CLOCK_TABLE = "CREATE TABLE clock (days BIGINT, days_left BIGINT)"
PEOPLE = """
    SELECT DISTINCT ON (patient) * FROM {people}
    ORDER BY patient, CASE WHEN birth_first_day IS NULL THEN 1 ELSE 0 END, place"""
"""A patient who stands in two places is one: the place that knows a birth date comes first."""


def clock(guideline: Guideline, as_of: date) -> tuple[tuple[int, int], ...]:
    """For each number of days since an onset, the days that are left of the months a source names."""
    months = plans.entries(guideline).clock.months
    since = [(days, Span.on(as_of - timedelta(days=days))) for days in range(LONGEST_CLOCK)]
    left = [(days, onset.plus_months(months).days_from(as_of).least) for days, onset in since]
    return tuple((days, least) for days, least in left if least is not None)


def select(guideline: Guideline, names: Names = NAMES, clocked: date | None = None) -> str:
    """The statement that gives the worklist without its ranks; `ordered` puts it in order.

    Where it is `clocked` for a day, the clock stands in the statement, and runs for whoever is answered on
    that day; else it is the table `clock`.
    """
    listed = dictionary.read(guideline)
    shown = tuple(dict.fromkeys(finding for gap in listed.gaps for finding in gap.shows))
    states = [f"{_state(guideline, gap, listed.outside)} AS {gap.name}" for gap in listed.gaps]
    days, longest = _onsets(guideline)
    best = _best((guideline.declared.findings[name] for name in shown), names)
    inlined, on = _inlined(guideline, clocked) if clocked else ("", "")
    return f"""
WITH {inlined}best AS ({best}),
pivoted AS ({_pivoted(shown)}),
stated AS (
    SELECT p.patient, p.site, p.refused, p.as_of_day, {", ".join(states)}, {_person(guideline)},
        {days} AS days_grid, {longest} AS longest_grid,
        {", ".join(f'v."{verdict.columns[0]}" AS {verdict.id}' for verdict in listed.beside)}
    FROM {names.people} AS p
    JOIN {names.findings} AS f ON f.patient = p.patient
    JOIN {names.verdicts} AS v ON v.patient = p.patient
    WHERE p.died = 0 AND p.replaced_by IS NULL
),
placed AS (SELECT *, {_worst(listed)} AS gap_order FROM stated)
SELECT s.gap_order, s.patient, s.site, s.sex, s.age_low, s.age_high,
    {_case((str(n), _text(gap.id)) for n, gap in enumerate(listed.gaps))} AS gap,
    {", ".join(f"s.{gap.name}" for gap in listed.gaps)},
    {_reasons(guideline, listed)} AS reason,
    {_next(guideline, listed)} AS next_action,
    {_whole("s.days_grid")} AS days, c.days_left AS days_left,
    CASE WHEN s.gap_order IN ({_numbers(listed.gaps)}) THEN c.days_left END AS clocked,
    {", ".join(f"COALESCE(s.{verdict.id}, '{UNKNOWN}') AS {verdict.id}" for verdict in listed.beside)},
    {_refused(guideline, listed)} AS refused_results,
    {_case((str(n), _facts(guideline, gap)) for n, gap in enumerate(listed.gaps))} AS facts
FROM placed AS s
JOIN {names.findings} AS f ON f.patient = s.patient
JOIN {names.verdicts} AS v ON v.patient = s.patient
LEFT JOIN pivoted AS t ON t.patient = s.patient
LEFT JOIN clock AS c ON c.days = {_whole("s.longest_grid")}{on}"""


def _onsets(guideline: Guideline) -> tuple[str, str]:
    """The days since the onset that is surely the longest ago, at least and at most."""
    onsets = [onset.finding for onset in plans.entries(guideline).clock.onsets]
    days, longest = "", ""
    for n, onset in enumerate(onsets):
        others = " AND ".join(f"f.{onset}_low >= COALESCE(f.{other}_low, 0)" for other in onsets[n + 1 :])
        known = others or f"f.{onset}_low IS NOT NULL"
        days += f" WHEN {known} THEN f.{onset}_low"
        around = (f"CASE WHEN f.{one}_high >= f.{onset}_low THEN f.{one}_high END" for one in onsets)
        longest += f" WHEN {known} THEN COALESCE(f.{onset}_high, {', '.join(around)}, f.{onset}_low)"
    return f"CASE{days} END", f"CASE{longest} END"


def _inlined(guideline: Guideline, as_of: date) -> tuple[str, str]:
    """The clock of a day as a step of the statement, and the condition that a person is answered on it."""
    rows = ", ".join(f"({days}, {left})" for days, left in clock(guideline, as_of))
    day = (as_of - date(1970, 1, 1)).days
    whole = ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in ("days", "days_left"))
    return (
        f"clock AS (SELECT {whole} FROM (VALUES {rows}) AS c(days, days_left)),\n",
        f" AND s.as_of_day = {day}",
    )


def ordered(source: str) -> str:
    """The statement that ranks the rows of `source`: the worst gap first, and in it the fewest days left."""
    return f"SELECT {RANK}, * FROM {source} ORDER BY rank"


def _state(guideline: Guideline, gap: Gap, outside: str) -> str:
    """One of four words: where the guard fails it does not apply, what is not settled is unknown."""
    table = next(table for table in guideline.tables if gap.column in (table.output, table.name))
    state = f"""COALESCE(v."{gap.column}", '{UNKNOWN}')"""
    if table.guard is None:
        return state
    holds = ", ".join(_text(word) for word in table.guard.cell.words)
    guard = f'v."{table.guard.finding}"'
    return f"CASE WHEN {guard} IS NOT NULL AND {guard} NOT IN ({holds}) THEN '{outside}' ELSE {state} END"


def _worst(listed: Worklist) -> str:
    """The place in the order of the first gap that is open."""
    whens = " ".join(f"WHEN {gap.name} = '{listed.acts}' THEN {n}" for n, gap in enumerate(listed.gaps))
    return f"CASE {whens} END"


def _numbers(gaps: Iterable[Gap]) -> str:
    return ", ".join(str(n) for n, gap in enumerate(gaps) if gap.clock)


def _case(branches: Iterable[tuple[str, str]]) -> str:
    """What belongs to the worst open gap; nothing where no gap is open."""
    return "CASE s.gap_order " + " ".join(f"WHEN {n} THEN {value}" for n, value in branches) + " END"


def _person(guideline: Guideline) -> str:
    """Sex, as the person's record says it, else as it was answered; age in years, as well as known."""
    known = {each.person: each.id for each in guideline.declared.findings.values() if each.person}
    age = known["birth"]
    ages = f"{_whole(f'f.{age}_low')} AS age_low, {_whole(f'f.{age}_high')} AS age_high"
    return f"COALESCE(p.sex, f.{known['gender']}) AS sex, {ages}"


def _best(findings: Iterable[Finding], names: Names) -> str:
    """Of each finding that may be shown the fact that gave its value, else the latest."""
    shown = tuple(findings)
    fits = " ".join(f"WHEN {_text(each.id)} THEN {_fits(each)}" for each in shown if each.kind == "number")
    return f"""
    SELECT patient, finding, text, day, {_object()} AS said FROM (
        SELECT facts.patient, facts.finding, facts.text, facts.place, facts.day, ROW_NUMBER() OVER (
            PARTITION BY facts.patient, facts.finding
            ORDER BY CASE facts.finding {fits} ELSE 0 END,
                CASE WHEN facts.last_minute IS NULL THEN 1 ELSE 0 END, facts.last_minute DESC,
                facts.grade DESC, facts.place, facts.text) AS nth
        FROM {names.facts} AS facts JOIN {names.findings} AS f ON f.patient = facts.patient
        WHERE facts.state = 'usable' AND (facts.word IS NULL OR facts.word <> 'no')
            AND facts.finding IN ({", ".join(_text(each.id) for each in shown)})
    ) AS ranked WHERE nth = 1"""


def _fits(finding: Finding) -> str:
    ends = (f"facts.{end} IS NOT DISTINCT FROM f.{finding.id}_{end}" for end in ("low", "high"))
    return f"CASE WHEN {' AND '.join(ends)} THEN 0 ELSE 1 END"


def _pivoted(shown: Iterable[str]) -> str:
    """One row for each patient, three columns for each finding."""
    columns = [
        f"MAX(CASE WHEN finding = {_text(name)} THEN {part} END) AS {name}_{part}"
        for name in shown
        for part in ("text", "day", "said")
    ]
    return f"SELECT patient, {', '.join(columns)} FROM best GROUP BY patient"


def _reasons(guideline: Guideline, listed: Worklist) -> str:
    """The reason of the worst open gap; without a gap, which result could not be used."""
    reasons = ((str(n), _reason(guideline, gap)) for n, gap in enumerate(listed.gaps))
    return f"COALESCE({_case(reasons)}, {_unusable(guideline, listed)})"


def _reason(guideline: Guideline, gap: Gap) -> str:
    """What is wrong in a few words, and the facts behind it."""
    findings = [guideline.declared.findings[name] for name in gap.shows]
    told = [f"CASE WHEN {_known(each)} THEN {_told(each)} END" for each in findings]
    return f"{_text(gap.says)} || {_joined(': ', '; ', told)}"


def _known(finding: Finding) -> str:
    """The finding is known and speaks, and there is a fact to show."""
    fact = f"t.{finding.id}_said IS NOT NULL"
    if finding.kind == "number":
        return f"(f.{finding.id}_low IS NOT NULL OR f.{finding.id}_high IS NOT NULL) AND {fact}"
    return (
        fact
        if finding.kind == "date"
        else f"f.{finding.id} IS NOT NULL AND f.{finding.id} <> 'no' AND {fact}"
    )


def _told(finding: Finding) -> str:
    """A finding as the reason names it: its label, the value as printed, the day."""
    label, day = _text(finding.label), f"COALESCE(' (' || t.{finding.id}_day || ')', '')"
    if finding.kind == "number" and finding.counts != RESULT:
        return f"{label} || ' ' || CAST({_whole(f'f.{finding.id}_low')} AS TEXT)"
    if finding.kind == "number":
        return f"{label} || ' ' || t.{finding.id}_text || {day}"
    if finding.kind == "date":
        return f"{label} || ' ' || t.{finding.id}_text"
    return f"{label} || {day}" if finding.kind == "yes-no" else f"{label} || ': ' || f.{finding.id} || {day}"


def _facts(guideline: Guideline, gap: Gap) -> str:
    """The same facts as JSON: finding, text, place."""
    findings = [guideline.declared.findings[name] for name in gap.shows]
    parts = [f"CASE WHEN {_known(each)} THEN t.{each.id}_said END" for each in findings]
    return f"'[' || {_joined('', ',', parts)} || ']'"


def _joined(before: str, between: str, parts: Iterable[str]) -> str:
    """The parts that are not NULL, with something between them, and before them if there are any.

    CONCAT_WS would say it, but some warehouses do not have it, and in others one NULL makes all of it NULL.
    """
    many = " || ".join(f"COALESCE({_text(between)} || {part}, '')" for part in parts)
    rest = f"SUBSTR({many}, {len(between) + 1})"
    return f"COALESCE({_text(before)} || NULLIF({rest}, ''), '')" if before else rest


def _object() -> str:
    """A fact as JSON."""
    text, place = _json("text"), _json("place")
    return f"""'{{"finding":"' || finding || '","text":"' || {text} || '","place":"' || {place} || '"}}'"""


def _json(column: str) -> str:
    """A text as JSON writes it between its quotation marks."""
    text = f"COALESCE({column}, '')"
    for found, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", " "), ("\r", " "), ("\t", " ")):
        text = f"REPLACE({text}, '{found}', '{written}')"
    return text


def _next(guideline: Guideline, listed: Worklist) -> str:
    """The first action of the gap that the patient has; without a gap, what to do of a refused result."""
    words = dict(_actions(guideline, listed))
    whens = {name: f"""WHEN v."{flag}" = 'yes' THEN {_text(said)}""" for name, (flag, said) in words.items()}
    branches = [
        (str(n), f"CASE {' '.join(whens[name] for name in gap.next)} ELSE {_text(gap.otherwise)} END")
        for n, gap in enumerate(listed.gaps)
    ]
    refused = f"CASE WHEN {_refused(guideline, listed)} > 0 THEN {_text(listed.unread)} END"
    return f"COALESCE({_case(branches)}, {refused})"


def _actions(guideline: Guideline, listed: Worklist) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each action with the column that says whether it holds, and its words."""
    for identity in listed.actions.tables:
        table = guideline.table(identity)
        for output in table.outputs:
            yield output, (table.flag(output), guideline.words[table.output][output])


def _unusable(guideline: Guideline, listed: Worklist) -> str:
    """Which results were sent and could not be used; NULL where there are none."""
    known = guideline.declared.findings
    labels = {flag.id: known[flag.of or flag.id].label for flag in _flags(guideline, listed)}
    named = (f"CASE WHEN f.{flag} = 'yes' THEN {_text(label)} END" for flag, label in labels.items())
    return f"{_text(listed.unusable)} || NULLIF({_joined(': ', ', ', named)}, '')"


def _refused(guideline: Guideline, listed: Worklist) -> str:
    """How many kinds of result were sent and could not be used."""
    flags = (flag.id for flag in _flags(guideline, listed))
    return " + ".join(f"CASE WHEN f.{flag} = 'yes' THEN 1 ELSE 0 END" for flag in flags)


def _flags(guideline: Guideline, listed: Worklist) -> list[Finding]:
    """The findings that say of a kind of result that one could not be used."""
    findings = guideline.declared.findings.values()
    return [each for each in findings if each.take == "refused" and each.of in listed.refused]


def _whole(column: str) -> str:
    """Steps of the grid as whole units."""
    return f"CAST({column} // {GRID} AS BIGINT)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
