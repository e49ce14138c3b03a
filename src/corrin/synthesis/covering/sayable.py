"""Which states of the findings a record can bring about, as logic: what is declared ties findings together.

An encoding of the guideline enters; named terms leave. A number is exact or open at one end; the months
since a day follow from its days; a lowest result is among the results; a normal examination answers for its
signs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Guideline
from corrin.readings import smt
from corrin.synthesis.covering.carrying import Carries
from corrin.verification.solver import Number, Term, equal, multiple
from corrin.verification.states import FALSE, every, follows, some

LONGEST = 3600
"""Days: nothing that is made up goes back further."""
OLDEST = 110
SPARE = 8
"""Days by which a sample stays within its window."""
REFUSED, COUNT, BEFORE, SERIES = "refused", "count", "before-sample", frozenset({"least", "second-most"})
ONE_RESULT = "a cell holds one result, used or refused"
ALL_HERE = "all of a kind are here: what is not said of them is a no"
NO_BEGINNINGS = "no cell tells since when a medicine is taken"

Named = tuple[str, Term]


def completed_months(since: date, until: date) -> int:
    """Whole months: one is over on the same day of the next month, or on its last day where it is shorter."""
    months = (until.year - since.year) * 12 + until.month - since.month
    last = (until.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return months if until.day >= min(since.day, last.day) else months - 1


class Sayable:
    """What ties the findings of one guideline together, for one day and one format."""

    def __init__(self, guideline: Guideline, encoding: smt.Encoding, as_of: date, carries: Carries) -> None:
        self.guideline = guideline
        self.findings = guideline.declared.findings
        self.numbers = encoding.numbers
        self.words = encoding.words
        self.as_of = as_of
        self.carries = carries
        self._unknown: dict[str, Term] = {}
        self.tied: list[frozenset[str]] = []
        self.since = self._dates()
        self.terms: Mapping[str, Term] = self._grouped()

    def known(self, name: str) -> Term:
        """Something is known of a finding."""
        number = self.numbers.get(name)
        if number:
            return smt.either(number.has_low, number.has_high)
        return some(self.words[name].values())

    def unknown(self, name: str) -> Term:
        """Nothing is known of a finding."""
        if name not in self._unknown:
            self._unknown[name] = smt.negation(self.known(name))
        return self._unknown[name]

    def exactly(self, name: str) -> Term:
        """The number is known, and exact."""
        number = self.numbers[name]
        return smt.both(number.has_low, number.has_high, equal(number.low, number.high))

    def dated(self, finding: str) -> Term:
        """The day of a date is known."""
        columns = self.since.get(finding, {})
        return some([self.known(name) for name in columns.values()])

    def _dates(self) -> dict[str, dict[str, str]]:
        dates: dict[str, dict[str, str]] = {}
        for each in self.findings.values():
            if each.since and each.id in self.numbers:
                dates.setdefault(each.since, {})[each.measure] = each.id
        return dates

    def _grouped(self) -> Mapping[str, Term]:
        grouped: dict[str, list[Term]] = {}
        for why, term in self._all():
            grouped.setdefault(why, []).append(term)
        return {why: every(terms) for why, terms in grouped.items()}

    def _tie(self, *names: str) -> None:
        self.tied.append(frozenset(names))

    def _all(self) -> Iterator[Named]:
        for each in self.findings.values():
            if each.id in self.numbers:
                yield from self._number(each)
            elif each.id in self.words:
                yield from self._word(each)
        for columns in self.since.values():
            self._tie(*columns.values())
            yield "the days and the months since one date go together", self._date(columns)

    def _number(self, each: Finding) -> Iterator[Named]:
        one = self.numbers[each.id]
        if each.of is not None and each.take in SERIES:
            return
        yield "a number is exact, or open at one end", self._shape(each)
        low, high = self._reach(each)
        if low is not None:
            yield "a number is plausible", follows(one.has_low, smt.both(one.low >= low, one.low < high))
            yield (
                "a number is plausible",
                follows(one.has_high, smt.both(one.high > low, one.high <= high))
                if (each.counts == "result")
                else follows(one.has_high, one.high <= high),
            )
        if each.person or each.since or each.counts == "duration" or each.take == COUNT:
            yield "years, days and doses are whole", follows(one.has_low, multiple(one.low, GRID))
        if each.counts == "duration":
            told = "days on a medicine are told by the medicine and its beginning"
            yield told if self.carries.medicines else NO_BEGINNINGS, self._duration(each)
        if each.take == COUNT:
            yield "a dose with its day is at least one dose", self._count(each)
        yield from self._series(each)

    def _reach(self, each: Finding) -> tuple[int | None, int]:
        if each.person:
            return 0, OLDEST * GRID
        if each.since or each.counts == "duration":
            return 0, LONGEST * GRID
        return each.plausible or (None, 0)

    def _shape(self, each: Finding) -> Term:
        one = self.numbers[each.id]
        shapes = [self.unknown(each.id), self.exactly(each.id)]
        if each.take == COUNT or (each.counts == "result" and each.upper_limit_of is None):
            shapes.append(smt.both(one.has_low, smt.negation(one.has_high)))
        if each.counts == "result" and each.upper_limit_of is None:
            shapes.append(smt.both(one.has_high, smt.negation(one.has_low)))
        return some(shapes)

    def _duration(self, each: Finding) -> Term:
        if not self.carries.medicines:
            return self.unknown(each.id)
        self._tie(each.id, *each.codes)
        taken = [self.words[name]["yes"] for name in each.codes if "yes" in self.words.get(name, {})]
        return follows(self.known(each.id), some(taken))

    def _count(self, each: Finding) -> Term:
        one, dose = self.numbers[each.id], self.dated(each.of or "")
        self._tie(each.id, *self.since.get(each.of or "", {}).values())
        at_least = smt.both(one.has_low, smt.negation(one.has_high))
        return smt.both(
            follows(dose, smt.both(one.has_low, one.low >= GRID)),
            follows(at_least, smt.both(dose, equal(one.low, GRID))),
        )

    def _series(self, source: Finding) -> Iterator[Named]:
        """The lowest and the second highest of several results."""
        of = {each.take: each.id for each in self.findings.values() if each.of == source.id}
        lowest, second = of.get("least"), of.get("second-most")
        if not (lowest in self.numbers and second in self.numbers and lowest and second):
            return
        self._tie(source.id, lowest, second)
        one, low, next_ = self.numbers[source.id], self.numbers[lowest], self.numbers[second]
        single = smt.both(_same(one, low), self.unknown(second))
        several = smt.both(
            self.exactly(source.id),
            self.exactly(lowest),
            self.exactly(second),
            low.low <= next_.low,
            some([equal(one.low, low.low), one.low >= next_.low]),
        )
        cases = [single, smt.both(several, *self._plausible(source, low, next_))]
        yield (
            "the lowest and the second highest are among the results that can be sent",
            some(cases[: 1 + self.carries.several]),
        )

    def _plausible(self, source: Finding, *numbers: smt.Number) -> list[Term]:
        least, most = source.plausible or (0, LONGEST * GRID)
        return [smt.both(one.low >= least, one.low <= most) for one in numbers]

    def _word(self, each: Finding) -> Iterator[Named]:
        if self.carries.silent(each):
            yield ALL_HERE, self.known(each.id)
        if each.take == REFUSED:
            of = each.of or ""
            yield "whether a result was refused is always known", self.known(each.id)
            if not self.carries.several:
                self._tie(each.id, of)
                yield (
                    "one cell holds one result, used or refused",
                    follows(self.words[each.id]["yes"], self.unknown(of)),
                )
        for asker, said in (each.answered_by or {}).items():
            self._tie(each.id, asker)
            told = [self.words[asker][word] for word in said]
            yield "an examination answers for its signs", follows(some(told), self.known(each.id))
        for word, implied in (each.implies or {}).items():
            for name, value in implied.items():
                self._tie(each.id, name)
                term = follows(self.words[each.id][word], self.words[name][value])
                yield "a word says what follows from it", term
        if each.over_limit_of:
            yield "above the laboratory's limit follows from value and limit", self._over(each)
        if each.take == BEFORE:
            yield "what was taken before a sample shows in their days", self._before(each)

    def _over(self, each: Finding) -> Term:
        """Yes, no or straddles, by the limit when there is one, else by the laboratory's flag."""
        of = each.over_limit_of or ""
        limits = [one.id for one in self.findings.values() if one.upper_limit_of == of]
        limit = limits[0]
        self._tie(each.id, of, limit)
        value, most, said = self.numbers[of], self.numbers[limit], self.words[each.id]
        above = smt.both(value.has_low, value.low > most.low)
        below = smt.both(value.has_high, value.high <= most.low)
        by_limit = {"yes": above, "no": below}
        compared = every(
            [
                follows(above, said["yes"]),
                follows(below, said["no"]),
                follows(smt.negation(some(by_limit.values())), said["straddles"]),
            ]
        )
        flagged = smt.both(self.exactly(of), some([said["yes"], said["no"]])) if self.carries.flags else FALSE
        return every(
            [
                follows(self.unknown(of), self.unknown(each.id)),
                follows(smt.both(self.known(of), self.known(limit)), compared),
                follows(self.unknown(limit), some([self.unknown(each.id), flagged])),
            ]
        )

    def _before(self, each: Finding) -> Term:
        """Unknown only while the sample may have come first."""
        given = [one.id for one in self.findings.values() if one.feeds == each.of and one.kind == "date"]
        samples = some([self.known(name) for name in each.samples])
        window = min(self._window(name) for name in each.samples) - SPARE
        late: list[Term] = []
        for name in given:
            columns = self.since.get(name, {})
            self._tie(each.id, *each.samples, *columns.values())
            recent = [self.numbers[columns["days"]].low <= window * GRID] if "days" in columns else []
            late.append(smt.both(self.dated(name), smt.negation(some(recent))))
        return follows(smt.both(self.unknown(each.id), samples), smt.negation(some(late)))

    def _window(self, name: str) -> int:
        window = self.findings[name].window
        return self.guideline.parameters[window].value // GRID if window else LONGEST

    def _date(self, columns: Mapping[str, str]) -> Term:
        """Each is known when the others are, and follows from the days."""
        names = list(columns.values())
        together = some(
            [every(self.known(name) for name in names), every(self.unknown(name) for name in names)]
        )
        if "months" not in columns:
            return together
        days = self.numbers[columns["days"]].low if "days" in columns else self._hidden(columns["months"])
        months = self.numbers[columns["months"]].low
        spans: dict[int, list[int]] = {}
        for day in range(LONGEST):
            spans.setdefault(completed_months(self.as_of - timedelta(days=day), self.as_of), []).append(day)
        follow = some(
            smt.both(equal(months, month * GRID), days >= span[0] * GRID, days <= span[-1] * GRID)
            for month, span in spans.items()
        )
        return smt.both(together, follows(self.known(names[0]), follow))

    def _hidden(self, months: str) -> Number:
        """The days of a date of which tables read the months alone."""
        column = self.guideline.columns[months]
        hidden = smt.variables(replace(column, id=f"{months}, in days"))
        assert isinstance(hidden, smt.Number)  # noqa: S101 - a copy of a number is a number
        return hidden.low


def _same(one: smt.Number, other: smt.Number) -> Term:
    """Two numbers are the same interval."""
    return every(
        [
            _alike(one.has_low, other.has_low),
            _alike(one.has_high, other.has_high),
            follows(one.has_low, equal(one.low, other.low)),
            follows(one.has_high, equal(one.high, other.high)),
        ]
    )


def _alike(one: Term, other: Term) -> Term:
    return smt.both(follows(one, other), follows(other, one))
