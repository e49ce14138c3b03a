"""What a format can say: several results of one finding, a limit beside it, a dose with its dates."""

from dataclasses import dataclass

from corrin.guideline.declared import Finding


@dataclass(frozen=True, slots=True)
class Carries:
    """What one patient's record can hold in a format."""

    several: bool = True
    """More than one result of one finding."""
    flags: bool = True
    """A laboratory's flag beside a number."""
    medicines: bool = True
    """A medicine with the day it was begun."""
    complete: frozenset[str] = frozenset()
    """Parts of a record of which the source holds all: what it does not say of them is a no."""

    def silent(self, finding: Finding) -> bool:
        """Silence says no of the finding."""
        parts = finding.absent_when_complete
        return finding.kind == "yes-no" and bool(parts) and self.complete.issuperset(parts)


FHIR = Carries()
OMOP = Carries()
SHEET = Carries(several=False, flags=False, medicines=False)
