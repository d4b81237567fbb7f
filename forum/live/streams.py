"""The spaces that somebody follows here: how far each has been delivered, and the lock under which that moves."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from forum.live.hub import Room
from forum.live.protocol import encode_text
from forum.record.reading import Told

Projector = Callable[[Told, str, str], Awaitable[Mapping[str, object] | None]]
"""(entry, language, class of viewers) → the update as it stands now; None when this class may not see it."""
Authorise = Callable[[str | None, str | None, str], Awaitable[bool]]
"""(person id, session id, space id) → may this one follow the space now? None and None is an anonymous reader."""

KEPT_SECONDS: Final = 5.0
_KEPT_FRAMES: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that delivery needs of the forum, as functions: it knows no feature.

    `head(space_id)` is the number of the last public entry; `read(space_id, since, limit)` the entries after `since`, in order.
    """

    head: Callable[[str], Awaitable[int]]
    read: Callable[[str, int, int], Awaitable[Sequence[Told]]]
    project: Projector
    authorise: Authorise


def encode(update: Mapping[str, object]) -> bytes:
    """Return an update as the bytes of one frame of JSON."""
    return encode_text(json.dumps(update, ensure_ascii=False, separators=(",", ":")))


def reset_frame(head: int) -> bytes:
    """Return the frame that says: too far behind, load the page anew; updates after `head` follow."""
    return encode({"kind": "reset", "seq": head})


Frames = dict[tuple[int, str, str], bytes | None]


@dataclass(slots=True)
class Stream:
    """A space that is followed here.

    `head` is the last number delivered to the rooms (None before anybody knows it), `heard` the highest number the bus told of.
    `head` moves, and readers enter rooms, only under `lock`.
    """

    space_id: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    head: int | None = None
    heard: int = 0
    users: int = 0
    pump: "asyncio.Task[None] | None" = None
    tries: int = 0
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)
    kept: Frames = field(default_factory=dict)
    kept_head: int = 0
    kept_until: float = 0.0

    @property
    def behind(self) -> bool:
        """Whether there is something to deliver."""
        return self.head is not None and self.heard > self.head

    def shelf(self, head: int) -> Frames:
        """Return the frames made for those who catch up while the public head of the space is `head`.

        What may be seen of a comment changes only with a new public entry, so a frame is good for exactly one head: a comment
        removed since then is read anew. (And for five seconds, for what changes without an entry: a name, a caption.)
        """
        now = time.monotonic()
        if head != self.kept_head or now > self.kept_until or len(self.kept) > _KEPT_FRAMES:
            # A new dictionary: one who is still making frames for the old head fills the old one.
            self.kept, self.kept_head, self.kept_until = {}, head, now + KEPT_SECONDS
        return self.kept


class Streams:
    """The streams of this process, by space; each lives as long as somebody follows or its pump runs."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._streams: dict[str, Stream] = {}

    def find(self, space_id: str) -> Stream | None:
        """Return the stream of a space that somebody follows here."""
        return self._streams.get(space_id)

    def all(self) -> list[Stream]:
        """Return every stream."""
        return list(self._streams.values())

    def take(self, space_id: str) -> Stream:
        """Return the stream of a space, with one user more."""
        stream = self._streams.setdefault(space_id, Stream(space_id))
        stream.users += 1
        return stream

    def give_back(self, stream: Stream) -> None:
        """Undo `take`."""
        stream.users -= 1
        self.sweep(stream)

    def sweep(self, stream: Stream) -> None:
        """Forget a stream without users; not while its pump runs, which would then write beside a new stream's pump."""
        if stream.users <= 0 and stream.pump is None and self._streams.get(stream.space_id) is stream:
            del self._streams[stream.space_id]

    async def frame(self, told: Told, room: Room) -> bytes | None:
        """Make the frame of an entry for a room, as it stands now; None when the room may not see it."""
        update = await self.source.project(told, room.lang, room.viewer)
        return None if update is None else encode(update)

    async def kept_frame(self, stream: Stream, head: int, told: Told, room: Room) -> bytes | None:
        """Return the frame of an entry for somebody catching up; made once for all who come at the same time."""
        shelf = stream.shelf(max(head, stream.heard))
        key = (told.seq, room.lang, room.viewer)
        if key not in shelf:
            async with stream.filling:  # two thousand who reconnect at once must not render two thousand times
                if key not in shelf:
                    shelf[key] = await self.frame(told, room)
        return shelf[key]
