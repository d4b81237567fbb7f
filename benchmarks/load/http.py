"""HTTP connections that cost next to nothing: of an answer only its status and its length are read."""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import cast

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"
PATIENCE = 60.0
"""Seconds after which a run that was promised to end is given up."""


class Asker(asyncio.Protocol):
    """One connection that keeps `in_flight` requests under way, taken from `requests` until there are no more.

    `times` are the seconds from each request to the end of its answer, `statuses` how often each status came.
    """

    def __init__(self, requests: Iterator[bytes], in_flight: int = 1) -> None:
        self.requests = requests
        self.in_flight = in_flight
        self.times: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.received = 0
        self.done = asyncio.get_running_loop().create_future()
        self._sent: deque[float] = deque()
        self._head = b""
        self._left = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def start(self) -> None:
        """Begin to ask."""
        for _ in range(self.in_flight):
            self.ask()

    def ask(self) -> None:
        """Send the next request, if there is one."""
        request = next(self.requests, None)
        if request is not None and self.transport is not None and not self.transport.is_closing():
            self._sent.append(time.perf_counter())
            self.transport.write(request)
        elif not self._sent:
            self.finish()

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        at, size = 0, len(data)
        while at < size:
            if not self._left:
                at = self._begin(data, at)
                if at < 0:
                    return
            taken = min(self._left, size - at)
            self._left -= taken
            at += taken
            if not self._left:
                self.times.append(time.perf_counter() - self._sent.popleft())
                self.ask()

    def _begin(self, data: bytes, at: int) -> int:
        """Read the head of an answer and return where its body begins in `data`, -1 when the head is not whole yet."""
        kept = len(self._head)
        head = self._head + data[at : at + 4096]
        end = head.find(END)
        if end < 0:
            self._head = head
            return -1
        found = LENGTH.search(head, 0, end)
        # An empty body still ends: one byte is counted for the end of the head itself.
        self._left = int(found[1]) + 1 if found else 1
        self.statuses[head[9:12].decode("ascii", "replace")] += 1
        self._head = b""
        return at + end + len(END) - 1 - kept

    def connection_lost(self, exc: Exception | None) -> None:
        self.finish()

    def finish(self) -> None:
        """Let whoever waits for this connection go on."""
        if not self.done.done():
            self.done.set_result(None)

    def abort(self) -> None:
        """Hang up at once."""
        if self.transport:
            self.transport.abort()
        self.finish()


async def open_askers(port: int, sources: Sequence[Iterator[bytes]], in_flight: int = 1) -> list[Asker]:
    """Open a connection for each source of requests."""
    loop = asyncio.get_running_loop()
    askers = [Asker(source, in_flight) for source in sources]
    for asker in askers:
        await loop.create_connection(lambda asker=asker: asker, "127.0.0.1", port)  # type: ignore[misc]
    return askers


async def run(askers: Sequence[Asker], seconds: float | None) -> float:
    """Let them ask for `seconds`, or until they have no more to ask; returns how long that was."""
    began = time.perf_counter()
    for asker in askers:
        asker.start()
    if seconds is None:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(asker.done for asker in askers))
    else:
        await asyncio.sleep(seconds)
    took = time.perf_counter() - began
    for asker in askers:
        asker.abort()
    return took


class Pulse:
    """Asks at a steady beat until it is stopped, and notes how long each answer took: what readers feel meanwhile."""

    def __init__(self, requests: Iterator[bytes], beat: float) -> None:
        self.requests = requests
        self.beat = beat
        self.times: list[float] = []
        self.statuses: Counter[str] = Counter()
        self._stopped = False
        self._task: asyncio.Task[None] | None = None

    async def start(self, port: int) -> None:
        """Open two connections, asked in turn, so that one slow answer does not silence the pulse."""
        askers = [Asker(iter(()), 1) for _ in range(2)]
        loop = asyncio.get_running_loop()
        for asker in askers:
            await loop.create_connection(lambda asker=asker: asker, "127.0.0.1", port)  # type: ignore[misc]
        self._task = loop.create_task(self._run(askers))

    async def _run(self, askers: list[Asker]) -> None:
        due = time.perf_counter()
        turn = 0
        while not self._stopped:
            asker = askers[turn % 2]
            turn += 1
            asker.requests = iter([next(self.requests)])
            asker.ask()
            due = max(due + self.beat, time.perf_counter())
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asyncio.sleep(0.2)
        for asker in askers:
            self.times += asker.times
            self.statuses.update(asker.statuses)
            asker.abort()

    async def stop(self) -> list[float]:
        """End, and return the seconds each answer took."""
        self._stopped = True
        if self._task is not None:
            await self._task
        return self.times
