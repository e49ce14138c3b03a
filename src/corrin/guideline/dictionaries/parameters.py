"""parameters.toml: numbers that a site may choose, each within its range and stated on a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corrin.errors import Problems
from corrin.guideline.declared import Conversion
from corrin.guideline.dictionaries.toml import Section, Toml, fill
from corrin.guideline.model import GRID, Parameter, Place, Statement, Table, to_grid
from corrin.guideline.pages.statements import refuse_unstated, says

_PAIR = re.compile(r"(\d+(?:\.\d{1,3})?) (\S+)")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A section of parameters.toml."""

    label: str
    value: Decimal
    unit: str
    range: tuple[int, int]
    stands_in: tuple[str, ...]
    above: str | None = None
    pair: str = ""
    strict: Literal["", "below", "above"] = ""
    inferred: bool = False
    unverified: bool = False


def read_parameters(toml: Toml, problems: Problems) -> dict[str, Parameter]:
    """Every parameter with its own value, before a profile or a site chooses another."""
    parameters: dict[str, Parameter] = {}
    for identity, section in toml.sections(problems).items():
        entry = fill(_Entry, section, problems)
        if entry:
            parameters[identity] = _parameter(identity, entry, section, problems)
    for made in parameters.values():
        check_value(made, made.value, parameters, toml.place(made.id, "value"), problems)
        if made.above is not None and made.above not in parameters:
            problems.miss(toml.place(made.id, "above"), made.above, "parameter", parameters)
    return parameters


def _parameter(identity: str, entry: _Entry, section: Section, problems: Problems) -> Parameter:
    if bool(entry.pair) != bool(entry.strict):
        problems.refuse(
            section.place("pair"),
            f"`{identity}` has one of `pair` and `strict` without the other",
            'Say both, or neither: `strict = "below"` for `< n`, `strict = "above"` for `> n`.',
        )
    pair = _PAIR.fullmatch(entry.pair) if entry.pair else None
    if entry.pair and not pair:
        problems.refuse(
            section.place("pair"), f"`{entry.pair}` is no number with a unit", 'Write `"number unit"`.'
        )
    return Parameter(
        id=identity,
        unit=entry.unit,
        value=to_grid(entry.value),
        low=entry.range[0],
        high=entry.range[1],
        above=entry.above,
        pair=to_grid(Decimal(pair[1])) if pair else None,
        pair_unit=pair[2] if pair else "",
        strict=entry.strict,
        stands_in=entry.stands_in,
        inferred=entry.inferred,
        unverified=entry.unverified,
        label=entry.label,
    )


def check_value(
    parameter: Parameter, value: int, parameters: Mapping[str, Parameter], place: Place, problems: Problems
) -> None:
    """Refuse a value outside the parameter's range, or not above the one it must exceed."""
    if not parameter.low <= value <= parameter.high:
        problems.refuse(
            place,
            f"`{parameter.id}` is {shown(value)}, outside {shown(parameter.low)} to {shown(parameter.high)}",
            "Proofs hold inside the range only; choose a value in it.",
        )
    below = parameters.get(parameter.above) if parameter.above is not None else None
    if below and value <= below.value:
        problems.refuse(
            place,
            f"`{parameter.id}` is {shown(value)}, not above `{below.id}`, which is {shown(below.value)}",
            "Choose a larger value, or a smaller one for the other.",
        )


def shown(value: int) -> str:
    """A number on the grid as a person writes it.

    >>> shown(41_900), shown(42_000)
    ('41.9', '42')
    """
    return f"{Decimal(value) / GRID:f}"


def check_stated(
    parameters: Mapping[str, Parameter], statements: Mapping[str, Statement], toml: Toml, problems: Problems
) -> None:
    """Refuse a default, or a pair, that cannot be read in the statement it is said to stand in."""
    for parameter in parameters.values():
        place = toml.place(parameter.id, "stands_in")
        for name in parameter.stands_in:
            if name not in statements:
                refuse_unstated(name, place, problems)
        named = [statements[name] for name in parameter.stands_in if name in statements]
        if not parameter.stands_in:
            problems.refuse(place, f"`{parameter.id}` stands in no statement", 'Write `stands_in = "S01"`.')
        if not named:
            continue
        where = " or ".join(statement.id for statement in named)
        for key, number in (("value", parameter.value), ("pair", parameter.pair)):
            if number is not None and not any(says(statement, Decimal(number) / GRID) for statement in named):
                problems.refuse(
                    toml.place(parameter.id, key),
                    f"the {key} {shown(number)} of `{parameter.id}` does not stand in {where}",
                    "State the number on the page, or name the statement that does.",
                )


def check_pairs(
    parameters: Mapping[str, Parameter], conversions: tuple[Conversion, ...], toml: Toml, problems: Problems
) -> None:
    """Refuse a pair that is not the same limit in its other unit, to the last digit printed."""
    for parameter in parameters.values():
        if parameter.pair is None:
            continue
        place = toml.place(parameter.id, "pair")
        factors = [Decimal(each.factor) for each in conversions if each.unit == parameter.pair_unit]
        if not factors:
            problems.miss(
                place, parameter.pair_unit, "unit of units.toml", [each.unit for each in conversions]
            )
        elif not any(_same(parameter.value, parameter.pair, factor) for factor in factors):
            near = ", ".join(f"{Decimal(parameter.value) / GRID / factor:.2f}" for factor in factors)
            problems.refuse(
                place,
                f"{shown(parameter.pair)} {parameter.pair_unit} is not the value of `{parameter.id}`",
                f"{shown(parameter.value)} {parameter.unit} is {near} {parameter.pair_unit}.",
            )


def _same(value: int, pair: int, factor: Decimal) -> bool:
    printed = Decimal(pair) / GRID
    last_digit = Decimal(1).scaleb(int(printed.as_tuple().exponent))
    return abs(Decimal(value) / GRID / factor - printed) < last_digit


def check_strict(
    parameters: Mapping[str, Parameter], tables: tuple[Table, ...], toml: Toml, problems: Problems
) -> None:
    """Refuse a `strict` that disagrees with a range on a page: `< n` cuts below the limit, `> n` above it."""
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                for bound, upper in ((cell.low, False), (cell.high, True)):
                    parameter = parameters.get(bound.parameter or "") if bound else None
                    if not bound or not parameter or not parameter.strict:
                        continue
                    cuts = "below" if upper == bound.strict else "above"
                    if cuts != parameter.strict:
                        problems.refuse(
                            toml.place(parameter.id, "strict"),
                            f"`{parameter.id}` is strict {parameter.strict}, and row {row.id} cuts {cuts} it",
                            f"Row {row.id} at {row.place} says `{cell.text}`; make the two agree.",
                        )
