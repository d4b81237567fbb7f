"""Followers that cost next to nothing: a handshake, then only the time at which something comes."""

import asyncio
import base64
import os
import time


class Follower(asyncio.Protocol):
    """One websocket. `heard` is when the last bytes came, on the performance counter."""

    def __init__(self, path: str, port: int, count: "Count") -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.hello = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        self.count = count
        self.open = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.hello)

    def data_received(self, data: bytes) -> None:
        if not self.open:
            self.open = data.startswith(b"HTTP/1.1 101")
            self.count.opened += self.open
        elif self.count.mark in data:
            self.count.heard += 1
            if self.count.heard >= self.count.wanted:
                self.count.last = time.perf_counter()
                self.count.all_heard.set()


class Count:
    """How many followers are open, and how many have heard what is waited for."""

    def __init__(self) -> None:
        self.opened = self.heard = 0
        self.wanted = 0
        self.mark = b"\x00never\x00"
        self.last = 0.0
        self.all_heard = asyncio.Event()

    def expect(self, mark: bytes, wanted: int) -> None:
        """Wait from now on for a message with `mark` at so many followers."""
        self.mark, self.wanted, self.heard = mark, wanted, 0
        self.all_heard.clear()


async def follow(path: str, port: int, number: int) -> tuple[list[Follower], Count]:
    """Open so many followers, fifty at a time, and return them when all are in."""
    loop, count = asyncio.get_running_loop(), Count()
    followers = [Follower(path, port, count) for _ in range(number)]
    for start in range(0, number, 50):
        batch = followers[start : start + 50]
        await asyncio.gather(
            *(loop.create_connection(lambda one=one: one, "127.0.0.1", port) for one in batch)  # type: ignore[misc]
        )
    until = time.monotonic() + 60
    while count.opened < number and time.monotonic() < until:  # noqa: ASYNC110 - counted by a thousand protocols
        await asyncio.sleep(0.05)
    if count.opened < number:
        raise SystemExit(f"only {count.opened} of {number} followers were let in")
    return followers, count


def leave(followers: list[Follower]) -> None:
    """Hang up."""
    for follower in followers:
        if follower.transport:
            follower.transport.abort()
