"""What a generative run says at its end: how often each row of the guideline held."""

from textwrap import wrap

import pytest

HEADING = "how often each row held"


@pytest.fixture
def report(request):
    """Say how often each row held; it is printed when the run is over, passed or not."""

    def said(profile: str, patients: int, times: dict[str, int]) -> None:
        lines = wrap("  ".join(f"{row} {count}" for row, count in times.items()), 110)
        text = "\n".join([f"profile {profile}, {patients} patients, {len(times)} rows", *lines])
        request.node.add_report_section("call", HEADING, text)

    return said


def pytest_terminal_summary(terminalreporter):
    """Print what the runs reported, those of other workers included."""
    for outcome in ("passed", "failed"):
        for run in terminalreporter.getreports(outcome):
            for heading, text in run.sections:
                if HEADING in heading:
                    terminalreporter.section(HEADING)
                    terminalreporter.line(text)
