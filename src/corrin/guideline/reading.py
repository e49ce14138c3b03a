"""Pages and dictionaries become one `Guideline`, or everything that cannot be placed is said at once."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeVar

from corrin.errors import GuidelineError, Problem, Problems
from corrin.guideline import columns as columns_of
from corrin.guideline.declared import Declared
from corrin.guideline.dictionaries import findings as declared_in
from corrin.guideline.dictionaries import parameters as parameters_in
from corrin.guideline.dictionaries.profiles import read_edition, read_plan, read_profiles, read_sources
from corrin.guideline.dictionaries.references import check_references
from corrin.guideline.dictionaries.toml import Toml, load
from corrin.guideline.dictionaries.verdicts import Vocabulary, read_verdicts, read_words
from corrin.guideline.locate import folder as found_folder
from corrin.guideline.model import (
    Column,
    Disagreement,
    Example,
    Guideline,
    Parameter,
    Place,
    Regimen,
    Source,
    Table,
    Timeline,
)
from corrin.guideline.overlay import under
from corrin.guideline.pages.blocks import KINDS, Page, Section, scan
from corrin.guideline.pages.disagreements import read_disagreement
from corrin.guideline.pages.examples import Setting, read_examples
from corrin.guideline.pages.placing import Ground, place_all
from corrin.guideline.pages.regimens import read_regimen, read_timeline
from corrin.guideline.pages.statements import Citations, read_statements
from corrin.guideline.pages.tables import draft, refuse_stray_guards

DICTIONARIES = ("guideline", "sources", "findings", "units", "parameters", "verdicts", "words", "plan")

Named = TypeVar("Named", Regimen, Timeline, Disagreement)
OPTIONAL = ("services", "population")
WITH_ROWS = ("Decision", "List", "Regimen", "Timeline")

_PLACE = re.compile(r"(.+?):(\d+)")


def read(
    folder: str | PathLike[str] | None = None, profile: str = "uk", site: str | PathLike[str] | None = None
) -> Guideline:
    """The guideline as its pages and dictionaries say it, under a profile and a site's file.

    Errors: one `GuidelineError` with every problem found.
    """
    place = Path(folder) if folder is not None else found_folder()
    base = read_base(place)
    return under(base, hashes(place, base.profiles), profile, site)


def hashes(folder: Path, profiles: Iterable[str]) -> dict[str, str]:
    """One hash for each profile, over pages, dictionaries, value sets and the profile's own file."""
    shared = [path for pattern in ("*.md", "*.toml", "valuesets/*.csv") for path in folder.glob(pattern)]
    found: dict[str, str] = {}
    for profile in sorted(profiles):
        whole = hashlib.sha256()
        for path in sorted((*shared, folder / "profiles" / f"{profile}.toml")):
            text = path.read_bytes().replace(b"\r\n", b"\n")
            whole.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
        found[profile] = whole.hexdigest()
    return found


def read_base(folder: Path) -> Guideline:
    """The guideline before a profile is chosen."""
    problems = Problems()
    books = {name: load(folder, f"{name}.toml", problems) for name in DICTIONARIES}
    books |= {
        name: load(folder, f"{name}.toml", problems)
        for name in OPTIONAL
        if (folder / f"{name}.toml").is_file()
    }
    guideline = _assemble(folder, books, problems)
    problems.found.sort(key=_by_place)
    problems.speak(GuidelineError)
    return guideline


def _by_place(problem: Problem) -> tuple[str, int]:
    found = _PLACE.match(problem.where)
    return (found[1], int(found[2])) if found else (problem.where, 0)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the dictionaries and the statements say, before any table is read."""

    sources: Mapping[str, Source]
    declared: Declared
    parameters: Mapping[str, Parameter]
    citations: Citations


@dataclass(frozen=True, slots=True)
class _Written:
    """What the sections of the pages say."""

    tables: tuple[Table, ...]
    columns: Mapping[str, Column]
    regimens: Mapping[str, Regimen]
    timelines: Mapping[str, Timeline]
    examples: tuple[Example, ...]
    disagreements: Mapping[str, Disagreement]


def _assemble(folder: Path, books: Mapping[str, Toml], problems: Problems) -> Guideline:
    edition = read_edition(books["guideline"], folder, problems)
    pages = [_scan(folder, name, problems) for name in edition.pages]
    quotes = [quote for page in pages for quote in page.quotes]
    letters = edition.statements or {quote[0].text[2:3] for quote in quotes}
    sources = read_sources(books["sources"], problems)
    statements = read_statements(quotes, letters, sources, problems)
    known = _read_dictionaries(folder, books, sources, Citations(statements, problems))
    written = _read_sections([section for page in pages for section in page.sections], known)
    tables = {table.id: table for table in written.tables}
    findings = known.declared.findings
    verdicts = read_verdicts(books["verdicts"], Vocabulary(written.columns, tables, findings, problems))
    parameters_in.check_strict(known.parameters, written.tables, books["parameters"], problems)
    return Guideline(
        version=edition.version,
        hash="",
        profile="",
        site=None,
        sources=known.sources,
        statements=known.citations.statements,
        declared=known.declared,
        parameters=known.parameters,
        tables=written.tables,
        columns=written.columns,
        verdicts=verdicts,
        regimens=written.regimens,
        regimen="",
        beside=None,
        timelines=written.timelines,
        examples=written.examples,
        disagreements=written.disagreements,
        profiles=read_profiles(folder, written.regimens, known.parameters, problems),
        words=read_words(books["words"], written.tables, verdicts, problems),
        plan=read_plan(books["plan"], problems),
        numbered=edition.statements,
        services=read_plan(books["services"], problems) if "services" in books else {},
        population=read_plan(books["population"], problems) if "population" in books else {},
    )


def _scan(folder: Path, name: str, problems: Problems) -> Page:
    try:
        return scan(name, (folder / name).read_text("utf-8"), problems)
    except FileNotFoundError:
        return Page()
    except UnicodeDecodeError:
        problems.refuse(Place(name, 1), "the page is not UTF-8", "Save it as UTF-8.")
        return Page()


def _read_dictionaries(
    folder: Path, books: Mapping[str, Toml], sources: Mapping[str, Source], citations: Citations
) -> _Read:
    statements, problems = citations.statements, citations.problems
    findings = declared_in.read_findings(books["findings"], problems)
    conversions = declared_in.read_conversions(books["units"], problems)
    parameters = parameters_in.read_parameters(books["parameters"], problems)
    parameters_in.check_stated(parameters, statements, books["parameters"], problems)
    parameters_in.check_pairs(parameters, conversions, books["parameters"], problems)
    check_references(findings, statements, parameters, books["findings"], problems)
    codes = declared_in.read_codes(folder, findings, problems)
    return _Read(sources, Declared(findings, conversions, codes), parameters, citations)


def _read_sections(sections: list[Section], known: _Read) -> _Written:
    citations, problems = known.citations, known.citations.problems
    of_kind: dict[str, list[Section]] = {"": [], "?": [], **{kind: [] for kind in KINDS}}
    for section in sections:
        of_kind[section.kind].append(section)
        if section.kind not in {"Decision", "List", "?"}:
            refuse_stray_guards(section, problems)
    for section in of_kind["?"] + [each for each in of_kind[""] if each.grids]:
        problems.lose(*section.names)
    rows = _once([each for kind in WITH_ROWS for each in of_kind[kind]], citations)
    columns = columns_of.of_findings(known.declared.findings.values())
    dates = frozenset(finding.id for finding in known.declared.findings.values() if finding.kind == "date")
    drafts = [draft(each, citations) for each in sections if each.kind in {"Decision", "List"}]
    tables = place_all(filter(None, drafts), Ground(columns, known.parameters, dates, problems))
    said = sorted({value for column in columns.values() for value in column.values})
    by_id = {table.id: table for table in tables}
    setting = Setting(by_id, columns, citations.statements, known.declared, problems)
    return _Written(
        tables,
        columns,
        _by_id([read_regimen(each, said, citations) for each in of_kind["Regimen"]], problems),
        _by_id([read_timeline(each, columns, citations) for each in of_kind["Timeline"]], problems),
        tuple(example for each in of_kind["Examples"] for example in read_examples(each, setting)),
        _by_id(
            [read_disagreement(each, rows, known.sources, problems) for each in of_kind["Disagreement"]],
            problems,
        ),
    )


def _once(sections: Iterable[Section], citations: Citations) -> dict[str, Place]:
    """Where each row stands; an id names one row, and no statement."""
    taken = {identity: statement.place for identity, statement in citations.statements.items()}
    first: dict[str, Place] = {}
    for row in (row for section in sections for grid in section.grids for row in grid.rows):
        identity = row.cells[0]
        before = first.get(identity) or taken.get(identity)
        if before:
            what = "a statement" if identity in citations.statements else "a second row"
            citations.problems.refuse(
                f"{row.place} row {identity}",
                f"{what} {identity}, first at {before}",
                "Ids are unique over the whole guideline; take another.",
            )
        first.setdefault(identity, row.place)
    return first


def _by_id(found: Iterable[Named | None], problems: Problems) -> dict[str, Named]:
    by_id: dict[str, Named] = {}
    for each in found:
        if each and each.id in by_id:
            problems.refuse(
                each.place, f"a second `{each.id}`, first at {by_id[each.id].place}", "Name it differently."
            )
        elif each:
            by_id[each.id] = each
    return by_id
