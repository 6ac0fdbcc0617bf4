"""Charts as SVG inside a page: drawn by pygal, styled by the page's own style sheet.

Nothing of a chart runs, loads or has a colour of its own; each is one picture with a name to a screen reader. The text
in it does not shrink with the screen: a page draws each chart twice, and shows the one that fits.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

import pygal
from pygal.style import Style
from pygal.view import Box

# pygal hooks into every import of the program, for plug-ins of its own and in a way that Python 3.11 warns of.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

WIDE, NARROW = 600, 300  # CSS pixels

_FONT = 16.0
_LEAST = 3.0  # what a part is wide at least: one person of thousands is to be seen
_LETTER = 8.6  # what one is wide on average, in the widest of the fonts that a page may have
_LINE = 20  # of words above a bar
_MOST_LINES = 3
_ROW = 34 + _LINE  # of a chart of bars: a line of words, and the bar below it
_THICKNESS = 14.0  # of a bar
_ABOVE = 6.0  # between the words and their bar
_COLUMNS_HEIGHT = 240
_WIDEST = 72.0  # a column


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A bar of several parts, one behind the other; `words` and `number` stand above it."""

    number: str
    words: str
    parts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartColumn:
    """A column; `words` stand below it and may be empty. `marked`: it is the one that the page is about."""

    words: str
    value: float
    marked: bool = True


class _Bars(pygal.HorizontalStackedBar):  # type: ignore[misc]  # pygal has no types
    _series_margin = 0.36


class _Columns(pygal.Bar):  # type: ignore[misc]
    _series_margin = 0.08


def draw_bars(bars: Sequence[Bar], moods: Sequence[str], *, name: str, width: int) -> str:
    """Lying bars. `moods` are the classes of their parts, which the page gives colours to."""
    upwards = [_Label(bar, width) for bar in reversed(bars)]  # pygal begins at the bottom
    row = _ROW + _LINE * (max([len(label.lines) for label in upwards], default=1) - 1)
    chart = _Bars(**_common(width, len(bars) * row), y_label_rotation=90, show_x_labels=False, margin=0)
    chart.x_labels = [str(index) for index in range(len(bars))]
    for index, mood in enumerate(moods):
        chart.add(mood, [bar.parts[index] for bar in reversed(bars)])
    chart.range = (0, max([sum(bar.parts) for bar in bars], default=0) or 1)
    chart.add_xml_filter(lambda root: _dress_bars(_clean(root, name, kind="bars"), moods, upwards))
    return _render(chart)


def draw_columns(columns: Sequence[ChartColumn], *, name: str, width: int) -> str:
    """Standing columns, over an axis with even numbers."""
    margins = {"margin_top": 10, "margin_right": 22, "margin_bottom": 4, "margin_left": 4}
    chart = _Columns(**_common(width, _COLUMNS_HEIGHT), **margins)
    chart.x_labels = [column.words for column in columns]
    chart.y_labels = _choose_ticks(max((column.value for column in columns), default=0))
    mood = {True: "part good", False: "part past"}
    chart.add("", [{"value": column.value, "node": {"class": mood[column.marked]}} for column in columns])
    chart.add_xml_filter(lambda root: _narrow_columns(_clean(root, name, kind="columns")))
    return _render(chart)


def _common(width: int, height: int) -> dict[str, Any]:
    style = Style(label_font_size=_FONT, major_label_font_size=_FONT, value_font_size=_FONT)
    return {
        "width": width,
        "height": height,
        "style": style,
        "spacing": 4,
        "show_legend": False,
        "truncate_label": 100,
        "js": (),
        "css": (),
        "value_formatter": lambda value: f"{value:,.0f}" if value == round(value) else f"{value:,.1f}",
    }


def _choose_ticks(most: float) -> list[float]:
    """Three to six even numbers from 0 to above `most`."""
    if most <= 0:
        return [0, 1]
    size = 1.0
    while size * 10 <= most:
        size *= 10
    while size > most:
        size /= 10
    step = next(size * factor for factor in (0.2, 0.5, 1, 2, 5) if size * factor * 5 >= most)
    step = max(step, 1) if most >= 1 else step
    return [step * number for number in range(int(-(-most // step)) + 1)]


def _render(chart: Any) -> str:
    return str(chart.render(is_unicode=True, disable_xml_declaration=True))


_UNWANTED: Final = ("defs", "desc", "title", "script", "style")


def _clean(root: Any, name: str, *, kind: str) -> Any:
    """Take out what runs, what is styled, what only a pointer finds; and name the picture."""
    for node in list(root.iter()):
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        unwanted = not tag or tag in _UNWANTED or "tooltip" in node.get("class", "").split()
        if unwanted and node.getparent() is not None:
            node.getparent().remove(node)
    for node in root.iter():
        for attribute in ("id", "style"):
            node.attrib.pop(attribute, None)
    root.attrib.update({"class": f"chart {kind}", "role": "img", "aria-label": name, "focusable": "false"})
    return root


class _Label:
    """The text above a bar: `lines` of words that fit, with room for the `number` after the last."""

    def __init__(self, bar: Bar, width: int) -> None:
        most = int(width * 0.9 / _LETTER) - len(bar.number) - 1
        self.lines = wrap(f"{bar.words}:", most, max_lines=_MOST_LINES, placeholder="…:")
        self.number = bar.number


def _dress_bars(root: Any, moods: Sequence[str], labels: Sequence[_Label]) -> Any:
    """Each part by its mood, empty ones left out; the words above their bar; no margin around it."""
    plot = next(node for node in root.iter() if node.get("class") == "plot")
    left, _ = map(float, plot.get("transform").removeprefix("translate(").removesuffix(")").split(","))
    inner = float(plot[0].get("width")) / (1 + 2 * Box.margin)
    indent = inner * Box.margin
    middles = []
    for node in list(root.iter()):
        classes = node.get("class", "").split()
        if "series" in classes:
            _dress_parts(node, moods[int(classes[1].removeprefix("serie-"))])
        elif node.tag == "text":
            middles.append(float(node.get("y")) - 0.35 * _FONT)
            _put_above(node, labels[int(node.text)], x=indent, bar=middles[-1] - _THICKNESS / 2)
    highest, lowest = min(middles, default=0.0), max(middles, default=0.0)
    lines = len(labels[-1].lines) if labels else 0
    top = highest - _THICKNESS / 2 - _ABOVE - lines * _LINE
    root.set("viewBox", f"{left + indent:.1f} {top:.1f} {inner:.1f} {lowest + _THICKNESS / 2 + 1 - top:.1f}")
    return root


def _dress_parts(series: Any, mood: str) -> None:
    for part in list(series.iter("rect")):
        width = float(part.get("width", 0))
        if width:
            top = float(part.get("y")) + (float(part.get("height")) - _THICKNESS) / 2
            part.attrib.update({"class": f"part {mood}", "width": f"{max(_LEAST, width):.1f}"})
            part.attrib.update({"y": f"{top:.1f}", "height": f"{_THICKNESS:.1f}"})
        else:
            part.getparent().remove(part)


def _put_above(text: Any, label: _Label, *, x: float, bar: float) -> None:
    """The words of a bar begin where it begins, above its top at `bar`; the number behind them is marked."""
    for name in ("transform", "x", "y"):
        text.attrib.pop(name, None)
    text.text = None
    for index, words in enumerate(label.lines):
        below = len(label.lines) - 1 - index
        line = text.makeelement("tspan", {"x": f"{x:.1f}", "y": f"{bar - _ABOVE - below * _LINE:.1f}"})
        line.text = words if below else f"{words} "
        text.append(line)
    marked = text.makeelement("tspan", {"class": "number"})
    marked.text = label.number
    text.append(marked)


def _narrow_columns(root: Any) -> Any:
    """No column becomes a wall where there are few."""
    for column in root.iter("rect"):
        width = float(column.get("width", 0))
        if "part" in column.get("class", "").split() and width > _WIDEST:
            x = float(column.get("x")) + (width - _WIDEST) / 2
            column.attrib.update({"x": f"{x:.1f}", "width": f"{_WIDEST:.1f}"})
    return root
