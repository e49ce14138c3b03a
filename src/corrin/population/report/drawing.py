"""Vega-Lite specifications drawn as SVG: one for a wide page, one for a phone, both with a text in their
place.

A specification for a width enters, HTML leaves: no script, no font and no picture from elsewhere. Colours are
those of the page; the style sheet turns them in the dark.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup, escape

Json = dict[str, Any]
Spec = Callable[[int], Json]
"""A specification for a width in pixels."""

WIDE, NARROW = 860, 330
INK, SOFT, LINE, PALE = "#1b2733", "#46535f", "#7b8894", "#cfd8e0"
MARK, ACT, LOOK, LIMIT, HATCH = "#1f5fa8", "#a31515", "#e0a33c", "#8a3b00", "#eef1f4"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

CONFIG: Json = {
    "background": None,
    "font": "DejaVu Sans",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": PALE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelLimit": 0,
    },
    "text": {"color": INK, "fontSize": 12},
    "legend": {"labelColor": INK, "labelFontSize": 12, "symbolType": "square"},
}


def draw(name: str, spec: Spec, said: str) -> Markup:
    """A chart, twice; the one that does not fit is not shown. `said` is what somebody hears who sees
    neither.
    """
    return Markup("").join(_drawn(name, spec, said))


def _drawn(name: str, spec: Spec, said: str) -> Iterator[Markup]:
    import vl_convert  # noqa: PLC0415 - loading it takes most of a second

    converter: Any = vl_convert
    for kind, width in (("wide", WIDE), ("narrow", NARROW)):
        whole = {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "config": CONFIG,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "padding": 2,
            "width": width,
            **spec(width),
        }
        svg: str = converter.vegalite_to_svg(json.dumps(whole))
        yield _embedded(svg, f"{name}-{kind}", kind, said)


def _embedded(svg: str, name: str, kind: str, said: str) -> Markup:
    """An SVG as part of a page: one picture with one text, ids of its own, as wide as there is room."""
    body = re.sub(r"^.*?<svg[^>]*>", "", svg, count=1, flags=re.DOTALL)
    body = re.sub(r'\s(aria-[a-z]+|role)="[^"]*"', "", body)
    body = re.sub(r'(id="|url\(#)(?=[A-Za-z])', rf"\1{name}-", body)
    body = body.replace('font-family="DejaVu Sans"', "")
    box = re.search(r'viewBox="[^"]*"', svg)
    head = f'<svg class="chart {kind}" role="img" aria-label="{escape(said)}" {box[0] if box else ""}>'
    return Markup(head + body)  # noqa: S704 - our own drawing, its labels escaped by the printer of SVG
