"""Exit codes: a script learns from them what a person reads on standard error."""

from corrin.errors import CorrinError, GuidelineError, InputError

DONE = 0
FOUND = 1
USAGE = 2
INPUT = 3
GUIDELINE = 4

MEANING = {
    DONE: "done; a value that was refused does not change this",
    FOUND: "check or prove found something to mend",
    USAGE: "the command line cannot be carried out",
    INPUT: "a file cannot be read as a patient; the others were answered",
    GUIDELINE: "the guideline, or a site's file, cannot be read",
}


def code_of(error: CorrinError) -> int:
    """The exit code of an error that ends a command."""
    if isinstance(error, InputError):
        return INPUT
    return GUIDELINE if isinstance(error, GuidelineError) else USAGE
