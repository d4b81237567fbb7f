"""Feel PostgreSQL's pulse: a server that hangs is found out before the requests that wait for it have waited two seconds.

A server that is gone refuses at once. One that is frozen, or behind a network that swallows, says nothing, and every statement would
sit out its time-out. So one connection beside the pools asks again and again; when no answer comes the pools are cut, and requests
are refused at once until there is one again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from forum.kernel.tasks import end

log = logging.getLogger(__name__)

EVERY = 0.4
"""Seconds between two questions."""
SLICES, SLICE = 4, 0.25
"""How long an answer may take: so many waits of so many seconds, rather than one, so that a loop that was busy is not taken for it."""


class Patient(Protocol):
    """A pool that can be cut and used again."""

    def fall(self) -> None: ...

    def rise(self) -> None: ...


class Pulse:
    """Asks the server that `credentials` (arguments of asyncpg.connect) name, for these pools."""

    def __init__(self, credentials: Mapping[str, Any], pools: Sequence[Patient]) -> None:
        self._credentials = dict(credentials)
        self._pools = pools
        self._connection: Any = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            await end(self._task)
        self._drop()

    async def _run(self) -> None:
        hangs = False
        while True:
            await asyncio.sleep(EVERY)
            answers = await self._answers()
            if answers and hangs:
                log.warning("the database answers again")
                for pool in self._pools:
                    pool.rise()
            elif not answers and not hangs:
                log.error("the database hangs: its connections are cut")
                for pool in self._pools:
                    pool.fall()
            hangs = not answers

    async def _answers(self) -> bool:
        """Whether the server says anything at all, be it a refusal, which requests get told by themselves."""
        asking = asyncio.create_task(self._ask())
        try:
            for _ in range(SLICES):
                done, _waiting = await asyncio.wait({asking}, timeout=SLICE)
                if done:
                    return True
        finally:
            if not asking.done():
                asking.cancel()
                self._drop()
                await end(asking)
        return False

    async def _ask(self) -> None:
        import asyncpg

        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(**self._credentials)
            await self._connection.execute("SELECT 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.terminate()
