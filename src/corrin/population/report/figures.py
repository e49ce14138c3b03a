"""The charts of the report as Vega-Lite specifications: the funnel, the levels, the gaps, the clock.

Numbers that may be shown enter; a specification for a width leaves. A number that is hidden is never drawn.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from corrin.population.report.drawing import ACT, HATCH, INK, LIMIT, LOOK, MARK, NARROW, PALE, Json, Spec

COLOURS = (ACT, LOOK, MARK)
"""Of three bands or states, the worst first."""

TALL, LOW = 44, 30
"""Pixels of a bar and what is above it, on a phone and elsewhere."""
THIN, THICK, BELOW = 0.42, 0.66, 9
"""How much of that is the bar, and how far down it stands where its name is above it."""

Rows = list[dict[str, Any]]


def funnel(steps: Sequence[Mapping[str, Any]]) -> Spec:
    """Who is left after each step, as bars one below the other."""
    rows: Rows = [{"step": one["step"], "left": one["left"]} for one in steps if one["left"] is not None]
    return lambda width: _bars(rows, "step", "left", MARK, width)


def clock(bars: Sequence[tuple[str, int | None]]) -> Spec:
    """People by the days that are left; those whose months are over first, and in red."""
    rows: Rows = [
        {"days": label, "people": people, "colour": ACT if at == 0 else LOOK if at == 1 else MARK}
        for at, (label, people) in enumerate(bars)
        if people is not None
    ]
    return lambda width: _bars(rows, "days", "people", None, width)


def gaps(rows: Sequence[tuple[str, Sequence[tuple[str, int | None]]]]) -> Spec:
    """Each gap as one bar of everybody in scope; what is hidden is left out of its bar."""
    data: Rows = [
        {"gap": gap, "state": state, "people": people, "at": at}
        for gap, states in rows
        for at, (state, people) in enumerate(states)
        if people
    ]
    names = [state for state, _ in rows[0][1]] if rows else []
    colours = [ACT, LOOK, MARK, PALE, HATCH]
    return lambda width: _stacked(data, [gap for gap, _ in rows], (names, colours), width)


def levels(
    steps: Sequence[tuple[str, int, int]],
    bands: Sequence[str],
    limits: Sequence[tuple[float, str]],
    title: str,
    size: tuple[int, int],
) -> Spec:
    """People by level: bars in the colour of their band, and the limits of the bands as dashed lines.

    Units: `size` is how wide a bar is, and where the last one begins.
    """
    step, _ = size
    data: Rows = [
        {"band": band, "from": at * step, "to": (at + 1) * step, "people": people}
        for band, at, people in steps
    ]
    rules: Rows = [{"limit": limit, "label": label} for limit, label in limits]
    colours = [*COLOURS[: len(bands)], *[INK] * (len(bands) - len(COLOURS))]
    scale = (list(bands), colours)
    return lambda width: {
        "height": 220,
        "layer": [_columns(data, title, size, scale, width), _rules(rules), _limits(rules)],
    }


def _stacked(data: Rows, gaps: list[str], colours: tuple[list[str], list[str]], width: int) -> Json:
    """A bar for each gap, all of them as long."""
    phone = width <= NARROW
    x = {"format": "%", "tickCount": 4, "domain": False}
    return {
        "data": {"values": data},
        "height": {"step": TALL if phone else LOW},
        "mark": {
            "type": "bar",
            "height": {"band": THIN if phone else THICK},
            "yOffset": BELOW if phone else 0,
        },
        "encoding": {
            "y": {"field": "gap", "type": "nominal", "sort": gaps, "title": None, "axis": _labels(width)},
            "x": {
                "field": "people",
                "type": "quantitative",
                "stack": "normalize",
                "title": "share of the people who are counted",
                "axis": x,
            },
            "color": _legend("state", colours, 2 if phone else 5),
            "order": {"field": "at", "type": "quantitative"},
        },
    }


def _columns(
    data: Rows, title: str, size: tuple[int, int], colours: tuple[list[str], list[str]], width: int
) -> Json:
    """A bar for each step of a level."""
    step, up_to = size
    ticks = list(range(0, up_to + 1, up_to // (5 if width <= NARROW else 10)))
    return {
        "data": {"values": data},
        "mark": {"type": "bar", "binSpacing": 1},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "title": title,
                "bin": {"binned": True, "step": step},
                "scale": {"domain": [0, up_to + step], "nice": False},
                "axis": {"grid": False, "values": ticks},
            },
            "x2": {"field": "to"},
            "y": {
                "field": "people",
                "type": "quantitative",
                "title": "people",
                "stack": "zero",
                "axis": {"domain": False, "tickCount": 4},
            },
            "color": _legend("band", colours, 1 if width <= NARROW else 3),
        },
    }


def _rules(rules: Rows) -> Json:
    """The limits, as dashed lines."""
    return {
        "data": {"values": rules},
        "mark": {"type": "rule", "color": LIMIT, "strokeDash": [5, 4], "strokeWidth": 1.5},
        "encoding": {"x": {"field": "limit", "type": "quantitative"}},
    }


def _limits(rules: Rows) -> Json:
    """Their numbers, beside the lines."""
    return {
        "data": {"values": rules},
        "mark": {"type": "text", "color": LIMIT, "align": "left", "dx": 4, "y": 6, "fontWeight": "bold"},
        "encoding": {"x": {"field": "limit", "type": "quantitative"}, "text": {"field": "label"}},
    }


def _legend(field: str, colours: tuple[list[str], list[str]], columns: int) -> Json:
    names, used = colours
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": names, "range": used},
        "legend": {"orient": "top", "title": None, "columns": columns},
    }


def _bars(rows: Rows, name: str, number: str, colour: str | None, width: int) -> Json:
    """Bars one below the other, each with its number; on a phone the name stands above its bar."""
    phone = width <= NARROW
    y = {"field": name, "type": "nominal", "sort": None, "title": None, "axis": _labels(width)}
    x = {
        "field": number,
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domainMax": max((row[number] for row in rows), default=1) * (1.25 if phone else 1.12) or 1
        },
    }
    shade: Json = {"color": {"field": "colour", "type": "nominal", "scale": None}} if colour is None else {}
    offset = BELOW if phone else 0
    bar = {"type": "bar", "height": {"band": THIN if phone else THICK}, "yOffset": offset}
    return {
        "data": {"values": rows},
        "height": {"step": TALL if phone else LOW},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": bar | ({} if colour is None else {"color": colour}), "encoding": shade},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "yOffset": offset, "fontWeight": "bold"},
                "encoding": {"text": {"field": number, "type": "quantitative", "format": ",d"}},
            },
        ],
    }


def _labels(width: int) -> Json:
    """The names beside the bars, or above them where there is no room."""
    plain: Json = {"domain": False, "ticks": False, "grid": False}
    if width > NARROW:
        return plain | {"labelPadding": 8, "labelLimit": 0}
    return plain | {
        "labelAlign": "left",
        "labelPadding": 0,
        "labelOffset": -13,
        "orient": "left",
        "labelLimit": width,
        "minExtent": 0,
        "maxExtent": 0,
        "labelBaseline": "middle",
    }
