"""The templates of a sheet, and the words they write dates and counts in."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from corrin.answers.text import opening
from corrin.answers.text.layout import capital, in_a_row
from corrin.answers.values import another, count, day, rhythm, span, weekday, withheld
from corrin.exports import chart
from corrin.exports.sheet.clock import clock_words, due_words, review_words
from corrin.exports.sheet.sheet import Sheet

_STRESS = re.compile(r"\*(\w[^*]*)\*")
_TICKS = re.compile(r"`([^`]*)`")
TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=4)
def environment(*folders: Path) -> Environment:
    """Templates of these folders, before those of the sheet; everything is escaped."""
    loaders: list[BaseLoader] = [FileSystemLoader(folder) for folder in (*folders, TEMPLATES)]
    env = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made: Any = env
    made.filters.update(
        capital=capital,
        quoted=_quoted,
        prose=_prose,
        in_a_row=in_a_row,
        count=count,
        day=day,
        span=span,
        weekday=weekday,
    )
    made.globals.update(
        recovery_chart=_recovery,
        results_charts=_results,
        clock_words=clock_words,
        due_words=due_words,
        rhythm=rhythm,
        withheld=withheld,
        another=another,
        review_words=review_words,
    )
    return env


def fragment(sheet: Sheet, *, paper: bool = False) -> Markup:
    """The sheet as HTML; on paper everything that can be folded away is open."""
    template = environment().get_template("answer.html")
    answer = sheet.answer
    given = {
        "sheet": sheet,
        "answer": answer,
        "plan": answer.plan,
        "who": opening.title(answer),
        "ended": opening.ended(answer),
    }
    return Markup(template.render(**given, paper=paper))  # noqa: S704


def _quoted(text: str) -> str:
    """The backticks of an error message as quotation marks."""
    return _TICKS.sub(r"“\1”", text)


def _prose(text: str) -> Markup:
    """A sentence of a page, with what it stresses; everything else is escaped."""
    return Markup(_STRESS.sub(r"<em>\1</em>", str(escape(_quoted(text)))))  # noqa: S704 - escaped before


def _recovery(sheet: Sheet) -> Markup:
    return Markup(chart.recovery(sheet.answer))  # noqa: S704 - our own SVG


def _results(sheet: Sheet) -> list[tuple[chart.Series, Markup]]:
    """A chart for each finding that is drawn and has several results."""
    series = [chart.series(sheet.answer, one, sheet.facts) for one in sheet.layout.drawn]
    return [(one, Markup(chart.results(one))) for one in series if len(one.points) > 1]  # noqa: S704
