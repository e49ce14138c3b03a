"""What became of a card: taken up or set aside, with the reason; kept as lines of JSON, and handed out again.

A feedback body enters. What is kept is the card's id, the outcome, the ids of suggestions, the code of a
reason and the time: nothing of a patient. A comment is a person's own words and may hold anything: it is
kept only where a site asks for it, and only so much of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from corrin.errors import Problem
from corrin.service.refusals import Refused

MOST = 1000
"""Cards in one body."""
OUTCOMES = ("accepted", "overridden")
_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")

Line = dict[str, object]


class Ledger:
    """The lines that are kept; one that says the same as another is not kept again."""

    def __init__(self, path: Path | None, overrides: frozenset[str], comment_limit: int) -> None:
        self._path = path
        self._overrides = overrides
        self._limit = comment_limit
        self._known: set[str] = set()
        self._known.update(map(_again, self._kept()))

    def take(self, service: str, raw: bytes) -> int:
        """Keep what a body says; how much of it is new.

        Errors: 400 for a body that is no feedback; nothing of it is kept then.
        """
        lines = [_printed(line) for line in self._read(service, raw)]
        new = [line for line in dict.fromkeys(lines) if line not in self._known]
        if new and self._path:
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write("".join(f"{line}\n" for line in new))
        if self._path:
            self._known.update(new)
        return len(new)

    def lines(self, service: str) -> Iterator[str]:
        """What was kept of a service, in the order in which it came."""
        return (line for line in self._kept() if json.loads(line).get("service") == service)

    def _kept(self) -> Iterator[str]:
        """The lines of the file; a comment may hold what elsewhere ends a line."""
        if self._path and self._path.is_file():
            yield from filter(None, self._path.read_text("utf-8").split("\n"))

    def _read(self, service: str, raw: bytes) -> Iterator[Line]:
        try:
            body: object = json.loads(raw)
        except (ValueError, RecursionError):
            raise _refused("body", "no JSON", "Send a CDS Hooks feedback object.") from None
        entries = cast("Mapping[str, object]", body).get("feedback") if isinstance(body, dict) else None
        if not isinstance(entries, list) or not entries or len(cast("list[object]", entries)) > MOST:
            raise _refused("feedback", f"no list of 1 to {MOST} entries", 'Send {"feedback": [ ... ]}.')
        for index, entry in enumerate(cast("list[object]", entries)):
            yield self._entry(service, entry, f"feedback[{index}]")

    def _entry(self, service: str, given: object, at: str) -> Line:
        if not isinstance(given, dict):
            raise _refused(at, "no object", "Send one object for each card.")
        entry = cast("Mapping[str, Any]", given)
        outcome = entry.get("outcome")
        if outcome not in OUTCOMES:
            raise _refused(f"{at}.outcome", "neither outcome", f"Write one of: {', '.join(OUTCOMES)}.")
        line: Line = {
            "service": service,
            "card": _uuid(entry.get("card"), f"{at}.card"),
            "outcome": outcome,
            "time": _time(entry.get("outcomeTimestamp"), f"{at}.outcomeTimestamp"),
        }
        if outcome == OUTCOMES[0]:
            line["suggestions"] = _accepted(entry.get("acceptedSuggestions"), f"{at}.acceptedSuggestions")
        elif entry.get("overrideReason") is not None:
            line |= self._reason(entry["overrideReason"], f"{at}.overrideReason")
        return line

    def _reason(self, given: object, at: str) -> Line:
        """The code of a reason that we offered, else `other`; the comment where it is kept at all."""
        if not isinstance(given, dict):
            raise _refused(at, "no object", "Send reason, userComment, or both.")
        why = cast("Mapping[str, Any]", given)
        said: Line = {}
        reason, comment = why.get("reason"), why.get("userComment")
        if reason is not None:
            code = cast("Mapping[str, Any]", reason).get("code") if isinstance(reason, dict) else None
            if not isinstance(code, str) or not _CODE.fullmatch(code):
                raise _refused(f"{at}.reason", "no coding", "Send code and system of the reason.")
            said["reason"] = code if code in self._overrides else "other"
        if comment is not None and not isinstance(comment, str):
            raise _refused(f"{at}.userComment", "no text", "Send a JSON string.")
        if comment and self._limit > 0:
            said["comment"] = comment[: self._limit]
        return said


def _accepted(given: object, at: str) -> list[str]:
    """The ids of the suggestions that were taken up."""
    if not isinstance(given, list) or not given or len(cast("list[object]", given)) > MOST:
        raise _refused(at, "no list of suggestions", 'Send [{"id": "..."}] for what was accepted.')
    entries = cast("list[object]", given)
    found = [
        cast("Mapping[str, object]", one).get("id") if isinstance(one, dict) else None for one in entries
    ]
    return sorted({_uuid(one, f"{at}[{index}].id") for index, one in enumerate(found)})


def _uuid(given: object, at: str) -> str:
    """An id that we gave out: nothing else can be slipped in where an id is kept."""
    try:
        return str(UUID(given)) if isinstance(given, str) else _none()
    except ValueError:
        raise _refused(at, "no uuid of a card or a suggestion", "Send the uuid as it was received.") from None


def _none() -> str:
    raise ValueError


def _time(given: object, at: str) -> str:
    try:
        return datetime.fromisoformat(given).isoformat() if isinstance(given, str) else _none()
    except ValueError:
        raise _refused(at, "no time", "Write it as 2026-11-22T09:30:00Z.") from None


def _printed(line: Line) -> str:
    """One line of ASCII: no character of a comment can end it, or keep it from being written."""
    return json.dumps(line, sort_keys=True, separators=(",", ":"))


def _again(line: str) -> str:
    return _printed(json.loads(line))


def _refused(where: str, what: str, mend: str) -> Refused:
    return Refused(400, "feedback", Problem(where, what, mend))
