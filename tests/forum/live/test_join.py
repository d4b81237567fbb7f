"""Whoever joins while comments come in gets every number after `since` once, in order."""

import asyncio
import random

import pytest

from tests.forum.live.waiting import until
from tests.forum.live.world import Served, World, numbers, serving, told

pytestmark = pytest.mark.server

LANGS = ("ar", "zh", "en", "fr", "ru", "es")


async def follow(served: Served, since: int, last: int, lang: str) -> list[int]:
    """Follow from `since` to `last` as a page would, now and then losing the connection; all numbers received."""
    found: list[int] = []
    at = since
    while at < last:
        async with served.follow(query=f"?since={at}&lang={lang}") as follower:
            assert (await told(follower))["kind"] == "hello"
            stay = random.choice((1, 7, 10_000))
            while at < last and stay:
                update = await told(follower)
                assert update["lang"] == lang
                at, stay = update["seq"], stay - 1
                found.append(at)
    return found


@pytest.mark.parametrize("seed", range(6))
async def test_no_gap_and_no_duplicate_while_comments_come_in(seed: int) -> None:
    random.seed(seed)
    world = World(shaky=True)
    last = 300
    for _ in range(40):
        await world.store.append("s", tell=False)

    async def write() -> None:
        while len(world.store.entries["s"]) < last:
            for _ in range(random.choice((1, 1, 2, 12))):
                await world.store.append("s", text="x" * random.randrange(2_000), tell=random.random() < 0.8)
            await asyncio.sleep(random.choice((0, 0.005, 0.02)))
        await world.bus.publish("space", {"space": "s", "seq": len(world.store.entries["s"])})

    async def join() -> None:
        await asyncio.sleep(random.random() * 0.5)
        since = random.randrange(0, len(world.store.entries["s"]) + 1)
        got = await follow(served, since, last, random.choice(LANGS))
        assert got == list(range(since + 1, since + 1 + len(got)))
        assert got[-1:] >= [last] or since >= last

    async with serving(world) as served:
        await asyncio.gather(write(), *(join() for _ in range(30)))


async def test_messages_lost_doubled_and_in_disorder_come_to_the_same() -> None:
    world = World()
    async with serving(world) as served, served.follow() as follower:
        await told(follower)
        for _ in range(10):
            await world.store.append("s", tell=False)
        for seq in (4, 4, 2, 10, 9, 1, 10):
            await world.bus.publish("space", {"space": "s", "seq": seq})
        assert await numbers(follower, 10) == list(range(1, 11))
        await world.store.append("s")
        assert await numbers(follower, 11) == [11]


async def test_what_a_cut_bus_kept_back_is_looked_up() -> None:
    world = World()
    async with serving(world) as served, served.follow() as follower:
        await told(follower)
        for _ in range(3):
            await world.store.append("s", tell=False)
        await world.bus.publish("resync", {})
        assert await numbers(follower, 3) == [1, 2, 3]


async def test_a_page_that_knows_more_than_the_bus_told_gets_nothing_twice() -> None:
    world = World()
    async with serving(world) as served, served.follow() as early:
        await told(early)
        await world.store.append("s", tell=False)
        await world.store.append("s", tell=False)
        async with served.follow(query="?since=2") as late, served.follow(query="?since=1") as middle:
            assert (await told(late))["seq"] == 2
            await told(middle)
            await world.store.append("s")
            assert await numbers(early, 3) == [1, 2, 3]
            assert await numbers(middle, 3) == [2, 3]
            assert await numbers(late, 3) == [3]


async def test_who_joins_in_a_new_language_during_a_cast_misses_nothing() -> None:
    """The pump has looked which rooms there are, and is still rendering; the newcomer knows all but what is being rendered."""
    world = World()
    world.gates[2] = asyncio.Event()
    async with serving(world) as served, served.follow(query="?lang=en") as first:
        await told(first)
        await world.store.append("s", tell=False)
        await world.store.append("s", tell=False)
        await world.bus.publish("space", {"space": "s", "seq": 1})
        await until(lambda: (2, "en", "reader") in world.projected)
        async with served.follow(query="?lang=ar&since=1") as second:
            assert await told(second) == {"kind": "hello", "seq": 2}
            await asyncio.sleep(0.05)
            world.gates[2].set()
            await until(lambda: world.live.hub.count("s") == 2)
            await world.store.append("s")
            assert await numbers(first, 3) == [1, 2, 3]
            assert await numbers(second, 3) == [2, 3]


async def test_a_storm_of_reconnections_renders_each_update_once() -> None:
    world = World()
    for _ in range(20):
        await world.store.append("s")

    async def join() -> list[int]:
        async with served.follow(query="?since=0") as follower:
            await told(follower)
            return await numbers(follower, 20)

    async with serving(world) as served:
        assert await asyncio.gather(*(join() for _ in range(100))) == [list(range(1, 21))] * 100
    assert len(world.projected) == 20


async def test_a_kept_frame_is_not_used_after_the_record_went_on() -> None:
    """What was said of a comment before it was removed is not said again: the stub is rendered anew."""
    world = World()
    for _ in range(3):
        await world.store.append("s")
    async with serving(world) as served, served.follow():
        for head, expected in ((3, [1, 2, 3]), (3, []), (4, [1, 2, 3, 4])):
            while len(world.store.entries["s"]) < head:
                await world.store.append("s", tell=False)
            world.projected.clear()
            async with served.follow(query="?since=0") as follower:
                await told(follower)
                assert await numbers(follower, head) == list(range(1, head + 1))
            assert [seq for seq, _, _ in world.projected] == expected
