"""The report's plots as inline SVG, drawn here: four fixed plots need no plotting library, a page of SVG stays
small (matplotlib's glyph outlines alone are larger), follows the page's fonts, and can be read by a screen reader.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from eval.report.words import per_cent

WIDTH, HEIGHT = 420, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 24, 12, 44
LEAST_ERROR = 1e-5  # of the log axes
COLOURS = ("#1f5fa8", "#c2571a", "#2e7d4f", "#7a4fa3")


@dataclass(frozen=True, slots=True)
class Axis:
    """Values to pixels. On a log axis what is below `low` is drawn at `low`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        low, high = self.low, self.high
        value = min(max(value, low), high)
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(value)
        return self.start + (self.end - self.start) * ((value - low) / (high - low) if high > low else 0.0)


def reliability(trust: Mapping[str, Any]) -> Markup:
    """Stated against found error rate, log scales; a bin without errors shows the rate that 95 % rule out (3/n)."""
    x = Axis(LEAST_ERROR, 1.0, LEFT, WIDTH - RIGHT, log=True)
    y = Axis(LEAST_ERROR, 1.0, HEIGHT - BOTTOM, TOP, log=True)
    ticks = [(10.0**power, per_cent(10.0**power, 0)) for power in range(-5, 1)]
    parts = [_frame(x, y, ticks, ticks, "error rate the confidence states", "error rate found")]
    parts.append(_line([(x.at(LEAST_ERROR), y.at(LEAST_ERROR)), (x.at(1), y.at(1))], "#999", dashed=True))
    for one in trust["bins"]:
        stated, found = 1.0 - one["confidence"], one["wrong"] / one["count"]
        told = f"{one['wrong']} wrong of {one['count']} at {one['low']}–{one['high']}"
        across = x.at(stated)
        if one["wrong"]:
            parts.append(_dot(across, y.at(found), COLOURS[0], told))
        else:
            parts.append(_arrow(across, y.at(min(1.0, 3.0 / one["count"])), COLOURS[0], told))
    return _svg(parts, "Reliability: stated against found error rate")


def trade(summary: Mapping[str, Any]) -> Markup:
    """Silent errors against the share passing unasked: what a threshold on confidence alone would give, and where
    the records stand with all their reasons for review.
    """
    curve: Sequence[Sequence[float]] = summary["trust"]["curve"]
    found = summary["headline"]["all"]
    highest = max([silent for _, silent in curve] + [found["silent"]["value"], 0.001])
    x = Axis(0.0, 1.0, LEFT, WIDTH - RIGHT)
    y = Axis(0.0, highest * 1.1, HEIGHT - BOTTOM, TOP)
    parts = [
        _frame(
            x,
            y,
            [(v, per_cent(v, 0)) for v in (0.0, 0.25, 0.5, 0.75, 1.0)],
            [(v, per_cent(v, 2)) for v in (0.0, highest / 2, highest)],
            "fields passing unasked",
            "silent errors",
        )
    ]
    parts.append(_line([(x.at(share), y.at(silent)) for share, silent in curve], COLOURS[0]))
    here = found["straight_through"]["value"], found["silent"]["value"]
    told = f"these records: {per_cent(here[0])} unasked, {per_cent(here[1], 2)} silent errors"
    parts.append(_dot(x.at(here[0]), y.at(here[1]), COLOURS[1], told))
    return _svg(parts, "Silent errors against the share passing unasked")


def by_level(levels: Mapping[str, Any]) -> Markup:
    """Share right, right among those not zero, and passing unasked, level by level, with their intervals."""
    shown = ("accuracy", "nonzero_accuracy", "straight_through")
    known = [m[name] for m in levels.values() for name in shown if name in m]
    least = min((e["low"] if e["low"] is not None else e["value"] for e in known), default=0.0)
    y = Axis(math.floor(min(least, 0.9) * 10) / 10, 1.0, HEIGHT - BOTTOM, TOP)
    names = list(levels)
    x = Axis(-0.5, max(0.5, len(names) - 0.5), LEFT, WIDTH - RIGHT)
    middle = (y.low + y.high) / 2
    parts = [
        _frame(
            x,
            y,
            [(float(i), name) for i, name in enumerate(names)],
            [(v, per_cent(v, 0)) for v in (y.low, middle, y.high)],
            "level",
            "",
        )
    ]
    for place, name in enumerate(names):
        for nth, metric in enumerate(shown):
            estimate = levels[name].get(metric)
            if estimate is None:
                continue
            across = x.at(place) + 9 * (nth - 1)
            told = f"{name}, {metric}: {per_cent(estimate['value'], 2)}"
            if estimate["low"] is not None:
                ends = [(across, y.at(estimate["low"])), (across, y.at(estimate["high"]))]
                parts.append(_line(ends, COLOURS[nth]))
            parts.append(_dot(across, y.at(estimate["value"]), COLOURS[nth], told))
    legend = ("right", "right, not zero", "pass unasked")
    parts += [
        _key(LEFT + 8, HEIGHT - BOTTOM - 40 + 14 * i, COLOURS[i], word) for i, word in enumerate(legend)
    ]
    return _svg(parts, "Quality by level of degradation")


def by_stage(cost: Mapping[str, Any]) -> Markup:
    """Seconds a page by stage, longest first."""
    stages: Mapping[str, float] = cost["stages"]
    pages = max(1, cost["pages"])
    longest = max([*stages.values(), 0.001]) / pages
    parts = []
    for nth, (name, seconds) in enumerate(stages.items()):
        down = TOP + 28 * nth
        length = (WIDTH - 190) * seconds / pages / longest
        parts.append(_text(84, down + 15, name, "end"))
        parts.append(
            Markup('<rect x="92" y="{}" width="{:.1f}" height="18" fill="{}"/>').format(
                down, max(1.0, length), COLOURS[0]
            )
        )
        parts.append(_text(98 + length, down + 15, f"{seconds / pages:.2f} s", "start"))
    return _svg(parts, "Seconds per page by stage", TOP + 28 * max(1, len(stages)) + 6)


Tick = tuple[float, str]


def _frame(
    x: Axis, y: Axis, x_ticks: Sequence[Tick], y_ticks: Sequence[Tick], x_name: str, y_name: str
) -> Markup:
    parts = [
        _line([(x.start, y.end), (x.start, y.start), (x.end, y.start)], "#555"),
        _text((x.start + x.end) / 2, HEIGHT - 6, x_name, "middle"),
    ]
    if y_name:
        parts.append(
            Markup(
                '<text transform="translate(12 {:.1f}) rotate(-90)" text-anchor="middle">{}</text>'
            ).format((y.start + y.end) / 2, y_name)
        )
    for value, name in x_ticks:
        parts.append(_text(x.at(value), y.start + 16, name, "middle"))
    for value, name in y_ticks:
        parts.append(_text(x.start - 5, y.at(value) + 4, name, "end"))
        parts.append(_line([(x.start, y.at(value)), (x.end, y.at(value))], "#ddd"))
    return Markup("").join(parts)


def _svg(parts: Sequence[Markup], title: str, height: float = HEIGHT) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, round(height), title, Markup("").join(parts)
    )


def _line(points: Sequence[tuple[float, float]], colour: str, dashed: bool = False) -> Markup:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = Markup(' stroke-dasharray="4 4"') if dashed else Markup("")
    return Markup('<polyline points="{}" fill="none" stroke="{}"{}/>').format(path, colour, dashes)


def _dot(x: float, y: float, colour: str, told: str) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4" fill="{}"><title>{}</title></circle>').format(
        x, y, colour, told
    )


def _arrow(x: float, y: float, colour: str, told: str) -> Markup:
    """A bound: the true rate lies below."""
    shape = f"{x - 5:.1f},{y:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 8:.1f}"
    return Markup('<polygon points="{}" fill="none" stroke="{}"><title>{}</title></polygon>').format(
        shape, colour, told
    )


def _key(x: float, y: float, colour: str, word: str) -> Markup:
    return _dot(x, y - 4, colour, word) + _text(x + 9, y, word, "start")


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, escape(text))
