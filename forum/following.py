"""The live part of the forum, put together: what sockets need of the record, the discussions, people and moderation."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ParamSpec, TypeVar

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, WebSocketRoute

from forum.discussions import live as discussions_live
from forum.kernel.actors import Actor
from forum.live.assembly import Live
from forum.live.bus import Bus
from forum.live.feed import Given, Moderated, QueueFeed, queue_endpoint
from forum.live.socket import Door, live_endpoint
from forum.live.streams import Source
from forum.people import sessions
from forum.record.reading import public_head, public_since
from forum.web.limits import Limiter


async def authorise(person_id: str | None, session_id: str | None, space_id: str) -> bool:
    """Return whether a follower may still follow: the session still opens, and the space may still be read."""
    if person_id is None:
        return await discussions_live.may_follow(Actor(), space_id)
    actor = await sessions.actor_of_session(session_id) if session_id else None
    return actor is not None and actor.person_id == person_id and await discussions_live.may_follow(actor, space_id)


def moderated(scope: Callable[[Actor], Awaitable[Given]]) -> Moderated:
    """Return the question what a person moderates now; nothing when the session has ended. `scope` answers it of an actor."""

    async def ask(person_id: str, session_id: str | None) -> Given:
        actor = await sessions.actor_of_session(session_id) if session_id else None
        return await scope(actor) if actor is not None and actor.person_id == person_id else {}

    return ask


AT_ONCE = 4
"""Questions that all who come in may have at the database at once. When two thousand come back together, they wait here, for one another,
and not in front of the readers of pages; and nobody waits for a connection for so long that it is refused."""
P = ParamSpec("P")
T = TypeVar("T")


def in_turn(turns: asyncio.Semaphore, ask: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Return `ask`, of which only so many go on at once as there are turns."""

    async def asked(*args: P.args, **named: P.kwargs) -> T:
        async with turns:
            return await ask(*args, **named)

    return asked


class Following:
    """Both websockets of a process, started and stopped together."""

    def __init__(self, bus: Bus, limiter: Limiter, base_url: str, scope: Callable[[Actor], Awaitable[Given]]) -> None:
        self.bus = bus
        turns = asyncio.Semaphore(AT_ONCE)
        source = Source(
            head=in_turn(turns, public_head),
            read=in_turn(turns, public_since),
            project=discussions_live.project,
            authorise=authorise,  # who has lost a right is not kept waiting behind those who come in
        )
        self.spaces = Live(source, bus)
        self.queue = QueueFeed(moderated(scope), bus)

        async def limit(conn: HTTPConnection) -> None:
            await limiter.hit_reader("live", conn)

        door = Door(base_url=base_url, open_space=in_turn(turns, discussions_live.follow), limit=limit)
        self.routes: Sequence[BaseRoute] = (
            WebSocketRoute("/live/spaces/{slug}", live_endpoint(self.spaces, door)),
            WebSocketRoute("/live/moderation", queue_endpoint(self.queue, base_url, limit)),
        )

    async def start(self) -> None:
        """Begin to deliver."""
        await self.bus.start()
        await self.spaces.start()
        await self.queue.start()

    async def drain(self) -> None:
        """Send every follower away with 1012: they come back, to the next process, where they left off."""
        await self.spaces.drain()
        await self.queue.drain()

    async def stop(self) -> None:
        """End everything."""
        await self.drain()
        await self.queue.stop()
        await self.spaces.stop()
        await self.bus.stop()
