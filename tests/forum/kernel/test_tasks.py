"""Ending tasks: also those in which a cancellation is swallowed on the way."""

import asyncio

from forum.kernel.tasks import end


async def for_ever(swallowed: int, began: asyncio.Event) -> None:
    """Go round for ever, and pass over so many cancellations, as `asyncio.wait_for` before Python 3.12 may."""
    while True:
        try:
            began.set()
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            swallowed -= 1
            if swallowed < 0:
                raise


async def failing() -> None:
    raise ValueError


async def test_a_task_that_swallows_a_cancellation_ends_all_the_same() -> None:
    began = asyncio.Event()
    tasks = [asyncio.create_task(for_ever(count, began)) for count in (0, 1, 3)]
    await began.wait()
    await end(*tasks, again=0.01)
    assert all(task.cancelled() for task in tasks)


async def test_what_tasks_raise_is_passed_over_and_no_tasks_are_none() -> None:
    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    await end(task)
    assert isinstance(task.exception(), ValueError)
    await end()
