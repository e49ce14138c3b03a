"""report.html: the contents laid into one file, with the style sheet in it and no script.

Contents enter, HTML leaves. Everything is escaped; what is drawn was drawn here.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from corrin.answers.text.layout import capital
from corrin.answers.values import day
from corrin.guideline.model import Guideline
from corrin.population.measures import writing
from corrin.population.measures.folder import Screened
from corrin.population.report.contents import Contents, contents

NAME = "report.html"
TEMPLATES = Path(__file__).parent / "templates"


def write(
    screened: Screened,
    guideline: Guideline,
    *,
    below: int | None = None,
    identifiers: bool = False,
    counted: writing.Numbers | None = None,
) -> Path:
    """Write the report into the folder; with `identifiers` every number is shown, and patients are named.

    Shape: `counted` are the numbers, if they were counted already as they may be shown.
    """
    numbers = counted
    if numbers is None or identifiers:
        numbers = writing.numbers(screened, guideline, 0 if identifiers else below)
    said = contents(screened, guideline, numbers, identifiers=identifiers)
    path = screened.folder / NAME
    writing.put(path, html(said))
    return path


def html(said: Contents) -> str:
    """The whole page."""
    style = Markup((TEMPLATES / "report.css").read_text("utf-8"))  # noqa: S704 - our own style sheet
    return (
        _environment()
        .get_template("report.html")
        .render(said=said, about=said.screened.about, measures=said.numbers.measures, style=style)
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made: Any = env
    made.filters.update(capital=capital, day=day, people=_people, percent=_percent)
    return env


def _people(number: object) -> Markup | str:
    """A number of people; one that is hidden is said to be so."""
    if number is None:
        return Markup('<span class="hidden">not shown</span>')
    return f"{number:,}" if isinstance(number, int) else str(number)


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.0%}"
