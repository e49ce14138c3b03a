"""The command line: the outermost shell, and the one place that may ask what day it is.

A command and files enter; text or JSON leaves on standard output, problems on standard error, and an exit
code. What takes long to load (the solver, the reader of pages) is loaded by the command that needs it.
"""

import sys
from typing import NoReturn

from corrin.cli.commands import app
from corrin.cli.console import complain
from corrin.cli.exits import code_of
from corrin.errors import CorrinError

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command, say in words what went wrong, and end with its exit code."""
    try:
        app(arguments, prog_name="corrin")
    except CorrinError as error:
        complain(error.problems)
        sys.exit(code_of(error))
    sys.exit(0)
