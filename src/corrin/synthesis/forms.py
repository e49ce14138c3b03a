"""The formats in which a made-up population is written, each behind the same few names."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Protocol

from corrin.guideline.model import Guideline
from corrin.synthesis import fhir, omop, sheet
from corrin.synthesis.covering import Carries
from corrin.synthesis.people import Synthetic
from corrin.synthesis.shares import Shares

Line = tuple[str, bytes]


class Form(Protocol):
    """How one patient becomes lines of files, and what the files are called."""

    carries: Carries
    suffix: str
    headers: Mapping[str, bytes]

    def name(self, one: Synthetic) -> str:
        """What the format calls a patient."""
        ...

    def lines(self, one: Synthetic, rng: Random, /) -> Iterator[Line]:
        """Every line of one patient, with the file it belongs to."""
        ...

    def common(self) -> Iterator[Line]:
        """Lines that belong to no patient."""
        ...

    def joined(self, kind: str, /) -> bool:
        """One file, however many patients there are."""
        ...


FORMS: Mapping[str, Callable[[Guideline, Shares, int, str], Form]] = {
    "fhir": lambda _guideline, told, size, references: fhir.Export(told, size, references),
    "omop": lambda guideline, told, size, _references: omop.Cdm(guideline, told, filled=size > 0),
    "csv": lambda guideline, told, _size, _references: sheet.Sheet(guideline, told),
}
"""A format by its name: made of a guideline, the shares, the bytes of a patient, the kind of references."""
