"""What every bus does. A test class of a backend inherits `BusContract` and makes its bus in the fixture `bus`."""

from collections.abc import Callable

import pytest

from forum.live.bus import MODERATION, REVOKED, SPACE, Bus, Message
from tests.forum.live.waiting import until

Heard = list[tuple[str, Message]]


def ear(heard: Heard) -> Callable[[str, Message], None]:
    return lambda topic, message: heard.append((topic, dict(message)))


class BusContract:
    """The contract; `bus` is made, not started."""

    async def test_tells_every_listener_in_order(self, bus: Bus) -> None:
        one: Heard = []
        two: Heard = []
        bus.subscribe(ear(one))
        await bus.start()
        bus.subscribe(ear(two))
        told: Heard = [(SPACE, {"space": f"s{n % 3}", "seq": n}) for n in range(200)]
        for topic, message in told:
            await bus.publish(topic, message)
        await until(lambda: len(one) == len(two) == 200)
        await bus.stop()
        assert one == two == told

    async def test_carries_every_topic(self, bus: Bus) -> None:
        heard: Heard = []
        bus.subscribe(ear(heard))
        await bus.start()
        await bus.publish(REVOKED, {"person": "p"})
        await bus.publish(REVOKED, {"space": "s"})
        await bus.publish(MODERATION, {"case": "c", "space": "s", "lang": "en"})
        await until(lambda: len(heard) == 3)
        await bus.stop()
        assert heard == [
            (REVOKED, {"person": "p"}),
            (REVOKED, {"space": "s"}),
            (MODERATION, {"case": "c", "space": "s", "lang": "en"}),
        ]

    async def test_a_listener_that_fails_harms_nobody(self, bus: Bus) -> None:
        heard: Heard = []

        def broken(_topic: str, _message: Message) -> None:
            raise RuntimeError("broken on purpose")

        bus.subscribe(broken)
        bus.subscribe(ear(heard))
        await bus.start()
        for n in range(3):
            await bus.publish(SPACE, {"space": "s", "seq": n})
        await until(lambda: len(heard) == 3)
        await bus.stop()

    async def test_the_publisher_does_not_run_the_listeners(self, bus: Bus) -> None:
        heard: Heard = []
        bus.subscribe(ear(heard))
        await bus.start()
        publishing = bus.publish(SPACE, {"space": "s", "seq": 1})
        assert not heard
        await publishing
        await until(lambda: len(heard) == 1)
        await bus.stop()

    async def test_nothing_is_told_after_the_stop_and_a_bus_starts_again(self, bus: Bus) -> None:
        heard: Heard = []
        bus.subscribe(ear(heard))
        await bus.start()
        await bus.stop()
        await bus.publish(SPACE, {"space": "s", "seq": 1})
        await bus.start()
        await bus.publish(SPACE, {"space": "s", "seq": 2})
        await until(lambda: len(heard) == 1)
        await bus.stop()
        assert heard == [(SPACE, {"space": "s", "seq": 2})]

    @pytest.mark.parametrize(
        ("topic", "message"),
        [
            ("rumour", {"space": "s"}),
            (SPACE, {"space": "s"}),
            (SPACE, {"space": "s", "seq": "1"}),
            (SPACE, {"space": "s", "seq": True}),
            (SPACE, {"space": "s", "seq": -1}),
            (SPACE, {"space": "s", "seq": 1, "body": "text"}),
            (REVOKED, {"person": "a text, not an id"}),
            (REVOKED, {"person": "x" * 65}),
            (MODERATION, {"case": "c", "space": "", "lang": "en"}),
        ],
    )
    async def test_only_ids_and_numbers_travel(self, bus: Bus, topic: str, message: Message) -> None:
        await bus.start()
        with pytest.raises(ValueError, match="topic"):
            await bus.publish(topic, message)
        await bus.stop()
