"""Followers that cost next to nothing: a handshake, then only the time at which something comes."""

import asyncio
import base64
import os
import time
from typing import cast

PING = b"\x89\x04"
"""How a ping with four bytes begins, as the server sends it."""
PONG = b"\x8a\x84\x00\x00\x00\x00"
"""The same as a client answers: masked, with zeros, which leaves the four bytes as they are."""
OPENS_WITHIN = 60.0
AT_ONCE = 50


class Count:
    """How many followers are open, and when the first and the last heard what is waited for."""

    def __init__(self) -> None:
        self.opened = self.heard = self.wanted = self.lost = 0
        self.mark = b"\x00never\x00"
        self.first = self.last = 0.0
        self.all_heard = asyncio.Event()

    def expect(self, mark: bytes, wanted: int) -> None:
        """Wait from now on for a message with `mark` at so many followers."""
        self.mark, self.wanted, self.heard, self.first = mark, wanted, 0, 0.0
        self.all_heard.clear()

    def hear(self) -> None:
        """Note that one more follower has got the mark."""
        if not self.heard:
            self.first = time.perf_counter()
        self.heard += 1
        if self.heard >= self.wanted:
            self.last = time.perf_counter()
            self.all_heard.set()


class Follower(asyncio.Protocol):
    """One websocket. It counts bytes, and tells when a message with the mark of its count has come."""

    def __init__(self, path: str, port: int, count: Count) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.hello = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        self.count = count
        # The forum greets who has caught up and is in the room; the bare server has nothing to say.
        self.greeted = path.startswith("/live/")
        self.open = False
        self.received = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self.transport.write(self.hello)

    def data_received(self, data: bytes) -> None:
        if not self.open:
            self.open = data.startswith(b"HTTP/1.1 101")
            self.count.opened += self.open and not self.greeted
            data = data.partition(b"\r\n\r\n")[2]
        if self.open and data:
            self.count.opened += self.greeted and not self.received
            self.received += len(data)
            if self.count.mark in data:
                self.count.hear()
            self.answer_ping(data)

    def answer_ping(self, data: bytes) -> None:
        """Answer a ping of the server, who would hang up otherwise. JSON in UTF-8 never holds these two bytes."""
        at = data.find(PING)
        if at >= 0 and self.transport:
            self.transport.write(PONG + data[at + 2 : at + 6])

    def connection_lost(self, exc: Exception | None) -> None:
        self.count.lost += 1

    def abort(self) -> None:
        """Hang up."""
        if self.transport:
            self.transport.abort()


class Resumer(Follower):
    """One who comes back with `since`: keeps what it is sent, and has resumed when update number `until` is there."""

    def __init__(self, path: str, port: int, count: Count) -> None:
        super().__init__(path, port, count)
        self.kept = bytearray()
        self.began = time.perf_counter()
        self.resumed = 0.0

    def data_received(self, data: bytes) -> None:
        if not self.open:
            self.open = data.startswith(b"HTTP/1.1 101")
            self.count.opened += self.open
        self.kept += data
        self.answer_ping(data)
        # The mark may be cut in two by the network: the end of what came before is looked at again.
        if not self.resumed and self.kept.find(self.count.mark, max(0, len(self.kept) - len(data) - 40)) >= 0:
            self.resumed = time.perf_counter()
            self.count.hear()

    def has(self, seq: int) -> bool:
        """Tell whether update number `seq` is among what came."""
        return self.kept.rfind(b'{"seq":%d,' % seq) >= 0

    def numbers(self) -> list[int]:
        """Return the numbers of the updates that came, in order; the head that the greeting names is none."""
        body = bytes(self.kept).partition(b"\r\n\r\n")[2]
        return [int(found) for part in body.split(b'{"seq":')[1:] if (found := part.partition(b",")[0]).isdigit()]


async def open_all(followers: list[Follower], port: int, count: Count, wanted: int) -> None:
    """Connect them, fifty at a time; return when all are let in, and greeted where that is done; RuntimeError when some are not."""
    loop = asyncio.get_running_loop()
    for start in range(0, len(followers), AT_ONCE):
        batch = followers[start : start + AT_ONCE]
        await asyncio.gather(
            *(loop.create_connection(lambda one=one: one, "127.0.0.1", port) for one in batch)  # type: ignore[misc]
        )
    until = time.monotonic() + OPENS_WITHIN
    while count.opened < wanted and time.monotonic() < until:  # noqa: ASYNC110 - counted by a thousand protocols
        await asyncio.sleep(0.02)
    if count.opened < wanted:
        raise RuntimeError(f"only {count.opened} of {wanted} followers were let in")
