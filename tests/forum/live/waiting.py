"""Wait for something to come true."""

import asyncio
from collections.abc import Callable


async def until(done: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until `done()`; fails after some seconds."""
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)
