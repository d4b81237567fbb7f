"""The ratios as a chart: plain SVG with a title, a description and every value as text, readable on light and dark ground."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from benchmarks.report import Figure, machine, number

WIDTH, LEFT, RIGHT, ROW, TOP = 1000, 430, 190, 24, 74
LOWEST, HIGHEST = 0.01, 10.0
LINES = (0.01, 0.1, 1.0, 10.0)
STYLE = """
    :root { color-scheme: light dark; }
    text { font: 13px system-ui, sans-serif; fill: #1b1b1b; }
    .head { font-size: 16px; font-weight: 600; }
    .small { font-size: 12px; fill: #4d4d4d; }
    .ground { fill: #ffffff; } .line { stroke: #d0d0d0; } .one { stroke: #4d4d4d; } .bar { fill: #3572b0; }
    @media (prefers-color-scheme: dark) {
      text { fill: #ececec; } .small { fill: #b8b8b8; } .ground { fill: #16191d; }
      .line { stroke: #3a3f45; } .one { stroke: #b8b8b8; } .bar { fill: #6aa7e0; }
    }
"""


def svg(figures: Sequence[Figure]) -> str:
    """Return a chart of the figures that have a yardstick: a bar from 1, their equal, to the ratio, on a logarithmic scale."""
    rows = [one for one in figures if one.ratio is not None]
    height = TOP + ROW * len(rows) + 20
    title = "The forum against a yardstick of the same run"
    said = "; ".join(f"{one.name}: {_ratio(one)}" for one in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title desc">',
        f'  <title id="title">{title}</title>',
        f'  <desc id="desc">{escape(f"Forum divided by yardstick, on {machine()}. {said}.")}</desc>',
        f"  <style>{STYLE}  </style>",
        f'  <rect class="ground" width="{WIDTH}" height="{height}"/>',
        f'  <text class="head" x="16" y="28">{title}</text>',
        f'  <text class="small" x="16" y="48">{escape(machine())}; forum ÷ yardstick, logarithmic</text>',
        *_scale(height),
        *(line for place, one in enumerate(rows) for line in _row(one, TOP + ROW * place)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(ratio: float) -> float:
    """Return where a ratio stands; what is beyond the scale stands at its end."""
    span = math.log10(HIGHEST / LOWEST)
    share = math.log10(min(HIGHEST, max(LOWEST, ratio)) / LOWEST) / span
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _scale(height: int) -> list[str]:
    lines = []
    for value in LINES:
        kind = "one" if value == 1 else "line"
        lines.append(f'  <line class="{kind}" x1="{_x(value)}" x2="{_x(value)}" y1="{TOP - 8}" y2="{height - 16}"/>')
        lines.append(f'  <text class="small" x="{_x(value)}" y="{TOP - 12}" text-anchor="middle">{value:g}</text>')
    return lines


def _ratio(one: Figure) -> str:
    assert one.ratio is not None
    return f"{one.ratio:.2f}" + (f" (target {one.target})" if one.target else "")


def _row(one: Figure, y: int) -> list[str]:
    assert one.ratio is not None
    start, end = sorted((_x(1.0), _x(one.ratio)))
    middle = y + ROW // 2 + 4
    spoken = f"{one.name}: {number(one.ours)} {one.unit}, yardstick {number(one.bare or 0)} {one.unit}"
    return [
        f"  <g><title>{escape(spoken)}</title>",
        f'    <text x="{LEFT - 12}" y="{middle}" text-anchor="end">{escape(one.name)}</text>',
        f'    <rect class="bar" x="{start}" y="{y + 5}" width="{max(2.0, round(end - start, 1))}" height="{ROW - 10}" rx="2"/>',
        f'    <text x="{WIDTH - RIGHT + 12}" y="{middle}">{escape(_ratio(one))}</text>',
        "  </g>",
    ]
