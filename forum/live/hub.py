"""Who follows what in this process: rooms of readers that are sent the same bytes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, NamedTuple

from forum.live.outlets import Outlet

CHUNK: Final = 100
"""Readers written to before the loop may do something else: keeps HTTP below 10 ms while 8,000 sockets are served."""

TRY_LATER: Final = 1013
LOST_RIGHT: Final = 1008
RESTART: Final = 1012


class Room(NamedTuple):
    """Readers who see the same: one space, one language, one class of viewers."""

    space_id: str
    lang: str
    viewer: str


class Connection:
    """One reader. `last_seq` is the number of the last update it was sent, or told that it has: it only ever rises.

    Neither task nor queue belongs to it: what is on its way waits in the transport, 256 KiB at most.
    """

    __slots__ = ("close", "closed", "last_seq", "person_id", "ready", "room", "session_id", "write")

    def __init__(self, outlet: Outlet, room: Room, person_id: str | None = None, session_id: str | None = None) -> None:
        self.write: Callable[[bytes], bool] = outlet.write
        self.close: Callable[[int], None] = outlet.close
        self.ready: Callable[[], Awaitable[object]] = outlet.ready
        self.room = room
        self.person_id = person_id
        self.session_id = session_id
        self.last_seq = 0
        self.closed = False

    def tell(self, frame: bytes, seq: int = 0) -> bool:
        """Write a frame, counted when it is update number `seq`; False when this reader is gone or lags."""
        if self.closed or not self.write(frame):
            return False
        if seq:
            self.last_seq = seq
        return True


async def cast_to(readers: Iterable[Connection], frame: bytes, seq: int, drop: Callable[[Connection, int], None]) -> int:
    """Write the same bytes to all `readers` that have not had update `seq` (0: to all), never waiting for any of them.

    One that lags is dropped with 1013. Returns how many were written to.
    """
    told = 0
    for index, reader in enumerate(tuple(readers), 1):
        if not reader.closed and (not seq or reader.last_seq < seq):
            if reader.write(frame):
                told += 1
                if seq:
                    reader.last_seq = seq
            else:
                drop(reader, TRY_LATER)
        if not index % CHUNK:
            await asyncio.sleep(0)
    return told


class Hub:
    """All readers of this process. A reader is attached from its handshake on, and in its room once it has caught up."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[Room, dict[Connection, None]]] = {}
        self._attached: dict[Connection, None] = {}
        self._people: dict[str, set[Connection]] = {}
        self.draining = False

    def __len__(self) -> int:
        """How many readers are attached."""
        return len(self._attached)

    def attach(self, reader: Connection) -> None:
        """Know of a reader: from now on, losing a right closes it, even while it is still catching up."""
        self._attached[reader] = None
        if reader.person_id is not None:
            self._people.setdefault(reader.person_id, set()).add(reader)

    def join(self, reader: Connection) -> bool:
        """Put an attached reader into its room; False when it was closed meanwhile."""
        if reader.closed or reader not in self._attached:
            return False
        self._rooms.setdefault(reader.room.space_id, {}).setdefault(reader.room, {})[reader] = None
        return True

    def leave(self, reader: Connection) -> None:
        """Forget a reader; a second time does nothing."""
        reader.closed = True
        self._attached.pop(reader, None)
        rooms = self._rooms.get(reader.room.space_id, {})
        members = rooms.get(reader.room, {})
        members.pop(reader, None)
        if not members:
            rooms.pop(reader.room, None)
        if not rooms:
            self._rooms.pop(reader.room.space_id, None)
        if reader.person_id is not None:
            of_person = self._people.get(reader.person_id, set())
            of_person.discard(reader)
            if not of_person:
                self._people.pop(reader.person_id, None)

    def drop(self, reader: Connection, code: int) -> None:
        """Close a reader with `code` and forget it."""
        self.leave(reader)
        reader.close(code)

    async def cast(self, room: Room, frame: bytes, seq: int = 0) -> int:
        """Write the same bytes to every reader of the room, in chunks; returns how many were written to. See `cast_to`."""
        return await cast_to(self._rooms.get(room.space_id, {}).get(room, ()), frame, seq, self.drop)

    def rooms(self, space_id: str) -> list[Room]:
        """The rooms of a space with somebody in them."""
        return list(self._rooms.get(space_id, ()))

    def spaces(self) -> list[str]:
        """The spaces with somebody in a room."""
        return list(self._rooms)

    def count(self, space_id: str) -> int:
        """How many readers are in the rooms of a space."""
        return sum(map(len, self._rooms.get(space_id, {}).values()))

    def attached(self, space_id: str | None = None, person_id: str | None = None) -> list[Connection]:
        """The attached readers of a space, of a person, of both, or all."""
        found = self._attached if person_id is None else self._people.get(person_id, ())
        return [reader for reader in found if space_id is None or reader.room.space_id == space_id]

    def close_person(self, person_id: str, code: int = LOST_RIGHT) -> int:
        """Close everything a person follows; returns how many sockets that were."""
        readers = self.attached(person_id=person_id)
        for reader in readers:
            self.drop(reader, code)
        return len(readers)

    async def close_all(self, code: int = RESTART) -> None:
        """Let nobody in any more and close every reader: the process is about to end."""
        self.draining = True
        for index, reader in enumerate(tuple(self._attached), 1):
            self.drop(reader, code)
            if not index % CHUNK:
                await asyncio.sleep(0)
