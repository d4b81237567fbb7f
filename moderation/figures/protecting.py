"""Protect figures against recognizing anybody in them: nothing below five is told, nor can it be worked out from what is.

`protect` takes cells and the sums that stand between them. A cell below LEAST is `FEW`. Where a sum would give it away, the next smallest
cells of that sum are `WITHHELD`, until every cell that is not told could be any number its mark allows: from 0 to 4, or at least as
wide a stretch above.
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


@dataclass(frozen=True, slots=True)
class Sum:
    """That a cell is the sum of others. The sums between cells must not form a ring, so that each can be made safe by itself."""

    total: str
    parts: Sequence[str]

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.total, *self.parts)


def protect(cells: Mapping[str, int], sums: Iterable[Sum]) -> dict[str, Cell]:
    """Return each cell as it may be told: the number itself, or a mark."""
    told: dict[str, Cell] = {name: n if n >= LEAST else Mark.FEW for name, n in cells.items()}
    known = list(sums)
    changed = True
    while changed:
        changed = False
        for one in known:
            shown = [name for name in one.cells if not isinstance(told[name], Mark)]
            if shown and not safe(one, told):
                told[_next(one, shown, told, cells)] = Mark.WITHHELD
                changed = True
    return _given_back(told, known, cells)


def _given_back(told: dict[str, Cell], sums: Sequence[Sum], cells: Mapping[str, int]) -> dict[str, Cell]:
    """Tell again what need not have been withheld, since something else was withheld after it; the largest first."""
    for name in sorted((name for name, cell in told.items() if cell is Mark.WITHHELD), key=lambda name: (-cells[name], name)):
        told[name] = cells[name]
        if not all(safe(one, told) for one in sums if name in one.cells):
            told[name] = Mark.WITHHELD
    return told


def _next(one: Sum, shown: Sequence[str], told: Mapping[str, Cell], cells: Mapping[str, int]) -> str:
    """Return what is withheld next: the smallest part that is enough, else the smallest, and the total when no part is left."""
    parts = sorted((name for name in shown if name != one.total), key=lambda name: (cells[name], name))
    enough = (name for name in parts if safe(one, {**told, name: Mark.WITHHELD}))
    return next(enough, parts[0] if parts else one.total)


def safe(one: Sum, told: Mapping[str, Cell]) -> bool:
    """Tell whether this sum leaves every cell that is not told open over at least LEAST numbers, all that `FEW` may mean included."""
    return all(width(name, one, told) >= LEAST for name in one.cells if isinstance(told[name], Mark))


def width(name: str, one: Sum, told: Mapping[str, Cell]) -> float:
    """Return how many numbers a cell that is not told may be, as far as this sum and the marks tell."""
    least, most = _bounds(told[name])
    others = [_bounds(told[part]) for part in one.parts if part != name]
    low, high = sum(smallest for smallest, _ in others), sum(largest for _, largest in others)
    if name != one.total:
        smallest, largest = _bounds(told[one.total])
        low, high = smallest - high, largest - low
    return min(most, high) - max(least, low) + 1


def _bounds(cell: Cell) -> tuple[float, float]:
    if cell is Mark.FEW:
        return 0, LEAST - 1
    if cell is Mark.WITHHELD:
        return LEAST, inf
    return float(cell), float(cell)
