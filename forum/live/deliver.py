"""Delivery: what the record says publicly is sent to the rooms, in order, each frame encoded once.

A message on the bus only says that there is something to read. The pump of a space then reads on from the last number delivered:
messages lost, doubled or out of order come to the same. (Numbers are given under the row lock of the log, held until the commit:
whoever can read number n can read all before it.)
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Final

from forum.kernel.tasks import end
from forum.live.bus import RESYNC, SPACE, Message
from forum.live.hub import Hub, Room
from forum.live.streams import Source, Stream, Streams, reset_frame
from forum.record.reading import Told

log = logging.getLogger(__name__)

BATCH: Final = 100
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 10.0
ENOUGH: Final = 3.0
"""Pause, in seconds, after which nobody waits any longer for an entry that only the bus knows of."""
TRIES: Final = 5
"""How often an entry that cannot be shown is tried; then followers are told to load the page, and delivery goes on."""


class Deliverer:
    """One for each process: hears the bus, pumps the streams of the spaces that somebody follows here."""

    def __init__(self, hub: Hub, source: Source) -> None:
        self.hub = hub
        self.source = source
        self.streams = Streams(source)
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, topic: str, message: Message) -> None:
        """Listen to the bus; returns at once."""
        if topic == SPACE:
            stream = self.streams.find(str(message["space"]))
            if stream is not None:
                stream.heard = max(stream.heard, int(message["seq"]))
                self.wake(stream)
        elif topic == RESYNC:
            self.spawn(self.resync())

    def wake(self, stream: Stream) -> None:
        """Start the pump of a stream that has something to deliver; a burst of messages finds it running."""
        if stream.pump is None and stream.behind:
            stream.pump = self.spawn(self._pump(stream))

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run `work` in a task that `stop` ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self) -> None:
        """End every pump."""
        await end(*self._tasks)

    async def resync(self) -> None:
        """Look in the store what the bus may have kept from us."""
        for stream in self.streams.all():
            try:
                stream.heard = max(stream.heard, await self.source.head(stream.space_id))
            except Exception:
                log.exception("the head of a space could not be read")
            self.wake(stream)

    def known_head(self, stream: Stream, head: int) -> None:
        """Begin a stream at `head`, just read from the store, unless it has begun already.

        What was committed after that reading is told by a message that arrives after it: it may have come before this line.
        """
        if stream.head is None:
            stream.head = head
        self.wake(stream)

    async def _pump(self, stream: Stream) -> None:
        pause = 0.0
        try:
            while stream.users and stream.behind:
                before, found = stream.head, None
                try:
                    found = await self._some(stream)
                except Exception:
                    log.exception("delivery failed", extra={"space": stream.space_id, "seq": stream.head})
                if stream.head != before:
                    pause = 0.0
                elif found == 0 and pause > ENOUGH:
                    stream.heard = stream.head or 0  # the bus told of what is not there
                else:  # it failed, or is not there yet: try again without waiting for a new message
                    pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * pause))
                    await asyncio.sleep(pause)
        finally:
            stream.pump = None
            self.streams.sweep(stream)

    async def _some(self, stream: Stream) -> int:
        assert stream.head is not None
        batch = await self.source.read(stream.space_id, stream.head, BATCH)
        for told in batch:
            # The lock is given back after each entry: who joins, and who loses a right, waits for one cast at most.
            async with stream.lock:
                frames = await self._frames(stream, told)
                # From here on nothing can fail, so no entry is sent to one room, then to all of them again.
                stream.head, stream.tries = told.seq, 0
                for room, frame in frames.items():
                    await self.hub.cast(room, frame, told.seq)
            await asyncio.sleep(0)  # what was written can leave before the next entry comes on top of it
        return len(batch)

    async def _frames(self, stream: Stream, told: Told) -> dict[Room, bytes]:
        """Make the frames of an entry for the rooms there are. No room can be new before the lock is given back."""
        frames = {}
        try:
            for room in self.hub.rooms(stream.space_id):
                frame = await self.streams.frame(told, room)
                if frame is not None:
                    frames[room] = frame
        except Exception:
            stream.tries += 1
            if stream.tries < TRIES:
                raise
            log.exception("an entry cannot be shown", extra={"space": stream.space_id, "seq": told.seq})
            return dict.fromkeys(self.hub.rooms(stream.space_id), reset_frame(told.seq))
        return frames
