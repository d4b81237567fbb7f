"""The feed of the moderators' queue: ids only, for the spaces one moderates, for as long as one does."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from tests.forum.live.waiting import until
from tests.forum.live.world import BASE_URL, Served, World, closing, serving, told

pytestmark = pytest.mark.server

PATH = "/live/moderation"
HELLO = {"kind": "hello"}


async def refusal(served: Served, token: str | None, headers: dict[str, str] | None = None) -> int:
    with pytest.raises(InvalidStatus) as refused:
        await served.open(PATH, token=token, headers=headers or {})
    return refused.value.response.status_code


async def test_moderators_only() -> None:
    world = World()
    anna, vera = world.person("anna"), world.person("vera", ["s"])
    async with serving(world) as served:
        assert await refusal(served, None) == 401
        assert await refusal(served, anna) == 403
        assert await refusal(served, vera, {"Origin": "http://evil.example"}) == 403
        assert await refusal(served, None, {"Cookie": "forum=vera"}) == 403
        async with served.open(PATH, headers={"Cookie": "forum=vera", "Origin": BASE_URL}) as moderator:
            assert await told(moderator) == HELLO
    assert len(world.feed) == 0


async def test_cases_of_the_spaces_one_moderates() -> None:
    world = World()
    vera, wole = world.person("vera", ["s", "t"]), world.person("wole", ["t"])
    async with serving(world) as served, served.open(PATH, token=vera) as one, served.open(PATH, token=wole) as two:
        assert await told(one) == await told(two) == HELLO
        for case, space in (("c1", "s"), ("c2", "t"), ("c3", "u"), ("c4", "t")):
            await world.bus.publish("moderation", {"case": case, "space": space, "lang": "en"})
        assert [(await told(one))["id"] for _ in range(3)] == ["c1", "c2", "c4"]
        assert await told(two) == {"kind": "case.changed", "id": "c2", "space": "t"}
        assert (await told(two))["id"] == "c4"


async def test_cases_of_the_languages_one_is_given() -> None:
    """Of another language nothing is told; where a case may have left one's language, that something has changed, not which case."""
    world = World()
    vera, wole = world.person("vera", ["s"]), world.person("wole", ["s"])
    world.languages["wole"] = {"ar", "fr"}
    async with serving(world) as served, served.open(PATH, token=vera) as one, served.open(PATH, token=wole) as two:
        assert await told(one) == await told(two) == HELLO
        for case, lang in (("c1", "en"), ("c2", "fr"), ("c3", "ru")):
            await world.bus.publish("moderation", {"case": case, "space": "s", "lang": lang})
        await world.bus.publish("moderation", {"space": "s"})
        await world.bus.publish("moderation", {"space": "t"})
        await world.bus.publish("moderation", {"case": "c4", "space": "s", "lang": "ar"})
        assert [(await told(one))["id"] for _ in range(5)] == ["c1", "c2", "c3", "", "c4"]
        assert [(await told(two))["id"] for _ in range(3)] == ["c2", "", "c4"]


async def test_a_demoted_moderator_is_closed_and_a_narrowed_one_hears_less() -> None:
    world = World()
    vera, wole = world.person("vera", ["s", "t"]), world.person("wole", ["t"])
    async with serving(world) as served, served.open(PATH, token=vera) as one, served.open(PATH, token=wole) as two:
        await told(one)
        await told(two)
        world.moderators["vera"] = {"t"}
        world.moderators["wole"] = set()
        for person in ("vera", "wole"):
            await world.bus.publish("revoked", {"person": person})
        await world.bus.publish("moderation", {"case": "c1", "space": "s", "lang": "en"})
        assert await closing(two) == 1008
        assert await told(one) == HELLO  # fetch again: something may have been missed
        await world.bus.publish("moderation", {"case": "c2", "space": "s", "lang": "en"})
        await world.bus.publish("moderation", {"case": "c3", "space": "t", "lang": "en"})
        assert (await told(one))["id"] == "c3"


async def test_after_a_cut_of_the_bus_everybody_fetches_again() -> None:
    world = World()
    async with serving(world) as served, served.open(PATH, token=world.person("vera", ["s"])) as moderator:
        assert await told(moderator) == HELLO
        await world.bus.publish("resync", {})
        assert await told(moderator) == HELLO


async def test_wrong_words_pings_and_draining() -> None:
    world = World()
    vera = world.person("vera", ["s"])
    async with serving(world) as served:
        rude, polite = await served.open(PATH, token=vera), await served.open(PATH, token=vera)
        await rude.send(json.dumps({"kind": "decide"}))
        assert await closing(rude) == 1008
        await polite.send(json.dumps({"kind": "ping"}))
        assert [await told(polite), await told(polite)] == [HELLO, {"kind": "pong"}]
        await until(lambda: len(world.feed) == 1)
        await world.feed.drain()
        assert await closing(polite) == 1012
        assert await refusal(served, vera) == 503
