"""What the database says when it cannot go on, in words that say what to do; never a value of a patient."""

from collections.abc import Generator
from contextlib import contextmanager

from corrin.errors import CorrinError, Problem

MEMORY = Problem(
    "screen",
    "the database ran out of memory for one share of the patients",
    "Give fewer --jobs, or free memory, and start again: what was read is kept.",
)
DISK = Problem(
    "screen",
    "the database cannot write or read its files",
    "Make room on the disk of --out, and start again: what was read is kept.",
)


@contextmanager
def database() -> Generator[None]:
    """Turn the database's own errors into ours.

    Errors: `CorrinError` for want of memory or of room on the disk.
    """
    import duckdb  # noqa: PLC0415 - whoever asks about one patient does not need it

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise CorrinError(MEMORY) from None
    except duckdb.IOException:
        raise CorrinError(DISK) from None
