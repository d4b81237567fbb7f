"""How many follow a space, told so that nobody is recognized by it.

Fewer than five are told as 0: whether one particular delegate is reading is nobody's business. Above 999 the number is cut to three
digits, so that ten thousand need not hear of every single one. A count is sent at most every five seconds, when it has changed.

It is the sum over all processes. Each says on the bus, at every round, how many follow a space there; what is not said again is
forgotten, so the share of a process that died is gone after three rounds, and without a bus each tells its own.
"""

import asyncio
import logging
import time
from typing import Final

from forum.kernel.ids import new_id
from forum.live.bus import PRESENCE, Bus, Message
from forum.live.hub import Connection, Hub
from forum.live.streams import encode

log = logging.getLogger(__name__)

EVERY: Final = 5.0
FEW: Final = 5
REMEMBERED: Final = 3 * EVERY
"""Seconds for which what another process said of itself counts."""


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
    """Tells each space how many follow it. `remembered` is in seconds."""

    def __init__(self, hub: Hub, bus: Bus, remembered: float = REMEMBERED) -> None:
        self._hub = hub
        self._bus = bus
        self._remembered = remembered
        self._process = new_id()
        self._elsewhere: dict[str, dict[str, tuple[int, float]]] = {}
        self._told: dict[str, int] = {}
        self._said: set[str] = set()

    def hear(self, topic: str, message: Message) -> None:
        """Listen to the bus; returns at once."""
        if topic != PRESENCE or message["process"] == self._process:
            return
        space_id, process, count = str(message["space"]), str(message["process"]), int(message["count"])
        if count:
            self._elsewhere.setdefault(space_id, {})[process] = (count, time.monotonic() + self._remembered)
        else:
            self._elsewhere.get(space_id, {}).pop(process, None)

    def count(self, space_id: str) -> int:
        """How many follow a space, in all processes that were heard of lately."""
        now = time.monotonic()
        others = self._elsewhere.get(space_id, {})
        return self._hub.count(space_id) + sum(count for count, until in others.values() if until > now)

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
        """Say what is here, and tell every space whose number has changed."""
        self._forget()
        spaces = self._hub.spaces()
        await self._say({space_id: self._hub.count(space_id) for space_id in spaces})
        self._told = {space_id: self._told.get(space_id, 0) for space_id in spaces}
        for space_id in spaces:
            count = shown(self.count(space_id))
            if count != self._told[space_id]:
                self._told[space_id] = count
                frame = presence_frame(count)
                for room in self._hub.rooms(space_id):
                    await self._hub.cast(room, frame)

    async def leave(self) -> None:
        """Say that nobody follows here any more: the others need not wait until it is forgotten."""
        await self._say({})

    async def _say(self, here: dict[str, int]) -> None:
        gone = dict.fromkeys(self._said - here.keys(), 0)
        for space_id, count in (here | gone).items():
            await self._bus.publish(PRESENCE, {"space": space_id, "process": self._process, "count": count})
        self._said = set(here)

    def _forget(self) -> None:
        now = time.monotonic()
        for space_id, others in list(self._elsewhere.items()):
            kept = {process: said for process, said in others.items() if said[1] > now}
            if kept:
                self._elsewhere[space_id] = kept
            else:
                del self._elsewhere[space_id]
