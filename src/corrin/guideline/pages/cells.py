"""The closed grammar of a cell: what a clinician writes in a column becomes one `Cell`.

    -                          does not matter
    known                      any value
    unknown                    no value
    yes                        this value
    low, high                  one of these
    not low                    any other known value
    no, unknown                a value, a list or a `not` may end in `, unknown`
    < 37.5   >= {limit}        a range, in `bands` tables and lists only
    36..37.5                   both ends included

No brackets, no `and`, no arithmetic: a row is the conjunction of its cells.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from corrin.errors import Refusal, did_you_mean
from corrin.guideline.model import Bound, Cell, Column, Parameter, to_grid

WORD = r"[a-z0-9]+(?:-[a-z0-9]+)*"
RESERVED = frozenset({"known", "unknown", "not", "and", "or"})
ANY = Cell("-", "any")

_NUMBER = r"(?:\d+(?:\.\d{1,3})?|\{[a-z][a-z0-9_]*\})"
_COMPARED = re.compile(rf"(<=|>=|<|>) ({_NUMBER})")
_BETWEEN = re.compile(rf"({_NUMBER})\.\.({_NUMBER})")
_LOOKS_LIKE_A_RANGE = re.compile(r"[<>=≤≥{}]|\.\.|^-?\d+(?:\.\d+)?$")
_FORMS = "Write `-`, `known`, `unknown`, a value, values separated by commas, or `not value`."
_RANGES = "Write `< n`, `<= n`, `> n`, `>= n` or `a..b`, where n is a number or a {parameter}."


def is_word(text: str) -> bool:
    """A value as pages write it: lower case, digits, hyphens, and none of the grammar's own words."""
    return re.fullmatch(WORD, text) is not None and text not in RESERVED


def read_cell(text: str, column: Column, parameters: Mapping[str, Parameter]) -> Cell:
    """The cell that a text means in this column.

    Errors: a `Refusal` that says what cannot be placed and what to write instead.
    """
    match text:
        case "":
            raise Refusal(
                "an empty cell", "Write `-` when it does not matter, `unknown` when nothing is known."
            )
        case "-":
            return ANY
        case "known" | "unknown":
            return Cell(text, text)
        case _ if column.kind == "number":
            return _range(text, column, parameters)
        case _:
            return _words(text, column)


def literals(text: str) -> tuple[str, ...]:
    """The numbers written out in a range: `36..37.5` has two, `< {limit}` and `no` none.

    >>> literals("36..{limit}")
    ('36',)
    """
    found = _COMPARED.fullmatch(text) or _BETWEEN.fullmatch(text)
    ends = found.groups() if found else ()
    return tuple(end for end in ends if end[0].isdigit())


def _words(text: str, column: Column) -> Cell:
    if _LOOKS_LIKE_A_RANGE.search(text) and text not in column.values:
        known = ", ".join(f"`{value}`" for value in column.values)
        raise Refusal(f"`{text}` is a range, and `{column.id}` has words", f"Write one of {known}.")
    listed, comma, last = text.rpartition(", ")
    or_unknown = bool(comma) and last == "unknown"
    body = listed if or_unknown else text
    if body.startswith("not "):
        return Cell(text, "words", _all_but(body.removeprefix("not "), column), or_unknown)
    return Cell(text, "words", _listed(body, column), or_unknown)


def _all_but(word: str, column: Column) -> tuple[str, ...]:
    if "," in word:
        raise Refusal("`not` takes one value", "List the values that are meant instead.")
    _check_word(word, column)
    return tuple(value for value in column.values if value != word)


def _listed(body: str, column: Column) -> tuple[str, ...]:
    words = tuple(body.split(", "))
    for word in words:
        _check_word(word, column)
    twice = next((word for word in words if words.count(word) > 1), None)
    if twice:
        raise Refusal(f"`{twice}` stands twice in one cell", "Write it once.")
    return words


def _check_word(word: str, column: Column) -> None:
    if word in column.values:
        return
    if word == "unknown":
        raise Refusal(
            "`unknown` does not stand last in its cell", "Write it once, at the end: `no, unknown`."
        )
    if word in {"-", "known"} or word.startswith("not "):
        raise Refusal(f"`{word}` does not stand in a list", "Write it alone, or list the values.")
    if not is_word(word):
        raise Refusal(f"`{word}` is no value", _FORMS)
    raise Refusal(f"`{word}` is no value of `{column.id}`", did_you_mean(word, column.values), column.id)


def _range(text: str, column: Column, parameters: Mapping[str, Parameter]) -> Cell:
    compared = _COMPARED.fullmatch(text)
    between = _BETWEEN.fullmatch(text)
    if compared:
        sign, end = compared.groups()
        bound = _bound(end, column, parameters, strict=sign in "<>")
        return Cell(text, "range", high=bound) if sign[0] == "<" else Cell(text, "range", low=bound)
    if between is None:
        raise Refusal(f"`{text}` is no range", _RANGES)
    low, high = (_bound(end, column, parameters, strict=False) for end in between.groups())
    if default(low, parameters) > default(high, parameters):
        raise Refusal(f"`{text}` runs from high to low", "Write the lower end first.")
    return Cell(text, "range", low=low, high=high)


def _bound(end: str, column: Column, parameters: Mapping[str, Parameter], *, strict: bool) -> Bound:
    if end[0] != "{":
        return Bound(to_grid(Decimal(end)), None, strict)
    name = end[1:-1]
    if name not in parameters:
        raise Refusal(f"`{name}` is no parameter", did_you_mean(name, parameters), name)
    unit = parameters[name].unit
    if unit != column.unit:
        raise Refusal(
            f"parameter `{name}` is in {unit}, and `{column.id}` in {column.unit}",
            "State the parameter in the unit of the finding it is compared with.",
        )
    return Bound(None, name, strict)


def default(bound: Bound, parameters: Mapping[str, Parameter]) -> int:
    """Where an end lies when every parameter has its own value."""
    if bound.parameter is not None:
        return parameters[bound.parameter].value
    assert bound.literal is not None  # noqa: S101 - a bound is a literal or a parameter
    return bound.literal
