"""Reading the record whole: newest first across logs, page by page, whatever is written meanwhile."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum.db.work import begin
from forum.kernel.actors import Capacity
from forum.kernel.events import Fact
from forum.record.appending import append
from forum.record.browsing import APART, BATCH, Wanted, Words, Written, all_entries, entries
from tests.support import world

LOGS = ["a" * 32, "b" * 32, "c" * 32, "forum"]
AT = datetime(2026, 5, 6, 12, tzinfo=UTC)


async def tell(log: str, number: int, kind: str = "case.claimed", subject: str | None = None) -> None:
    """Several facts of several logs have the same moment."""
    fact = Fact(
        kind=kind,
        log=log,
        at=AT + timedelta(seconds=number // 5),
        capacity=Capacity.MODERATOR if number % 2 else Capacity.SYSTEM,
        actor_id=f"{number % 3:032x}" if number % 4 else None,
        subject=subject,
        data={"case": f"{number:032x}", "reason": "hate" if number % 7 == 0 else "100%_sure"},
    )
    async with begin() as work:
        await append(work, fact)


@pytest.fixture
async def written(tmp_path: Path) -> AsyncIterator[None]:
    chance = random.Random(4)
    async with world.database(tmp_path):
        for number in range(60):
            await tell(chance.choice(LOGS), number)
        yield


async def pages(wanted: Wanted, size: int) -> list[Written]:
    found: list[Written] = []
    while some := await entries(wanted, size):
        found += some
        wanted = replace(wanted, after=some[-1].place)
    return found


@pytest.mark.parametrize("logs", [None, tuple(LOGS), tuple(LOGS[:2]), (LOGS[3],), tuple(LOGS + ["d" * 32] * APART)])
@pytest.mark.parametrize("size", [1, 7, 100])
async def test_page_by_page_each_entry_comes_once_in_order(written: None, logs: tuple[str, ...] | None, size: int) -> None:
    found = await pages(Wanted(logs=logs), size)
    everything = await entries(Wanted(logs=None), 100)
    assert len(everything) == 60
    assert found == [one for one in everything if logs is None or one.log_id in logs]
    assert found == sorted(found, key=lambda one: one.place, reverse=True)
    assert len({(one.log_id, one.seq) for one in found}) == len(found)


async def test_what_is_written_meanwhile_moves_no_page(written: None) -> None:
    first = await entries(Wanted(logs=None), 10)
    rest = Wanted(logs=None, after=first[-1].place)
    before = await entries(rest, 10)
    for number in range(100, 120):
        await tell(LOGS[number % 4], number)
    assert await entries(rest, 10) == before
    assert (await entries(Wanted(logs=None), 10))[0].at > first[0].at


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(logs=None, actors=(f"{1:032x}",)), lambda one: one.actor_id == f"{1:032x}"),
        (Wanted(logs=(LOGS[0],), actors=(f"{1:032x}",)), lambda one: one.actor_id == f"{1:032x}" and one.log_id == LOGS[0]),
        (Wanted(logs=None, capacity="system"), lambda one: one.capacity == "system"),
        (Wanted(logs=None, kinds=("case.", "x.")), lambda one: True),
        (Wanted(logs=None, kinds=("space.",)), lambda one: False),
        (Wanted(logs=None, since=AT + timedelta(seconds=5)), lambda one: one.at >= AT + timedelta(seconds=5)),
        (Wanted(logs=None, until=AT + timedelta(seconds=5)), lambda one: one.at < AT + timedelta(seconds=5)),
        (Wanted(logs=None, holding=f'"case":"{9:032x}"'), lambda one: f"{9:032x}" in one.data),
        (Wanted(logs=None, words=Words("nothing", ('"reason":"hat',))), lambda one: "hate" in one.data),
        (Wanted(logs=None, words=Words("claim")), lambda one: True),
        (Wanted(logs=None, words=Words("no%", ('"reason":"100%_s',))), lambda one: "100%_sure" in one.data),
        (Wanted(logs=None, words=Words("case_claimed", ('"reason":"h_te',))), lambda one: False),
        (Wanted(logs=()), lambda one: False),
        (Wanted(logs=(LOGS[1],), subjects=("e" * 32,)), lambda one: False),
    ],
)
async def test_filters(written: None, wanted: Wanted, fits: object) -> None:
    """Each filter lets through what fits it, and nothing else; % and _ are letters like others."""
    assert callable(fits)
    everything = await entries(Wanted(logs=None), 100)
    assert await pages(wanted, 9) == [one for one in everything if fits(one)]


async def test_by_subject(written: None) -> None:
    await tell(LOGS[0], 200, subject="e" * 32)
    [found] = await entries(Wanted(logs=(LOGS[0],), subjects=("e" * 32,)), 5)
    assert found.subject == "e" * 32
    [again] = await entries(Wanted(logs=None, words=Words("nothing", (), ("e" * 32,))), 5)
    assert again == found


async def test_all_of_them_in_pieces(written: None) -> None:
    pieces = [len(some) async for some in all_entries(Wanted(logs=None))]
    assert pieces == [60]
    assert len(await pages(Wanted(logs=None), BATCH)) == 60
