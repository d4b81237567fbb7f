"""The hash chain: what an entry's hash covers, and how a log is checked."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from forum.kernel.canonical import Json, canonical, digest
from forum.kernel.clock import rfc3339
from forum.record.models import GENESIS, Entry, Log

BATCH = 1000


def entry_hash(prev: str, entry: Entry) -> str:
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
    """What a check found: how many entries were read and, if the chain is broken, the first bad number and why."""

    log: str
    entries: int
    bad_seq: int | None = None
    why: str = ""

    @property
    def ok(self) -> bool:
        return self.bad_seq is None


async def _entries(log_id: str) -> AsyncIterator[Entry]:
    last = 0
    while batch := await Entry.filter(log_id=log_id, seq__gt=last).order_by("seq").limit(BATCH):
        for entry in batch:
            yield entry
        last = batch[-1].seq


async def verify(log_id: str) -> Verdict:
    """Read the whole log and name the first entry that is missing, moved or changed, or a head that does not fit."""
    prev, seq, public = GENESIS, 0, 0
    async for entry in _entries(log_id):
        if entry.seq != seq + 1:
            return Verdict(log_id, seq, seq + 1, "missing")
        if entry.prev != prev or entry.hash != entry_hash(prev, entry):
            return Verdict(log_id, seq, entry.seq, "changed")
        if entry.public_seq is not None and entry.public_seq != public + 1:
            return Verdict(log_id, seq, entry.seq, "public number out of order")
        prev, seq, public = entry.hash, entry.seq, entry.public_seq or public
    head = await Log.get_or_none(id=log_id)
    if head is None or (head.seq, head.head, head.public_seq) != (seq, prev, public):
        return Verdict(log_id, seq, seq + 1, "cut off")
    return Verdict(log_id, seq)
