"""The hash chain: what an entry's hash covers, and how a log is checked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from forum.db.reading import Row
from forum.kernel.canonical import Json, canonical, digest
from forum.kernel.clock import rfc3339
from forum.record.browsing import BATCH, Written, as_written, in_order
from forum.record.models import GENESIS, Entry, Log


def entry_hash(prev: str, entry: Entry | Written) -> str:
    """Return the SHA-256 that chains `entry` to `prev`: over the previous hash and the entry in canonical JSON."""
    body: dict[str, Json] = {
        "actor": entry.actor_id,
        "at": rfc3339(entry.at),
        "capacity": entry.capacity,
        "data": entry.data,
        "kind": entry.kind,
        "log": entry.log_id,
        "public_seq": entry.public_seq,
        "seq": entry.seq,
        "subject": entry.subject,
    }
    return digest(prev + canonical(body))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: how many entries are whole, the hash of the last of them and, if any, the first bad number and why."""

    log: str
    entries: int
    bad_seq: int | None = None
    why: str = ""
    head: str = GENESIS

    @property
    def ok(self) -> bool:
        return self.bad_seq is None


@dataclass(slots=True)
class _Walk:
    """How far a log has been read and found whole; `why` says what stopped it."""

    prev: str = GENESIS
    seq: int = 0
    public: int = 0
    why: str = ""

    def go(self, found: Sequence[Row]) -> None:
        """Go over the next rows. Takes milliseconds: not for the event loop."""
        for entry in as_written(found):
            self.why = _fault(entry, self.prev, self.seq, self.public)
            if self.why:
                return
            self.prev, self.seq, self.public = entry.hash, entry.seq, entry.public_seq or self.public


async def verify(log_id: str) -> Verdict:
    """Read the whole log and name the first entry that is missing, moved, changed or added, or a head that does not fit.

    The log may grow meanwhile. It is read BATCH entries at a time and hashed in a thread, so that others are answered between.
    """
    walk = _Walk()
    while True:
        before = walk.seq
        while found := await in_order(log_id, walk.seq, BATCH):
            await asyncio.to_thread(walk.go, found)
            if walk.why:
                return Verdict(log_id, walk.seq, walk.seq + 1, walk.why, walk.prev)
        head = await Log.get_or_none(id=log_id)
        # A head further on than what was read: entries were appended in between, or the end is cut off.
        if head is None or head.seq <= walk.seq or walk.seq == before:
            break
    return _compared(log_id, walk, head)


def _compared(log_id: str, walk: _Walk, head: Log | None) -> Verdict:
    """Return the verdict on a log whose entries fit one another: whether its head fits them."""
    seq = walk.seq
    if head is None or head.seq > seq:
        return Verdict(log_id, seq, seq + 1, "cut off", walk.prev)
    if head.seq < seq:
        return Verdict(log_id, head.seq, head.seq + 1, "added", head.head)
    if (head.head, head.public_seq) != (walk.prev, walk.public):
        return Verdict(log_id, seq, seq, "the head tells otherwise", walk.prev)
    return Verdict(log_id, seq, head=walk.prev)


def _fault(entry: Written, prev: str, seq: int, public: int) -> str:
    """Return what is wrong with the entry after number `seq`, or nothing."""
    if entry.seq != seq + 1:
        return "missing"
    if entry.prev != prev or entry.hash != entry_hash(prev, entry):
        return "changed"
    if entry.public_seq is not None and entry.public_seq != public + 1:
        return "public number out of order"
    return ""
