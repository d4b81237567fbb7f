"""F5: readers that take nothing are closed, and hold up nobody; what they cost stays small."""

import asyncio
import json
import socket
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.process import resident
from tests.faults.seen import Seen, percentile
from tests.faults.sizes import size
from tests.stories.people import socket_url
from tests.support.server import SPACE, Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
READERS = size(30, 200)
STALLED = size(2, 10)
PUBLISHED = 90
LONG = "[a](http://b.c) " * 600
"""A text whose HTML is long and soon made."""


def narrow(server: Server) -> socket.socket:
    """Return a connection that the kernel keeps little for, so that what is not read soon waits at the server."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    made.connect(("127.0.0.1", server.port))
    return made


def publish(server: Server, number: int, body: str) -> list[float]:
    """Publish `number` comments one after the other; return when each decision was answered."""
    author, moderator, told = server.api("delegate-a@demo.example"), server.api("moderator@demo.example"), []
    for _ in range(number):
        moderator.decide(author.comment(3, body)["id"])
        told.append(time.monotonic())
    return told


async def hear(reader: ClientConnection, last: int) -> dict[int, float]:
    """Return the numbers of the updates up to `last`, in the order they came, and when."""
    found: dict[int, float] = {}
    while last not in found:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(reader.recv(), 30))
        if "seq" in frame and frame["kind"] != "hello":
            assert frame["seq"] not in found
            found[frame["seq"]] = time.monotonic()
    return found


async def test_who_takes_nothing_is_closed_and_holds_up_nobody(shared: Server, seen: Seen) -> None:
    before = shared.api().ask("GET", f"/spaces/{SPACE}")["seq"]
    async with AsyncExitStack() as stack:

        async def follow(**options: Any) -> ClientConnection:
            opened = connect(socket_url(shared, before), compression=None, max_size=None, ping_interval=None, **options)
            return await stack.enter_async_context(opened)

        healthy = [await follow() for _ in range(READERS)]
        memory = resident(shared.pid)
        slow = [await follow(max_queue=1, sock=narrow(shared)) for _ in range(STALLED)]
        work = asyncio.create_task(asyncio.to_thread(publish, shared, PUBLISHED, LONG))
        heard = await asyncio.gather(*(hear(one, before + PUBLISHED) for one in healthy))
        told = await work
        more = resident(shared.pid) - memory
        assert all(list(one) == list(range(before + 1, before + PUBLISHED + 1)) for one in heard)
        for one in slow:
            assert await taken_before_the_end(one) < PUBLISHED
    late = [one[seq] - told[seq - before - 1] for one in heard for seq in one]
    seen.note("F5", f"{STALLED} of {STALLED} stalled readers closed with 1013; {READERS} others: 0 of {PUBLISHED} updates lost")
    seen.took("F5", "healthy readers, p95 after the answer to who published", max(0.0, percentile(late, 0.95)), 0.25)
    seen.figure("F5", f"memory more with {STALLED} stalled readers", more, "MB", 20)
    assert more <= 60


async def taken_before_the_end(reader: ClientConnection) -> int:
    """Read what was left for a stalled reader; fails unless it was closed with 1013."""
    taken = 0
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            await asyncio.wait_for(reader.recv(), 15)
            taken += 1
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013
    return taken
