"""What every test may use, and the one list of reasons for which a test may be skipped."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"

NO_LARGE_PAGES = "needs Linux 6.1 with large pages"
NO_DATA = "needs ../shared/data, which is not here"
REASONS = {
    "needs Chromium: run `make browser`": "the page is tried in a real browser",
    "needs Pango: run `make browser`": "WeasyPrint draws letters with it",
    "needs npm's fhir: run `make node-tools`": "another implementer's FHIR validator, in JavaScript",
    "needs PostgreSQL: run `make postgres`": "a server of the tests' own, for what runs inside a warehouse",
    "needs Spark: run `make spark`, and install Java 17": "a population on a cluster, tried on this machine",
    NO_LARGE_PAGES: "where memory lies is the kernel's to give",
    NO_DATA: "real data that is not part of the product",
}
"""A skip for any other reason fails the run: what is not tested is said, and said here."""


def pytest_collection_modifyitems(config, items):
    """`@pytest.mark.shared` skips, saying so, where the real data is absent."""
    if not SHARED.is_dir():
        for item in items:
            if item.get_closest_marker("shared"):
                item.add_marker(pytest.mark.skip(reason=NO_DATA))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; only for tests marked `shared`."""
    return SHARED


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A skip whose reason is not on the list is a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        if reason not in REASONS:
            report.outcome = "failed"
            report.longrepr = f"skipped for a reason that is not on the list in tests/conftest.py: {reason!r}"
