"""What is written down of a request: when it came, which route, how it ended, how long it took. Never more.

One JSON object a line. A field that is not on the list below cannot be logged: bodies, queries, tokens and
messages of exceptions may hold a patient's values.
"""

import json
import sys
from collections.abc import Callable
from typing import TextIO

FIELDS = frozenset(
    {
        "request", "route", "method", "status", "milliseconds", "bytes_in", "bytes_out", "reason",
        "exception", "place", "service", "cards", "server", "count", "seconds", "address", "version",
        "guideline", "profile", "trust",
    }
)  # fmt: skip
"""All that may stand in a line besides its `event`."""
_LINE = json.JSONEncoder(separators=(",", ":"), check_circular=False)


class Log:
    """Lines of JSON on a stream (standard error when none is named)."""

    def __init__(self, to: TextIO | None = None, now: Callable[[], float] | None = None) -> None:
        self._to = to
        self._now = now

    def say(self, event: str, **values: str | float | None) -> None:
        """Write one line; a field that is not on the list is a fault of the program."""
        unlisted = values.keys() - FIELDS
        if unlisted:
            message = f"not to be logged: {', '.join(sorted(unlisted))}"
            raise TypeError(message)
        line: dict[str, object] = {"time": round(self._now(), 3)} if self._now else {}
        line |= {"event": event} | {key: value for key, value in values.items() if value is not None}
        (self._to or sys.stderr).write(_LINE.encode(line) + "\n")
