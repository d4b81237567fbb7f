"""The bus over a real Valkey keeps the contract, and the forum goes on when Valkey does not."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from valkey.crc import key_slot

from forum.live.bus import MODERATION, RESYNC, REVOKED, SPACE, Bus, Message
from forum.live.valkey import CHANNELS, MOST_WAITING, ValkeyBus, channel_of, decode, encode
from tests.forum.live.bus_contract import BusContract, Heard, ear
from tests.forum.live.waiting import until
from tests.support.valkey import Valkey, ask, move_slot, valkey_cluster, valkey_server

pytestmark = pytest.mark.server
NOWHERE = "valkey+unix:///nowhere/valkey.sock"


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with valkey_server() as made:
        yield made


@pytest.fixture
def mortal() -> Iterator[Valkey]:
    """A server for a test that ends it."""
    with valkey_server() as made:
        yield made


@pytest.fixture(scope="module")
def plain() -> Iterator[Valkey]:
    """A server that knows no sharded pub/sub."""
    with valkey_server(**{"rename-command SSUBSCRIBE": "", "rename-command SPUBLISH": ""}) as made:
        yield made


@pytest.fixture
def cluster() -> Iterator[list[str]]:
    """Two primaries of one cluster, half of the slots each; their addresses."""
    with valkey_cluster() as made:
        yield made


@asynccontextmanager
async def two(url: str, beat: float = 2.0) -> AsyncIterator[tuple[ValkeyBus, ValkeyBus, Heard, Heard]]:
    """Two processes' buses, connected, with an ear each."""
    first, second = ValkeyBus(url, beat), ValkeyBus(url, beat)
    at_first: Heard = []
    at_second: Heard = []
    first.subscribe(ear(at_first))
    second.subscribe(ear(at_second))
    await first.start()
    await second.start()
    try:
        assert first.health()
        assert second.health()
        yield first, second, at_first, at_second
    finally:
        await first.stop()
        await second.stop()
        assert asyncio.all_tasks() == {asyncio.current_task()}


def told(*numbers: int) -> Heard:
    return [(SPACE, {"space": f"s{number % 3}", "seq": number}) for number in numbers]


class TestValkeyBus(BusContract):
    @pytest.fixture
    def bus(self, server: Valkey) -> Bus:
        return ValkeyBus(server.url)


class TestPlainValkeyBus(BusContract):
    @pytest.fixture
    def bus(self, plain: Valkey) -> Bus:
        return ValkeyBus(plain.url)


class TestValkeyBusAlone(BusContract):
    """Without any Valkey a process still hears itself."""

    @pytest.fixture
    def bus(self) -> Bus:
        return ValkeyBus(NOWHERE)


@pytest.mark.parametrize("kind", ["server", "plain"])
async def test_two_hear_one_another_in_order_and_themselves_once(kind: str, request: pytest.FixtureRequest) -> None:
    async with two(request.getfixturevalue(kind).url) as (first, second, at_first, at_second):
        for topic, message in told(*range(300)):
            await first.publish(topic, message)
        await until(lambda: len(at_second) == 300)
        await second.publish(REVOKED, {"person": "p"})
        await second.publish(MODERATION, {"case": "c", "space": "s", "lang": "en"})
        await until(lambda: len(at_first) == 302)
        await asyncio.sleep(0.05)
        assert (
            at_first
            == at_second
            == [*told(*range(300)), (REVOKED, {"person": "p"}), (MODERATION, {"case": "c", "space": "s", "lang": "en"})]
        )


async def test_sharded_channels_are_used_where_the_server_knows_them(server: Valkey, plain: Valkey) -> None:
    for place, sharded, unsharded in ((server, 64, 0), (plain, 0, 64)):
        async with two(place.url):
            client = place.client()
            assert len(client.execute_command("PUBSUB", "SHARDCHANNELS")) == sharded
            assert len(client.execute_command("PUBSUB", "CHANNELS")) == unsharded
            client.close()


async def test_a_cluster_shares_the_channels_and_each_process_hears_them_all(cluster: list[str]) -> None:
    async with two(cluster[0]) as (first, second, at_first, at_second):
        shares = [len(ask(url, "PUBSUB", "SHARDCHANNELS")) for url in cluster]
        assert sum(shares) == len(CHANNELS)
        assert min(shares) >= 16
        said: Heard = [(SPACE, {"space": f"space-{number % 50}", "seq": number}) for number in range(500)]
        for topic, message in said:
            await first.publish(topic, message)
        await until(lambda: len(at_second) == 500)
        for space in {message["space"] for _, message in said}:
            assert [one for one in at_second if one[1]["space"] == space] == [one for one in said if one[1]["space"] == space]
        await second.publish(REVOKED, {"person": "p"})
        await until(lambda: at_first[-1] == (REVOKED, {"person": "p"}))


async def test_a_channel_that_moves_to_another_node_is_followed(cluster: list[str]) -> None:
    async with two(cluster[0]) as (first, _second, at_first, at_second):
        move_slot(cluster, key_slot(channel_of({"space": "s"}).encode()))
        await until(lambda: (RESYNC, {}) in at_first and (RESYNC, {}) in at_second)
        await first.publish(SPACE, {"space": "s", "seq": 1})
        await until(lambda: (SPACE, {"space": "s", "seq": 1}) in at_second)


async def test_killed_and_started_again(mortal: Valkey) -> None:
    async with two(mortal.url) as (first, second, at_first, at_second):
        await first.publish(SPACE, {"space": "s", "seq": 0})
        await until(lambda: len(at_second) == 1)
        mortal.kill()
        await until(lambda: not first.health() and not second.health())
        slowest = 0.0
        for number in range(1, 51):
            began = time.perf_counter()
            await first.publish(SPACE, {"space": "s", "seq": number})
            slowest = max(slowest, time.perf_counter() - began)
            await asyncio.sleep(0.01)
        assert slowest < 0.25
        assert len(at_first) == 51, "this process hears itself without Valkey"
        mortal.start()
        await until(lambda: (RESYNC, {}) in at_first and (RESYNC, {}) in at_second)
        assert first.health()
        assert second.health()
        await second.publish(SPACE, {"space": "s", "seq": 99})
        await until(lambda: at_first[-1][1].get("seq") == 99)
        # What was said meanwhile has waited and comes in order, if the other was back in time to hear it; RESYNC heals the rest.
        await first.publish(SPACE, {"space": "s", "seq": 100})
        await until(lambda: at_second[-1][1].get("seq") == 100)
        numbers = [int(message["seq"]) for topic, message in at_second if topic == SPACE and message["seq"] != 99]
        assert numbers == sorted(numbers)


async def test_one_process_is_cut_off_and_nothing_it_says_is_lost(server: Valkey) -> None:
    async with two(server.url) as (first, second, at_first, at_second):
        client = server.client()
        mine = client.execute_command("CLIENT", "ID")
        await second.stop()
        others = [one["id"] for one in client.client_list() if int(one["id"]) != mine]
        await second.start()
        for number in others:
            client.execute_command("CLIENT", "KILL", "ID", number)
        client.close()
        await until(lambda: not first.health())
        await first.publish(REVOKED, {"person": "p"})
        await until(lambda: len(at_first) == 2 and len(at_second) == 1)
        assert at_first == [(REVOKED, {"person": "p"}), (RESYNC, {})]
        assert at_second == [(REVOKED, {"person": "p"})]


async def test_frozen_server(mortal: Valkey) -> None:
    async with two(mortal.url, beat=0.1) as (first, second, at_first, at_second):
        mortal.freeze()
        began = time.perf_counter()
        await first.publish(SPACE, {"space": "s", "seq": 1})
        assert time.perf_counter() - began < 0.25
        await until(lambda: not first.health() and not second.health())
        mortal.thaw()
        await until(lambda: (RESYNC, {}) in at_first and (RESYNC, {}) in at_second)
        # The first may have been back, and have said what waited, before the second was: that is what RESYNC heals.
        await first.publish(SPACE, {"space": "s", "seq": 2})
        await until(lambda: (SPACE, {"space": "s", "seq": 2}) in at_second)


async def test_too_much_to_keep_becomes_a_resync(mortal: Valkey) -> None:
    async with two(mortal.url) as (first, second, at_first, _at_second):
        mortal.kill()
        await until(lambda: not first.health() and not second.health())
        for number in range(MOST_WAITING + 10):
            await first.publish(SPACE, {"space": "s", "seq": number})
        assert len(first._waiting) == 11
        assert decode(first._waiting[0][1])[1] == RESYNC
        assert (RESYNC, {}) not in at_first


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"[" * 500,
        b"[]",
        b"null",
        b"{}",
        json.dumps({"from": "x", "topic": [], "message": {}}).encode(),
        json.dumps({"from": "x", "topic": "rumour", "message": {}}).encode(),
        json.dumps({"from": "x", "topic": SPACE, "message": {"space": "s", "seq": 1, "body": "a text"}}).encode(),
        json.dumps({"from": "x", "topic": SPACE, "message": {"space": "a text", "seq": 1}}).encode(),
        json.dumps({"from": "x", "topic": SPACE, "message": {"space": "s", "seq": 1.5}}).encode(),
        encode("x", SPACE, {"space": "s", "seq": int("9" * 600)}),
    ],
)
async def test_garbage_is_ignored_and_its_text_not_logged(server: Valkey, data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with two(server.url) as (first, _second, at_first, at_second):
        client = server.client()
        with caplog.at_level(logging.WARNING):
            client.execute_command("SPUBLISH", channel_of({"space": "s"}), data)
            client.close()
            await first.publish(SPACE, {"space": "s", "seq": 2})
            await until(lambda: bool(at_first and at_second) and len(caplog.records) == 2)
        assert at_first == at_second == [(SPACE, {"space": "s", "seq": 2})]
        assert "a text" not in caplog.text


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (SPACE, {"space": "s" * 64, "seq": 2**63}),
        (REVOKED, {"person": "p"}),
        (MODERATION, {"case": "c", "space": "s", "lang": "en"}),
        (RESYNC, {}),
    ],
)
def test_what_travels_comes_back(topic: str, message: Message) -> None:
    assert decode(encode("0123456789abcdef", topic, message)) == ("0123456789abcdef", topic, message)


def test_spaces_are_spread_and_keep_their_channel() -> None:
    used = {channel_of({"space": f"space-{number}", "seq": 1}) for number in range(2000)}
    assert used == set(CHANNELS)
    assert (
        channel_of({"space": "a", "seq": 1})
        == channel_of({"space": "a"})
        == channel_of({"case": "c", "space": "a", "lang": "en"})
    )


async def test_what_was_said_before_the_stop_is_still_sent(server: Valkey) -> None:
    async with two(server.url) as (first, _second, _at_first, at_second):
        for topic, message in told(*range(100)):
            await first.publish(topic, message)
        await first.stop()
        await until(lambda: at_second == told(*range(100)))


async def test_stop_while_valkey_is_away() -> None:
    bus = ValkeyBus(NOWHERE)
    await bus.start()
    await bus.publish(SPACE, {"space": "s", "seq": 1})
    began = time.perf_counter()
    await bus.stop()
    await bus.stop()
    assert time.perf_counter() - began < 1
    assert asyncio.all_tasks() == {asyncio.current_task()}
