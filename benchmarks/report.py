"""What is printed: a row a figure, with its spread, and its ratio to the yardstick."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure against its yardstick: medians with lowest and highest, their ratio, and the target for the ratio, if any."""

    name: str
    unit: str
    ours: float
    ours_spread: tuple[float, float]
    bare: float | None = None
    bare_spread: tuple[float, float] | None = None
    ratio: float | None = None
    target: str = ""


def figure(name: str, unit: str, ours: Sequence[float], bare: Sequence[float] = (), target: str = "") -> Figure:
    """Return the figure of several measurements and of the yardstick's."""
    mine = statistics.median(ours)
    if not bare:
        return Figure(name, unit, mine, (min(ours), max(ours)), target=target)
    theirs = statistics.median(bare)
    ratio = mine / theirs if theirs else None
    return Figure(name, unit, mine, (min(ours), max(ours)), theirs, (min(bare), max(bare)), ratio, target)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def number(value: float) -> str:
    """Return a figure with about three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _spread(spread: tuple[float, float]) -> str:
    return f" ({number(spread[0])}–{number(spread[1])})" if spread[0] != spread[1] else ""


def table(figures: Sequence[Figure]) -> str:
    """Return a Markdown table."""
    rows = ["| figure | unit | forum | yardstick | ratio | target |", "|---|---|---|---|---|---|"]
    for one in figures:
        bare = f"{number(one.bare)}{_spread(one.bare_spread)}" if one.bare is not None and one.bare_spread else ""
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
        ours = f"{number(one.ours)}{_spread(one.ours_spread)}"
        rows.append(f"| {one.name} | {one.unit} | {ours} | {bare} | {ratio} | {one.target} |")
    return "\n".join(rows)


def machine() -> str:
    """Return what the figures were taken on."""
    return f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"


def as_json(figures: Sequence[Figure]) -> str:
    """Return the machine and the figures as JSON."""
    return json.dumps({"machine": machine(), "figures": [asdict(one) for one in figures]}, indent=2, ensure_ascii=False)
