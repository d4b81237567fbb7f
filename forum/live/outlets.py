"""The way to one reader: write without waiting, close without waiting, and wait only where nobody else does."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from starlette.types import Message, Receive, Send

log = logging.getLogger(__name__)

BUFFER: Final = 256 * 1024
"""Bytes that may wait for one reader; one that is further behind is closed and comes back with `since`."""
LINGER: Final = 10.0
"""Seconds a closed reader has for taking what is on its way and the close frame after it."""


class Outlet(Protocol):
    """The way to one reader. `write` and `close` return at once; frames are those of `encode_text`."""

    @property
    def write(self) -> Callable[[bytes], bool]:
        """Send a frame; False when the reader is gone or too far behind."""

    @property
    def close(self) -> Callable[[int], None]:
        """Close with a code; a second close does nothing."""

    @property
    def ready(self) -> Callable[[], Awaitable[object]]:
        """Wait until the reader has taken most of what was written, or is gone: for its own task only, never for a cast."""

    def settle(self) -> None:
        """Forget what only the handshake needed; once, after it."""

    def receiver(self, receive: Receive) -> Receive:
        """Return the ASGI `receive` to use: it ends with a disconnect when the outlet is closed."""

    async def finish(self) -> None:
        """Wait until what was written has left, LINGER seconds at most; the last thing an endpoint does."""


class RawOutlet:
    """Frames go straight to the transport: no task and no queue for a reader."""

    __slots__ = ("close", "ready", "settle", "write")

    def __init__(
        self,
        write: Callable[[bytes], bool],
        close: Callable[[int], None],
        ready: Callable[[], Awaitable[object]],
        settle: Callable[[], None],
    ) -> None:
        self.write = write
        self.close = close
        self.ready = ready
        self.settle = settle

    def receiver(self, receive: Receive) -> Receive:
        return receive

    async def finish(self) -> None:
        """Nothing waits here: the server's protocol sees to the end."""


class SendOutlet:
    """The fall-back for servers without raw frames: a bounded queue, and a task only while something is in it."""

    def __init__(self, send: Send, decode: Callable[[bytes], str]) -> None:
        self._send = send
        self._decode = decode
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._code: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def write(self, frame: bytes) -> bool:
        if self._code is not None or self._ended.done() or self._size > BUFFER:
            return False
        self._waiting.append(frame)
        self._size += len(frame)
        self._work()
        return True

    def close(self, code: int) -> None:
        if self._code is None and not self._ended.done():
            self._code = code
            asyncio.get_running_loop().call_later(LINGER, self._end)
            self._work()

    def settle(self) -> None:
        """The server knows what it needs no more."""

    async def ready(self) -> None:
        if self._task is not None:
            await asyncio.wait({self._task})

    def receiver(self, receive: Receive) -> Receive:
        async def receive_or_end() -> Message:
            got: asyncio.Future[Message] = asyncio.ensure_future(receive())
            either: set[asyncio.Future[Any]] = {got, self._ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if got.done():
                return got.result()
            got.cancel()
            return {"type": "websocket.disconnect", "code": self._code or 1006}

        return receive_or_end

    async def finish(self) -> None:
        if self._task is not None and not self._ended.done():
            await asyncio.wait({self._task}, timeout=LINGER)
        self._end()

    def _work(self) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._waiting:
                frame = self._waiting.popleft()
                await self._send({"type": "websocket.send", "text": self._decode(frame)})
                self._size -= len(frame)
            if self._code is not None:
                await self._send({"type": "websocket.close", "code": self._code})
                self._end()
        except Exception as gone:
            # Each server has its own way of saying that the client has left.
            log.debug("a reader has gone: %s", type(gone).__name__)
            self._end()
        finally:
            self._task = None

    def _end(self) -> None:
        if not self._ended.done():
            self._ended.set_result(None)
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
