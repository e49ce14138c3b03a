"""The clock, the next dose and a review in words: how much is left, and what is late."""

from corrin.answers import Answer
from corrin.answers.text.layout import capital
from corrin.answers.values import count, left, span, until_treatment
from corrin.plans.plan import Clock, Due, Review


def clock_words(clock: Clock) -> str:
    """Days since onset; the end of the months a source names, or when treatment began."""
    since = f"{capital(count(clock.days))} since onset ({span(clock.onset)})"
    if clock.days_to_treatment is not None:
        return f"{since}; {until_treatment(clock.days_to_treatment)}"
    return f"{since}; {clock.months} months end {span(clock.three_months_on)}: {left(clock)}"


def due_words(answer: Answer, due: Due) -> str:
    """When the next dose is or was due, and what would narrow it."""
    late = due.on.before(answer.findings.as_of)
    text = f"{capital(due.stage or 'next')} dose {'was ' if late else ''}due {span(due.on)}"
    wanting = ", ".join(answer.desk.wording.named(one) for one in due.missing)
    return f"{text}; not recorded: {wanting}" if wanting else text


def review_words(answer: Answer, review: Review) -> str:
    """When somebody on treatment is, or should have been, seen again."""
    late = review.on.before(answer.findings.as_of)
    return f"{review.label} {'was due ' if late else ''}{span(review.on)} ({', '.join(review.because)})"
