"""Readers ask for one thread without pause while comments are held, published, edited and removed in it: nobody ever gets a text before
it is public, after it has gone, or an answer that does not know yet what was acknowledged before it was asked for."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.stories.people import Browser
from tests.support.server import SPACE, Api, Server, demo_server

pytestmark = pytest.mark.server
ROUNDS = 6
THREAD = f"/spaces/{SPACE}/questions/2"
PLACES = (f"/en{THREAD}", f"/ar{THREAD}", f"/api/v1/spaces/{SPACE}/comments?question=2&limit=100")


@dataclass
class Text:
    """When a text was certainly hidden, certainly shown, and certainly hidden again; on the clock of this process."""

    word: str
    asked: float = float("inf")
    shown: float = float("inf")
    going: float = float("inf")
    gone: float = float("inf")

    def wrong(self, began: float, ended: float, body: str) -> str:
        """Return what is wrong about an answer, if anything."""
        there = self.word in body
        if there and (ended < self.asked or began > self.gone):
            return f"{self.word} leaked"
        if not there and began > self.shown and ended < self.going:
            return f"{self.word} is missing"
        return ""


@dataclass
class Readers:
    """All who read, what they got, and the end of it."""

    answers: list[tuple[str, float, float, str]] = field(default_factory=list)
    over: bool = False

    async def read(self, http: httpx2.AsyncClient, who: str, path: str) -> None:
        while not self.over:
            began = time.monotonic()
            answer = await http.get(path)
            assert answer.status_code in (200, 304), answer.status_code
            if answer.status_code == 200:
                self.answers.append((f"{who} {path}", began, time.monotonic(), answer.text))
            await asyncio.sleep(0.002)

    def have_looked(self, since: float) -> None:
        """Wait until every reader has been given an answer that they asked for after `since`."""
        names = {who for who, *_ in self.answers}
        end = time.monotonic() + 30
        while {who for who, began, _, _ in self.answers if began > since} < names:
            assert time.monotonic() < end, "somebody reads no more"
            time.sleep(0.02)


@pytest.fixture(scope="module", params=["sqlite", "workers"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One process; and two on one socket, of which either may answer."""
    with demo_server(tmp_path_factory.mktemp("reading"), stack=request.param) as made:
        yield made


def write(readers: Readers, author: Api, moderator: Api, number: int) -> list[Text]:
    """Let one comment go the whole way: held, published, its edit held and published, removed; each seen by all readers."""
    first, second = Text(f"zqfirst{number}canary"), Text(f"zqsecond{number}canary")
    comment = author.comment(2, f"Before: {first.word}.")
    first.asked = time.monotonic()
    moderator.decide(comment["id"])
    first.shown = time.monotonic()
    readers.have_looked(first.shown)
    version = author.ask("GET", f"/comments/{comment['id']}")["version"]
    author.ask("PATCH", f"/comments/{comment['id']}", json={"body": f"After: {second.word}.", "version": version})
    second.asked = first.going = time.monotonic()
    moderator.decide(comment["id"])
    second.shown = first.gone = time.monotonic()
    readers.have_looked(second.shown)
    second.going = time.monotonic()
    version = moderator.ask("GET", f"/comments/{comment['id']}")["version"]
    if number % 2:
        author.ask("DELETE", f"/comments/{comment['id']}", json={"version": version})
    else:
        remove(moderator, comment["id"])
    second.gone = time.monotonic()
    return [first, second]


def remove(moderator: Api, comment: str) -> None:
    """Take a published comment down by a moderator's decision on its case."""
    [case] = moderator.ask("GET", f"/moderation/cases?state=decided&comment={comment}")["items"][:1]
    data = {"action": "remove", "reason": "off_topic", "version": case["version"]}
    moderator.ask("POST", f"/moderation/cases/{case['id']}/decision", json=data)


async def test_no_reader_is_told_too_early_or_too_late(server: Server, tmp_path: Path) -> None:
    readers = Readers()
    author, moderator = server.api("delegate-a@demo.example"), server.api("moderator@demo.example")
    with Browser(server, "participant@demo.example") as one, Browser(server, "delegate-b@demo.example") as two:
        cookies = {"a participant": dict(one.http.cookies), "a delegate": dict(two.http.cookies)}
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        for who, cookie in {"anybody": {}, "anybody else": {}, **cookies}.items():
            http = await stack.enter_async_context(httpx2.AsyncClient(base_url=server.url, timeout=30, cookies=cookie))
            for path in PLACES:
                tasks.create_task(readers.read(http, who, path))
        texts: list[Text] = []
        for number in range(ROUNDS):
            texts += await asyncio.to_thread(write, readers, author, moderator, number)
        readers.over = True
    wrong = {
        f"{found}: {who}"
        for who, began, ended, body in readers.answers
        for text in texts
        if (found := text.wrong(began, ended, body))
    }
    assert not wrong
    seen = {text.word for text in texts for _, _, _, body in readers.answers if text.word in body}
    assert seen == {text.word for text in texts}, "the readers were there when it was public"
