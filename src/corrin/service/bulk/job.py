"""An export on the server: kicked off once, waited for, its manifest read, and ended when all is at home.

An order enters, a `Manifest` leaves. The address of the job is kept beside the files, so that a later run
waits for the same export and does not ask for another.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import cast

import httpx

from corrin.errors import InputError
from corrin.service.bulk.asking import AGAIN, LARGEST, Asking
from corrin.service.bulk.order import Order
from corrin.service.bulk.state import State

_FHIR = "application/fhir+json"
_OUTCOME = "OperationOutcome"
"""What the server could not export lies with the data: whoever reads the one has to know of the other."""
_NAME = re.compile(r"[A-Z][A-Za-z]{1,63}")
_ISSUE = re.compile(r"[a-z-]{1,32}")
_PROGRESS = re.compile(r"[ -~]{1,60}")
GONE = frozenset({404, 410})
_WAITING = AGAIN - {HTTPStatus.INTERNAL_SERVER_ERROR}
"""Of a job, 500 says that it failed; not that asking did."""
_PASSING = frozenset({"transient", "lock-error", "no-store", "timeout", "throttled"})
"""Issues by which a server says that it was the asking that failed, whatever the status."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a manifest: what it is of, where it is, how many resources it says it holds.

    `key` is its address without what changes from manifest to manifest, such as a signature.
    """

    name: str
    kind: str
    url: str
    count: int | None
    with_token: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export consists of."""

    time: str
    files: tuple[File, ...]


class Job:
    """One export."""

    def __init__(self, order: Order, asking: Asking, state: State, heard: Callable[[str], None]) -> None:
        self.order, self.asking, self.state, self.heard = order, asking, state, heard

    def manifest(self) -> Manifest:
        """Wait until the export is ready; kick it off unless a former run did.

        Errors: `InputError` where the server refuses, forgets or fails.
        """
        if not self.state.status:
            self.state.begin(self._kicked_off())
        waited, failed = 0, 0
        while True:
            answer = self.asking.ask("GET", self.state.status, {"accept": "application/json"}, _WAITING)
            if answer.status_code == HTTPStatus.OK:
                return self._read(answer)
            if answer.status_code != HTTPStatus.ACCEPTED and _code(answer) in _PASSING:
                failed += 1
                why = f"answers {answer.status_code}{_issue(answer)}"
                self.asking.again(failed, why, answer.headers.get("retry-after"))
                continue
            if answer.status_code != HTTPStatus.ACCEPTED:
                self._lost(answer)
            failed = 0
            progress = answer.headers.get("x-progress", "")
            self.heard(progress if _PROGRESS.fullmatch(progress) else "the server is at it")
            self.asking.wait(self.asking.pause(answer, waited))
            waited += 1

    def end(self) -> bool:
        """Tell the server that its files may go; True where it would not hear of it."""
        try:
            answer = self.asking.ask("DELETE", self.state.status, {"accept": _FHIR}, frozenset())
        except InputError:
            return True  # all is at home; the report says that the server keeps its copy
        return answer.status_code >= HTTPStatus.BAD_REQUEST and answer.status_code not in GONE

    def _kicked_off(self) -> str:
        headers = {"accept": _FHIR, "prefer": "respond-async"}
        answer = self.asking.ask("GET", self.order.address, headers)
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise self.asking.refused(
                f"does not begin the export: it answers {answer.status_code}{_issue(answer)}",
                "Check the address, the group, the types, and what this client may read.",
            )
        status = answer.headers.get("content-location", "")
        status = str(httpx.URL(self.order.address).join(status)) if status else ""
        if not status:
            raise self.asking.refused("began an export and does not say where it is (Content-Location)")
        self.asking.headers(status)
        return status

    def _lost(self, answer: httpx.Response) -> None:
        if answer.status_code in GONE:
            self.state.forget()
            raise self.asking.refused(
                "has forgotten the export: it expired, or was deleted",
                "Run the same command: it begins anew.",
            )
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.state.forget()
        raise self.asking.refused(f"failed to export: it answers {answer.status_code}{_issue(answer)}")

    def _read(self, answer: httpx.Response) -> Manifest:
        said = _object(answer)
        try:
            entries = [
                (kind, cast("list[dict[str, object]]", said.get(kind) or []))
                for kind in ("output", "error", "deleted")
            ]
            files: list[File] = []
            token = said.get("requiresAccessToken") is True
            often: dict[str, int] = {}
            for kind, listed in entries:
                files += [self._file(kind, each, often, with_token=token) for each in listed]
            self._whole(said)
            return Manifest(str(said["transactionTime"]), tuple(_keyed(files)))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._no_manifest() from None

    def _whole(self, said: dict[str, object]) -> None:
        """Refuse a manifest that goes on elsewhere: this client did not say that it may.

        Errors: `InputError`, as the files behind the link would be left out in silence.
        """
        links = cast("list[dict[str, object]]", said.get("link") or [])
        if any(link.get("relation") == "next" for link in links):
            raise self.asking.refused(
                "lists its files in more than one manifest, and not all of them were asked for",
                "Ask whoever runs the server for one manifest (allowPartialManifests is not set).",
            )

    def _file(self, kind: str, each: dict[str, object], often: dict[str, int], *, with_token: bool) -> File:
        name, url, count = str(each["type"]), str(each["url"]), each.get("count")
        if not _NAME.fullmatch(name) or not (count is None or type(count) is int):
            raise ValueError
        stem = {"output": name, "error": _OUTCOME}.get(kind, f".export/{kind}")
        often[stem] = often.get(stem, 0) + 1
        address = str(httpx.URL(self.state.status).join(url))
        self.asking.headers(address, with_token=with_token)
        return File(f"{stem}.{often[stem]}.ndjson", kind, address, count, with_token)

    def _no_manifest(self) -> InputError:
        return self.asking.refused("says that the export is ready, and lists it in no manifest of Bulk Data")


def _object(answer: httpx.Response) -> dict[str, object]:
    try:
        said: object = json.loads(answer.content) if len(answer.content) <= LARGEST else None
    except (ValueError, RecursionError):
        said = None
    return cast("dict[str, object]", said) if isinstance(said, dict) else {}


def _keyed(files: list[File]) -> list[File]:
    """Each file by its path, where no two have the same; else by its whole address."""
    paths = [str(httpx.URL(file.url).copy_with(query=None)) for file in files]
    alone = len(set(paths)) == len(paths)
    keys = paths if alone else [file.url for file in files]
    return [replace(file, key=key) for file, key in zip(files, keys, strict=True)]


def _issue(answer: httpx.Response) -> str:
    """The code of an OperationOutcome, as an error shows it."""
    code = _code(answer)
    return f" ({code})" if code else ""


def _code(answer: httpx.Response) -> str:
    """The code of the first issue of an OperationOutcome: a word of a closed list, and nothing else of it."""
    issues = _object(answer).get("issue")
    first: object = cast("list[object]", issues)[0] if isinstance(issues, list) and issues else None
    code = cast("dict[str, object]", first).get("code") if isinstance(first, dict) else None
    return code if isinstance(code, str) and _ISSUE.fullmatch(code) else ""
