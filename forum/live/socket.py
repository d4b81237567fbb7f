"""The websocket of a space: `/live/spaces/{slug}?since=SEQ&lang=en`.

What is sent: `hello` with the head of the space; the updates after `since`, or `reset` with the head when they are too many; then
updates as they happen, and `presence`. Without `since` only what happens from now on. The one thing a client may say is
`{"kind": "ping"}`, answered `{"kind": "pong"}`.

Close codes: 1008 for a lost right or a wrong word, 1009 for a long one, 1012 when the server restarts, 1013 for a reader who lags or
cannot be served now: come again with `since`.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound
from forum.live.assembly import Live
from forum.live.handshake import Limit, check_origin, closing_down, lang_asked, refuse, since_of
from forum.live.hub import LOST_RIGHT, Connection, Room
from forum.live.outlets import Outlet
from forum.live.protocol import MAX_MESSAGE, encode_text, outlet_of
from forum.live.streams import Stream
from forum.web.identity import actor_of

TOO_BIG: Final = 1009
_PONG: Final = encode_text('{"kind":"pong"}')


class SpaceTicket(NamedTuple):
    """What an actor may follow: the space, and the class of viewers it belongs to there."""

    space_id: str
    viewer_class: str


class Admitted(NamedTuple):
    """Who has passed the handshake, and what they have missed: everything after `since`."""

    reader: Connection
    outlet: Outlet
    stream: Stream
    since: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the endpoint of spaces asks of the forum.

    `open_space(actor, slug)` raises NotFound for what the actor may not see; `limit(conn)` raises TooMany.
    """

    base_url: str
    open_space: Callable[[Actor, str], Awaitable[tuple[str, str]]]
    limit: Limit


def live_endpoint(live: Live, door: Door) -> ASGIApp:
    """Return the ASGI application for `WebSocketRoute("/live/spaces/{slug}", …)`."""
    return _Follow(live, door)


class _Follow:
    """An object, not a function: Starlette then hands over the ASGI calls as they are, without a WebSocket around each reader."""

    def __init__(self, live: Live, door: Door) -> None:
        self._live = live
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        try:
            since, reader, outlet = await self._admit(scope, send)
            stream = self._live.streams.take(reader.room.space_id)
        except Exception as error:
            await refuse(scope, receive, send, error)
            return
        self._live.hub.attach(reader)
        try:
            await self._check_again(reader)
        except BaseException as error:
            self._leave(reader, stream)
            if not isinstance(error, Exception):
                raise
            await refuse(scope, receive, send, error)
            return
        # Nothing is awaited from here to the first line of what stays: nobody can be attached and forgotten.
        await stay(scope, partial(self._follow, Admitted(reader, outlet, stream, since), receive, send))

    async def _follow(self, admitted: Admitted, receive: Receive, send: Send) -> None:
        reader, outlet, stream, since = admitted
        try:
            await send({"type": "websocket.accept"})
            del send
            outlet.settle()
            if await self._live.catch_up.enter(reader, stream, since):
                self._live.presence.greet(reader)
            await listen(reader, outlet, receive)
        finally:
            self._leave(reader, stream)

    def _leave(self, reader: Connection, stream: Stream) -> None:
        self._live.hub.leave(reader)
        self._live.streams.give_back(stream)

    async def _admit(self, scope: Scope, send: Send) -> tuple[int | None, Connection, Outlet]:
        conn = HTTPConnection(scope)
        if self._live.hub.draining:
            raise closing_down()
        check_origin(conn, self._door.base_url)
        await self._door.limit(conn)
        since, actor = since_of(conn), actor_of(conn)
        space_id, viewer = await self._door.open_space(actor, conn.path_params["slug"])
        outlet = outlet_of(scope, send)
        return since, Connection(outlet, Room(space_id, lang_asked(conn), viewer), actor.person_id, actor.session_id), outlet

    async def _check_again(self, reader: Connection) -> None:
        """Ask once more, now that losing a right would close this reader: who this is was found a moment ago."""
        allowed = reader.person_id is None or await self._live.rights.may_follow(reader)
        if not allowed or reader.closed:
            raise NotFound


STAYS: Final = "forum.stays"


def staying(app: ASGIApp) -> ASGIApp:
    """Return `app`, with what its endpoints leave to `stay` going on outside of it, when all its layers are gone.

    A follower stays for hours, and every layer that waits around it is memory for as long, ten thousand times.
    """

    async def outside(scope: Scope, receive: Receive, send: Send) -> None:
        left: list[Callable[[], Awaitable[None]]] = []
        scope[STAYS] = left
        await app(scope, receive, send)
        del scope[STAYS]
        if left:
            await left.pop()()

    return outside


async def stay(scope: Scope, work: Callable[[], Awaitable[None]]) -> None:
    """Do `work`, which lasts as long as the connection: outside, where `staying` is around the application, else here."""
    left = scope.get(STAYS)
    if left is None:
        await work()
    else:
        left.append(work)


async def listen(reader: Connection, outlet: Outlet, receive: Receive) -> None:
    """Answer pings until the reader leaves or is closed; anything else closes it."""
    hear = outlet.receiver(receive)
    while True:
        message = await hear()
        if message["type"] == "websocket.disconnect":
            break
        text = message.get("text")
        if text is not None and len(text.encode("utf-8", "replace")) > MAX_MESSAGE:
            reader.close(TOO_BIG)
        elif text is None or not is_ping(text):
            reader.close(LOST_RIGHT)
        elif not reader.tell(_PONG):
            reader.close(1013)
        else:
            continue
        reader.closed = True
        break
    await outlet.finish()


def is_ping(text: str) -> bool:
    """Tell whether a client said `{"kind": "ping"}`, and nothing else."""
    try:
        return bool(json.loads(text) == {"kind": "ping"})
    except (ValueError, RecursionError):
        return False
