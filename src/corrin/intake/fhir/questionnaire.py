"""Answers to a form, and lists that say "none": what was asked of a person rather than measured.

A QuestionnaireResponse enters, an event for each answer leaves, under the question's `linkId`; a List that is
empty because nothing is known declares its part of the record complete.
"""

import re
from collections.abc import Iterator

import msgspec

from corrin.intake import values
from corrin.intake.fhir.chart import Chart
from corrin.intake.fhir.r4 import elements, terms
from corrin.intake.fhir.r4.decode import wrong
from corrin.intake.fhir.r4.shapes import Answer, Item, Listing, Response
from corrin.intake.values import Value
from corrin.records import Code, Event

_ITEM = msgspec.json.Decoder(Item)
_ANSWER = msgspec.json.Decoder(Answer)
_FINDING = re.compile(r"[a-z][a-z0-9_]*")
_NONE_KNOWN = "nilknown"
_STANDING = frozenset({"current", ""})


def write_response(response: Response, prefix: str, chart: Chart) -> None:
    """Put each answer on the chart; a result typed into a form is undated: it was not sampled then."""
    asked = elements.moment(response.authored)
    status = terms.RESPONSE.get(response.status or "", "unknown")
    for link, at, value in _answers(response, prefix, chart):
        measured = value.quantity is not None or bool(value.unreadable)
        chart.events.append(
            Event(
                kind="answer",
                codes=(_question(link, response.questionnaire),),
                where=at,
                word=value.word,
                word_codes=value.word_codes,
                quantity=value.quantity,
                date=value.date,
                polarity=value.polarity,
                absent_reason=value.absent_reason,
                unreadable=value.unreadable,
                start=None if measured else asked,
                end=None if measured else asked,
                recorded=asked,
                status=status,
                verification="confirmed",
                identity=f"{response.resource_type}/{response.id}" if response.id else "",
            )
        )


def write_list(listing: Listing, prefix: str, chart: Chart) -> None:
    """Note what is declared complete; the members of a List are read on their own."""
    at = prefix.rstrip(".: ")
    part = next(
        (terms.LISTS[code.code] for code in elements.codes(listing.code) if code.code in terms.LISTS), None
    )
    none_known = any(code.code == _NONE_KNOWN for code in elements.codes(listing.empty_reason))
    if part and none_known and not listing.entry and (listing.status or "") in _STANDING:
        chart.complete.add(part)
        chart.ignore(at, f"an empty List that says none is known: {part}")
    else:
        chart.ignore(at, "a List: what it names is read on its own")


def _question(link: str, questionnaire: str | None) -> Code:
    """The question: a finding by its own id, else a question of somebody's form."""
    if _FINDING.fullmatch(link):
        return Code("corrin", link)
    return Code((questionnaire or "").partition("|")[0] or "questionnaire", link)


def _answers(response: Response, prefix: str, chart: Chart) -> Iterator[tuple[str, str, Value]]:
    """Question, place and value of each answer, nested ones included, in the order of the form."""
    waiting = [(bytes(raw), f"{prefix}item[{index}]") for index, raw in enumerate(response.item or ())][::-1]
    while waiting:
        raw, at = waiting.pop()
        try:
            item = _ITEM.decode(raw)
        except msgspec.DecodeError as error:
            chart.ignore(at, wrong(error))
            continue
        inner = [(bytes(one), f"{at}.item[{index}]") for index, one in enumerate(item.item or ())]
        for index, one in enumerate(item.answer or ()):
            here = f"{at}.answer[{index}]"
            try:
                answer = _ANSWER.decode(one)
            except msgspec.DecodeError as error:
                yield item.link_id or "", here, values.unreadable(wrong(error))
                continue
            yield item.link_id or "", here, _value(answer)
            inner += [(bytes(more), f"{here}.item[{n}]") for n, more in enumerate(answer.item or ())]
        if not item.answer and not item.item:
            chart.ignore(at, "a question without an answer")
        waiting += inner[::-1]


def _value(answer: Answer) -> Value:
    if answer.value_boolean is not None:
        return values.PRESENT if answer.value_boolean else values.ABSENT
    if answer.value_coding is not None:
        return elements.answer(answer.value_coding)
    if answer.value_quantity is not None:
        return elements.measured(answer.value_quantity)
    if answer.value_string is not None:
        return values.word(answer.value_string)
    return _rarer(answer)


def _rarer(answer: Answer) -> Value:
    written = answer.value_date or answer.value_date_time
    if written is not None:
        return elements.dated(written)
    digits = bytes(answer.value_decimal) or bytes(answer.value_integer)
    return elements.counted(digits) if digits else values.unreadable("an answer of a type that is not read")
