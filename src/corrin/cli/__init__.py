"""The command line: the outermost shell, and the one place that may ask what day it is.

A command and files enter; text or JSON leaves on standard output, problems on standard error, and an exit
code. What takes long to load (the solver, the reader of pages) is loaded by the command that needs it.
"""

import os
import sys
from io import TextIOWrapper
from typing import NoReturn

from corrin.cli.commands import app
from corrin.cli.console import complain
from corrin.cli.exits import USAGE, code_of
from corrin.errors import CorrinError, Problem

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command, say in words what went wrong, and end with its exit code."""
    _speak_utf8()
    try:
        app(arguments, prog_name="corrin")
    except CorrinError as error:
        complain(error.problems)
        sys.exit(code_of(error))
    except OSError as error:
        _silence()
        complain([Problem(_where(error), _what(error), "Write to a place that has room and may be written.")])
        sys.exit(USAGE)
    sys.exit(0)


def _speak_utf8() -> None:
    """JSON is UTF-8, and so is the text: where the surroundings say otherwise no letter is lost."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8")


def _silence() -> None:
    """What could not be written is not tried again when the program ends."""
    if sys.stdout is sys.__stdout__:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _where(error: OSError) -> str:
    return str(error.filename) if error.filename else "output"


def _what(error: OSError) -> str:
    known = os.strerror(error.errno) if error.errno else error.strerror
    said = (known or "no reason was given").lower()
    return f"cannot be written: {said}" if error.filename is None else f"cannot be opened: {said}"
