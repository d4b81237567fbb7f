"""The bus of a forum that is several processes: Valkey carries the messages, ids only.

Sixty-four channels, each about a fixed share of the spaces: a Valkey cluster spreads them over its nodes (sharded pub/sub, `SPUBLISH`),
and a process subscribes to all of them once, instead of to each space whenever somebody comes or goes. A process hears about every space
anyway, for its pages. Where the server knows no sharded pub/sub, the same channels are used the plain way. Order is kept within a space.

Nobody waits for Valkey: a message is delivered in this process at once, and a task of the bus sends it on. While Valkey is away messages
wait here, and are sent when it is back; one that may or may not have been sent is sent again. What others said meanwhile is lost to us:
so listeners are told `RESYNC`, and read anew.
"""

import asyncio
import json
import logging
import random
import secrets
import time
import zlib
from collections import deque
from contextlib import suppress
from typing import Final

from forum.kernel.tasks import end
from forum.live.bus import RESYNC, Listener, Message, check
from forum.live.memory import MemoryBus
from forum.live.valkey_nodes import CONNECT, Node, open_nodes

log = logging.getLogger(__name__)

CHANNELS: Final = tuple(f"forum:s:{number:02x}" for number in range(64))
LONGEST: Final = 512
"""Bytes of the longest message that is read."""
MOST_WAITING: Final = 10_000
"""Messages kept while Valkey is away. With more than that, everybody is told to read anew instead."""
BATCH: Final = 100
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 2.0
LAST_WORDS: Final = 0.25
"""Seconds that `stop` gives what still waits to be sent."""


def channel_of(message: Message) -> str:
    """Return the channel of a message: that of its space, so that what is said of a space stays in order; else of its person."""
    about = message.get("space", message.get("person", ""))
    return CHANNELS[zlib.crc32(str(about).encode()) % len(CHANNELS)]


def encode(origin: str, topic: str, message: Message) -> bytes:
    """Return a message as it travels; `origin` is the process that said it."""
    return json.dumps({"from": origin, "topic": topic, "message": dict(message)}, separators=(",", ":")).encode()


def decode(data: object) -> tuple[str, str, Message]:
    """Return (origin, topic, message); raises ValueError for what no forum says."""
    if not isinstance(data, bytes) or len(data) > LONGEST:
        raise ValueError("too long for a message")
    whole = json.loads(data)
    if not isinstance(whole, dict) or whole.keys() != {"from", "topic", "message"}:
        raise ValueError("not a message")
    origin, topic, message = whole["from"], whole["topic"], whole["message"]
    if not isinstance(origin, str) or not isinstance(topic, str) or not isinstance(message, dict):
        raise ValueError("not a message")
    check(topic, message)
    return origin, topic, message


class ValkeyBus:
    """Keeps the contract of `Bus` over the Valkey at `url` (valkey://host:port, or valkey+unix:///path for a socket).

    `beat`: seconds between two signs of life; without any for two and a half beats a connection is given up.
    """

    def __init__(self, url: str, beat: float = 2.0) -> None:
        self._url = url
        self._beat = beat
        self._here = MemoryBus()
        self._origin = ""
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._some = asyncio.Event()
        self._idle = asyncio.Event()
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._up = False
        self._cut = False

    def health(self) -> bool:
        """Return whether other processes are heard now. Without them, this one goes on alone."""
        return self._up

    async def start(self) -> None:
        """Begin to deliver. Waits for the first attempt to connect, not for a success: a forum starts without its Valkey too."""
        await self._here.start()
        self._origin = secrets.token_hex(8)
        self._cut = False
        self._idle.set()
        self._tried.clear()
        self._task = asyncio.create_task(self._run())
        await self._tried.wait()

    async def stop(self) -> None:
        """Deliver no more; what was published before is still sent, if Valkey takes it at once."""
        task, self._task = self._task, None
        await self._here.stop()
        if task is not None:
            if self._up:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._idle.wait(), LAST_WORDS)
            await end(task)
        self._up = False
        self._waiting.clear()

    def subscribe(self, listener: Listener) -> None:
        self._here.subscribe(listener)

    async def publish(self, topic: str, message: Message) -> None:
        """Tell this process at once, the others as soon as Valkey takes it; never waits."""
        await self._here.publish(topic, message)
        if self._task is None:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._put(RESYNC, {})
        self._put(topic, message)

    def _put(self, topic: str, message: Message) -> None:
        self._waiting.append((channel_of(message), encode(self._origin, topic, message)))
        self._idle.clear()
        self._some.set()

    async def _run(self) -> None:
        """Connect, and connect again, for ever."""
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                await self._connected()
            except Exception as error:  # whatever it is, the forum goes on alone and tries again
                if not self._cut:
                    log.warning("the bus is away: %s", _reason(error))
            finally:
                self._up = False
            self._cut = True
            self._tried.set()
            if time.monotonic() - began > 2 * LONGEST_PAUSE:
                pause = FIRST_PAUSE
            # With jitter: all processes lost it at the same moment.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads, hides nothing
            pause = min(LONGEST_PAUSE, 2 * pause)

    async def _connected(self) -> None:
        """Hear and send until something fails, and raise that."""
        nodes: list[Node] = []
        try:
            async with asyncio.timeout(CONNECT):
                await open_nodes(self._url, CHANNELS, nodes)
            async with asyncio.TaskGroup() as tasks:
                for node in nodes:
                    tasks.create_task(self._hear(node))
                async with asyncio.timeout(CONNECT):
                    for node in nodes:
                        await node.ready.wait()
                await self._arrived()
                for node in nodes:
                    tasks.create_task(node.beat(self._beat))
                tasks.create_task(self._send({channel: node for node in nodes for channel in node.channels}))
        finally:
            for node in nodes:
                await node.close()

    async def _arrived(self) -> None:
        self._up = True
        self._tried.set()
        if self._cut:
            self._cut = False
            log.warning("the bus is back")
            await self._here.publish(RESYNC, {})

    async def _hear(self, node: Node) -> None:
        while True:
            data = await node.next()
            try:
                origin, topic, message = decode(data)
            except ValueError as error:
                # Not its text: what is on the channel and is not ours may be anything.
                log.warning("a message of the bus is ignored: %s", type(error).__name__)
                continue
            if origin != self._origin:
                await self._here.publish(topic, message)

    async def _send(self, nodes: dict[str, Node]) -> None:
        while True:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            if not batch:
                self._idle.set()
                self._some.clear()
                await self._some.wait()
                continue
            try:
                # In a cluster, one node after the other: order is only promised within a channel.
                for node in dict.fromkeys(nodes.values()):
                    await node.send([item for item in batch if nodes[item[0]] is node])
            except BaseException:
                self._waiting.extendleft(reversed(batch))
                raise


def _reason(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
