"""Readers are counted over all processes; what a process says of itself is forgotten unless it says it again."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.types import Message as Sent

from forum.live.bus import PRESENCE, Bus, Message
from forum.live.hub import Connection, Hub, Room
from forum.live.memory import MemoryBus
from forum.live.outlets import SendOutlet
from forum.live.presence import Presence
from forum.live.protocol import decode_text
from forum.live.valkey import ValkeyBus
from tests.forum.live.waiting import until
from tests.support.valkey import Valkey, valkey_server

SHORT = 0.3
"""Seconds for which a process is remembered in these tests."""


@pytest.fixture(scope="module")
def server() -> Iterator[Valkey]:
    with valkey_server() as made:
        yield made


class Process:
    """What one process has of it: a hub, a bus, and its presence."""

    def __init__(self, bus: Bus, remembered: float = 60.0) -> None:
        self.hub = Hub()
        self.bus = bus
        self.presence = Presence(self.hub, bus, remembered)
        self.sent: list[Sent] = []
        self.heard: list[Message] = []
        bus.subscribe(self.presence.hear)
        bus.subscribe(lambda topic, message: self.heard.append(message) if topic == PRESENCE else None)

    def join(self, number: int, space: str = "s") -> list[Connection]:
        """Let so many readers come into a space."""
        readers = [Connection(SendOutlet(self._send, decode_text), Room(space, "en", "reader")) for _ in range(number)]
        for reader in readers:
            self.hub.attach(reader)
            self.hub.join(reader)
        return readers

    async def _send(self, message: Sent) -> None:
        self.sent.append(message)

    def told(self) -> list[int]:
        """Return the numbers that readers here were told."""
        return [json.loads(message["text"])["count"] for message in self.sent]

    async def hears(self, count: int, of: str = "s") -> None:
        """Wait until this process counts so many."""
        await until(lambda: self.presence.count(of) == count)


class PresenceContract:
    """What holds over every bus; `pair` are two processes on one of them."""

    async def test_the_sum_is_told(self, pair: tuple[Process, Process]) -> None:
        one, other = pair
        one.join(3)
        other.join(3)
        await one.presence.round()
        assert not one.told(), "three alone are nobody"
        await other.hears(6)
        await other.presence.round()
        await one.hears(6)
        await one.presence.round()
        await until(lambda: one.told() == [6] * 3 and other.told() == [6] * 3)

    async def test_few_in_all_are_told_as_none(self, pair: tuple[Process, Process]) -> None:
        one, other = pair
        one.join(2)
        other.join(2)
        for process in (one, other, one, other):
            await process.presence.round()
        await one.hears(4)
        assert not one.told()
        assert not other.told()

    async def test_a_share_follows_its_process(self, pair: tuple[Process, Process]) -> None:
        one, other = pair
        one.join(5)
        readers = other.join(4)
        other.join(2, "elsewhere")
        await other.presence.round()
        await one.hears(9)
        await one.hears(2, "elsewhere")
        other.hub.leave(readers.pop())
        await other.presence.round()
        await one.hears(8)
        for reader in readers:
            other.hub.leave(reader)
        await other.presence.round()
        await one.hears(5)
        await one.hears(2, "elsewhere")

    async def test_who_stops_says_so(self, pair: tuple[Process, Process]) -> None:
        one, other = pair
        one.join(1)
        other.join(7)
        await other.presence.round()
        await one.hears(8)
        await other.presence.leave()
        await one.hears(1)

    async def test_ids_and_numbers_only(self, pair: tuple[Process, Process]) -> None:
        one, other = pair
        one.join(1)
        await one.presence.round()
        await until(lambda: bool(other.heard))
        [message] = other.heard
        assert message.keys() == {"space", "process", "count"}
        assert (message["space"], message["count"]) == ("s", 1)


class TestInMemory(PresenceContract):
    @pytest.fixture
    async def pair(self) -> AsyncIterator[tuple[Process, Process]]:
        bus = MemoryBus()
        await bus.start()
        yield Process(bus), Process(bus)
        await bus.stop()


@pytest.mark.server
class TestOverValkey(PresenceContract):
    @pytest.fixture
    async def pair(self, server: Valkey) -> AsyncIterator[tuple[Process, Process]]:
        buses = ValkeyBus(server.url), ValkeyBus(server.url)
        for bus in buses:
            await bus.start()
        yield Process(buses[0]), Process(buses[1])
        for bus in buses:
            await bus.stop()


async def test_a_process_that_died_is_forgotten() -> None:
    bus = MemoryBus()
    await bus.start()
    one, dead = Process(bus, SHORT), Process(bus)
    one.join(5)
    dead.join(5)
    await dead.presence.round()
    await one.hears(10)
    await asyncio.sleep(SHORT)
    assert one.presence.count("s") == 5
    await one.presence.round()
    await until(lambda: one.told() == [5] * 5)
    await bus.stop()


@pytest.mark.server
async def test_without_valkey_each_tells_its_own_and_waits_for_nobody() -> None:
    with valkey_server() as server:
        buses = ValkeyBus(server.url, 0.2), ValkeyBus(server.url, 0.2)
        for bus in buses:
            await bus.start()
        one, other = Process(buses[0], SHORT), Process(buses[1], SHORT)
        one.join(6)
        other.join(6)
        await other.presence.round()
        await one.hears(12)
        server.kill()
        await until(lambda: not any(bus.health() for bus in buses))
        await asyncio.sleep(SHORT)
        async with asyncio.timeout(1):
            await one.presence.round()
            await other.presence.round()
        assert (one.presence.count("s"), other.presence.count("s")) == (6, 6)
        await until(lambda: one.told()[-1:] == [6])
        server.start()
        await until(lambda: all(bus.health() for bus in buses), 20)
        one.join(1)
        async with asyncio.timeout(20):
            # Said again with every round: what was said while the other was not quite back is lost, and does no harm.
            while {"space": "s", "process": one.heard[-1]["process"], "count": 7} not in other.heard:
                await one.presence.round()
                await asyncio.sleep(SHORT / 4)
        for bus in buses:
            await bus.stop()
