"""The clock's own task: timed transitions, again and again, for as long as the server runs."""

import asyncio
import logging

from forum.discussions import opening
from forum.people import sessions

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks at the clock; posting itself asks the deadline to the second."""


async def run() -> None:
    """Look at the clock every few seconds until cancelled; a failure is logged and the next look tries again."""
    while True:
        try:
            await opening.tick()
            await sessions.sweep()
        except Exception:
            log.exception("the clockwork stumbled")
        await asyncio.sleep(EVERY)
