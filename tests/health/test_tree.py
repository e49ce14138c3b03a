"""What may not stand in a tracked file, and what must install from the built wheel."""

import re
import subprocess
import sys
import zipfile

import pytest
from tests.conftest import ROOT


def tracked() -> list[str]:
    result = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in result.stdout.splitlines() if (ROOT / name).is_file()]


def texts():
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize(
    ("what", "pattern", "where"),
    [
        ("an absolute path of a machine", r"(^|[ \"'=(])/(home|root|work|farm)/\w+", r".*"),
        ("an address in a lock file", r"https?://", r"(requirements/.*|.*package-lock\.json)"),
        ("a statement left undone", r"\b(TODO|FIXME|XXX)\b", r".*\.(py|md|toml)"),
    ],
)
def test_no_tracked_file_holds(what, pattern, where):
    me = "tests/health/test_tree.py"
    held = [
        name
        for name, text in texts()
        if name != me and re.fullmatch(where, name) and re.search(pattern, text, re.MULTILINE)
    ]
    assert not held, f"{what}: {held}"


def test_the_pinned_requirements_carry_hashes():
    for name in ("run", "dev"):
        pins = re.findall(
            r"^(\S+==\S+)([^\n]*\\\n(?:\s+--hash=sha256:[0-9a-f]{64}[^\n]*\n)+)?",
            (ROOT / f"requirements/{name}.txt").read_text("utf-8"),
            re.MULTILINE,
        )
        assert pins
        assert not [pin for pin, hashes in pins if not hashes]


def test_the_wheel_carries_the_guideline_and_answers(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    assert (unpacked / "corrin" / "_guideline" / "guideline.lock.json").is_file()
    code = (
        "import corrin, corrin.guideline as g;"
        "answer = corrin.assess({'case': 1, 'as_of': '2026-11-22', 'findings': {'age_years': 71, 'leg_weakness': True, 'metformin': True}});"
        "print(g.folder().parts[-2:], answer.verdicts['testing'])"
    )
    result = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys; sys.path[:0] = [{str(unpacked)!r}, *{[p for p in sys.path if 'site-packages' in p]!r}]; {code}",
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert result.stdout.strip() == "('corrin', '_guideline') indicated"
