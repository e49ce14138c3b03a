"""One call from what a source sent to an answer: read, derive, assess, plan, answer, in this order.

    answer = corrin.assess("patient.json", as_of="2026-11-22")

Nothing here reads the clock: the day of the answer is an argument, or stands in the case file.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path

from corrin import findings, guideline, intake, plans
from corrin.answers import Answer, Desk
from corrin.errors import Problem, UsageError
from corrin.intake import declared
from corrin.intake.content import Source
from corrin.readings import assessment
from corrin.records import Record

Day = date | str | None


def assess(
    source: Source,
    as_of: Day = None,
    profile: str = "uk",
    site: str | PathLike[str] | None = None,
    complete: Iterable[str] = (),
) -> Answer:
    """What the guideline says of the one patient that a source speaks of.

    Shape: bytes, a path, or what a JSON parser gives: a Bundle, a list of resources, a case file. `complete`
    names parts of the record (`medicines` ...) of which all is there: what is absent of them is absent.

    Errors: `InputError` for what cannot be read; `UsageError` without a day, for an unknown profile, and when
    the source speaks of several patients; `GuidelineError` for a site's file that cannot be placed.
    """
    answers = list(assess_all(source, as_of, profile, site, complete))
    if len(answers) != 1:
        said = f"speaks of {len(answers)} patients"
        raise UsageError(Problem("source", said, "Call `corrin.api.assess_all`, which answers for each."))
    return answers[0]


def assess_all(
    source: Source,
    as_of: Day = None,
    profile: str = "uk",
    site: str | PathLike[str] | None = None,
    complete: Iterable[str] = (),
) -> Iterator[Answer]:
    """One answer for each patient that a source speaks of, in its order."""
    laid, parts = desk(profile, site), declared.parts(complete, "complete")
    for record in intake.read(source, wanted=findings.codes(laid.guideline), complete=parts):
        yield answer(record, laid, day(as_of or record.as_of))


def answer(record: Record, laid: Desk, as_of: date, *, present: bool = False) -> Answer:
    """What follows from one patient's record on a day.

    `present`: that day is today by the calendar on the wall, so a result dated later is refused; on another
    day it has not happened yet.
    """
    known = findings.derive(record, laid.guideline, as_of, present=present)
    assessed = assessment.assess(laid.guideline, known.row)
    return Answer(laid, assessed, known, plans.make(assessed, known, laid.guideline))


def desk(profile: str = "uk", site: str | PathLike[str] | None = None) -> Desk:
    """The guideline under a profile and a site's file, laid out once; a file that changed is read anew."""
    if site is None:
        return _desk(profile, None, 0)
    try:
        changed = Path(site).stat().st_mtime_ns
    except OSError:
        changed = 0  # the guideline says what is wrong with it
    return _desk(profile, fspath(site), changed)


@lru_cache(maxsize=8)
def _desk(profile: str, site: str | None, _changed: int) -> Desk:
    return Desk(guideline.load(profile, site))


def day(given: Day) -> date:
    """The day of an answer: nothing but the command line looks at the calendar on the wall.

    Errors: a `UsageError` when there is none, or it is no date.
    """
    if not given:
        mend = 'Give as_of="2026-11-22", or write "as_of" in the case file.'
        raise UsageError(Problem("as_of", "there is no day of the answer", mend))
    try:
        settled = given if isinstance(given, date) else date.fromisoformat(given)
    except ValueError:
        raise UsageError(Problem(f"as_of {given!r}", "not a day", "Write it as 2026-11-22.")) from None
    if not EARLIEST <= settled.year <= LATEST:
        mend = f"Write a day from {EARLIEST} to {LATEST}, as 2026-11-22."
        raise UsageError(Problem("as_of", "not a day on which anybody is treated", mend))
    return settled


EARLIEST, LATEST = 1900, 2199
"""Years of an answer: far enough from either end of the calendar that every date of a plan has a day."""
