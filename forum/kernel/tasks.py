"""End tasks for certain."""

import asyncio
from typing import Any, Final

AGAIN: Final = 4.0
"""Seconds after which a task that goes on all the same is cancelled anew: longer than any of ours takes to end what it has begun."""


async def end(*tasks: "asyncio.Task[Any]", again: float = AGAIN) -> None:
    """Cancel tasks and wait until all have ended; what they raise is passed over.

    Once is not enough: `asyncio.wait_for` before Python 3.12, which libraries wait with, swallows a cancellation that comes in the very
    moment in which its answer does. A task in a loop would then go round for ever, and whoever waits for its end with it.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again)
    await asyncio.gather(*tasks, return_exceptions=True)
