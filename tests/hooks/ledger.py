"""The ledger of CDS Hooks 2.0: from `ledger.toml` to `docs/reference/cds-hooks.md`."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "reference" / "cds-hooks.md"
HEAD = """# CDS Hooks 2.0: what is held, and by which test

Written from `tests/hooks/ledger.toml` by `python -m tests.hooks.ledger`; a test compares the two. The numbers are those of a public
list of {count} requirements on services (https://cds-hooks.hl7.org/2.0/); what each asks is said in our own words. {held} are held by
tests, {other} do not apply, with the reason.

| no. | level | what it asks | held by, or why not |
|----:|-------|--------------|---------------------|
"""


def statements() -> list[dict]:
    return tomllib.loads((HERE / "ledger.toml").read_text("utf-8"))["statement"]


def named_in(name: str) -> frozenset[str]:
    """The tests that stand in a module."""
    tree = ast.parse((HERE / f"{name}.py").resolve().read_text("utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def links(tests: list[str]) -> Iterator[str]:
    for test in tests:
        module, _, name = test.partition("::")
        path = (HERE / f"{module}.py").resolve().relative_to(ROOT).as_posix()
        said = (
            name.removeprefix("test_").replace("_", " ") if name != "*" else "the tests of the configuration"
        )
        yield f"{said} (`{path}`)"


def page() -> str:
    rows = statements()
    held = [row for row in rows if row.get("tests")]
    lines = [
        f"| {row['id']} | {row['level']} | {row['says']} | {'; '.join(links(row['tests'])) if row.get('tests') else row['reason']} |"
        for row in rows
    ]
    return HEAD.format(count=len(rows), held=len(held), other=len(rows) - len(held)) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
