"""Protection as properties: nothing below five is told, and nothing that is not told can be worked out."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.figures.protecting import LEAST, Cell, Mark, Sum, protect, spans, widths

FEW, WITHHELD = Mark.FEW, Mark.WITHHELD


def one_sum(*parts: int) -> tuple[dict[str, int], list[Sum]]:
    cells = {f"p{number}": n for number, n in enumerate(parts)}
    return cells | {"total": sum(parts)}, [Sum("total", tuple(cells))]


EXAMPLES: list[tuple[str, tuple[int, ...], dict[str, Cell]]] = [
    ("all are large: all are told", (5, 6, 70), {"p0": 5, "p1": 6, "p2": 70, "total": 81}),
    (
        "one is small: the next smallest goes with it, or it were total minus the rest",
        (3, 20, 9),
        {"p0": FEW, "p1": 20, "p2": WITHHELD, "total": 32},
    ),
    ("two small ones hide each other", (2, 3, 50), {"p0": FEW, "p1": FEW, "p2": WITHHELD, "total": 55}),
    (
        "three small ones of a middling sum need nobody else",
        (2, 2, 1, 50),
        {"p0": FEW, "p1": FEW, "p2": FEW, "p3": 50, "total": 55},
    ),
    ("when the sum itself is small nothing is told", (1, 2), {"p0": FEW, "p1": FEW, "total": FEW}),
    ("no case at all reads as few", (0, 0), {"p0": FEW, "p1": FEW, "total": FEW}),
    (
        "zeros would be seen in a sum that is all of one part: the sum goes, the part stays",
        (8, 0, 0, 0),
        {"p0": 8, "p1": FEW, "p2": FEW, "p3": FEW, "total": WITHHELD},
    ),
]


@pytest.mark.parametrize(("why", "parts", "told"), EXAMPLES, ids=[one[0] for one in EXAMPLES])
def test_examples(why: str, parts: tuple[int, ...], told: dict[str, Cell]) -> None:
    assert protect(*one_sum(*parts)) == told, why


Forest = tuple[dict[str, int], list[Sum]]


@st.composite
def forests(draw: st.DrawFn) -> Forest:
    """Sums that share cells without a ring: parts that are sums themselves, and a second way to add up to the same total."""
    number = st.one_of(st.integers(0, 9), st.integers(0, 200))
    cells: dict[str, int] = {}
    sums: list[Sum] = []

    def add(name: str, depth: int) -> int:
        parts = [f"{name}.{place}" for place in range(draw(st.integers(2, 5)))]
        for part in parts:
            cells[part] = add(part, depth - 1) if depth and draw(st.booleans()) else draw(number)
        sums.append(Sum(name, tuple(parts)))
        return sum(cells[part] for part in parts)

    cells["t"] = add("t", 2)
    if draw(st.booleans()):
        left = cells["t"]
        first = draw(st.integers(0, left))
        cells |= {"t:a": first, "t:b": left - first}
        sums.append(Sum("t", ("t:a", "t:b")))
    return cells, sums


@settings(max_examples=400, deadline=None)
@given(forests())
def test_nothing_small_is_told_and_what_is_told_is_true(made: Forest) -> None:
    cells, sums = made
    told = protect(cells, sums)
    assert told.keys() == cells.keys()
    for name, cell in told.items():
        assert (cell is FEW) == (cells[name] < LEAST)
        if not isinstance(cell, Mark):
            assert cell == cells[name] >= LEAST


@settings(max_examples=400, deadline=None)
@given(forests())
def test_what_is_not_told_stays_open(made: Forest) -> None:
    """Neither by subtracting nor by what the marks themselves say: a small cell could be each of 0 to 4, unless it could not be if all
    was silent."""
    cells, sums = made
    told = protect(cells, sums)
    silent: dict[str, Cell] = {name: FEW if n < LEAST else WITHHELD for name, n in cells.items()}
    at_best = widths(silent, sums)
    for name, width in widths(told, sums).items():
        assert width >= min(LEAST, at_best[name]), (name, told)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=4), st.lists(st.integers(0, 12), min_size=2, max_size=3))
def test_spans_are_those_of_trying_everything(first: list[int], second: list[int]) -> None:
    """Two sums with one total, as texts by outcome and by time: every small cell is tried with every number."""
    second[-1] += max(0, sum(first) - sum(second))
    first[-1] += max(0, sum(second) - sum(first))
    cells = {f"a{n}": value for n, value in enumerate(first)} | {f"b{n}": value for n, value in enumerate(second)}
    sums = [Sum("t", tuple(name for name in cells if name[0] == side)) for side in "ab"]
    cells["t"] = sum(first)
    told = protect(cells, sums)
    limit = 2 * cells["t"] + 12

    def choices(name: str) -> range:
        cell = told[name]
        if cell is FEW:
            return range(LEAST)
        return range(LEAST, limit) if cell is WITHHELD else range(cells[name], cells[name] + 1)

    def totals(parts: Sequence[str]) -> set[int]:
        found = {0}
        for part in parts:
            found = {one + n for one in found for n in choices(part) if one + n < limit}
        return found

    possible = set(choices("t")) & totals(sums[0].parts) & totals(sums[1].parts)
    assert cells["t"] in possible
    for one in sums:
        for name in one.parts:
            rest = totals([part for part in one.parts if part != name])
            open_to = {n for n in choices(name) if any(total - n in rest for total in possible)}
            low, high = spans(told, sums)[name]
            assert (min(open_to), max(open_to)) == (low, min(high, max(open_to)))


@settings(max_examples=400, deadline=None)
@given(forests())
def test_all_sums_together_determine_nothing(made: Forest) -> None:
    cells, sums = made
    told = protect(cells, sums)
    assert not determined(told, sums)


def test_the_check_would_find_a_leak() -> None:
    cells, sums = one_sum(3, 20, 9)
    assert determined({**cells, "p0": FEW}, sums) == {"p0"}
    assert not determined({**cells, "p0": FEW, "p2": WITHHELD}, sums)


def determined(told: Mapping[str, Cell], sums: Sequence[Sum]) -> set[str]:
    """Return the cells not told that the equations give away all the same: those alone in a row of the reduced system."""
    unknown = [name for name, cell in told.items() if isinstance(cell, Mark)]
    rows = [[Fraction(-1 if name == one.total else 1 if name in one.parts else 0) for name in unknown] for one in sums]
    lead = 0
    for column in range(len(unknown)):
        found = next((place for place in range(lead, len(rows)) if rows[place][column]), None)
        if found is None:
            continue
        rows[lead], rows[found] = rows[found], rows[lead]
        rows[lead] = [value / rows[lead][column] for value in rows[lead]]
        for place, row in enumerate(rows):
            if place != lead and row[column]:
                rows[place] = [value - row[column] * top for value, top in zip(row, rows[lead], strict=True)]
        lead += 1
    return {unknown[row.index(Fraction(1))] for row in rows if sum(map(bool, row)) == 1}
