"""Delivery: one encoding for a room, nobody waits for a slow reader, faults pass, lost rights close."""

import asyncio
import json
from collections.abc import Callable, Coroutine

import pytest
import uvloop
from websockets.asyncio.client import ClientConnection

from forum.live.presence import presence_frame, shown
from forum.live.protocol import decode_text
from tests.forum.live.waiting import until
from tests.forum.live.world import World, closing, numbers, serving, told

pytestmark = pytest.mark.server


def joined(world: World, count: int) -> Callable[[], bool]:
    return lambda: world.live.hub.count("s") == count


async def test_one_projection_for_a_language_and_a_class() -> None:
    world = World()
    insider = world.person("insider")
    async with serving(world) as served:
        followers = [await served.follow(query=f"?lang={lang}") for lang in ("en", "fr", "ar") * 20]
        followers += [await served.follow(query="?lang=fr", token=insider) for _ in range(5)]
        await until(joined(world, 65))
        await world.store.append("s", text="à")
        for follower in followers:
            assert await told(follower) == {"kind": "hello", "seq": 0}
            assert (await told(follower))["text"] == "à"
    assert sorted(world.projected) == [(1, "ar", "reader"), (1, "en", "reader"), (1, "fr", "insider"), (1, "fr", "reader")]


async def test_what_a_class_may_not_see_is_left_out_for_it() -> None:
    world = World()
    insider = world.person("insider")
    world.hidden.add((2, "reader"))
    async with serving(world) as served, served.follow() as outside, served.follow(token=insider) as inside:
        await until(joined(world, 2))
        for _ in range(3):
            await world.store.append("s")
        assert [(await told(outside)).get("seq") for _ in range(3)] == [0, 1, 3]
        assert [(await told(inside)).get("seq") for _ in range(4)] == [0, 1, 2, 3]
        async with served.follow(query="?since=0") as late:
            assert [(await told(late))["seq"] for _ in range(3)] == [3, 1, 3]


async def test_spaces_do_not_hear_each_other() -> None:
    world = World()
    async with serving(world) as served, served.follow("s") as one, served.follow("t") as two:
        await until(lambda: len(world.live.hub.spaces()) == 2)
        await world.store.append("t", text="for t")
        await world.store.append("s", text="for s")
        await told(one)
        await told(two)
        assert (await told(one))["text"] == "for s"
        assert (await told(two))["text"] == "for t"
    assert not world.live.streams.all()


async def test_a_space_nobody_follows_is_not_read() -> None:
    world = World()
    async with serving(world):
        for _ in range(10):
            await world.store.append("s")
        await asyncio.sleep(0.05)
    assert world.store.reads == 0


async def slow_reader() -> None:
    """One who stops reading is closed with 1013; the others get everything; nobody waits."""
    world = World()
    async with serving(world, ws_ping_interval=None) as served:
        slow = await served.follow(max_queue=1, ping_interval=None)
        others = [await served.follow() for _ in range(8)]
        await until(joined(world, 9))
        text = "long " * 20_000

        async def read(follower: ClientConnection) -> list[int]:
            await told(follower)
            return await numbers(follower, 120)

        reading = [asyncio.create_task(read(follower)) for follower in others]
        for seq in range(1, 121):
            await world.store.append("s", text=text)
            if seq % 10 == 0:  # 1 MB at a time: what one pump casts in a row is not bounded by the readers
                await until(lambda last=seq: world.live.streams.all()[0].head == last)  # type: ignore[misc]
                await asyncio.sleep(0.05)
        assert await asyncio.gather(*reading) == [list(range(1, 121))] * 8
        assert world.live.hub.count("s") == 8
        got: list[int] = []
        with pytest.raises(Exception, match="1013"):
            while True:
                got.append((await told(slow)).get("seq", 0))
        assert slow.close_code == 1013
        assert got[1:] == list(range(1, len(got)))
        async with served.follow(query=f"?since={got[-1]}", max_size=None) as again:
            await told(again)
            assert await numbers(again, 120) == list(range(len(got), 121))


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_slow_reader_harms_nobody(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    story: Coroutine[object, object, None] = slow_reader()
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(story)


async def test_who_loses_a_right_is_closed_and_hears_nothing_more() -> None:
    world = World()
    anna, boris = world.person("anna"), world.person("boris")
    async with serving(world) as served:
        annas = [await served.follow(token=anna), await served.follow("t", token=anna)]
        other = await served.follow(token=boris)
        await until(lambda: world.live.hub.count("s") == 2 and world.live.hub.count("t") == 1)
        world.suspended.add("anna")
        await world.bus.publish("revoked", {"person": "anna"})
        await world.store.append("s", text="after")
        for follower in annas:
            assert await told(follower) == {"kind": "hello", "seq": 0}
            assert await closing(follower) == 1008
        await told(other)
        assert (await told(other))["text"] == "after"


async def test_nothing_is_delivered_while_a_right_is_in_question() -> None:
    world = World()
    anna = world.person("anna")
    async with serving(world) as served, served.follow(token=anna) as follower:
        await until(joined(world, 1))
        world.rights_gate.clear()
        world.suspended.add("anna")
        await world.bus.publish("revoked", {"person": "anna"})
        await world.store.append("s", text="after")
        await asyncio.sleep(0.1)
        world.rights_gate.set()
        assert await told(follower) == {"kind": "hello", "seq": 0}
        assert await closing(follower) == 1008
        assert not world.projected


async def test_a_right_lost_while_catching_up_counts() -> None:
    world = World()
    anna = world.person("anna")
    for _ in range(3):
        await world.store.append("s")
    world.gates[2] = asyncio.Event()
    async with serving(world) as served, served.follow(token=anna, query="?since=0") as follower:
        assert (await told(follower))["seq"] == 3
        assert (await told(follower))["seq"] == 1
        world.suspended.add("anna")
        await world.bus.publish("revoked", {"person": "anna"})
        assert await closing(follower) == 1008
        world.gates[2].set()
        await until(lambda: not world.live.streams.all())


async def test_a_change_that_takes_no_right_away_closes_nobody() -> None:
    world = World()
    anna = world.person("anna")
    async with serving(world) as served, served.follow(token=anna) as follower:
        await until(joined(world, 1))
        await world.bus.publish("revoked", {"person": "anna"})
        await world.store.append("s")
        await told(follower)
        assert await numbers(follower, 1) == [1]


async def test_a_space_that_becomes_private_closes_those_outside() -> None:
    world = World()
    anna = world.person("anna")
    async with serving(world) as served, served.follow(token=anna) as inside, served.follow() as outside:
        await until(joined(world, 2))
        world.private.add("s")
        await world.bus.publish("revoked", {"space": "s"})
        await world.store.append("s")
        assert await told(outside) == {"kind": "hello", "seq": 0}
        assert await closing(outside) == 1008
        await told(inside)
        assert await numbers(inside, 1) == [1]


async def test_a_right_lost_without_a_message_is_noticed_in_the_next_round() -> None:
    world = World()
    anna = world.person("anna")
    async with serving(world) as served, served.follow(token=anna) as follower, served.follow() as other:
        await until(joined(world, 2))
        world.suspended.add("anna")
        await world.live.rights.round()
        assert await closing(follower) == 1008
        assert world.live.hub.count("s") == 1
        await told(other)


async def test_close_person() -> None:
    world = World()
    anna = world.person("anna")
    async with serving(world) as served, served.follow(token=anna) as follower, served.follow(token=anna) as second:
        await until(joined(world, 2))
        assert world.live.hub.close_person("anna") == 2
        assert world.live.hub.close_person("anna") == 0
        assert {await closing(follower), await closing(second)} == {1008}


async def test_a_store_that_was_down_costs_nothing_and_no_order() -> None:
    world = World()
    async with serving(world) as served, served.follow() as follower:
        await until(joined(world, 1))
        world.store.down = True
        for _ in range(3):
            await world.store.append("s")
        await asyncio.sleep(0.15)
        world.store.down = False
        await told(follower)
        assert await numbers(follower, 3) == [1, 2, 3]


async def test_joining_while_the_store_is_down_says_come_again() -> None:
    world = World()
    async with serving(world) as served:
        world.store.down = True
        async with served.follow() as follower:
            assert await closing(follower) == 1013
        world.store.down = False
        async with served.follow() as follower:
            assert (await told(follower))["kind"] == "hello"


async def test_an_entry_that_cannot_be_shown_stops_nothing_for_ever() -> None:
    world = World()
    world.broken.add(2)
    async with serving(world) as served, served.follow() as follower:
        await until(joined(world, 1))
        for _ in range(3):
            await world.store.append("s")
        await told(follower)
        assert (await told(follower))["seq"] == 1
        assert await told(follower) == {"kind": "reset", "seq": 2}
        assert (await told(follower))["seq"] == 3


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, 0), (1, 0), (4, 0), (5, 5), (99, 99), (101, 101), (999, 999), (1_234, 1_230), (10_000, 10_000), (98_765, 98_700)],
)
def test_presence_is_told_so_that_nobody_is_recognized(count: int, expected: int) -> None:
    assert shown(count) == expected
    assert json.loads(decode_text(presence_frame(expected))) == {"kind": "presence", "count": expected}


async def test_presence_is_told_when_it_changes() -> None:
    world = World()
    presence = world.live.presence
    async with serving(world) as served:
        followers = [await served.follow() for _ in range(4)]
        await until(joined(world, 4))
        await presence.round()
        followers.append(await served.follow(query="?lang=ar"))
        await until(joined(world, 5))
        await presence.round()
        await presence.round()
        late = await served.follow()
        await until(joined(world, 6))
        await late.close()
        await until(joined(world, 5))
        await presence.round()
        await followers.pop().close()
        await until(joined(world, 4))
        await presence.round()
        frames = [json.loads(await followers[0].recv()) for _ in range(3)]
        assert frames == [
            {"kind": "hello", "seq": 0},
            {"kind": "presence", "count": 5},
            {"kind": "presence", "count": 0},
        ]
        assert [json.loads(frame)["kind"] async for frame in late] == ["hello", "presence"]
