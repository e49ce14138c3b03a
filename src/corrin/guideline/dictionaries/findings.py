"""findings.toml, units.toml and the value sets: what `findings` will interpret.

The schema of findings.toml is `declared.Finding`: a field added there can be written here.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from corrin.errors import Problems
from corrin.guideline.columns import YES_NO
from corrin.guideline.declared import CodeEntry, Conversion, Finding
from corrin.guideline.dictionaries.toml import Section, Toml, fill, read_text
from corrin.guideline.model import Place
from corrin.guideline.pages.cells import is_word

CODE_HEADER = ("finding", "system", "code", "means", "status", "source", "note")
SYSTEMS = ("loinc", "snomed", "rxnorm", "atc", "icd10cm", "hpo", "corrin")


def read_findings(toml: Toml, problems: Problems) -> dict[str, Finding]:
    """Every finding of findings.toml that fits its schema."""
    findings: dict[str, Finding] = {}
    for identity, section in toml.sections(problems).items():
        finding = fill(Finding, section, problems, id=identity)
        if finding:
            findings[identity] = finding
            _check_kind(finding, toml, problems)
    return findings


def _check_kind(finding: Finding, toml: Toml, problems: Problems) -> None:
    for kind, key in (("number", "unit"), ("word", "values")):
        given = bool(getattr(finding, key))
        if (finding.kind == kind) != given:
            problems.refuse(
                toml.place(finding.id, key),
                f"`{finding.id}` is a {finding.kind} {'with' if given else 'without'} `{key}`",
                f"A {kind} has `{key}`, and nothing else has.",
            )
            problems.lose(finding.id)
    for value in finding.values:
        if not is_word(value):
            problems.refuse(
                toml.place(finding.id, "values"),
                f"`{value}` is no value",
                "Write lower case words joined by hyphens.",
            )


@dataclass(frozen=True, slots=True)
class _Conversions:
    """The one key of units.toml."""

    conversion: tuple[Mapping[str, object], ...] = ()


def read_conversions(toml: Toml, problems: Problems) -> tuple[Conversion, ...]:
    """Every unit of units.toml, each spelling once for its assay."""
    whole = fill(_Conversions, toml.whole, problems)
    conversions: list[Conversion] = []
    for at, values in enumerate(whole.conversion if whole else ()):
        section = Section(toml, ("conversion", str(at)), values)
        made = fill(Conversion, section, problems)
        if made and _fits(made, conversions, section.place(), problems):
            conversions.append(made)
    return tuple(conversions)


def _fits(made: Conversion, before: list[Conversion], place: Place, problems: Problems) -> bool:
    fits = _is_positive(made.factor) and _is_positive(made.per)
    if not fits:
        problems.refuse(place, f"`{made.factor}` is no factor", 'Write a decimal in quotes: `"0.001"`.')
        problems.lose(made.unit)
    taken = {spelling for each in before if each.assay == made.assay for spelling in each.spellings}
    for spelling in made.spellings:
        if spelling in taken:
            problems.refuse(
                place, f"`{spelling}` is already a unit of `{made.assay}`", "List a spelling once."
            )
    return fits


def _is_positive(factor: str) -> bool:
    try:
        return Decimal(factor).is_finite() and Decimal(factor) > 0
    except InvalidOperation:
        return False


def read_codes(folder: Path, findings: Mapping[str, Finding], problems: Problems) -> tuple[CodeEntry, ...]:
    """Every code of valuesets/*.csv, by the files' names; lines that begin with # are notices."""
    codes: dict[tuple[str, str, str], CodeEntry] = {}
    paths = sorted((folder / "valuesets").glob("*.csv"))
    if not paths:
        problems.refuse(Place("valuesets", 1), "no value set", "Write one, even if it has only its header.")
    for path in paths:
        name = f"valuesets/{path.name}"
        text = read_text(path, name, problems) or ""
        lines = [(Place(name, at), line) for at, line in enumerate(text.split("\n"), 1)]
        kept = [(place, line) for place, line in lines if line.strip() and not line.startswith("#")]
        if not kept or tuple(kept[0][1].strip().split(",")) != CODE_HEADER:
            place = kept[0][0] if kept else Place(name, 1)
            what = "a header that is not that of a value set"
            problems.refuse(place, what, f"Write `{','.join(CODE_HEADER)}`.")
            continue
        for place, line in kept[1:]:
            entry = _code(line, place, findings, problems)
            if entry:
                _add_code(entry, place, codes, problems)
    return tuple(codes.values())


def _code(line: str, place: Place, findings: Mapping[str, Finding], problems: Problems) -> CodeEntry | None:
    try:
        cells = next(csv.reader([line.rstrip()], strict=True))
    except csv.Error:
        problems.refuse(
            place, "a quoted cell that is not closed", 'Close it on its own line; write `""` for a quote.'
        )
        return None
    if len(cells) != len(CODE_HEADER):
        problems.refuse(
            place, f"{len(cells)} cells under {len(CODE_HEADER)} columns", "Give every column its cell."
        )
        return None
    finding, system, code, means, status, source, _note = cells
    entry = CodeEntry(finding, system, code, means, status, source)
    return entry if check_code(entry, findings, place, problems) else None


def check_code(entry: CodeEntry, findings: Mapping[str, Finding], place: object, problems: Problems) -> bool:
    """A code names a finding, a system and a word of that finding; anything else is refused."""
    before = len(problems.found)
    finding = findings.get(entry.finding)
    if entry.system not in SYSTEMS:
        problems.miss(place, entry.system, "system", SYSTEMS)
    if not entry.code or entry.code != entry.code.strip():
        problems.refuse(place, "a blank code", "Write the code, without blanks around it.")
    if not finding:
        problems.miss(place, entry.finding, "finding", findings)
        return False
    words = (*finding.values, *(YES_NO if finding.kind == "yes-no" else ()), *(finding.words or ()))
    if entry.means and entry.means not in words and not problems.is_lost(finding.id):
        problems.miss(place, entry.means, f"value of `{entry.finding}`", words)
    return len(problems.found) == before


def _add_code(
    entry: CodeEntry, place: Place, codes: dict[tuple[str, str, str], CodeEntry], problems: Problems
) -> None:
    key = (entry.finding, entry.system, entry.code)
    if key in codes:
        problems.refuse(
            place, f"{entry.system} {entry.code} stands twice for `{entry.finding}`", "List it once."
        )
    codes[key] = entry
