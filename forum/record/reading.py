"""Read the record: the public sequence for followers, the head for pages."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from forum.db.reading import Row, moment, row, rows


@dataclass(frozen=True, slots=True)
class Told:
    """A public entry as followers see it: `seq` is its place in the public sequence."""

    log: str
    seq: int
    kind: str
    at: datetime
    subject: str | None
    data: dict[str, Any]


def _told(log_id: str, found: Row) -> Told:
    return Told(
        log_id,
        found["public_seq"],
        found["kind"],
        moment(found["at"]),
        found["subject"],
        json.loads(found["data"]),
    )


async def public_head(log_id: str) -> int:
    """Return the number of the last public entry of the log, 0 for an empty one."""
    found = await row("SELECT public_seq FROM record_logs WHERE id = ?", [log_id])
    return int(found["public_seq"]) if found else 0


async def public_heads() -> dict[str, int]:
    """Return the number of the last public entry of every log."""
    return {log_id: head.public_seq for log_id, head in (await heads()).items()}


class Head(NamedTuple):
    """Where a log stands: the numbers of its last entry, and of its last public one."""

    seq: int
    public_seq: int


async def heads() -> dict[str, Head]:
    """Return where every log stands."""
    found = await rows("SELECT id, seq, public_seq FROM record_logs")
    return {one["id"]: Head(int(one["seq"]), int(one["public_seq"])) for one in found}


async def kinds_since(log_id: str, since: int, limit: int) -> list[tuple[str, str | None]]:
    """Return (kind, subject) of up to `limit` entries after number `since`, public or not, in order."""
    sql = "SELECT kind, subject FROM record_entries WHERE log_id = ? AND seq > ? ORDER BY seq LIMIT ?"
    return [(one["kind"], one["subject"]) for one in await rows(sql, [log_id, since, limit])]


async def public_since(log_id: str, since: int, limit: int) -> list[Told]:
    """Return up to `limit` public entries after the number `since`, in order."""
    sql = (
        "SELECT public_seq, kind, at, subject, data FROM record_entries"
        " WHERE log_id = ? AND public_seq > ? ORDER BY public_seq LIMIT ?"
    )
    return [_told(log_id, found) for found in await rows(sql, [log_id, since, limit])]


async def last_told(log_id: str, kind: str) -> datetime | None:
    """Return when the last entry of this kind was told about what the log is of, such as its space; None if there is none.

    Entries about the comments in it are not looked at, so the number of them does not matter.
    """
    sql = "SELECT at FROM record_entries WHERE log_id = ? AND subject = ? AND kind = ? ORDER BY seq DESC LIMIT 1"
    found = await row(sql, [log_id, log_id, kind])
    return moment(found["at"]) if found else None
