"""A small forum around the live service: a record in memory, people with tokens, a real server on loopback."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from forum.kernel.actors import Actor, Role
from forum.kernel.errors import NotFound, TooMany
from forum.live.assembly import Live
from forum.live.feed import Given, QueueFeed, queue_endpoint
from forum.live.memory import MemoryBus
from forum.live.protocol import UVICORN
from forum.live.socket import Door, SpaceTicket, live_endpoint
from forum.live.streams import Source
from forum.record.reading import Told
from forum.web.identity import IdentityMiddleware, Resolved
from tests.forum.live.waiting import until

BASE_URL = "http://forum.example"
Update = dict[str, Any]


class Store:
    """The public record of some spaces. `shaky` makes every reading take a moment of its own; `down` makes it fail."""

    def __init__(self, bus: MemoryBus, shaky: bool = False) -> None:
        self.bus = bus
        self.shaky = shaky
        self.down = False
        self.entries: dict[str, list[Told]] = {}
        self.reads = 0

    async def append(self, space_id: str, text: str = "", kind: str = "comment.published", *, tell: bool = True) -> int:
        told = self.entries.setdefault(space_id, [])
        seq = len(told) + 1
        told.append(Told(space_id, seq, kind, datetime.now(UTC), f"c{seq}", {"text": text}))
        if tell:
            await self.bus.publish("space", {"space": space_id, "seq": seq})
        return seq

    async def head(self, space_id: str) -> int:
        await self._take_time()
        head = len(self.entries.get(space_id, ()))
        await self._take_time()
        return head

    async def read(self, space_id: str, since: int, limit: int) -> Sequence[Told]:
        self.reads += 1
        await self._take_time()
        found = self.entries.get(space_id, [])[since : since + limit]
        await self._take_time()
        return found

    async def _take_time(self) -> None:
        if self.down:
            raise ConnectionError("the store is down")
        if self.shaky:
            await asyncio.sleep(random.choice((0, 0, 0.001, 0.003)))


class World:
    """People, rights, spaces and the live service over them. A space's slug is its id.

    `gates` hold up the projection of a number, `rights_gate` the question for a right: what happens meanwhile is then certain.
    """

    def __init__(self, shaky: bool = False) -> None:
        self.bus = MemoryBus()
        self.store = Store(self.bus, shaky)
        self.people: dict[str, Actor] = {}
        self.suspended: set[str] = set()
        self.private: set[str] = set()
        self.moderators: dict[str, set[str]] = {}
        self.languages: dict[str, set[str]] = {}
        self.projected: list[tuple[int, str, str]] = []
        self.broken: set[int] = set()
        self.hidden: set[tuple[int, str]] = set()
        self.gates: dict[int, asyncio.Event] = {}
        self.rights_gate = asyncio.Event()
        self.rights_gate.set()
        self.opened = 0
        self.most_opened = 1_000_000
        source = Source(head=self.store.head, read=self.store.read, project=self.project, authorise=self.authorise)
        self.live = Live(source, self.bus)
        self.feed = QueueFeed(self.moderated, self.bus)
        door = Door(base_url=BASE_URL, open_space=self.open_space, limit=self.limit)
        routes = [
            WebSocketRoute("/live/moderation", queue_endpoint(self.feed, BASE_URL, self.limit)),
            WebSocketRoute("/live/spaces/{slug}", live_endpoint(self.live, door)),
        ]
        self.app = Starlette(routes=routes, middleware=[Middleware(IdentityMiddleware, resolve=self.resolve, secure=False)])

    def person(self, name: str, moderates: Sequence[str] = ()) -> str:
        """Let there be a person; returns the token."""
        roles = {space: frozenset({Role.MODERATOR}) for space in moderates}
        self.people[name] = Actor(name, name, roles=roles, session_id=f"session-{name}")
        self.moderators[name] = set(moderates)
        return name

    async def resolve(self, secret: str) -> Resolved | None:
        found = self.people.get(secret)
        return None if found is None or secret in self.suspended else Resolved(found)

    async def open_space(self, actor: Actor, slug: str) -> SpaceTicket:
        if not await self.authorise(actor.person_id, actor.session_id, slug):
            raise NotFound
        return SpaceTicket(slug, "insider" if actor.person_id == "insider" else "reader")

    async def authorise(self, person_id: str | None, _session_id: str | None, space_id: str) -> bool:
        await self.rights_gate.wait()
        if space_id == "nowhere" or person_id in self.suspended:
            return False
        return space_id not in self.private or person_id is not None

    async def moderated(self, person_id: str, _session_id: str | None) -> Given:
        held = set() if person_id in self.suspended else self.moderators[person_id]
        return {space: self.languages.get(person_id) for space in held}

    async def limit(self, _conn: HTTPConnection) -> None:
        self.opened += 1
        if self.opened > self.most_opened:
            raise TooMany(7)

    async def project(self, told: Told, lang: str, viewer: str) -> Mapping[str, object] | None:
        self.projected.append((told.seq, lang, viewer))
        await asyncio.sleep(0)
        if told.seq in self.gates:
            await self.gates[told.seq].wait()
        if told.seq in self.broken:
            raise RuntimeError("cannot be shown")
        if (told.seq, viewer) in self.hidden:
            return None
        return {"seq": told.seq, "kind": told.kind, "id": told.subject, "lang": lang, "text": told.data["text"]}


class Served:
    """A world with a server around it."""

    def __init__(self, world: World, server: uvicorn.Server, port: int) -> None:
        self.world = world
        self.server = server
        self.port = port

    def follow(self, space: str = "s", *, token: str | None = None, query: str = "", **options: Any) -> connect:
        """Open the websocket of a space as a program would; `query` begins with `?`."""
        return self.open(f"/live/spaces/{space}{query}", token=token, **options)

    def open(self, path: str, *, token: str | None = None, **options: Any) -> connect:
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        # Without a limit of its own: a client that leaves with a full queue waits ten seconds for its own closing handshake.
        options.setdefault("max_queue", None)
        return connect(f"ws://127.0.0.1:{self.port}{path}", additional_headers=headers, proxy=None, **options)


@asynccontextmanager
async def serving(world: World, **options: Any) -> AsyncIterator[Served]:
    """Serve a world by uvicorn in this process, on a free port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(world.app, lifespan="off", log_config=None, timeout_graceful_shutdown=5, **(UVICORN | options))
        server = uvicorn.Server(config)
        await world.bus.start()
        await world.live.start()
        await world.feed.start()
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await until(lambda: server.started)
            yield Served(world, server, listener.getsockname()[1])
        finally:
            server.should_exit = True
            await running
            await world.feed.stop()
            await world.live.stop()
            await world.bus.stop()


async def told(follower: ClientConnection) -> Update:
    """The next frame but presence."""
    async with asyncio.timeout(10):
        while True:
            frame = await follower.recv()
            assert isinstance(frame, str)
            update: Update = json.loads(frame)
            if update["kind"] != "presence":
                return update


async def numbers(follower: ClientConnection, last: int) -> list[int]:
    """The numbers of the updates up to `last`."""
    found: list[int] = []
    while not found or found[-1] < last:
        found.append((await told(follower))["seq"])
    return found


async def closing(follower: ClientConnection) -> int:
    """Read to the end; the code of the server's close."""
    async with asyncio.timeout(15):
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await follower.recv()
    assert closed.value.rcvd is not None, "cut off without a close frame"
    return closed.value.rcvd.code
