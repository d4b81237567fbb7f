"""What moderation does by the clock: proposals are carried out when their time has come, in one process of the forum at a time."""

import asyncio
import logging

from forum.db.lease import Lease
from forum.db.reading import rows
from forum.kernel import clock
from moderation.proposing import carry_out

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks."""
AT_ONCE = 100


async def tick() -> int:
    """Carry out what is due and return how many decisions that were."""
    sql = "SELECT case_id FROM proposals WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?"
    due = await rows(sql, [clock.now(), AT_ONCE])
    return sum([await carry_out(one["case_id"]) for one in due])


async def run(lease: Lease) -> None:
    """Look at the clock every second until cancelled, while the lease is ours. A failure is logged and the next look tries again."""
    while True:
        try:
            if lease.held:
                await tick()
        except Exception:
            log.exception("what is due cannot be carried out")
        await asyncio.sleep(EVERY)
