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


async def _entries(log_id: str, last: int) -> AsyncIterator[Entry]:
    while batch := await Entry.filter(log_id=log_id, seq__gt=last).order_by("seq").limit(BATCH):
        for entry in batch:
            yield entry
        last = batch[-1].seq


async def verify(log_id: str) -> Verdict:
    """Read the whole log and name the first entry that is missing, moved, changed or added, or a head that does not fit.

    The log may grow meanwhile.
    """
    prev, seq, public = GENESIS, 0, 0
    while True:
        before = seq
        async for entry in _entries(log_id, seq):
            if why := _fault(entry, prev, seq, public):
                return Verdict(log_id, seq, seq + 1, why)
            prev, seq, public = entry.hash, entry.seq, entry.public_seq or public
        head = await Log.get_or_none(id=log_id)
        # A head further on than what was read: entries were appended in between, or the end is cut off.
        if head is None or head.seq <= seq or seq == before:
            break
    if head is None or head.seq > seq:
        return Verdict(log_id, seq, seq + 1, "cut off")
    if head.seq < seq:
        return Verdict(log_id, head.seq, head.seq + 1, "added")
    if (head.head, head.public_seq) != (prev, public):
        return Verdict(log_id, seq, seq, "the head tells otherwise")
    return Verdict(log_id, seq)


def _fault(entry: Entry, prev: str, seq: int, public: int) -> str:
    """Return what is wrong with the entry after number `seq`, or nothing."""
    if entry.seq != seq + 1:
        return "missing"
    if entry.prev != prev or entry.hash != entry_hash(prev, entry):
        return "changed"
    if entry.public_seq is not None and entry.public_seq != public + 1:
        return "public number out of order"
    return ""
