"""The clock's own task: timed transitions, again and again, for as long as the server runs, in one process of the forum at a time."""

import asyncio
import logging

from forum.db.lease import SECONDS, Lease
from forum.discussions import opening
from forum.people import sessions

log = logging.getLogger(__name__)

EVERY = SECONDS / 3
"""Seconds between two looks at the clock; posting itself asks the deadline to the second."""


async def run(lease: Lease) -> None:
    """Look at the clock every few seconds until cancelled, while the lease is ours.

    A failure is logged and the next look tries again.
    """
    leads = False
    while True:
        try:
            led, leads = leads, await lease.hold()
            if leads != led:
                log.info("this process %s timed work", "does" if leads else "no longer does")
            if leads:
                await opening.tick()
                await sessions.sweep()
        except Exception:
            log.exception("the clockwork stumbled")
        await asyncio.sleep(EVERY)
