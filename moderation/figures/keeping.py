"""Keep the figures: heard inside the transaction of what they count, under the lock of its space."""

from forum.db.reading import execute, row
from forum.db.work import Work
from forum.kernel.events import FORUM_LOG, Fact
from moderation.figures.tallying import Told, counts, day_of, tally

_ROW = "(?, ?, ?, ?, 1)"
_ADD = (
    "INSERT INTO desk_days (space_id, day, name, detail, n) VALUES {rows}"
    " ON CONFLICT (space_id, day, name, detail) DO UPDATE SET n = desk_days.n + 1"
)
_zones: dict[str, str] = {}
"""Zones of spaces, by id. A space keeps its zone from the day it is announced, and nothing is counted in it before."""


async def keep(work: Work, fact: Fact) -> None:
    """Add what `fact` tells to the figures of its space, in one statement."""
    if fact.log == FORUM_LOG or not counts(fact.kind):
        return
    zone = _zones.get(fact.log) or await _zone(work, fact.log)
    ticks = tally(Told(fact.kind, fact.at, fact.data), zone)
    if not ticks:
        return
    day = day_of(fact.at, zone)
    values = [part for name, detail in ticks for part in (fact.log, day, name, detail)]
    await execute(_ADD.format(rows=", ".join(_ROW for _ in ticks)), values, work.connection)


async def _zone(work: Work, space_id: str) -> str:
    found = await row("SELECT zone FROM spaces WHERE id = ?", [space_id], work.connection)
    assert found is not None
    return _zones.setdefault(space_id, str(found["zone"]))
