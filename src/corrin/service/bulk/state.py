"""What of a download lies on the disk, beside the folder it will become: files, and where the export is.

An order enters; its folder `OUT.partial` leaves, with what a former run left there; `OUT` at the end.
Only the owner may read it. No token is kept.
"""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, cast

from corrin.alone import LOCK, alone
from corrin.errors import Problem, UsageError
from corrin.service.bulk.order import Brought, Order, Report

INSIDE = ".export"
_STATE = f"{INSIDE}/state.json"
_MANIFEST = f"{INSIDE}/manifest.json"
_PRIVATE = 0o700


class State:
    """The folder of one download, while it is not whole."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.folder = order.out.parent / f"{order.out.name}.partial"
        self.status = ""
        self.done: dict[str, dict[str, Any]] = {}
        self._alone = ExitStack()

    def __enter__(self) -> Self:
        """Open the folder; what another order left there is not touched."""
        out = self.order.out
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UsageError(Problem(str(out), "is not empty", "Name a new folder, or empty this one."))
        ours = (self.folder / _STATE).is_file() or not self.folder.exists()
        if not ours and any(each.name != INSIDE for each in self.folder.iterdir()):
            raise UsageError(
                Problem(
                    str(self.folder),
                    "is in the way, and no download of ours",
                    "Move it away, or name another --out.",
                )
            )
        (self.folder / INSIDE).mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        self.folder.chmod(_PRIVATE)
        with ExitStack() as opening:
            opening.enter_context(alone(self.folder / INSIDE, self.folder))
            if (self.folder / _STATE).is_file():
                self._resume()
            self._alone = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """What is there stays for the next run."""
        self._alone.close()

    def _resume(self) -> None:
        try:
            said = cast("dict[str, Any]", json.loads((self.folder / _STATE).read_text("utf-8")))
            asked, self.status, self.done = said["asked"], said["status"], said["brought"]
        except (OSError, ValueError, KeyError, TypeError):
            raise UsageError(
                Problem(
                    str(self.folder),
                    "holds a download that cannot be carried on",
                    "Delete it, and start again.",
                )
            ) from None
        if asked != self.order.address and (self.status or self.done):
            raise UsageError(
                Problem(
                    str(self.folder),
                    "holds the beginning of another download",
                    "Finish that one with its own options, delete it, or name another --out.",
                )
            )

    def begin(self, status: str) -> None:
        """Remember where the export is."""
        self.status = status
        self.done = {}
        self.write()

    def forget(self) -> None:
        """The export is no more: the next run begins anew, and so do the files."""
        for each in self.done.values():
            (self.folder / each["as"]).unlink(missing_ok=True)
        self.begin("")

    def note(self, key: str, name: str, **told: object) -> None:
        """Remember that a file is whole."""
        self.done[name] = {"key": key, **told}
        self.write()

    def write(self) -> None:
        """Write aside, then rename."""
        said = {"asked": self.order.address, "status": self.status, "brought": self.done}
        path = self.folder / _STATE
        aside = path.with_suffix(".new")
        aside.write_text(json.dumps(said), "utf-8")
        aside.replace(path)

    def finish(self, time: str, files: list[Brought]) -> Report:
        """All is whole: put the manifest beside it, without addresses, and give the folder its name."""
        report = Report(
            self.order.out,
            time,
            tuple(file for file in files if file.kind == "output"),
            sum(file.lines for file in files if file.kind == "error"),
            sum(file.lines for file in files if file.kind == "deleted"),
        )
        told = {
            "request": self.order.address,
            "transactionTime": time,
            "files": [
                {"name": file.name, "kind": file.kind, "resources": file.lines, "bytes": file.size}
                for file in files
            ],
        }
        (self.folder / _MANIFEST).write_text(json.dumps(told, indent=1), "utf-8")
        if self.order.out.exists():
            self.order.out.rmdir()
        self.folder.replace(self.order.out)
        for ours in (_STATE, f"{INSIDE}/{LOCK}"):
            (self.order.out / ours).unlink()
        return report

    def path(self, name: str) -> Path:
        """Where a file lies."""
        return self.folder / name
