"""Facets: how many cases each value of each filter has, under what else is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.queue import queries
from moderation.queue.filters import NO_REGION, QueueFilter
from moderation.queue.strands import Desk, Slot, equalities

COLUMNS = {"question": "question_number", "lang": "lang", "region": "region", "kind": "kind"}


@dataclass(frozen=True, slots=True)
class Count:
    """A number of cases: exact, or the most (`at_most`) or the least (`at_least`) that there can be."""

    n: int
    at_most: bool = False
    at_least: bool = False


NONE = Count(0)


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts by filter and value; `total` is of what is wanted, `flags` of what is late, due today, mine, or waits for a second."""

    total: Count
    values: Mapping[str, Mapping[str, Count]]
    flags: Mapping[str, Count]

    def of(self, name: str, value: str) -> Count:
        """Return the count of one value of one filter; "" is any value."""
        return self.values[name].get(value, NONE)


async def facets(desk: Desk, wanted: QueueFilter, slots: Sequence[Slot]) -> Facets:
    """Count what waits, in two statements at most; a case that is decided is in no count."""
    flags = await queries.flag_counts(desk, wanted, slots)
    known, whole = await queries.flagged_slots(desk, wanted, slots) if wanted.flagged else (list(slots), True)
    # Beyond what is counted one by one, the kept counts say at least how many there are at most.
    counted = known if whole else slots
    values = {name: _values(desk, wanted, counted, name, whole) for name in ("space", *COLUMNS)}
    bounded = {name: _up_to(n) for name, n in flags.items()}
    n = sum(one.n for one in _fitting(desk, wanted, counted))
    total = Count(n) if whole else bounded.get(_flag(wanted), Count(n, at_most=True))
    return Facets(total, values, bounded)


def _flag(wanted: QueueFilter) -> str:
    """Return the flag that is asked for and whose count knows of everything else that is."""
    return wanted.due or ("mine" if wanted.mine else "second" if wanted.second else "")


def _up_to(n: int) -> Count:
    most = queries.MOST_COUNTED
    return Count(min(n, most), at_least=n > most)


def _fitting(desk: Desk, wanted: QueueFilter, slots: Sequence[Slot]) -> list[Slot]:
    equal = equalities(wanted)
    spaces = {one.id for one in desk.spaces if wanted.space in ("", one.slug)}
    return [
        one for one in slots if one.space_id in spaces and all(getattr(one, column) == value for column, value in equal.items())
    ]


def _values(desk: Desk, wanted: QueueFilter, slots: Sequence[Slot], name: str, whole: bool) -> dict[str, Count]:
    # A question belongs to its space: another space makes it another question.
    without = wanted.without("space", "question") if name == "space" else wanted.without(name)
    slugs = {one.id: one.slug for one in desk.spaces}
    found: dict[str, int] = {}
    for one in _fitting(desk, without, slots):
        value = slugs[one.space_id] if name == "space" else str(getattr(one, COLUMNS[name]) or NO_REGION)
        for key in (value, ""):
            found[key] = found.get(key, 0) + one.n
    return {value: Count(n, at_most=not whole) for value, n in found.items()}
