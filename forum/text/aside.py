"""Heavy work on texts beside the event loop: one thread, one text after the other.

Rendering and reading a hostile text take up to some tenths of a second of pure Python. Threads of one process take turns, so every
further one of them would make the loop wait a turn longer; two would not be faster than one.
"""

import asyncio
import contextvars
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

TURN = 0.001
"""Seconds after which a thread at work lets the event loop have a turn: Python's own five milliseconds add up in every request."""

STUCK = 60.0
"""Seconds after which a text at work is given up: the next ones get another thread, instead of waiting behind it for ever."""


class _Thread:
    """One thread with the texts that wait for it."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="text")
        self._since = 0.0

    def is_stuck(self) -> bool:
        return 0.0 < self._since < time.monotonic() - self._patience

    def begin(self, call: Callable[[], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(self._pool, self._run, call)

    def _run(self, call: Callable[[], T]) -> T:
        self._since = time.monotonic()
        try:
            return call()
        finally:
            self._since = 0.0

    def give_up(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class Bench:
    """Works on one text after the other; a text that takes longer than `patience` seconds is left to a thread of its own."""

    def __init__(self, patience: float = STUCK) -> None:
        self._patience = patience
        self._thread = _Thread(patience)

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `work(…)`, done in the thread for texts; what it raises is raised here."""
        if self._thread.is_stuck():
            self._thread.give_up()
            self._thread = _Thread(self._patience)
        return await self._thread.begin(partial(contextvars.copy_context().run, work, *args, **kwargs))


aside = Bench().do
"""The bench that this process works at."""


def take_short_turns() -> None:
    """Let this process's threads change places every TURN seconds."""
    sys.setswitchinterval(TURN)
