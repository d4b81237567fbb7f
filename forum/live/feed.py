"""The websocket of the moderators' queue: `/live/moderation`.

It tells that a case has changed, never what it says: `{"kind": "case.changed", "id": …, "space": …}` for the spaces and languages that
the reader moderates; the id is empty where a case may have been of another language before. The page then fetches its rows through its
own route, which asks for the right again. There are no numbers: after `hello`, which comes first and again when rights have changed, the
page fetches everything it shows.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from forum.kernel.errors import Forbidden, NotSignedIn
from forum.kernel.tasks import end
from forum.live.bus import MODERATION, RESYNC, REVOKED, Bus, Message
from forum.live.handshake import Limit, check_origin, closing_down, refuse
from forum.live.hub import LOST_RIGHT, RESTART, TRY_LATER, Connection, Room, cast_to
from forum.live.outlets import Outlet
from forum.live.protocol import outlet_of
from forum.live.rights import EVERY
from forum.live.socket import listen
from forum.live.streams import encode
from forum.web.identity import actor_of

log = logging.getLogger(__name__)

Given = Mapping[str, Collection[str] | None]
"""Space id → the languages of the cases that somebody moderates there; None is every language."""
Moderated = Callable[[str, str | None], Awaitable[Given]]
"""(person id, session id) → what this person moderates now; nothing when the session has ended."""

_ROOM = Room("", "", "moderation")
_HELLO = encode({"kind": "hello"})


def _sees(given: Given, space_id: str, lang: str) -> bool:
    """Return whether a reader may hear of a case of this language; without a language it is said to all of the space."""
    languages = given.get(space_id, ())
    return languages is None or (bool(languages) and (not lang or lang in languages))


class QueueFeed:
    """The moderators who have their queue open in this process. Started, drained and stopped like `Live`."""

    def __init__(self, moderated: Moderated, bus: Bus) -> None:
        self._moderated = moderated
        self._readers: dict[Connection, Given] = {}
        self._revoked = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.draining = False
        bus.subscribe(self.hear)

    def __len__(self) -> int:
        return len(self._readers)

    def hear(self, topic: str, message: Message) -> None:
        """Listen to the bus; returns at once."""
        if topic == MODERATION:
            space_id, case_id = str(message["space"]), str(message.get("case", ""))
            to = [reader for reader, given in self._readers.items() if _sees(given, space_id, str(message.get("lang", "")))]
            if to:
                frame = encode({"kind": "case.changed", "id": case_id, "space": space_id})
                self._spawn(self._cast(to, frame))
        elif topic == REVOKED:
            self._revoked += 1
            for reader in list(self._readers):
                if message.get("person") in (None, reader.person_id):
                    # Nothing until the answer is there; a second hello then says that something may have been missed.
                    self._readers[reader] = {}
                    self._spawn(self.ask_again(reader))
        elif topic == RESYNC:
            self._spawn(self._cast(list(self._readers), _HELLO))

    async def join(self, reader: Connection) -> bool:
        """Let a reader have its feed; False when this person moderates nothing."""
        self._readers[reader] = {}
        return await self._narrow(reader)

    def leave(self, reader: Connection) -> None:
        """Forget a reader."""
        reader.closed = True
        self._readers.pop(reader, None)

    async def ask_again(self, reader: Connection) -> None:
        """Ask what the reader moderates now; close it when that is nothing, greet it anew when it is something."""
        try:
            allowed, code = await self._narrow(reader), LOST_RIGHT
        except Exception:
            log.exception("rights could not be asked")
            allowed, code = False, TRY_LATER
        if not allowed or not reader.tell(_HELLO):
            self._drop(reader, code if not allowed else TRY_LATER)

    async def watch(self) -> None:
        """Go round for ever: what no message told of is noticed after fifteen seconds."""
        while True:
            await asyncio.sleep(EVERY)
            for reader in list(self._readers):
                try:
                    if not await self._narrow(reader):
                        self._drop(reader, LOST_RIGHT)
                except Exception:
                    log.exception("rights could not be asked")
                    break

    async def start(self) -> None:
        """Begin to go round: rights every 15 s."""
        self.draining = False
        self._spawn(self.watch())

    async def drain(self) -> None:
        """Let nobody in any more, close everybody with 1012."""
        self.draining = True
        for reader in list(self._readers):
            self._drop(reader, RESTART)

    async def stop(self) -> None:
        """End what is under way."""
        await end(*self._tasks)

    async def _narrow(self, reader: Connection) -> bool:
        assert reader.person_id is not None
        while True:
            asked = self._revoked
            given = await self._moderated(reader.person_id, reader.session_id)
            if asked == self._revoked:  # else the answer may be from before somebody lost a right
                break
        if reader in self._readers:
            self._readers[reader] = given
        return bool(given) and not reader.closed

    async def _cast(self, readers: list[Connection], frame: bytes) -> None:
        await cast_to(readers, frame, 0, self._drop)

    def _drop(self, reader: Connection, code: int) -> None:
        self.leave(reader)
        reader.close(code)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def queue_endpoint(feed: QueueFeed, base_url: str, limit: Limit) -> ASGIApp:
    """Return the ASGI application for `WebSocketRoute("/live/moderation", …)`: moderators only, 401 and 403 for others."""
    return _Queue(feed, base_url, limit)


class _Queue:
    def __init__(self, feed: QueueFeed, base_url: str, limit: Limit) -> None:
        self._feed = feed
        self._base_url = base_url
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        reader: Connection | None = None
        try:
            try:
                reader, outlet = await self._admit(scope, send)
                if not await self._feed.join(reader):
                    raise Forbidden("forbidden")
            except Exception as error:
                await refuse(scope, receive, send, error)
                return
            await send({"type": "websocket.accept"})
            reader.tell(_HELLO)
            await listen(reader, outlet, receive)
        finally:
            if reader is not None:
                self._feed.leave(reader)

    async def _admit(self, scope: Scope, send: Send) -> tuple[Connection, Outlet]:
        conn = HTTPConnection(scope)
        if self._feed.draining:
            raise closing_down()
        check_origin(conn, self._base_url)
        actor = actor_of(conn)
        if not actor.signed_in:
            raise NotSignedIn
        await self._limit(conn)
        outlet = outlet_of(scope, send)
        return Connection(outlet, _ROOM, actor.person_id, actor.session_id), outlet
