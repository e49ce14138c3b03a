"""An answer as a clinician reads it: red flags, what is the case, what is recommended and when, and then why.

An answer and a width enter; lines leave, each with the tone in which a terminal may print it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corrin.answers.text import foot, opening, plan, verdicts, why
from corrin.answers.text.layout import lay, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corrin.answers.answer import Answer
    from corrin.answers.text.layout import Printed

__all__ = ["lines"]


def lines(answer: Answer, width: int = 80) -> Iterator[Printed]:
    """Every line with its tone, wrapped to the width."""
    yield from paragraph(opening.title(answer), width, "title")
    yield "plain", ""
    if answer.ended:
        yield from paragraph(opening.ended(answer), width, "amber")
    else:
        yield from lay(opening.red_flags(answer), width)
        yield "plain", ""
        yield from lay(verdicts.entries(answer), width)
        yield from plan.lines(answer, width)
        yield from why.lines(answer, width)
    yield from foot.lines(answer, width)
