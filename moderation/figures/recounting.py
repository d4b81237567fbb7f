"""Recount the figures from the record alone, and mend those that differ."""

import json
from collections import Counter

from forum.db.connect import reader
from forum.db.reading import Row, execute, moment, row, rows
from forum.db.work import Work, begin
from forum.record.appending import lock
from moderation.figures.tallying import Told, day_of, tally

Counts = Counter[tuple[str, str, str]]
"""How often, by day, name and detail."""

BATCH = 2000
_ENTRIES = (
    "SELECT seq, kind, at, data FROM record_entries WHERE log_id = ? AND seq > ? AND (kind LIKE 'comment.%' OR kind LIKE 'case.%')"
    " ORDER BY seq LIMIT ?"
)
_KEPT = "SELECT day, name, detail, n FROM desk_days WHERE space_id = ?"
_SET = (
    "INSERT INTO desk_days (space_id, day, name, detail, n) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (space_id, day, name, detail) DO UPDATE SET n = excluded.n"
)


async def recount() -> int:
    """Make the figures of every space anew from its record; return how many of them differed."""
    return sum([await recount_space(one["id"], one["zone"]) for one in await rows("SELECT id, zone FROM spaces ORDER BY id")])


async def recount_space(space_id: str, zone: str) -> int:
    """Recount one space and return how many figures differed: wrong, missing or not in the record."""
    # Entries never change: what is there is read before anybody has to wait for it, the rest under the lock.
    found, seq = await _count(space_id, zone, Counter(), 0)
    async with begin() as work:
        await lock(work, space_id)
        found, _ = await _count(space_id, zone, found, seq, work)
        kept = {(one["day"], one["name"], one["detail"]): int(one["n"]) for one in await rows(_KEPT, [space_id], work.connection)}
        wrong = [key for key in found.keys() | kept.keys() if found.get(key, 0) != kept.get(key, 0)]
        for key in wrong:
            await execute(_SET, [space_id, *key, found.get(key, 0)], work.connection)
        await execute("DELETE FROM desk_days WHERE space_id = ? AND n = 0", [space_id], work.connection)
        return len(wrong)


async def _count(space_id: str, zone: str, found: Counts, seq: int, work: Work | None = None) -> tuple[Counts, int]:
    """Add the entries after number `seq`; return the counts and the number of the last entry read."""
    connection = work.connection if work else reader()
    while batch := await rows(_ENTRIES, [space_id, seq, BATCH], connection):
        for entry in batch:
            found.update(_ticks(entry, zone))
        seq = int(batch[-1]["seq"])
    return found, seq


def _ticks(entry: Row, zone: str) -> list[tuple[str, str, str]]:
    at = moment(entry["at"])
    day = day_of(at, zone)
    return [(day, *tick) for tick in tally(Told(entry["kind"], at, json.loads(entry["data"])), zone)]


async def uncounted() -> bool:
    """Return whether there are entries and no figures at all, as after the migration that brings the figures."""
    if await row("SELECT 1 AS x FROM desk_days LIMIT 1") is not None:
        return False
    return await row("SELECT 1 AS x FROM record_entries WHERE kind LIKE 'comment.%' LIMIT 1") is not None
