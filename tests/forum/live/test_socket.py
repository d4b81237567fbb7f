"""The websocket of a space: who is let in, what comes first, what a reader may say."""

import asyncio
from typing import Any

import pytest
from starlette.testclient import TestClient
from websockets.exceptions import InvalidStatus

from forum.live.handshake import HIGHEST_SEQ
from tests.forum.live.waiting import until
from tests.forum.live.world import BASE_URL, Served, World, closing, numbers, serving, told

pytestmark = pytest.mark.server

ORIGINS: list[tuple[str, str | None, str, bool]] = [
    # sentence, Origin (None: not sent), who (cookie, bearer, nobody), let in
    ("a page of the forum, signed in", BASE_URL, "cookie", True),
    ("a page of the forum, anonymous", BASE_URL, "nobody", True),
    ("a program with a token", None, "bearer", True),
    ("a program without anything", None, "nobody", True),
    ("a program that names the forum itself", BASE_URL, "bearer", True),
    ("a cookie without an origin", None, "cookie", False),
    ("an opaque origin", "null", "cookie", False),
    ("an opaque origin, anonymous", "null", "nobody", False),
    ("an empty origin", "", "cookie", False),
    ("another site", "http://evil.example", "cookie", False),
    ("another site, anonymous", "http://evil.example", "nobody", False),
    ("another site with a token", "http://evil.example", "bearer", False),
    ("the forum as a prefix", "http://forum.example.evil.example", "cookie", False),
    ("the forum as a prefix without a dot", "http://forum.examples", "cookie", False),
    ("the forum as a suffix", "http://evilforum.example", "cookie", False),
    ("a subdomain of the forum", "http://sub.forum.example", "cookie", False),
    ("the forum as user information", "http://forum.example@evil.example", "cookie", False),
    ("the forum with user information", "http://evil@forum.example", "cookie", False),
    ("the forum with a password", "http://forum.example:80@evil.example", "cookie", False),
    ("another scheme", "https://forum.example", "cookie", False),
    ("a websocket scheme", "ws://forum.example", "cookie", False),
    ("another port", "http://forum.example:8080", "cookie", False),
    ("the default port written out", "http://forum.example:80", "cookie", False),
    ("a path behind the origin", "http://forum.example/", "cookie", False),
    ("a query behind the origin", "http://forum.example?http://evil.example", "cookie", False),
    ("a fragment behind the origin", "http://evil.example#http://forum.example", "cookie", False),
    ("upper case", "HTTP://FORUM.EXAMPLE", "cookie", False),
    ("a trailing dot", "http://forum.example.", "cookie", False),
    ("two origins in one header", "http://forum.example http://evil.example", "cookie", False),
    ("two origins with a comma", "http://forum.example, http://evil.example", "cookie", False),
    ("no scheme", "forum.example", "cookie", False),
    ("a look-alike dot", "http://forum%2eexample", "cookie", False),
    ("a backslash", "http://forum.example\\@evil.example", "cookie", False),
    ("a file", "file://", "cookie", False),
    ("an extension", "chrome-extension://forum.example", "cookie", False),
]


async def status(served: Served, space: str = "s", **options: Any) -> int:
    """101 when let in, else the status of the refusal."""
    try:
        async with served.follow(space, **options):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_origins() -> None:
    world = World()
    world.person("anna")
    assert len(ORIGINS) >= 20
    async with serving(world) as served:
        wrong = []
        for sentence, origin, who, let_in in ORIGINS:
            headers = {} if origin is None else {"Origin": origin}
            if who == "cookie":
                headers["Cookie"] = "forum=anna"
            found = await status(served, headers=headers, token="anna" if who == "bearer" else None)
            if found != (101 if let_in else 403):
                wrong.append(f"{sentence}: {found}")
        assert not wrong, "\n".join(wrong)


async def test_two_origin_headers_are_refused() -> None:
    async with serving(World()) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(
            b"GET /live/spaces/s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n"
            b"Origin: http://forum.example\r\nOrigin: http://evil.example\r\n\r\n"
        )
        assert b" 400 " in await reader.readline()  # by the server itself
        writer.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 101),
        ("?since=0", 101),
        ("?since=3", 101),
        (f"?since={HIGHEST_SEQ}", 101),
        (f"?since={HIGHEST_SEQ + 1}", 403),
        ("?since=99999999999999999999999", 403),
        ("?since=-1", 403),
        ("?since=%2B1", 403),
        ("?since=1.0", 403),
        ("?since=1e3", 403),
        ("?since=0x1", 403),
        ("?since=1_0", 403),
        ("?since=", 403),
        ("?since=%201", 403),
        ("?since=abc", 403),
        ("?since=%D9%A3", 403),
        ("?since=1&since=2", 403),
        ("?since=[]", 403),
        ("?since=null", 403),
    ],
)
async def test_since(query: str, expected: int) -> None:
    world = World()
    await world.store.append("s")
    async with serving(world) as served:
        assert await status(served, query=query) == expected


@pytest.mark.parametrize(("query", "lang"), [("?lang=ar", "ar"), ("?lang=de", "en"), ("?lang=EN", "en"), ("", "en")])
async def test_languages(query: str, lang: str) -> None:
    world = World()
    async with serving(world) as served, served.follow(query=query) as follower:
        assert await told(follower) == {"kind": "hello", "seq": 0}
        await world.store.append("s")
        assert (await told(follower))["lang"] == lang


async def test_what_one_may_not_see_is_not_there() -> None:
    """Unknown and invisible answer alike, and a right lost since the sign-in counts."""
    world = World()
    world.person("anna")
    world.private.add("inner")
    async with serving(world) as served:
        assert await status(served, "inner", token="anna") == 101
        assert await status(served, "inner") == 404
        assert await status(served, "nowhere", token="anna") == 404
        answers = []
        for space in ("inner", "nowhere"):
            with pytest.raises(InvalidStatus) as refused:
                await served.follow(space)
            answers.append(refused.value.response.body)
        assert answers[0] == answers[1]
        assert b"not_found" in (answers[0] or b"")


async def test_the_limit_is_asked() -> None:
    world = World()
    world.most_opened = 1
    async with serving(world) as served:
        assert await status(served) == 101
        with pytest.raises(InvalidStatus) as refused:
            await served.follow()
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["retry-after"] == "7"


async def test_hello_comes_first_then_what_was_missed_then_what_happens() -> None:
    world = World()
    for _ in range(5):
        await world.store.append("s")
    async with serving(world) as served, served.follow(query="?since=2") as follower:
        assert await told(follower) == {"kind": "hello", "seq": 5}
        assert await numbers(follower, 5) == [3, 4, 5]
        await world.store.append("s")
        assert await numbers(follower, 6) == [6]


async def test_without_since_only_what_happens_from_now_on() -> None:
    world = World()
    await world.store.append("s")
    async with serving(world) as served, served.follow() as follower:
        assert await told(follower) == {"kind": "hello", "seq": 1}
        await world.store.append("s")
        assert await numbers(follower, 2) == [2]


@pytest.mark.parametrize(("entries", "since"), [(5_001, 0), (3, 4), (3, 5_000)])
async def test_too_old_or_from_another_life_is_reset(entries: int, since: int) -> None:
    world = World()
    for _ in range(entries):
        await world.store.append("s")
    async with serving(world) as served, served.follow(query=f"?since={since}") as follower:
        assert await told(follower) == {"kind": "hello", "seq": entries}
        assert await told(follower) == {"kind": "reset", "seq": entries}
        await world.store.append("s")
        assert await numbers(follower, entries + 1) == [entries + 1]


async def test_a_thousand_missed_updates_are_sent_again() -> None:
    """A megabyte and more: a reader who only catches up is not taken for one who lags."""
    world = World()
    for n in range(1_000):
        await world.store.append("s", text=f"{n} " * 400)
    async with serving(world) as served, served.follow(query="?since=0") as follower:
        await told(follower)
        assert await numbers(follower, 1_000) == list(range(1, 1_001))


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ('{"kind":"pong"}', 1008),
        ('{"kind":"ping","more":1}', 1008),
        ('{"kind":["ping"]}', 1008),
        ('{"kind":null}', 1008),
        ('["ping"]', 1008),
        ('"ping"', 1008),
        ("", 1008),
        ("{", 1008),
        ("[" * 1_000, 1008),
        ("\x00", 1008),
        (b'{"kind":"ping"}', 1008),
        (b"", 1008),
        ("x" * 1_025, 1009),
        ("x" * 1_000_000, 1009),
        (b"x" * 70_000, 1009),
        (["x" * 600, "x" * 600], 1009),
    ],
    ids=str,
)
async def test_a_wrong_word_closes(word: str | bytes | list[str], code: int) -> None:
    world = World()
    async with serving(world) as served, served.follow() as follower, served.follow() as other:
        await told(follower)
        await follower.send(word)
        assert await closing(follower) == code
        await told(other)
        await world.store.append("s")
        assert await numbers(other, 1) == [1]


async def test_a_ping_is_answered() -> None:
    async with serving(World()) as served, served.follow() as follower:
        await told(follower)
        for word in ('{"kind":"ping"}', ' {"kind" : "ping"} '):
            await follower.send(word)
            assert await told(follower) == {"kind": "pong"}


async def test_a_server_that_ends_says_1012() -> None:
    async with serving(World()) as served, served.follow() as follower:
        await told(follower)
        served.server.should_exit = True
        assert await closing(follower) == 1012


async def test_draining_closes_with_1012_and_lets_nobody_in() -> None:
    world = World()
    async with serving(world) as served:
        followers = [await served.follow() for _ in range(250)]
        for follower in followers:
            await told(follower)
        await world.live.drain()
        assert {await closing(follower) for follower in followers} == {1012}
        assert await status(served) == 503
        assert len(world.live.hub) == 0


async def test_a_reader_who_leaves_is_forgotten() -> None:
    world = World()
    async with serving(world) as served:
        async with served.follow() as follower:
            await told(follower)
            assert len(world.live.hub) == 1
        await until(lambda: not world.live.streams.all() and not len(world.live.hub))
        assert world.live.hub.spaces() == []


def test_another_server_serves_it_too() -> None:
    """Without raw frames and without the server's own limit of a frame."""
    world = World()
    with TestClient(world.app, base_url=BASE_URL) as client:
        with client.websocket_connect("/live/spaces/s?since=0") as follower:
            assert follower.receive_json() == {"kind": "hello", "seq": 0}
            follower.send_text('{"kind":"ping"}')
            assert follower.receive_json() == {"kind": "pong"}
            follower.send_text("x" * 1_025)
            assert follower.receive()["code"] == 1009
        with client.websocket_connect("/live/spaces/s") as follower:
            follower.receive_json()
            follower.send_bytes(b"{}")
            assert follower.receive()["code"] == 1008
