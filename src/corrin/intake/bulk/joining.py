"""The lines of one patient, from however many files, become records by the reader of FHIR.

Lines enter, with what they point to; records leave, as if they had come in one Bundle.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from corrin.errors import InputError, Problem
from corrin.intake import fhir
from corrin.intake.content import Document
from corrin.intake.fhir.chart import Wanted
from corrin.records import Record


class Placed(NamedTuple):
    """A line and where it stands: file and number."""

    place: str
    raw: bytes


class Joined(NamedTuple):
    """What the lines of one key come to: a record for each patient, under a name of its own."""

    records: Sequence[tuple[str, Record]]
    problems: Sequence[Problem]


def join(key: str, lines: Iterable[Placed], wanted: Wanted, complete: frozenset[str] = frozenset()) -> Joined:
    """The records of the patients that meet under one key; most often one.

    Two servers may use the same id: then each has a record, and a name with a number. `complete` are parts of
    a record that the source declares complete.
    """
    documents = [Document(f"{line.place}: ", line.raw) for line in lines]
    try:
        records = fhir.read(documents, key, complete, wanted)
    except InputError as error:
        return Joined((), error.problems)
    except RecursionError:
        return Joined((), (Problem(documents[0].place, "nested too deeply", "Send FHIR R4."),))
    return Joined(tuple(_named(records)), ())


def _named(records: Sequence[Record]) -> Iterator[tuple[str, Record]]:
    used: dict[str, int] = {}
    for record in records:
        name = record.patient.id or record.patient.where or "nameless"
        used[name] = used.get(name, 0) + 1
        yield (name if used[name] == 1 else f"{name} ({used[name]})"), record
