"""What the signals of the system do to a serving process.

SIGTERM or Ctrl+C: `/readyz` answers 503 while everything else goes on, for as long as a load balancer needs to notice; then uvicorn
stops in order. A second signal ends the wait. Of several workers the parent counts that time: it tells them by SIGUSR1 that it has
begun, and by SIGTERM that it is over (or that a new worker has taken the place of this one, which no load balancer need know).
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from types import FrameType
from typing import Any, Final, Protocol

from starlette.types import Receive, Scope, Send

from forum.listening import LAST

ENDING: Final = (signal.SIGTERM, signal.SIGINT)


class Stoppable(Protocol):
    """An ASGI application that can say that it is about to stop."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def drain(self) -> None:
        """Let `/readyz` answer 503, and everything else go on."""


class Stopping:
    """The ASGI application `forum`, which listens to the signals of its process for as long as it serves.

    `seconds` lie between the end of readiness and the end of the server. A worker counts none: its parent does.
    """

    def __init__(self, forum: Stoppable, seconds: float = 0.0, *, worker: bool = False) -> None:
        self._forum = forum
        self._seconds = 0.0 if worker else seconds
        self._worker = worker
        self._server: Any = None
        self._told = self._over = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._listen()
        await self._forum(scope, receive, send)

    def _listen(self) -> None:
        """Come between the system and uvicorn, which has set its own handler before it starts the application."""
        self._loop = asyncio.get_running_loop()
        self._server = signal.getsignal(signal.SIGTERM)
        for number in ENDING:
            signal.signal(number, self._hear)
        if self._worker:
            signal.signal(signal.SIGUSR1, lambda *_: self._forum.drain())
            if (parent := multiprocessing.parent_process()) is not None:
                # Without it nobody would stop this process, and the port would stay taken.
                self._loop.add_reader(parent.sentinel, self._orphaned, parent.sentinel)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        # A signal may come in the middle of the loop's own work: the loop hears of it in its turn.
        self._loop.call_soon_threadsafe(self._end, number)

    def _end(self, number: int) -> None:
        if self._over and number == signal.SIGINT:
            self._server(number, None)  # uvicorn then waits for nobody
        elif self._told:
            self._stop()
        else:
            self._told = True
            if not self._worker:
                self._forum.drain()
            self._loop.call_later(self._seconds, self._stop)

    def _stop(self) -> None:
        if self._over:
            return
        self._over = True
        last = threading.Timer(LAST, os._exit, (1,))
        last.daemon = True
        last.start()
        # Not the signal that came: uvicorn raises SIGINT again when all is done, and that would be an exception.
        self._server(signal.SIGTERM, None)

    def _orphaned(self, sentinel: int) -> None:
        self._loop.remove_reader(sentinel)
        self._end(signal.SIGTERM)
