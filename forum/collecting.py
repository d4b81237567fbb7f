"""When Python looks for what only cycles keep alive: at moments of our choosing, never in the middle of a cast.

Left to itself it goes through every object of every follower whenever a few thousand new ones have come: with 8,000 followers that stops
the process for a tenth of a second or more, again and again while they come in and while posts go out. Most objects die without it; what
it is needed for are followers that have left, whose protocol and connection refer to one another.
"""

import asyncio
import gc
import sys
from typing import Final

EVERY: Final = 60.0
"""Seconds between two looks at whether it is worth it."""
GROWN: Final = 1.1
"""It is, when so many times as much memory is in use as after the last time."""
YOUNG: Final = (10_000, 10, 1_000_000)
"""Thresholds for young objects, which are few and quickly looked through, and for all of them: practically never."""


def _collect() -> int:
    """Look through everything, set it aside from the next quick looks, and return how many blocks of memory are left in use."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return sys.getallocatedblocks()


async def watch(every: float = EVERY) -> None:
    """Take over from Python until cancelled."""
    before = gc.get_threshold()
    gc.set_threshold(*YOUNG)
    try:
        left = _collect()
        while True:
            await asyncio.sleep(every)
            if sys.getallocatedblocks() > GROWN * left:
                left = _collect()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
