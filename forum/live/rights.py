"""Rights that are lost: who may follow no longer is closed, at once when the bus tells, and by and by without it."""

import asyncio
import logging
import time
from typing import Final

from forum.live.bus import RESYNC, REVOKED, Message
from forum.live.deliver import Deliverer
from forum.live.hub import LOST_RIGHT, TRY_LATER, Connection

log = logging.getLogger(__name__)

EVERY: Final = 15.0
"""Seconds between two rounds in which everybody's right is asked again, for what no message told of: a session that has ended."""
_SHARE: Final = 4
"""A round rests four times as long as it works: ten thousand readers' rights must not take the loop."""
_CHUNK: Final = 20


class Rights:
    """Asks again whether readers may follow."""

    def __init__(self, deliverer: Deliverer) -> None:
        self._deliverer = deliverer
        self._hub = deliverer.hub
        self._authorise = deliverer.source.authorise
        self._going = self._again = False

    def hear(self, topic: str, message: Message) -> None:
        """Listen to the bus; returns at once."""
        if topic == REVOKED:
            person, space = message.get("person"), message.get("space")
            readers = self._hub.attached(str(space) if space else None, str(person) if person else None)
            for space_id in {reader.room.space_id for reader in readers}:
                here = [reader for reader in readers if reader.room.space_id == space_id]
                self._deliverer.spawn(self._at_once(space_id, here))
        elif topic == RESYNC:
            self._again = True
            if not self._going:
                self._going = True
                self._deliverer.spawn(self._rounds())

    async def _rounds(self) -> None:
        """Go round until nothing more was missed: a bus that comes and goes asks for one round more, not for one each time."""
        try:
            while self._again:
                self._again = False
                await self.round()
        finally:
            self._going = False

    async def may_follow(self, reader: Connection) -> bool:
        """Ask whether one reader may follow its space now."""
        return await self._authorise(reader.person_id, reader.session_id, reader.room.space_id)

    async def watch(self) -> None:
        """Go round for ever, each distinct person and session of a space once a round."""
        while True:
            await asyncio.sleep(EVERY)
            await self.round()

    async def round(self) -> None:
        """Ask for all readers once, and close those who may not follow any more.

        A question that fails closes nobody: nothing can be delivered while the database does not answer either.
        """
        began = time.monotonic()
        for index, same in enumerate(_by_right(self._hub.attached()), 1):
            try:
                allowed = await self.may_follow(same[0])
            except Exception:
                log.exception("rights could not be asked")
                return
            if not allowed:
                self._drop(same, LOST_RIGHT)
            if not index % _CHUNK:
                await asyncio.sleep(_SHARE * (time.monotonic() - began))
                began = time.monotonic()

    async def _at_once(self, space_id: str, readers: list[Connection]) -> None:
        """Ask under the lock of the stream: nothing is delivered between the message and the answer."""
        stream = self._deliverer.streams.take(space_id)
        try:
            async with stream.lock:
                for same in _by_right(readers):
                    try:
                        allowed, code = await self.may_follow(same[0]), LOST_RIGHT
                    except Exception:
                        # Told that a right may be gone and unable to ask: they come again, and are asked then.
                        log.exception("rights could not be asked")
                        allowed, code = False, TRY_LATER
                    if not allowed:
                        self._drop(same, code)
        finally:
            self._deliverer.streams.give_back(stream)

    def _drop(self, readers: list[Connection], code: int) -> None:
        for reader in readers:
            self._hub.drop(reader, code)


def _by_right(readers: list[Connection]) -> list[list[Connection]]:
    """Return the readers in groups whose right is the same: person, session and space."""
    groups: dict[tuple[str | None, str | None, str], list[Connection]] = {}
    for reader in readers:
        groups.setdefault((reader.person_id, reader.session_id, reader.room.space_id), []).append(reader)
    return list(groups.values())
