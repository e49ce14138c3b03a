"""What Corrin says when it cannot go on: where, what, why it matters, and what to write instead.

CorrinError
├── GuidelineError   a page, a dictionary, a profile or a site file cannot be placed
├── InputError       bytes handed over cannot be read as a patient
└── UsageError       a call or a command line that cannot be carried out
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


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


class Refusal(Exception):  # noqa: N818 - not yet an error: whoever knows the place makes it a Problem
    """Something that cannot be read, said by a part that does not know where it stood.

    `about` is the name that is missing, when one is.
    """

    def __init__(self, what: str, mend: str, about: str = "") -> None:
        self.what = what
        self.mend = mend
        self.about = about
        super().__init__(what)


@dataclass(slots=True)
class Problems:
    """Problems found so far, so that all of them are said in one go.

    `lost` are the names of what was refused: who refers to them is not blamed; one fault is told once.
    """

    found: list[Problem] = field(default_factory=list[Problem])
    lost: set[str] = field(default_factory=set[str])

    def refuse(self, where: object, what: str, mend: str) -> None:
        """Note one problem and go on reading."""
        self.found.append(Problem(str(where), what, mend))

    def miss(self, where: object, name: str, what: str, known: Iterable[str]) -> None:
        """Note a name that refers to nothing, unless what it refers to was itself refused."""
        if not self.is_lost(name):
            self.refuse(where, f"`{name}` is no {what}", did_you_mean(name, known))

    def take(self, where: object, refusal: Refusal) -> None:
        """Note a refusal, now that its place is known."""
        if not self.is_lost(refusal.about):
            self.refuse(where, refusal.what, refusal.mend)

    def lose(self, *names: str) -> None:
        """Remember what will be missing because of a problem already noted."""
        self.lost.update(names)

    def is_lost(self, name: str) -> bool:
        """The name, or the table it begins with (`table__output`), was refused."""
        return name in self.lost or name.partition("__")[0] in self.lost

    def speak(self, error: type[CorrinError]) -> None:
        """Raise what was found, each problem once; stay silent when there is none."""
        if self.found:
            raise error(*dict.fromkeys(self.found))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The mend for a name that is not known: the nearest one, else all of them."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a refusal pays for it

    names = list(dict.fromkeys(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{near[0]}`?"
    if not names:
        return "There is none to choose from yet."
    shown = ", ".join(f"`{name}`" for name in names[:MOST_SHOWN])
    return f"Known here: {shown}{' ...' if len(names) > MOST_SHOWN else ''}."


MOST_SHOWN = 12
