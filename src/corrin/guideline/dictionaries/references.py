"""What entries of findings.toml refer to: other findings and their words, parameters, statements, ranges.

A reference that leads nowhere would be a finding that nothing ever answers, in silence; so it is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corrin.errors import Problems, Refusal
from corrin.guideline.columns import YES_NO, of_findings
from corrin.guideline.declared import Finding
from corrin.guideline.dictionaries.toml import Toml
from corrin.guideline.model import Column, Parameter
from corrin.guideline.pages.cells import read_cell
from corrin.guideline.pages.statements import refuse_unstated

TO_FINDINGS = (
    "since", "began", "to", "of", "until", "samples", "codes", "feeds", "upper_limit_of", "over_limit_of",
)  # fmt: skip
TO_PARAMETERS = ("window", "strength")


@dataclass(frozen=True, slots=True)
class _Known:
    """What an entry may refer to, and its file."""

    findings: Mapping[str, Finding]
    columns: Mapping[str, Column]
    parameters: Mapping[str, Parameter]
    toml: Toml
    problems: Problems


def check_references(
    findings: Mapping[str, Finding],
    statements: Iterable[str],
    parameters: Mapping[str, Parameter],
    toml: Toml,
    problems: Problems,
) -> None:
    """Refuse every reference that leads nowhere."""
    stated = set(statements)
    known = _Known(findings, of_findings(findings.values()), parameters, toml, problems)
    for finding in findings.values():
        for name in finding.because:
            if name not in stated:
                refuse_unstated(name, toml.place(finding.id, "because"), problems)
        for keys, what, names in (
            (TO_FINDINGS, "finding", findings),
            (TO_PARAMETERS, "parameter", parameters),
        ):
            for key in keys:
                _check_names(finding, key, what, names, known)
        _check_ranges(finding, known)
        _check_words(finding, known)
        _check_implied(finding, known)
        _check_answered(finding, known)


def _check_names(finding: Finding, key: str, what: str, names: Iterable[str], known: _Known) -> None:
    written: str | tuple[str, ...] | None = getattr(finding, key)
    for name in (written,) if isinstance(written, str) else written or ():
        if name not in names:
            known.problems.miss(known.toml.place(finding.id, key), name, what, names)


def _check_ranges(finding: Finding, known: _Known) -> None:
    """A number's `keeps`, and what its laboratory's words stand for, are ranges in its own unit."""
    ranges = {("keeps",): finding.keeps} if finding.keeps is not None else {}
    if finding.kind == "number":
        ranges |= {("words", word): text for word, text in (finding.words or {}).items()}
    for path, text in ranges.items():
        place = known.toml.place(finding.id, *path)
        source = known.findings.get(finding.of or "", finding)
        column = known.columns.get(source.id)
        try:
            cell = read_cell(text, column, known.parameters) if column else None
        except Refusal as refusal:
            known.problems.take(place, refusal)
        else:
            if cell is None or cell.kind != "range":
                known.problems.refuse(place, f"`{text}` is no range", "Write `< n`, `a..b` or `> n`.")


def _check_words(finding: Finding, known: _Known) -> None:
    if finding.kind == "word":
        for word, value in (finding.words or {}).items():
            _check_value(value, finding, known.toml.place(finding.id, "words", word), known.problems)


def _check_implied(finding: Finding, known: _Known) -> None:
    """What a value says of other findings; of a number, any word that laboratories send for some number."""
    numbers = [other for other in known.findings.values() if other.kind == "number"]
    speakers = numbers if finding.kind == "number" else [finding]
    words = (*_values(finding), *(word for speaker in speakers for word in speaker.words or ()))
    for word, implied in (finding.implies or {}).items():
        place = known.toml.place(finding.id, "implies", word)
        if word not in words:
            known.problems.miss(place, word, f"value of `{finding.id}`", words)
        for name, value in implied.items():
            other = known.findings.get(name)
            if other is None:
                known.problems.miss(place, name, "finding", known.findings)
            else:
                _check_value(value, other, place, known.problems)


def _check_answered(finding: Finding, known: _Known) -> None:
    """Which values of other findings answer this one: `answered_by = { examination = { normal = "no" } }`."""
    for name, answers in (finding.answered_by or {}).items():
        place = known.toml.place(finding.id, "answered_by")
        other = known.findings.get(name)
        if other is None:
            known.problems.miss(place, name, "finding", known.findings)
            continue
        for theirs, ours in answers.items():
            _check_value(theirs, other, place, known.problems)
            _check_value(ours, finding, place, known.problems)


def _check_value(value: str, finding: Finding, place: object, problems: Problems) -> None:
    values = _values(finding)
    if value not in values and not problems.is_lost(finding.id):
        problems.miss(place, value, f"value of `{finding.id}`", values)


def _values(finding: Finding) -> tuple[str, ...]:
    return YES_NO if finding.kind == "yes-no" else finding.values
