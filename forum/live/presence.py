"""How many follow a space, told so that nobody is recognized by it.

Fewer than five are told as 0: whether one particular delegate is reading is nobody's business. Above 999 the number is cut to three
digits, so that ten thousand need not hear of every single one. A count is sent at most every five seconds, when it has changed.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from forum.live.hub import Connection, Hub
from forum.live.streams import encode

log = logging.getLogger(__name__)

EVERY: Final = 5.0
FEW: Final = 5


def shown(count: int) -> int:
    """Return the number that is told of `count` readers."""
    if count < FEW:
        return 0
    unit: int = 10 ** max(0, len(str(count)) - 3)
    return count - count % unit


def presence_frame(count: int) -> bytes:
    """Return the frame that tells a number."""
    return encode({"kind": "presence", "count": count})


class Presence:
    """Tells each space how many follow it. `count(space_id)` may be replaced by one that counts over all processes."""

    def __init__(self, hub: Hub, count: Callable[[str], int] | None = None) -> None:
        self._hub = hub
        self._count = count or hub.count
        self._told: dict[str, int] = {}

    def greet(self, reader: Connection) -> None:
        """Tell a new reader the number that the others were told last."""
        count = self._told.get(reader.room.space_id, 0)
        if count:
            reader.tell(presence_frame(count))

    async def watch(self) -> None:
        """Go round for ever."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.round()
            except Exception:
                log.exception("presence could not be told")

    async def round(self) -> None:
        """Tell every space whose number has changed."""
        spaces = self._hub.spaces()
        self._told = {space_id: self._told.get(space_id, 0) for space_id in spaces}
        for space_id in spaces:
            count = shown(self._count(space_id))
            if count != self._told[space_id]:
                self._told[space_id] = count
                frame = presence_frame(count)
                for room in self._hub.rooms(space_id):
                    await self._hub.cast(room, frame)
