"""Parts of files, put together into what one process cuts at once: small ones together, a large one alone."""

from collections.abc import Iterable, Iterator

from corrin.intake.bulk.blocks import Part

BATCH = 1 << 25
"""Bytes of small parts that are cut together."""


def batches(parts: Iterable[tuple[Part, str]]) -> Iterator[list[tuple[Part, str]]]:
    """Parts with their names, in their order."""
    batch: list[tuple[Part, str]] = []
    size = 0
    for part, name in parts:
        batch.append((part, name))
        size += (part.end or part.path.stat().st_size) - part.start
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
