"""Slack's data_visualization block: what its charts look like, as plain geometry for an SVG."""

import math
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 460, 220
LEFT, TOP, RIGHT, BOTTOM = 44, 12, 12, 40


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    hue: int
    title: str


@dataclass(frozen=True)
class Line:
    points: str
    area: str
    hue: int
    dots: list[tuple[float, float, str]]


@dataclass(frozen=True)
class Slice:
    path: str
    hue: int
    title: str


@dataclass(frozen=True)
class Chart:
    """`ticks` are (y, label), `labels` are (x, label); `rows` is the same as a table, its head first."""

    kind: str
    rows: list[list[str]]
    legend: list[tuple[str, int]]
    ticks: list[tuple[float, str]]
    labels: list[tuple[float, str]]
    bars: list[Bar]
    lines: list[Line]
    slices: list[Slice]
    x_label: str = ""
    y_label: str = ""


def chart(content: dict[str, Any]) -> Chart:
    return _pie(content["segments"]) if content["type"] == "pie" else _plot(content)


def _pie(segments: list[dict[str, Any]]) -> Chart:
    total = sum(each["value"] for each in segments)
    slices, angle = [], -math.pi / 2
    for hue, each in enumerate(segments):
        turn = 2 * math.pi * each["value"] / total
        share = f"{each['label']}: {number(each['value'])} ({each['value'] / total:.0%})"
        slices.append(Slice(_wedge(angle, turn), hue, share))
        angle += turn
    rows = [["", "Value"], *([each["label"], number(each["value"])] for each in segments)]
    legend = [(each["label"], hue) for hue, each in enumerate(segments)]
    return Chart("pie", rows, legend, [], [], [], [], slices)


def _wedge(start: float, turn: float) -> str:
    x, y, radius = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 10
    if turn >= 2 * math.pi - 1e-9:
        return f"M{x - radius},{y} a{radius},{radius} 0 1 0 {2 * radius},0 a{radius},{radius} 0 1 0 {-2 * radius},0 Z"
    one = (x + radius * math.cos(start), y + radius * math.sin(start))
    two = (x + radius * math.cos(start + turn), y + radius * math.sin(start + turn))
    large = 1 if turn > math.pi else 0
    return f"M{x:.1f},{y:.1f} L{one[0]:.1f},{one[1]:.1f} A{radius},{radius} 0 {large} 1 {two[0]:.1f},{two[1]:.1f} Z"


def _plot(content: dict[str, Any]) -> Chart:
    axes, series = content["axis_config"], content["series"]
    categories = axes["categories"]
    values = [{point["label"]: point["value"] for point in each["data"]} for each in series]
    points = [point for each in values for point in each.values()]
    steps = _round_steps(min([*points, 0]), max([*points, 0]))
    scale = _Scale(steps[0], steps[-1] - steps[0], len(categories))
    ticks = [(scale.y(step), number(step)) for step in steps]
    labels = [(scale.middle(index), label) for index, label in enumerate(categories)]
    names = [each["name"] for each in series]
    rows = [["", *names]]
    rows += [[label, *(number(each[label]) if label in each else "–" for each in values)] for label in categories]
    is_bar = content["type"] == "bar"
    return Chart(
        content["type"],
        rows,
        [(name, hue) for hue, name in enumerate(names)],
        ticks,
        labels,
        _bars(scale, categories, names, values) if is_bar else [],
        [] if is_bar else [_line(scale, categories, names[i], each, i) for i, each in enumerate(values)],
        [],
        axes.get("x_label", ""),
        axes.get("y_label", ""),
    )


def _round_steps(low: float, high: float) -> list[float]:
    """Round numbers, four to seven of them, from below `low` to above `high`."""
    rough = (high - low) / 4 or 1
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    first, last = math.floor(low / step), math.ceil(high / step) or 1
    return [round(step * count, 10) for count in range(first, last + 1)]


@dataclass(frozen=True)
class _Scale:
    bottom: float
    span: float
    count: int

    @property
    def step(self) -> float:
        return (WIDTH - LEFT - RIGHT) / max(self.count, 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - self.bottom) / self.span * (HEIGHT - TOP - BOTTOM), 1)

    def middle(self, index: int) -> float:
        return round(LEFT + (index + 0.5) * self.step, 1)


def _bars(scale: _Scale, categories: list[str], names: list[str], values: list[dict[str, float]]) -> list[Bar]:
    width = scale.step * 0.7 / len(names)
    bars = []
    for index, category in enumerate(categories):
        for hue, each in enumerate(values):
            if category in each:
                x = scale.middle(index) - scale.step * 0.35 + hue * width
                one, two = sorted((scale.y(each[category]), scale.y(0)))
                title = f"{names[hue]}, {category}: {number(each[category])}"
                bars.append(Bar(round(x, 1), one, round(width - 2, 1), round(two - one, 1), hue, title))
    return bars


def _line(scale: _Scale, categories: list[str], name: str, values: dict[str, float], hue: int) -> Line:
    dots = [
        (scale.middle(index), scale.y(values[label]), f"{name}, {label}: {number(values[label])}")
        for index, label in enumerate(categories)
        if label in values
    ]
    points = " ".join(f"{x},{y}" for x, y, _ in dots)
    base = scale.y(0)
    area = f"{dots[0][0]},{base} {points} {dots[-1][0]},{base}" if dots else ""
    return Line(points, area, hue, dots)


def number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
