"""What a format can say: several results of one finding, a limit beside it, a dose with its dates."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carries:
    """What one patient's record can hold in a format."""

    several: bool = True
    """More than one result of one finding."""
    flags: bool = True
    """A laboratory's flag beside a number."""
    medicines: bool = True
    """A medicine with the day it was begun."""


FHIR = Carries()
OMOP = Carries()
SHEET = Carries(several=False, flags=False, medicines=False)
