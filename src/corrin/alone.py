"""One run at a time in a folder: a second one would write into what the first is making.

A folder enters; nothing leaves. The system lets go of the lock when the process ends, however it ends.
"""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from corrin.errors import Problem, UsageError

LOCK = ".lock"


@contextmanager
def alone(folder: Path, called: Path) -> Generator[None]:
    """Be the only run in a folder that is there; an error calls it as its user does.

    Errors: `UsageError` while another run is in it.
    """
    path = folder / LOCK
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                Problem(str(called), "is being written by another run", "Wait for it, or name another --out.")
            ) from None
        yield
