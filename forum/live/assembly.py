"""The live service of a process, put together."""

import asyncio

from forum.kernel.tasks import end
from forum.live.bus import Bus
from forum.live.catchup import CatchUp
from forum.live.deliver import Deliverer
from forum.live.hub import RESTART, Hub
from forum.live.presence import Presence
from forum.live.rights import Rights
from forum.live.streams import Source


class Live:
    """Everything behind the websocket of spaces: hub, delivery, catching up, rights, presence.

    `start` it after the bus and `stop` it before; `drain` first of all when the process is told to end.
    """

    def __init__(self, source: Source, bus: Bus) -> None:
        self.hub = Hub()
        self.deliverer = Deliverer(self.hub, source)
        self.streams = self.deliverer.streams
        self.catch_up = CatchUp(self.deliverer)
        self.rights = Rights(self.deliverer)
        self.presence = Presence(self.hub, bus)
        self._watches: list[asyncio.Task[None]] = []
        # Rights are heard of first: what is delivered after the same burst of messages finds them asked.
        bus.subscribe(self.rights.hear)
        bus.subscribe(self.deliverer.hear)
        bus.subscribe(self.presence.hear)

    async def start(self) -> None:
        """Begin to go round: rights every 15 s, presence every 5 s."""
        self.hub.draining = False
        loop = asyncio.get_running_loop()
        self._watches = [loop.create_task(self.rights.watch()), loop.create_task(self.presence.watch())]

    async def drain(self) -> None:
        """Refuse new readers with 503 and close all others with 1012: they come back to the next process with `since`."""
        await self.hub.close_all(RESTART)

    async def stop(self) -> None:
        """End every task of the service."""
        await end(*self._watches)
        await self.presence.leave()
        await self.deliverer.stop()
