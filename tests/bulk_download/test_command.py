"""`corrin download` on the command line: it says what it brought, is quiet in a pipe, and ends with a code."""

import subprocess
import sys

from tests.bulk_download.exporting import Exporter


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "corrin", "download", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_it_says_what_it_brought_and_of_what_day(tmp_path):
    with Exporter() as exporter:
        done = run(exporter.base, "--out", tmp_path / "e")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "800 resources in 3 files" in done.stdout
    assert "as of 2026-11-22T08:00:00Z." in done.stdout


def test_an_order_that_cannot_be_ends_with_a_usage_error(tmp_path):
    done = run("http://fhir.example/r4", "--out", tmp_path / "e", "--type", "x")
    assert done.returncode == 2
    assert "no https address" in done.stderr
    assert "--type x" in done.stderr
