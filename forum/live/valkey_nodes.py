"""The connections of the Valkey bus: one server, or every primary of a cluster, each with the channels that it carries."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from valkey.asyncio.connection import Connection, ConnectionPool
from valkey.crc import key_slot
from valkey.exceptions import NoPermissionError, ResponseError

CONNECT: Final = 2.0
"""Seconds that connecting, subscribing, and taking a batch of messages may last."""


class Node:
    """One server, or one primary of a cluster, and the channels it carries. A connection to send, one to hear: they do not mix."""

    def __init__(self, out: Any, heard: Any, channels: list[str]) -> None:
        self.channels = channels
        self.ready = asyncio.Event()
        self._out = out
        self._in = heard
        self._sharded = True
        self._confirmed = 0
        self._last = time.monotonic()

    async def open(self) -> None:
        """Connect both, and ask for every channel, the sharded way if the server knows it."""
        await self._out.connect()
        await self._in.connect()
        first, *others = self.channels
        try:
            await _ask(self._in, "SSUBSCRIBE", first)
        except ResponseError as error:
            if not isinstance(error, NoPermissionError) and "unknown command" not in str(error).lower():
                raise
            self._sharded = False
            await _ask(self._in, "SUBSCRIBE", first)
        self._confirm()
        # Each by itself: in a cluster one command may not name channels of several slots.
        verb = "SSUBSCRIBE" if self._sharded else "SUBSCRIBE"
        await self._in.send_packed_command(self._in.pack_commands([(verb, channel) for channel in others]))

    async def close(self) -> None:
        """Leave both connections, whatever their state."""
        for connection in (self._out, self._in):
            with suppress(Exception):
                await connection.disconnect(nowait=True)

    async def next(self) -> object:
        """Return what the next message carries; raises when the node no longer carries one of the channels."""
        while True:
            answer = await self._in.read_response()
            self._last = time.monotonic()
            kind = answer[0] if isinstance(answer, list) and answer else b""
            if kind in (b"smessage", b"message"):
                return answer[2]
            if kind in (b"ssubscribe", b"subscribe"):
                self._confirm()
            elif kind in (b"sunsubscribe", b"unsubscribe"):
                raise ConnectionError("a channel has moved to another node")

    def _confirm(self) -> None:
        self._confirmed += 1
        if self._confirmed == len(self.channels):
            self.ready.set()

    async def send(self, batch: list[tuple[str, bytes]]) -> None:
        """Publish, and wait until the server has taken it all."""
        verb = "SPUBLISH" if self._sharded else "PUBLISH"
        if batch:
            async with asyncio.timeout(CONNECT):
                await self._out.send_packed_command(self._out.pack_commands([(verb, *item) for item in batch]))
                for _ in batch:
                    await self._out.read_response()

    async def beat(self, seconds: float) -> None:
        """Ask for a sign of life every so many seconds, and raise when the server has fallen silent without a word."""
        while True:
            await asyncio.sleep(seconds)
            if time.monotonic() - self._last > 2.5 * seconds:
                raise TimeoutError("no sign of life")
            await self._in.send_command("PING")


async def _ask(connection: Any, *words: str) -> Any:
    await connection.send_command(*words)
    return await connection.read_response()


async def open_nodes(url: str, channels: Sequence[str], nodes: list[Node]) -> None:
    """Connect to the server at `url`, or to every primary of its cluster. What is opened is put into `nodes`, for the caller to close."""
    from_url: Any = ConnectionPool.from_url
    pool = from_url(url.replace("valkey+unix://", "unix://", 1), socket_timeout=None, socket_connect_timeout=CONNECT)
    seed = pool.make_connection()
    try:
        await seed.connect()
        shares = await _shares(seed, channels)
    finally:
        await seed.disconnect(nowait=True)
    for (host, port), carried in shares.items():
        options = {**pool.connection_kwargs, **({"host": host, "port": port} if host else {})}
        nodes.append(Node(pool.connection_class(**options), pool.connection_class(**options), carried))
        await nodes[-1].open()


async def _shares(seed: Any, channels: Sequence[str]) -> dict[tuple[str, int], list[str]]:
    """Return which node carries which channels, by address; all of them the one at ("", 0) where there is no cluster."""
    try:
        slots = await _ask(seed, "CLUSTER", "SLOTS") if isinstance(seed, Connection) else []
    except ResponseError:  # no cluster, or not ours to ask
        slots = []
    if not slots:
        return {("", 0): list(channels)}
    shares: dict[tuple[str, int], list[str]] = {}
    for channel in channels:
        slot = key_slot(channel.encode())
        host, port = next(((node[0], node[1]) for first, last, node, *_ in slots if first <= slot <= last), (None, 0))
        if not port:
            raise ConnectionError("the cluster does not serve every slot")
        shares.setdefault((host.decode() if host else seed.host, port), []).append(channel)
    return shares
