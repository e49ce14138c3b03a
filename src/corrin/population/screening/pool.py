"""Several processes at work, or none beside this one where there is little to do.

Tasks enter, what they come to leaves as soon as each is done. A process that dies ends the run, and says so.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from corrin.errors import CorrinError, Problem

Done = TypeVar("Done")
Run = Callable[..., Iterator[Done]]

MEND = "Start again: what was read is kept. With less memory at hand, give fewer --jobs."


class Pool:
    """So many processes, each told once what it needs; with one, this process does the work itself."""

    def __init__(self, executor: ProcessPoolExecutor | None) -> None:
        self._executor = executor

    def run(self, do: Callable[..., Done], tasks: Iterable[tuple[object, ...]]) -> Iterator[Done]:
        """Begin, and hand over what each task comes to, in the order in which they are done.

        Errors: those of a task; a `CorrinError` when a process died.
        """
        if self._executor is None:
            return (do(*task) for task in tasks)
        return _done([self._executor.submit(do, *task) for task in tasks])


def _done(waiting: list[Future[Done]]) -> Iterator[Done]:
    try:
        yield from (future.result() for future in as_completed(waiting))
    except BrokenProcessPool:
        died = "one of the processes died: it was ended from outside, or there was no memory left"
        raise CorrinError(Problem("screen", died, MEND)) from None
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def pool(jobs: int, tell: Callable[..., None], *told: object) -> Generator[Pool]:
    """Processes that were told what they need."""
    if jobs == 1:
        tell(*told)
        yield Pool(None)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), tell, told) as executor:
        yield Pool(executor)
