"""Figures as shapes: where bars, lines and labels stand in a picture. Pure; the page's template draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.tickets.rules import Words


@dataclass(frozen=True)
class Bar:
    """A bar of one series, with what it stands for."""

    x: float
    y: float
    width: float
    height: float
    series: str
    says: Words


@dataclass(frozen=True)
class Mark:
    """A word below or beside the picture."""

    x: float
    y: float
    words: Words


@dataclass(frozen=True)
class Series:
    """A row of figures with a name, drawn in its own colour."""

    id: str
    name: Words
    values: Sequence[float]


@dataclass(frozen=True)
class Chart:
    """A picture: its size, bars, a line (as SVG points), the marks along both axes, and the names of its series."""

    width: float
    height: float
    left: float
    bars: tuple[Bar, ...]
    line: str
    grid: tuple[Mark, ...]
    marks: tuple[Mark, ...]
    shaded: tuple[Bar, ...]
    legend: tuple[Series, ...]


LEFT, RIGHT, TOP, BOTTOM = 44.0, 8.0, 10.0, 26.0
WIDTH, HEIGHT = 880.0, 250.0
STEPS = (1, 2, 5, 10)


def nice_top(most: float) -> tuple[float, float]:
    """The head of an axis and the distance of its lines: at most five lines, on round numbers."""
    if most < 1e-6:
        return 1.0, 1.0
    size = 10 ** math.floor(math.log10(most / 4))
    step = next(size * each for each in STEPS if size * each * 5 >= most)
    return step * math.ceil(most / step), step


def columns(
    labels: Sequence[Words],
    series: Sequence[Series],
    *,
    stacked: bool = False,
    line: Series | None = None,
    shaded: Sequence[bool] = (),
    every: int = 1,
) -> Chart:
    """Columns side by side or on top of each other, perhaps with a line across them.

    Args:
        labels: one for each place along the axis; every n-th is written.
        shaded: places whose ground is tinted.
    """
    heights = [sum(each.values[at] for each in series) for at in range(len(labels))]
    tallest = heights if stacked else [value for each in series for value in each.values]
    top, step = nice_top(max([*tallest, *(line.values if line else ())], default=0))
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    scale = (HEIGHT - TOP - BOTTOM) / top
    floor = HEIGHT - BOTTOM
    bars = []
    for at, label in enumerate(labels):
        inner, base = slot * 0.76, 0.0
        for number, each in enumerate(series):
            value = each.values[at]
            width = inner if stacked else inner / len(series)
            x = LEFT + at * slot + slot * 0.12 + (0 if stacked else number * width)
            tall = value * scale
            bars.append(Bar(x, floor - base * scale - tall, width, tall, each.id, _says(label, each.name, value)))
            base += value if stacked else 0
    points = [
        f"{LEFT + (at + 0.5) * slot:.1f},{floor - value * scale:.1f}"
        for at, value in enumerate(line.values if line else ())
    ]
    lines = [step * number for number in range(round(top / step) + 1)]
    return Chart(
        WIDTH,
        HEIGHT,
        LEFT,
        tuple(bar for bar in bars if bar.height > 0),
        " ".join(points),
        tuple(Mark(LEFT - 6, floor - value * scale, _number(value)) for value in lines),
        tuple(Mark(LEFT + (at + 0.5) * slot, HEIGHT - 8, label) for at, label in enumerate(labels) if at % every == 0),
        tuple(
            Bar(LEFT + at * slot, TOP, slot, floor - TOP, "shade", Words("", ""))
            for at, is_shaded in enumerate(shaded)
            if is_shaded
        ),
        (*series, *((line,) if line else ())),
    )


def _says(label: Words, name: Words, value: float) -> Words:
    said = _number(value).en
    return Words(f"{label.zh} · {name.zh} {said}", f"{label.en} · {name.en} {said}")


def _number(value: float) -> Words:
    said = f"{value:.1f}".rstrip("0").rstrip(".")
    return Words(said, said)
