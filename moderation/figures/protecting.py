"""Protect figures against recognizing anybody in them: nothing below five is told, nor can it be worked out from what is.

`protect` takes cells and the sums that stand between them. A cell below LEAST is `FEW`. Where sums would give it away, further cells are
`WITHHELD`, until each cell that is not told could be any number that its mark allows, or at least five different ones; reckoned from
all sums together, by somebody who knows these rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf

LEAST = 5
"""The smallest number that is told."""


class Mark(StrEnum):
    """Why a number is not told: it is too small, or others that are too small could be worked out with it."""

    FEW = "few"
    WITHHELD = "withheld"


Cell = int | Mark
Told = Mapping[str, Cell]
Spans = Mapping[str, tuple[float, float]]
"""The least and the most that each cell may be."""


@dataclass(frozen=True, slots=True)
class Sum:
    """That a cell is the sum of others. The sums between cells must not form a ring."""

    total: str
    parts: Sequence[str]

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.total, *self.parts)


def protect(cells: Mapping[str, int], sums: Iterable[Sum]) -> dict[str, Cell]:
    """Return each cell as it may be told: the number itself, or a mark."""
    known = list(sums)
    told: dict[str, Cell] = {name: n if n >= LEAST else Mark.FEW for name, n in cells.items()}
    # Two small parts of a total that is not small are narrowed by that alone: more cannot be asked than what silence would give.
    silent: dict[str, Cell] = {name: cell if cell is Mark.FEW else Mark.WITHHELD for name, cell in told.items()}
    asked = {name: min(width, LEAST) for name, width in widths(silent, known).items()}
    while narrowed := _narrowed(told, known, asked):
        one = _nearest(narrowed, told, known)
        told[_next(one, told, cells, known, asked)] = Mark.WITHHELD
    for name in sorted((name for name, cell in told.items() if cell is Mark.WITHHELD), key=lambda name: (-cells[name], name)):
        # Withheld before something else was, and needless now.
        if not _narrowed({**told, name: cells[name]}, known, asked):
            told[name] = cells[name]
    return told


def widths(told: Told, sums: Sequence[Sum]) -> dict[str, float]:
    """Return how many numbers each cell that is not told may be, as far as the marks and all sums together tell."""
    found = spans(told, sums)
    return {name: found[name][1] - found[name][0] + 1 for name, cell in told.items() if isinstance(cell, Mark)}


def spans(told: Told, sums: Sequence[Sum]) -> Spans:
    """Return the least and the most that each cell may be. Without a ring of sums, what one tells the next is all there is to know."""
    found = {name: _bounds(cell) for name, cell in told.items()}
    changed = True
    while changed:
        changed = False
        for one in sums:
            for name in one.cells:
                tighter = _within(name, one, found)
                if tighter != found[name]:
                    found[name], changed = tighter, True
    return found


def _within(name: str, one: Sum, found: Spans) -> tuple[float, float]:
    """Return the span of a cell as one sum and the spans of its other cells leave it."""
    low = sum(found[part][0] for part in one.parts if part != name)
    high = sum(found[part][1] for part in one.parts if part != name)
    if name != one.total:
        smallest, largest = found[one.total]
        low, high = smallest - high, largest - low
    return max(found[name][0], low), min(found[name][1], high)


def _bounds(cell: Cell) -> tuple[float, float]:
    if cell is Mark.FEW:
        return 0, LEAST - 1
    if cell is Mark.WITHHELD:
        return LEAST, inf
    return float(cell), float(cell)


def _narrowed(told: Told, sums: Sequence[Sum], asked: Mapping[str, float]) -> set[str]:
    """Return the cells that are not told and yet too well known; `asked` says how many numbers each must be open over."""
    return {name for name, width in widths(told, sums).items() if width < asked.get(name, LEAST)}


def _nearest(narrowed: set[str], told: Told, sums: Sequence[Sum]) -> Sum:
    """Return the sum with something to withhold that is nearest to what is too well known: its own, else one that shares a cell."""
    reached = set(narrowed)
    while True:
        near = [one for one in sums if reached & set(one.cells)]
        for one in near:
            if any(not isinstance(told[name], Mark) for name in one.cells):
                return one
        reached |= {name for one in near for name in one.cells}


def _next(one: Sum, told: Told, cells: Mapping[str, int], sums: Sequence[Sum], asked: Mapping[str, float]) -> str:
    """Return what is withheld next: the smallest part that is enough for this sum, else the smallest; the total when no part is left."""
    shown = [name for name in one.parts if not isinstance(told[name], Mark)]
    parts = sorted(shown, key=lambda name: (cells[name], name))
    own = set(one.cells)
    enough = (name for name in parts if not own & _narrowed({**told, name: Mark.WITHHELD}, sums, asked))
    return next(enough, parts[0] if parts else one.total)
