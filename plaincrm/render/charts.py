"""Charts as SVG in a page, drawn by pygal and coloured by the page's own style: what a table says, to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import accumulate, pairwise
from typing import Any
from xml.etree import ElementTree

import pygal

from plaincrm.render.escape import html_text
from plaincrm.render.sheet import Chart

_UNWANTED = {"defs", "desc", "script", "style", "title"}  # looks and scripts of pygal's own

STYLE = """
figure { margin: 0.6rem 0 1rem; }
figcaption { font-size: 0.85rem; color: var(--soft); }
.pygal-chart { width: 100%; height: auto; max-height: 22rem; }
.pygal-chart .background { fill: none; }
.pygal-chart text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.pygal-chart .guide.line, .pygal-chart .line { stroke: var(--rule); fill: none; stroke-width: 1; }
.pygal-chart .serie-0 rect, .pygal-chart .serie-0 .dot, .pygal-chart .legend .color-0 { fill: var(--bar); }
.pygal-chart .serie-1 rect, .pygal-chart .serie-1 .dot, .pygal-chart .legend .color-1 { fill: var(--second); }
.pygal-chart .serie-2 rect, .pygal-chart .serie-2 .dot { fill: var(--third); }
.pygal-chart .series path.line { stroke-width: 2; }
.pygal-chart .serie-0 path.line { stroke: var(--bar); }
.pygal-chart .serie-1 path.line { stroke: var(--second); }
.pygal-chart .series.unseen rect { fill: none; }
"""


def figure(chart: Chart) -> str:
    """A chart in its figure. The table beside it says the same to those who do not see it."""
    drawn = _DRAWN[chart.kind](chart)
    tree: Any = drawn.render_tree()
    _bare(tree)
    tree.attrib = {"class": "pygal-chart", "viewBox": tree.attrib["viewBox"], "aria-hidden": "true"}
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


def _plain(kind: Any, chart: Chart, **more: Any) -> Any:  # noqa: ANN401
    drawn: Any = kind(
        js=(),
        css=(),
        width=900,
        height=320,
        no_prefix=True,
        show_legend=len(chart.series) > 1,
        legend_at_bottom=True,
        **more,
    )
    drawn.x_labels = list(chart.labels)
    for series in chart.series:
        drawn.add(series.name, [None if value is None else float(value) for value in series.values])
    return drawn


def _bridge(chart: Chart) -> Any:  # noqa: ANN401
    """Steps from a first value to a last: each stands on an unseen one."""
    values = [float(value or 0) for value in chart.series[0].values]
    heights = list(accumulate(values[:-1]))
    bases = [0.0, *(min(before, after) for before, after in pairwise(heights)), 0.0]
    drawn = _plain(pygal.StackedBar, chart._replace(series=()))
    drawn.add("", bases)
    drawn.add(chart.series[0].name, [abs(value) for value in values])
    return drawn


_DRAWN: Mapping[str, Callable[[Chart], Any]] = {
    "bars": lambda chart: _plain(pygal.Bar, chart),
    "lines": lambda chart: _plain(pygal.Line, chart),
    "pareto": lambda chart: _plain(pygal.Bar, chart),
    "bridge": _bridge,
    "pyramid": lambda chart: _plain(pygal.HorizontalBar, chart),
}
