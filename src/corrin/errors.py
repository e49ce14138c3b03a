"""What Corrin says when it cannot go on: where, what, why it matters, and what to write instead.

    CorrinError
    ├── GuidelineError   a page, a dictionary, a profile or a site file cannot be placed
    ├── InputError       bytes handed over cannot be read as a patient
    └── UsageError       a call or a command line that cannot be carried out
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot be placed: `where` it stands, `what` is wrong, and the `mend`."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.mend}"


class CorrinError(Exception):
    """One or more problems, all of them listed, so that an editor can mend them in one go."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class GuidelineError(CorrinError):
    """A page, a dictionary, a profile or a site file that cannot be placed."""


class InputError(CorrinError):
    """Bytes that cannot be read as a patient."""


class UsageError(CorrinError):
    """A call or a command line that cannot be carried out."""
