"""Append to the record: the only writer of entries."""

from forum.db.reading import execute
from forum.db.work import Work
from forum.kernel.canonical import canonical
from forum.kernel.events import Fact
from forum.record.chain import entry_hash
from forum.record.models import GENESIS, Entry, Log

MAKE = "INSERT INTO record_logs (id, seq, public_seq, head) VALUES (?, 0, 0, ?) ON CONFLICT (id) DO NOTHING"


async def lock(work: Work, log_id: str) -> Log:
    """Take the lock of the log for the rest of the transaction and return its head, made at first use; a second time costs nothing.

    Every verb calls it before anything else in its transaction: the log's row first, then whatever rows it reads and writes. Two
    writers of one log follow each other from there on, whichever questions, comments, revisions and cases they touch and in whichever
    order, so none can hold a row that the other waits for. No transaction takes two logs.
    """
    kept = work.locked.get(f"log:{log_id}")
    if isinstance(kept, Log):
        return kept
    head = await Log.filter(id=log_id).using_db(work.connection).select_for_update().first()
    if head is None:
        await execute(MAKE, [log_id, GENESIS], work.connection)
        head = await Log.filter(id=log_id).using_db(work.connection).select_for_update().get()
    work.locked[f"log:{log_id}"] = head
    return head


async def append(work: Work, fact: Fact) -> None:
    """Write `fact` as the next entry of its log, in the transaction of `work`, and give the fact its numbers."""
    head = await lock(work, fact.log)
    entry = Entry(
        log_id=fact.log,
        seq=head.seq + 1,
        public_seq=head.public_seq + 1 if fact.public else None,
        kind=fact.kind,
        at=fact.at,
        actor_id=fact.actor_id,
        capacity=fact.capacity.value,
        subject=fact.subject,
        data=canonical(fact.data),
        prev=head.head,
    )
    entry.hash = entry_hash(head.head, entry)
    await entry.save(using_db=work.connection)
    head.seq, head.head = entry.seq, entry.hash
    head.public_seq = entry.public_seq or head.public_seq
    await head.save(using_db=work.connection, update_fields=["seq", "public_seq", "head"])
    fact.seq, fact.public_seq = entry.seq, entry.public_seq
