"""What became of a card: taken up or set aside, with the reason; kept as lines of JSON, and handed out again.

A feedback body enters. What is kept is the card's id, the outcome, the ids of suggestions, the code of a
reason and the time: nothing of a patient. A comment is a person's own words and may hold anything: it is
kept only where a site asks for it, and only so much of it. A line that a crash tore stays in the file, ends
before the next one begins, and is counted: it is never handed out, and stands in nobody's way.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from corrin.errors import Problem
from corrin.service.refusals import Refused

MOST = 1000
"""Cards in one body."""
OUTCOMES = ("accepted", "overridden")
ALWAYS = ("service", "card", "outcome", "time")
"""What every line holds, as text."""
_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")

Line = dict[str, object]


class Ledger:
    """The lines that are kept; one that says the same as another is not kept again."""

    def __init__(self, path: Path | None, overrides: frozenset[str], comment_limit: int) -> None:
        self._path = path
        self._overrides = overrides
        self._limit = comment_limit
        self._known = {_again(line) for line in self._kept() if line is not None}

    def take(self, service: str, raw: bytes) -> int:
        """Keep what a body says; how much of it is new.

        Errors: 400 for a body that is no feedback, 503 where the file cannot be written. Nothing of it is
        kept then.
        """
        lines = [_printed(line) for line in self._read(service, raw)]
        new = [line for line in dict.fromkeys(lines) if line not in self._known]
        if new and self._path:
            try:
                _append(self._path, new)
            except OSError:
                told = Problem("feedback", "cannot be kept just now", "Send the same again later.")
                raise Refused(503, "feedback-file", told) from None
            self._known.update(new)
        return len(new)

    def lines(self, service: str) -> Iterator[str]:
        """What was kept of a service, in the order in which it came."""
        return (_printed(line) for line in self._kept() if line is not None and line["service"] == service)

    def torn(self) -> int:
        """How many lines of the file are no feedback: half-written before a crash, or damaged since."""
        return sum(line is None for line in self._kept())

    def _kept(self) -> Iterator[Line | None]:
        """The lines of the file, None for one that is torn; a comment may hold what elsewhere ends a line."""
        if self._path and self._path.is_file():
            yield from map(_line, filter(None, self._path.read_bytes().split(b"\n")))

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
        return _instant(given) if isinstance(given, str) else _none()
    except (ValueError, OverflowError):
        raise _refused(at, "no time", "Write it as 2026-11-22T09:30:00Z.") from None


def _instant(given: str) -> str:
    """A time in UTC, as CDS Hooks has it: one instant is one text, in whatever zone it was sent.

    >>> _instant("2026-11-22T10:30:00+01:00"), _instant("2026-11-22T09:30:00")
    ('2026-11-22T09:30:00+00:00', '2026-11-22T09:30:00+00:00')
    """
    time = datetime.fromisoformat(given)
    return (time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


def _append(path: Path, lines: Sequence[str]) -> None:
    """All of the lines, on the disk, or none of them; a line that a crash tore is ended first.

    Errors: `OSError` where they cannot be written.
    """
    with path.open("ab", buffering=0) as file:
        before = file.seek(0, os.SEEK_END)
        torn = before > 0 and _last(path) != b"\n"
        left = memoryview("".join(f"{line}\n" for line in [*([""] if torn else []), *lines]).encode("ascii"))
        try:
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)
            raise


def _last(path: Path) -> bytes:
    """The last byte of a file that has one."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


def _line(raw: bytes) -> Line | None:
    """A line as it was kept; None for one that is torn."""
    try:
        line: object = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    known = cast("Line", line) if isinstance(line, dict) else {}
    return known if all(isinstance(known.get(key), str) for key in ALWAYS) else None


def _printed(line: Line) -> str:
    """One line of ASCII: no character of a comment can end it, or keep it from being written."""
    return json.dumps(line, sort_keys=True, separators=(",", ":"))


def _again(line: Line) -> str:
    """A kept line as it would be kept today: earlier ones may have their time in another zone."""
    try:
        return _printed(line | {"time": _instant(str(line["time"]))})
    except (ValueError, OverflowError):
        return _printed(line)


def _refused(where: str, what: str, mend: str) -> Refused:
    return Refused(400, "feedback", Problem(where, what, mend))
