"""Charts as SVG in a page, drawn by pygal and coloured by the page's own style: what a table says, to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any
from xml.etree import ElementTree

import pygal
from pygal.style import Style

from plaincrm.render.escape import html_text
from plaincrm.render.sheet import Chart, Series

_MOST_LABELS = 8  # beside each other on a phone
_UNWANTED = {"defs", "desc", "script", "style", "title"}  # looks and scripts of pygal's own

STYLE = """
figure { margin: 0.6rem 0 1rem; break-inside: avoid; }
figcaption { font-size: 0.85rem; color: var(--soft); }
.chart { display: block; width: 100%; height: auto; max-width: 46rem; overflow: visible; }
.chart .background, .chart .title { fill: none; }
.chart text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.chart .axis.x text { text-anchor: middle; }
.chart .axis.y text { text-anchor: end; }
.chart.crowded .axis.x text { font-size: 10.5px; }
.chart .line { stroke: var(--rule); stroke-width: 1; fill: none; }
.chart .axis.x .guide.line { stroke: none; }
.chart .series .line { stroke-width: 2.5; }
.chart .tooltip { display: none; }
.chart .ci path, .chart .ci line { stroke: var(--soft); stroke-width: 1.5; fill: none; }
.chart .serie-0 rect, .chart .serie-0 .dot, .chart rect.color-0 { fill: var(--bar); }
.chart .serie-1 rect, .chart .serie-1 .dot, .chart rect.color-1 { fill: var(--second); }
.chart .serie-2 rect, .chart .serie-2 .dot, .chart rect.color-2 { fill: var(--third); }
.chart .serie-0 .line { stroke: var(--bar); }
.chart .serie-1 .line { stroke: var(--second); }
.chart .serie-2 .line { stroke: var(--third); }
.pareto .serie-0 .line { fill: rgb(var(--heat) / 0.15); }
.bridge .serie-0 rect { fill: none; }
.bridge .serie-1 rect { fill: var(--bar); }
.bridge .serie-2 rect { fill: var(--good); }
.bridge .serie-3 rect { fill: var(--second); }
@media screen and (max-width: 34rem) {
  .chart text, .chart.crowded .axis.x text { font-size: 22px; }
  .chart.bridge text { font-size: 20px; }
  .chart.crowded .axis.x .guides:not(:nth-child(3n + 1 of .guides)) text { display: none; }
}
@media print {
  figure { margin-bottom: 0.6rem; }
  .chart { max-width: 44rem; }
  .chart text { font-size: 14px; }
  .chart.crowded .axis.x text { font-size: 11.5px; }
}
"""


def figure(chart: Chart) -> str:
    """A chart in its figure. The table beside it says the same to those who do not see it."""
    tree: Any = _DRAWN[chart.kind](chart).render_tree()
    _bare(tree)
    crowded = " crowded" if chart.kind != "bridge" and len(chart.labels) > _MOST_LABELS else ""
    tree.attrib = {"class": f"chart {chart.kind}{crowded}", "viewBox": tree.attrib["viewBox"], "aria-hidden": "true"}
    svg = ElementTree.tostring(tree, encoding="unicode")
    return f"<figure>{svg}<figcaption>{html_text(chart.title)}</figcaption></figure>"


def _bare(element: Any) -> None:  # noqa: ANN401 (pygal is published without types)
    """Take away what carries a style or a script of its own, and names that differ from run to run."""
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in _UNWANTED:
            element.remove(child)
        else:
            _bare(child)
    for name in ("id", "style"):
        element.attrib.pop(name, None)


def _drawn(kind: Any, chart: Chart, series: Sequence[tuple[str, Sequence[Any]]], **more: Any) -> Any:  # noqa: ANN401
    several = len(series) > 1
    whole = all(value is None or value % 1 == 0 for one in chart.series for value in one.values)  # no half complaints
    settings: dict[str, Any] = {
        "style": Style(label_font_size=22, major_label_font_size=22, legend_font_size=22),  # room for the page's own
        "js": (),
        "css": (),
        "width": 720,
        "height": 280 + 40 * several,
        "margin": 4,
        "show_legend": several,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": len(series),
        "truncate_label": -1,
        "order_min": 0 if whole else None,
        "min_scale": 3,
        "max_scale": 6,
        "value_formatter": lambda value: f"{value:,.10g}",
    }
    drawn: Any = kind(**(settings | more))
    drawn.x_labels = list(chart.labels)
    for name, values in series:
        drawn.add(name, values)
    return drawn


def _plain(kind: Any) -> Callable[[Chart], Any]:  # noqa: ANN401
    return lambda chart: _drawn(kind, chart, [(series.name, list(_values(series))) for series in chart.series])


def _values(series: Series) -> Iterator[Any]:
    """The values of a series, with their intervals where there are any."""
    bounds = zip(series.low, series.high, strict=True) if series.low else [(None, None)] * len(series.values)
    for value, (low, high) in zip(series.values, bounds, strict=True):
        if value is None or low is None or high is None:
            yield None if value is None else float(value)
        else:
            yield {"value": float(value), "ci": {"low": float(low), "high": float(high)}}


def _lines(chart: Chart) -> Any:  # noqa: ANN401
    """Lines that are broken where a value is not known, in a room that holds their intervals, too."""
    series = [(one.name, list(_values(one))) for one in chart.series]
    known = [float(v) for one in chart.series for v in (*one.values, *one.low, *one.high) if v is not None]
    room = {"range": (min(0.0, *known), max(known))} if known else {}
    return _drawn(pygal.Line, chart, series, allow_interruptions=True, **_ENDS, **room)


_ENDS = {"margin_left": 24, "margin_right": 40}  # so much a label of the first and the last place stands out


def _pareto(chart: Chart) -> Any:  # noqa: ANN401
    """The curve of cumulative shares by rank, from nothing to all."""
    shares = [float(value or 0) * 100 for value in chart.series[-1].values]
    every = max(1, len(shares) // 10)
    ranks = chart._replace(labels=tuple(str(rank) if rank % every == 0 else "" for rank in range(len(shares) + 1)))
    curve = [(chart.series[-1].name, [0.0, *shares])]
    return _drawn(pygal.Line, ranks, curve, fill=True, show_dots=False, range=(0, 100), **_ENDS)


def _bridge(chart: Chart) -> Any:  # noqa: ANN401
    """Steps from a first value to a last: what is added and taken away stands on an unseen bar."""
    values = [value or Decimal(0) for value in chart.series[0].values]
    heights = [float(height) for height in accumulate(values[:-1])]
    if min((*heights, float(values[-1]))) < 0:  # bars cannot stand on what is below nothing
        return _plain(pygal.Bar)(chart)
    bases = [0.0, *(min(before, after) for before, after in pairwise(heights)), 0.0]
    ends = (0, len(values) - 1)
    kinds = (
        (chart.series[0].name, lambda at, _value: at in ends),
        ("more", lambda at, value: at not in ends and value > 0),
        ("less", lambda at, value: at not in ends and value < 0),
    )
    parts = [
        (name, [abs(float(value)) if wanted(at, value) else None for at, value in enumerate(values)])
        for name, wanted in kinds
    ]
    return _drawn(pygal.StackedBar, chart, [("", bases), *parts], show_legend=False, height=280)


def _pyramid(chart: Chart) -> Any:  # noqa: ANN401
    """Bars that lie, the first one on top."""
    turned = tuple(Series(one.name, one.values[::-1]) for one in chart.series)
    return _plain(pygal.HorizontalBar)(chart._replace(labels=chart.labels[::-1], series=turned))


_DRAWN: Mapping[str, Callable[[Chart], Any]] = {
    "bars": _plain(pygal.Bar),
    "lines": _lines,
    "pareto": _pareto,
    "bridge": _bridge,
    "pyramid": _pyramid,
}
