"""Joining: what was missed from the store, then what comes live, with neither gap nor duplicate.

Why there is none. Let H be the stream's head: every entry up to H has been cast to the rooms, none after it. H moves only under the
stream's lock, and a reader enters its room only under that lock, at a moment when it has been sent everything up to H (`last_seq`
>= H). So what is up to H it had from the store, in order; what is after H is cast after it entered, with it in the room: no gap.
A cast passes over readers whose `last_seq` is not below the entry's number (a page may know more than the bus has told us yet):
no duplicate. Both ways number after number: in order.
"""

import asyncio
import logging
from typing import Final

from forum.live.deliver import Deliverer
from forum.live.hub import TRY_LATER, Connection
from forum.live.streams import Stream, encode, reset_frame

log = logging.getLogger(__name__)

BATCH: Final = 200
MAX_BEHIND: Final = 5_000
"""Updates that are sent again; one who is further behind gets a reset and loads the page."""
NEAR: Final = 50
"""Entries that may be read under the lock: the few that were delivered since the reader looked last."""
SECONDS: Final = 30.0
"""How long catching up may take; whoever takes longer is closed with 1013 and comes again."""


class CatchUp:
    """Brings readers from where they were to where the room is."""

    def __init__(self, deliverer: Deliverer) -> None:
        self._deliverer = deliverer
        self._hub = deliverer.hub
        self._source = deliverer.source

    async def enter(self, reader: Connection, stream: Stream, since: int | None) -> bool:
        """Greet an attached reader, send what it missed after `since` (None: nothing), and put it into its room.

        The hello carries the head of the space at this moment: it is not a number the reader has been sent. False when the reader
        left, lagged, or could not be served; it is dropped then.
        """
        try:
            async with asyncio.timeout(SECONDS):
                await self._enter(reader, stream, since)
        except TimeoutError:
            self._hub.drop(reader, TRY_LATER)
        except Exception:
            log.exception("a reader could not catch up", extra={"space": stream.space_id})
            self._hub.drop(reader, TRY_LATER)
        if not reader.closed:
            return True
        self._hub.drop(reader, TRY_LATER)
        return False

    async def _enter(self, reader: Connection, stream: Stream, since: int | None) -> None:
        head = await self._source.head(stream.space_id)
        self._deliverer.known_head(stream, head)
        self._tell(reader, encode({"kind": "hello", "seq": head}))
        reader.last_seq = head if since is None else since
        if not 0 <= head - reader.last_seq <= MAX_BEHIND:
            # Too old; or from a future that a restored backup does not know.
            reader.last_seq = head
            self._tell(reader, reset_frame(head))
        while not reader.closed:
            await self._read_up(reader, stream)
            async with stream.lock:
                if await self._close_the_gap(reader, stream):
                    self._hub.join(reader)
                    return

    async def _read_up(self, reader: Connection, stream: Stream) -> None:
        """Send what the store has, at the reader's own pace: only this reader's task waits."""
        while not reader.closed and reader.last_seq < max(stream.head or 0, stream.heard):
            head = await self._source.head(stream.space_id)
            batch = await self._source.read(stream.space_id, reader.last_seq, BATCH)
            if not batch:
                return
            for told in batch:
                await reader.ready()
                frame = await self._deliverer.streams.kept_frame(stream, head, told, reader.room)
                self._tell(reader, frame, told.seq)

    async def _close_the_gap(self, reader: Connection, stream: Stream) -> bool:
        """Send, under the lock, the last few up to the head; False when they are more than a few."""
        assert stream.head is not None
        missing = stream.head - reader.last_seq
        if missing > NEAR:
            return False
        if missing > 0:
            for told in await self._source.read(stream.space_id, reader.last_seq, missing):
                self._tell(reader, await self._deliverer.streams.frame(told, reader.room), told.seq)
        return True

    def _tell(self, reader: Connection, frame: bytes | None, seq: int = 0) -> None:
        if frame is None:
            reader.last_seq = seq
        elif not reader.tell(frame, seq):
            self._hub.drop(reader, TRY_LATER)
