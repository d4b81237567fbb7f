"""The collector: quiet while the forum runs, still finding what only cycles keep alive, and as it was afterwards."""

import asyncio
import contextlib
import gc
import weakref
from collections.abc import AsyncIterator

from forum import collecting


class Left:
    """Somebody who has left: refers to itself, so that only the collector can free it."""

    def __init__(self, size: int) -> None:
        self.itself = self
        self.blocks = [[number] for number in range(size)]


@contextlib.asynccontextmanager
async def watched(every: float) -> AsyncIterator[None]:
    task = asyncio.create_task(collecting.watch(every))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until_gone(gone: weakref.ref[Left]) -> bool:
    for _ in range(200):
        if gone() is None:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_python_is_told_to_leave_it_and_then_not() -> None:
    before = gc.get_threshold()
    async with watched(60):
        assert gc.get_threshold() == collecting.YOUNG
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


async def test_what_has_left_is_found_when_it_is_much() -> None:
    async with watched(0.02):
        gone = weakref.ref(Left(400_000))
        assert await until_gone(gone)


async def test_what_was_set_aside_is_found_too() -> None:
    """Followers who left after the last look are among what it set aside."""
    stays = Left(400_000)
    async with watched(0.02):
        gone = weakref.ref(stays)
        del stays
        more = [[number] for number in range(400_000)]
        assert await until_gone(gone)
        assert len(more) == 400_000


async def test_little_is_left_alone() -> None:
    async with watched(0.02):
        small = weakref.ref(Left(1))
        await asyncio.sleep(0.2)
        assert small() is not None, "looked through everything for nothing"
