"""The invariants of ARCHITECTURE.md that can be read off the source."""

import ast
import json
import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import pytest
from tests.conftest import ROOT

SRC = ROOT / "src" / "corrin"
MODULES = sorted(SRC.rglob("*.py"))
STANDARD_ONLY = ("guideline", "records.py", "units.py", "errors.py", "findings", "plans", "answers", "api.py")
STANDARD_ONLY_MODULES = (
    "readings/python.py",
    "readings/algebra.py",
    "readings/assessment.py",
    "readings/masks.py",
    "readings/pieces.py",
    "readings/plain.py",
    "findings/sql.py",
)

LONG_MODULES: dict[str, str] = {}
"""Modules over 300 lines, each with its reason."""
LONG_FUNCTIONS: dict[str, str] = {}
"""Functions over 40 lines, each with its reason."""


def relative(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def core(path: Path) -> bool:
    name = relative(path)
    if name == "findings/sql.py":
        return False  # prints SQL through SQLGlot, as readings/sql.py does
    return name.split("/")[0] in STANDARD_ONLY or name in STANDARD_ONLY_MODULES


def strings(tree: ast.AST):
    """Every string literal that is not a docstring."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    documentation |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node


OTHER_MEANINGS: dict[str, tuple[str | tuple[str, ...], str]] = {
    "yes": ("", "a word every yes-no finding has"),
    "no": ("", "a word every yes-no finding has"),
    "unknown": ("", "the one reserved word"),
    "none": ("", "the word for nothing"),
    "sex": ("", "records speak of a patient's sex as FHIR does"),
    "male": ("", "an administrative gender of FHIR"),
    "female": ("", "an administrative gender of FHIR"),
    "other": ("", "an administrative gender of FHIR"),
    "positive": ("", "a coded result of FHIR"),
    "negative": ("", "a coded result of FHIR"),
    "normal": ("", "a word laboratories send"),
    "high": ("", "a word laboratories send"),
    "low": ("", "a word laboratories send"),
    "raised": ("findings/settling", "a word laboratories send"),
    "stopped": ("", "a status of medicines in FHIR"),
    "not-applicable": ("findings/settling", "a reason of FHIR for an absent value"),
    "unplaced": ("guideline/columns", "the word of every bands table for a number in no one band"),
    "regimen": ("guideline/dictionaries/profiles", "the key of a profile that names its Regimen table"),
    "start": ("", "the beginning of a Period of FHIR, or of the service"),
    "open": ("service", "a service that answers without trust configured"),
    "stop": ("service", "the end of the service"),
    "scope": ("service", "what a client asks to read, in OAuth"),
    "routine": ("exports/fhir", "a priority of FHIR"),
    "urgent": ("exports/fhir", "a priority of FHIR"),
    "beyond": ("findings/facts", "a field of Findings"),
    "info": ("service", "a field of OpenAPI, and an indicator of CDS Hooks"),
    "warning": ("service", "an indicator of CDS Hooks, a severity of FHIR"),
    "critical": ("service", "an indicator of CDS Hooks"),
    "card": ("service", "a field of feedback in CDS Hooks"),
    "actions": (
        ("service", "population/dictionary"),
        "a field of a suggestion in CDS Hooks; a key of population.toml",
    ),
}
"""Ids of the guideline that are also words of FHIR, of laboratories or of the page format: in which modules, and why."""

SPEAK_HTTP = ("service/", "web/")
STATUSES = {status.value for status in HTTPStatus}
"""Numbers that mean something else where HTTP is spoken."""

ROUND = {10.0**power for power in range(2, 7)}
"""Powers of ten are arithmetic: nobody could tell a limit from a scale by its digits."""


def guideline_ids() -> set[str]:
    """Findings, parameters, tables, columns, outputs and verdicts of the guideline."""
    from corrin import guideline

    model = guideline.load()
    ids = set(model.declared.findings) | set(model.parameters) | set(model.columns) | set(model.verdicts)
    ids |= {table.id for table in model.tables} | {row.id for table in model.tables for row in table.rows}
    ids |= {row.output for table in model.tables for row in table.rows}
    return ids


def test_no_finding_verdict_table_or_parameter_is_named_in_the_source():
    ids = guideline_ids()
    named = [
        f"{relative(path)}:{node.lineno}: {node.value!r}"
        for path in MODULES
        for node in strings(ast.parse(path.read_text("utf-8")))
        if node.value in ids and not relative(path).startswith(OTHER_MEANINGS.get(node.value, ("?",))[0])
    ]
    assert not named, "clinical ids belong in guideline/, not in src/:\n" + "\n".join(named)


def limits() -> set[float]:
    """The numbers of the guideline that nobody could take for arithmetic."""
    from corrin import guideline

    numbers = {parameter.value / 1000 for parameter in guideline.load().parameters.values()}
    return {number for number in numbers if number >= 100} - ROUND


WITH_UNIT = re.compile(r"\b(\d+(?:\.\d+)?) (?:pg|ng|pmol|nmol|umol)/")


def test_no_clinical_number_stands_in_the_words_of_the_source():
    """Not as an example either: whoever changes a limit would leave the old one standing there."""
    assert WITH_UNIT.findall("below 180 pg/mL, 42 nmol/L") == ["180", "42"]
    clinical = limits()
    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in MODULES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(float(said) in clinical for said in WITH_UNIT.findall(line))
    ]
    assert not found, "clinical numbers belong in guideline/, not in src/:\n" + "\n".join(found)


def test_no_clinical_number_stands_in_the_source():
    clinical = limits()
    found = [
        f"{relative(path)}:{node.lineno}: {node.value}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and type(node.value) in (int, float)
        and node.value in clinical
        and not (relative(path).startswith(SPEAK_HTTP) and node.value in STATUSES)
    ]
    assert not found, "clinical numbers belong in guideline/, not in src/:\n" + "\n".join(found)


NOUNS = "records.py"
"""Where the nouns of the core are told as structs of msgspec, and nowhere else (decision 14)."""


def test_the_core_imports_the_standard_library_only():
    foreign = []
    for path in filter(core, MODULES):
        if relative(path) == NOUNS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign += [
                f"{relative(path)}: {name}"
                for name in names
                if name.split(".")[0] not in sys.stdlib_module_names | {"corrin", "__future__"}
            ]
    assert not foreign, "\n".join(foreign)


def test_msgspec_reads_in_intake_and_writes_in_service_alone():
    users = {
        relative(path).split("/")[0]
        for path in MODULES
        if re.search(r"^\s*(import|from) msgspec", path.read_text("utf-8"), re.MULTILINE)
    }
    assert users == {"intake", "service", NOUNS}
    decoding = [
        relative(path)
        for path in MODULES
        if relative(path).startswith("service/")
        and re.search(r"msgspec\.json\.decode|Decoder", path.read_text("utf-8"))
    ]
    assert not decoding, "what comes from outside is read in intake"


def test_the_nouns_of_the_core_take_structs_from_msgspec_and_nothing_that_reads():
    tree = ast.parse((SRC / NOUNS).read_text("utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module not in sys.stdlib_module_names
        for alias in node.names
    }
    assert names == {"Struct", "structs"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]


def test_nothing_reads_the_clock_or_a_random_source_but_the_command_line():
    pattern = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|time\.time\(|random\.)")
    readers = {
        relative(path).split("/")[0].removesuffix(".py")
        for path in MODULES
        if pattern.search(path.read_text("utf-8"))
    }
    assert readers <= {"cli"}


def test_importing_corrin_is_light():
    code = "import sys, corrin; print(sorted({name.split('.')[0] for name in sys.modules} & {'z3', 'duckdb', 'sqlglot', 'rich', 'typer', 'msgspec'}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_can_be_read_in_one_sitting(path):
    lines = path.read_text("utf-8").count("\n")
    assert lines <= 300 or relative(path) in LONG_MODULES, f"{lines} lines"


def test_a_function_can_be_read_at_a_glance():
    long = [
        f"{relative(path)}:{node.lineno} {node.name}: {length} lines"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 40
        and f"{relative(path)}:{node.name}" not in LONG_FUNCTIONS
    ]
    assert not long, "\n".join(long)


def test_a_room_has_at_most_nine_modules():
    rooms = {path.parent for path in MODULES}
    crowded = {
        relative(room): n
        for room in rooms
        if (n := len([m for m in room.glob("*.py") if m.name != "__init__.py"])) > 9 and room != SRC
    }
    assert not crowded


def test_every_module_and_public_name_says_what_it_is():
    silent = []
    for path in MODULES:
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            silent.append(relative(path))
        silent += [
            f"{relative(path)}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert not silent, "\n".join(silent)


def test_the_lock_is_canonical_json():
    text = (ROOT / "guideline" / "guideline.lock.json").read_text("utf-8")
    assert json.loads(text)
    assert text.endswith("\n")
