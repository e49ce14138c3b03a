"""Random records for the two readings of findings.toml: duplicates, corrections, partial dates, comparators, refusals.

Every finding of the guideline, every value set and every way of being dated is drawn from; what no chance would
meet often (two results of one sample, a result just outside its window) is drawn on purpose.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from corrin.guideline.declared import Finding
from corrin.guideline.model import Guideline
from corrin.records import MINUTES_A_DAY, Code, Event, Patient, Quantity, Record, When

EPOCH = date(1970, 1, 1).toordinal()
PARTS = ("medicines", "allergies", "procedures", "conditions", "requests", "statements", "administrations")
FLAGS = ("", "", "", "L", "H", "N", "LL", "A")
WORDS = (
    "low",
    "normal",
    "high",
    "undetectable",
    "see comment",
    "<83 pg/mL",
    "12,5 pg/mL",
    "positive",
    "negative",
)
REASONS = ("unknown", "error", "not-performed", "asked-declined")


def minute(day: date, clock: int = 0) -> int:
    return (day.toordinal() - EPOCH) * MINUTES_A_DAY + clock


def on(day: date) -> When:
    return When(minute(day), minute(day) + MINUTES_A_DAY - 1, day.isoformat())


def at(day: date, clock: int) -> When:
    return When(minute(day, clock), minute(day, clock), f"{day.isoformat()}T{clock // 60:02}:{clock % 60:02}")


def month(day: date) -> When:
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return When(minute(first), minute(following) - 1, f"{day:%Y-%m}")


def year(day: date) -> When:
    return When(minute(date(day.year, 1, 1)), minute(date(day.year + 1, 1, 1)) - 1, f"{day.year}")


@dataclass
class Maker:
    """Random records of one guideline on one day."""

    guideline: Guideline
    as_of: date
    random: Random

    def __post_init__(self) -> None:
        findings = self.guideline.declared.findings.values()
        self.asked = [each for each in findings if each.asked]
        self.results = [each for each in findings if each.counts == "result"]
        self.codes = self.guideline.declared.codes
        self.windows = sorted(
            {self.guideline.parameters[each.window].value // 1000 for each in findings if each.window}
        )
        self.units = {}
        for each in self.guideline.declared.conversions:
            self.units.setdefault(each.assay, []).extend(each.spellings)

    def record(self) -> Record:
        events = [
            event for _ in range(self.random.choice((0, 1, 2, 3, 5, 8, 13, 21))) for event in self.some()
        ]
        complete = frozenset(part for part in PARTS if self.random.random() < self.random.choice((0.1, 0.9)))
        birth = self.random.choice((None, on(date(1955, 3, 2)), year(date(1960, 1, 1)), on(date(2027, 1, 1))))
        person = Patient(id="p", birth=birth, sex=self.random.choice((None, "male", "female", "other")))
        days = self.random.choice(
            (None, None, self.as_of.isoformat(), (self.as_of - timedelta(days=40)).isoformat())
        )
        return Record(person, tuple(events), complete=complete, as_of=days)

    def some(self) -> list[Event]:
        kind = self.random.random()
        if kind < 0.12:
            return self.results_of_one()
        if kind < 0.4:
            event = self.result()
        elif kind < 0.62:
            event = self.answer()
        elif kind < 0.7:
            event = self.sign()
        else:
            event = self.coded()
        events = [event]
        if self.random.random() < 0.15:
            events.append(
                event.but(where=event.where + "'", status=self.random.choice(("corrected", event.status)))
            )
        if self.random.random() < 0.15 and event.quantity:
            other = Quantity(
                event.quantity.value * self.random.choice((1, 2)), self.random.choice(("pg/mL", "pmol/L"))
            )
            events.append(event.but(where=event.where + "''", quantity=other))
        return events

    def day(self) -> date:
        """Often at the edge of a window, sometimes still to come."""
        back = self.random.choice((*self.windows, 0, 1, 3, 30, 90, 400, 2000))
        return self.as_of - timedelta(days=back + self.random.choice((-2, -1, 0, 0, 0, 1, 2, 20)))

    def when(self) -> When | None:
        day = self.day()
        shape = self.random.random()
        if shape < 0.12:
            return None
        if shape < 0.62:
            return on(day)
        if shape < 0.8:
            return at(day, self.random.choice((540, 660)))
        return month(day) if shape < 0.94 else year(day)

    def status(self) -> str:
        common = ("final",) * 12 + ("corrected", "corrected", "preliminary", "error", "unknown")
        return self.random.choice(common)

    def quantity(self, assay: str) -> Quantity:
        unit = self.random.choice(
            [*self.units.get(assay, ["1"]), *self.units.get(assay, ["1"]), "", "furlong"]
        )
        value = Decimal(
            self.random.choice((-1, 0, 1, 24, 25, 98, 132.9, 133, 180, 258, 258.1, 271, 350, 400, 410, 1200))
        )
        return Quantity(
            value,
            unit,
            self.random.choice(("", "", unit, "mg/dL")),
            self.random.choice(("",) * 5 + ("<", "<=", ">", ">=")),
        )

    def result(self) -> Event:
        finding = self.random.choice(self.results)
        codes = [Code(each.system, each.code) for each in self.codes if each.finding == finding.id]
        answer = not codes or self.random.random() < 0.3
        when = self.when()
        said = self.said(finding)
        return Event(
            kind="answer" if answer else "observation",
            codes=(Code("corrin", finding.id),) if answer else (self.random.choice(codes),),
            where=f"result {self.random.random()}",
            start=when,
            end=when,
            status=self.status(),
            flag=self.random.choice(FLAGS),
            specimen=self.random.choice(("",) * 6 + ("Serum", "Urine")),
            upper_limit=self.random.choice(
                (None, None, Quantity(Decimal(300), "nmol/L"), Quantity(Decimal(3), "furlong"))
            ),
            **said,
        )

    def results_of_one(self) -> list[Event]:
        """Several readable results of one test, beside B12 that was given: repeats, old deficiencies, the nearest."""
        labs = [each for each in self.results if each.kind == "number"]
        kept = [each for each in labs if each.keeps or each.take == "nearest"]
        events = []
        for finding in [*self.random.choices(kept, k=2), self.random.choice(labs)]:
            unit = finding.unit
            for _ in range(self.random.choice((0, 1, 2, 2, 4))):
                when = self.when()
                value = Quantity(
                    Decimal(self.random.choice((24, 60, 150, 300, 410, 1200, 1300))),
                    unit,
                    "",
                    self.random.choice(("", "", "", "<", ">")),
                )
                status = self.random.choice(("final", "final", "final", "corrected", "preliminary"))
                events.append(
                    Event(
                        "observation",
                        (Code("corrin", finding.id),),
                        "r",
                        quantity=value,
                        start=when,
                        end=when,
                        status=status,
                        flag=self.random.choice(("", "", "H", "N")),
                    )
                )
        given = [each for each in self.codes if each.means == "strong"]
        for _ in range(self.random.choice((0, 0, 1, 2))):
            entry, when = self.random.choice(given), self.when()
            events.append(
                Event(
                    "medicine",
                    (Code(entry.system, entry.code),),
                    "g",
                    start=when,
                    end=when,
                    status="completed",
                    medium="administration",
                )
            )
        return events

    def said(self, finding: Finding) -> dict:
        way = self.random.random()
        if finding.kind == "number" and way < 0.75:
            return {"quantity": self.quantity(finding.assay or "")}
        if finding.kind == "word" and way < 0.8:
            return {"word": self.random.choice(finding.values)}
        if way < 0.9:
            return {"word": self.random.choice(WORDS)}
        if way < 0.95:
            return {"polarity": "unknown", "absent_reason": self.random.choice(REASONS)}
        return {"polarity": "unknown", "unreadable": "no number"}

    def answer(self) -> Event:
        finding = self.random.choice(self.asked)
        when = self.when()
        said: dict = {"polarity": self.random.choice(("present", "present", "absent", "unknown"))}
        if finding.kind == "date":
            said = {"date": self.when()}
        elif finding.kind != "yes-no":
            said = self.said(finding)
        return Event(
            kind="answer",
            codes=(Code("corrin", finding.id),),
            where=f"answer {self.random.random()}",
            start=when,
            end=when,
            status="final",
            verification="confirmed",
            **said,
        )

    def sign(self) -> Event:
        """An examination, or one of the signs it answers for: the two must meet often."""
        signs = [each for each in self.asked if each.answered_by]
        asker = next(iter(self.random.choice(signs).answered_by))
        when = self.when()
        if self.random.random() < 0.5:
            word = self.random.choice(("normal", "normal", "abnormal"))
            return Event(
                "answer", (Code("corrin", asker),), "exam", word=word, start=when, end=when, status="final"
            )
        flags = [each for each in self.asked if each.undated == "unknown"]
        name = self.random.choice(signs if self.random.random() < 0.6 else flags).id
        polarity = self.random.choice(("present", "absent", "unknown"))
        kind = self.random.choice(("answer", "observation"))
        return Event(
            kind, (Code("corrin", name),), "sign", polarity=polarity, start=when, end=when, status="final"
        )

    def coded(self) -> Event:
        entry = self.random.choice(self.codes)
        kind = self.random.choice(
            (
                "observation",
                "condition",
                "medicine",
                "medicine",
                "medicine",
                "order",
                "procedure",
                "allergy",
                "family",
            )
        )
        if entry.system in {"rxnorm", "atc"}:
            kind = self.random.choice(("medicine",) * 6 + ("allergy",))
        start, end = self.when(), self.random.choice((None, self.when()))
        route = self.random.choice(("", "Oral", "Intramuscular route"))
        if entry.finding == "b12_taken":
            route = self.random.choice(("Intramuscular route", "Intramuscular route", "Oral", ""))
        return Event(
            kind=kind,
            codes=(Code(entry.system, entry.code),),
            where=f"code {self.random.random()}",
            start=start,
            end=start if kind == "observation" else end,
            recorded=self.random.choice((None, self.when())),
            status=self.random.choice(
                ("active",) * 4
                + ("completed", "completed", "stopped", "draft", "resolved", "error", "planned")
            ),
            verification=self.random.choice(("confirmed",) * 6 + ("unknown", "unconfirmed", "refuted")),
            polarity=self.random.choice(("present",) * 8 + ("absent",)),
            intent=self.random.choice(("actual", "actual", "order", "plan")),
            medium=self.random.choice(
                ("request", "statement", "administration", "administration", "dispense")
            )
            if kind == "medicine"
            else "",
            dose=self.random.choice((None, Quantity(Decimal(1), "mg"), Quantity(Decimal(3), "ug"))),
            times_a_day=self.random.choice((None, Decimal(1), Decimal(2))),
            as_needed=self.random.random() < 0.1,
            route=route,
        )
