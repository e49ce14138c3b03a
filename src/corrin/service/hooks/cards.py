"""The card: one answer in the shape of CDS Hooks 2.0, its level from the guideline's own table.

An answer, the record it rests on and what was not looked up enter; a card leaves, or none where the table
says so. Plain words in the summary, GitHub-flavoured Markdown below it, nothing empty anywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from corrin.answers import Answer
from corrin.answers.text.facts import measured, result
from corrin.answers.values import day, rhythm, withheld
from corrin.guideline.columns import UNKNOWN
from corrin.guideline.model import Verdict
from corrin.intake.hooks import Call
from corrin.service.hooks.dictionary import Hooks, Level
from corrin.service.hooks.gather import WHY, Gathered
from corrin.service.hooks.suggestions import named, suggest, uuid_of

Json = dict[str, Any]

LONGEST = 139
"""Characters of a summary: fewer than 140."""
SHOWN = 6
"""Lines of one kind on a card; the rest is counted."""
_MARKED = re.compile(r"[\\`*_\[\]<>|~#&!{}]|://|www\.")
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|~#&!{}"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service is found: its own page, and the address of the SMART launch when there is one."""

    page: str
    launch: str = ""


def make(answer: Answer, gathered: Gathered, hooks: Hooks, call: Call, place: Place) -> Json | None:
    """The one card of a patient; None where the table gives none, or the person died or was merged away."""
    said = answer.verdicts[hooks.level.id]
    level = hooks.levels.get(said) if isinstance(said, str) else None
    if level is None:
        return None
    suggestions = suggest(answer, gathered.record, hooks)
    card: Json = {
        "summary": summary(answer, hooks, level),
        "detail": detail(answer, gathered, hooks, level),
        "indicator": level.indicator,
        "source": {"label": hooks.source, "url": place.page, "topic": dict(hooks.topic)},
        "overrideReasons": [
            {"system": hooks.override_system, "code": code, "display": words}
            for code, words in hooks.overrides.items()
        ],
    }
    if place.launch:
        card["links"] = [{"label": "Open with this patient", "url": place.launch, "type": "smart"}]
    content = msgspec.json.encode([card, suggestions]).decode()
    identity = uuid_of(f"{call.instance}\n{call.hook}\n{content}")
    if suggestions:
        card |= {"suggestions": named(suggestions, identity), "selectionBehavior": "any"}
    return {"uuid": identity, **card}


def summary(answer: Answer, hooks: Hooks, level: Level) -> str:
    """Why there is a card and what to do first, as far as it fits."""
    first, *others = [*_why(answer, hooks, level), *(action.words for action in answer.plan.actions)]
    text = _short(first)
    for part in others:
        longer = f"{text}. {_short(part)}"
        if len(longer) > LONGEST:
            break
        text = longer
    return text


def _short(text: str) -> str:
    plain = _line(text).strip(" .")
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rpartition(" ")[0] + "…"


def _why(answer: Answer, hooks: Hooks, level: Level) -> list[str]:
    rows = () if answer.ended else answer.assessment.rows.get(level.table.id, ())
    return list(dict.fromkeys(hooks.reasons[row.output] for row in rows))


def detail(answer: Answer, gathered: Gathered, hooks: Hooks, level: Level) -> str:
    """The card's text: why, what is known, what to do, and what nobody knows."""
    flags = answer.desk.wording.red_flags
    blocks = [
        _block("Why", _why(answer, hooks, level), ours),
        _block(flags.label, answer.words(flags), ours),
        _block("Known", _known(answer, hooks)),
        _block("Recommended", _actions(answer)),
        _block("Course", _course(answer), ours),
        *(_block(one.label, answer.words(one), ours) for one in hooks.lists),
        _block("Not asked (not asked is not absent)", _not_asked(answer)),
        _refused(answer),
        _block("Not looked up", _not_looked_up(gathered)),
        _foot(answer),
    ]
    return "\n\n".join(block for block in blocks if block)


def _line(text: str) -> str:
    return " ".join(text.split())


def escaped(text: str) -> str:
    """Words as Markdown, in which nothing is a mark: one line, no HTML, no link."""
    plain = _line(text)
    if _MARKED.search(plain) is None:
        return plain
    return plain.translate(_MARKS).replace("://", ":\u200b//").replace("www.", "www\u200b.")


def verbatim(text: str) -> str:
    """What a record holds, between backticks: never a mark, a link or a tag."""
    return f"`{_line(text).replace('`', chr(39))[:80].strip() or '-'}`"


@lru_cache(maxsize=1024)
def ours(text: str) -> str:
    """Words of the guideline itself, as Markdown: they are the same for everybody, and so are kept."""
    return escaped(text)


def _block(heading: str, lines: Iterable[str], said_in: Callable[[str], str] = escaped) -> str:
    """A heading and a list; nothing where there is nothing to list."""
    said = list(lines)
    if not said:
        return ""
    shown = [f"- {said_in(line)}" for line in said[:SHOWN]]
    more = [f"- and {len(said) - SHOWN} more"] if len(said) > SHOWN else []
    return "\n".join([f"**{ours(heading)}**", "", *shown, *more])


def _known(answer: Answer, hooks: Hooks) -> Iterator[str]:
    told = {verdict.id for verdict in hooks.lines}
    for heading in answer.desk.wording.lines:
        verdict, word = heading.verdict, answer.verdicts[heading.verdict.id]
        if verdict.id in told and isinstance(word, str) and word not in heading.hide | {UNKNOWN}:
            measured = _measured(answer, verdict) if heading.measured else ""
            yield f"{heading.short}: {verdict.say.get(word, word)}{measured}"


def _measured(answer: Answer, verdict: Verdict) -> str:
    """The numbers a verdict rests on: as used, as printed, and when."""
    results = [result(answer, name) for name in measured(answer, verdict.columns[0])]
    return f" ({'; '.join(results)})" if results else ""


def _actions(answer: Answer) -> Iterator[str]:
    rows = answer.desk.contents.rows
    for action in answer.plan.actions:
        cited = dict.fromkeys(one for row in action.because for one in rows[row][1].because)
        yield f"{action.words} ({', '.join(cited)})"


def _course(answer: Answer) -> Iterator[str]:
    prescription = answer.plan.regimen
    if prescription is None or not (answer.plan.doses or (prescription.withheld and answer.plan.next_due)):
        return
    if prescription.withheld:
        yield withheld(prescription.withheld)
    elif not prescription.course:
        first = answer.plan.doses[0]
        yield f"{first.drug} {first.dose}, {first.route}: the first dose, the same in every regimen"
    for line in (*([prescription.course] if prescription.course else ()), *prescription.beside):
        yield f"{line.drug} {line.dose}, {line.route}: {rhythm(line)}"
    if prescription.course and prescription.beside:
        yield "Two sources, two courses: the clinician picks one; they are never mixed"


def _not_asked(answer: Answer) -> list[str]:
    labels = [answer.desk.wording.asked(finding) for finding in answer.red_flags_open]
    return ["; ".join(labels)] if labels else []


def _not_looked_up(gathered: Gathered) -> Iterator[str]:
    for found, words in WHY.items():
        keys = [query.key for query, how in gathered.wanting if how == found]
        if keys:
            yield f"{', '.join(keys)}: {words}"


def _refused(answer: Answer) -> str:
    """Values that were sent and not used: a clinician has to know that they were not."""
    label = answer.desk.wording.label
    lines = [
        f"- {escaped(label(one.finding))} {verbatim(one.value)}: {escaped(one.reason)}"
        for one in answer.refused[:SHOWN]
    ]
    return "\n".join(["**Sent, and not used**", "", *lines]) if lines else ""


def _foot(answer: Answer) -> str:
    identity = answer.identity
    about = f"Guideline {identity.version}, {identity.hash[:12]}, profile {identity.profile}"
    return escaped(
        f"{about}, as of {day(answer.findings.as_of)}. For clinicians, who decide; not for emergencies."
    )
