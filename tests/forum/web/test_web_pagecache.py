import asyncio
from dataclasses import dataclass, field

import httpx2
import pytest
from starlette.types import Message, Receive, Scope, Send

from forum.web.generations import Generations
from forum.web.pagecache import PageCache
from tests.forum.web.apps import BASE, Built


def test_a_page_is_made_once_and_again_when_it_changed(built: Built) -> None:
    client = built.client()
    first = client.get("/en/plain")
    second = client.get("/en/plain")
    assert built.made == 1
    assert second.content == first.content
    assert "x-request-id" not in second.headers
    ours = {name: value for name, value in first.headers.items() if name != "x-request-id"}
    assert dict(second.headers) == ours
    built.generations.bump("space:2")
    client.get("/en/plain")
    assert built.made == 1
    built.generations.bump("objectives")
    client.get("/en/plain")
    assert built.made == 2
    built.generations.bump_all()
    client.get("/en/plain")
    assert built.made == 3


def test_a_page_during_whose_making_something_changed_is_not_kept(built: Built) -> None:
    client = built.client()
    client.get("/en/plain?bump=1")
    client.get("/en/plain?bump=1")
    assert built.made == 2


def test_forms_of_an_answer(built: Built) -> None:
    client = built.client()
    plain = client.get("/en/plain", headers={"accept-encoding": "identity"})
    etag = plain.headers["etag"]
    zipped = client.get("/en/plain", headers={"accept-encoding": "br, gzip"})
    refused = client.get("/en/plain", headers={"accept-encoding": "gzip;q=0, identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["etag"] == etag[:-1] + '-gz"'
    assert int(zipped.headers["content-length"]) < len(plain.content)
    assert zipped.content == refused.content == plain.content
    for mark in (etag, zipped.headers["etag"], f'W/{etag}, "x"'):
        same = client.get("/en/plain", headers={"if-none-match": mark})
        assert (same.status_code, same.content) == (304, b"")
        assert "content-security-policy" in same.headers
    head = client.head("/en/plain", headers={"accept-encoding": "identity"})
    assert (head.content, head.headers["content-length"]) == (b"", str(len(plain.content)))
    assert built.made == 1


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({"cookie": "a=b"}, "/en/plain"),
        ({"authorization": "Bearer alice-secret"}, "/en/plain"),
        ({"x-requested-with": "forum"}, "/en/plain"),
        ({}, "/en/plain?tags=none"),
        ({}, "/en/plain?x=" + "y" * 300),
    ],
)
def test_what_is_never_kept_and_never_answered_from_the_cache(built: Built, headers: dict[str, str], path: str) -> None:
    client = built.client()
    client.get("/en/plain")
    client.get(path, headers=headers)
    client.get(path, headers=headers)
    assert built.made == 3


def test_pages_with_a_form_are_not_kept(built: Built) -> None:
    one, two = built.client().get("/en/form"), built.client().get("/en/form")
    assert one.text != two.text
    assert one.headers["set-cookie"] != two.headers["set-cookie"]


def test_each_query_and_language_has_its_page(built: Built) -> None:
    client = built.client()
    texts = {client.get(path).text for path in ("/en/plain", "/fr/plain", "/en/plain?after=1", "/en/plain", "/fr/plain")}
    assert len(texts) == 3
    assert built.made == 3


async def test_two_people_and_anonymous_interleaved(built: Built) -> None:
    transport = httpx2.ASGITransport(built.app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:

        async def ask(turn: int) -> tuple[int, str]:
            cookie = ({}, {"cookie": "forum=alice-secret"}, {"cookie": "forum=bob-secret"})[turn % 3]
            if turn % 7 == 0:
                built.generations.bump("space:1")
            return turn % 3, (await client.get("/en/plain", headers=cookie)).text

        answers = await asyncio.gather(*(ask(turn) for turn in range(300)))
    for who, text in answers:
        # Not the bare names: three letters can stand in a random form token.
        assert ("text Alice" in text, "text Bob" in text) == (who == 1, who == 2)


@dataclass
class Slow:
    """An application that makes a page when it is let; `says` is what the page shows."""

    tags: tuple[str, ...] = ("t",)
    says: str = "first"
    made: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made += 1
        said = self.says
        self.begun.set()
        await self.let.wait()
        scope["state"]["cache_tags"] = self.tags
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": said.encode()})


async def asked(cache: PageCache, times: int) -> list[asyncio.Task[httpx2.Response]]:
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(cache), base_url=BASE)
    return [asyncio.create_task(client.get("/page")) for _ in range(times)]


async def test_many_at_once_wait_for_the_one_who_makes_the_page() -> None:
    app = Slow()
    cache = PageCache(app, Generations())
    tasks = await asked(cache, 50)
    await app.begun.wait()
    await asyncio.sleep(0)
    app.let.set()
    assert {answer.text for answer in await asyncio.gather(*tasks)} == {"first"}
    assert app.made == 1


async def test_who_asks_after_a_change_never_gets_what_was_begun_before_it() -> None:
    app, pages = Slow(), Generations()
    cache = PageCache(app, pages)
    early = await asked(cache, 5)
    await app.begun.wait()
    app.says = "second"
    pages.bump("t")
    late = await asked(cache, 20)
    await asyncio.sleep(0)
    app.let.set()
    await asyncio.gather(*early)
    assert {answer.text for answer in await asyncio.gather(*late)} == {"second"}
    assert app.made == 2, "one for those before, one for those after"


async def test_nobody_waits_for_a_page_that_is_not_kept() -> None:
    app = Slow(tags=())
    cache = PageCache(app, Generations())
    tasks = await asked(cache, 8)
    await app.begun.wait()
    app.let.set()
    await asyncio.gather(*tasks)
    assert app.made == 8


async def test_size_and_number_are_bounded() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        assert isinstance(scope, dict)
        assert callable(send)
        scope["state"]["cache_tags"] = ("t",)
        start: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
        await send(start)
        await send({"type": "http.response.body", "body": b"x" * 500, "more_body": True})
        await send({"type": "http.response.body", "body": b"y" * 500})

    few = PageCache(app, Generations(), max_entries=3)
    small = PageCache(app, Generations(), max_bytes=12_000)
    for cache in (few, small):
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(cache), base_url=BASE) as client:
            for number in range(10):
                assert len((await client.get(f"/{number}")).content) == 1000
    assert len(few) == 3
    assert small.size <= 12_000
    assert len(small) == 2
