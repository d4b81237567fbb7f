"""The bus of a forum that is one process: a queue on its event loop."""

import asyncio
import logging
from collections import deque

from forum.live.bus import Listener, Message, check

log = logging.getLogger(__name__)


class MemoryBus:
    """Delivers on the event loop, in order, after the publisher's own step has ended. A listener that raises is logged."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: deque[tuple[str, Message]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        self._loop = None
        self._waiting.clear()

    def subscribe(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def publish(self, topic: str, message: Message) -> None:
        check(topic, message)
        if self._loop is None:
            return
        self._waiting.append((topic, dict(message)))
        if len(self._waiting) == 1:
            self._loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for topic, message in waiting:
            for listener in self._listeners:
                try:
                    listener(topic, message)
                except Exception:
                    log.exception("a listener of the bus failed", extra={"topic": topic})
