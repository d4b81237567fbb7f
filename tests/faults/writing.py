"""Writers that post without pause, each comment under a key of its own, and remember what was acknowledged."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path

import httpx2

from tests.support.server import SPACE, Server

PATH = f"/api/v1/spaces/{SPACE}/comments"
WRITERS = ("delegate-a@demo.example", "delegate-b@demo.example", "participant@demo.example")
ANSWERED = {200, 201}


class Writer:
    """Posts under the keys "w1-1", "w1-2", …; the text of a comment is its key."""

    def __init__(self, name: str, http: httpx2.AsyncClient) -> None:
        self.name = name
        self.http = http
        self.acknowledged: dict[str, str] = {}
        self.unknown: set[str] = set()
        self.refused: list[int] = []
        self.answers: list[tuple[int, float]] = []

    def body(self, key: str) -> str:
        return f"Comment {key} of a writer."

    async def post(self, key: str, body: str = "") -> httpx2.Response:
        data = {"question": 1, "body": body or self.body(key), "lang": "en"}
        return await self.http.post(PATH, json=data, headers={"Idempotency-Key": key})

    async def write(self) -> None:
        """Post until the server does not answer any more; what was begun then is unknown."""
        number = 0
        while True:
            number += 1
            key = f"{self.name}-{number}"
            self.unknown.add(key)
            try:
                answer = await self.post(key)
            except httpx2.HTTPError:
                return
            self.unknown.discard(key)
            if answer.status_code in ANSWERED:
                self.acknowledged[key] = answer.json()["id"]
            else:
                self.refused.append(answer.status_code)
                if answer.status_code == 503:
                    return

    async def insist(self, over: asyncio.Event, pause: float = 0.05) -> None:
        """Post until `over`, each comment again under its key until it is taken; `answers` are all statuses with their seconds.

        A connection that breaks or answers nothing is status 0.
        """
        number = 0
        while not over.is_set():
            number += 1
            key, status = f"{self.name}-{number}", 0
            self.unknown.add(key)
            while status not in ANSWERED:
                began = time.monotonic()
                try:
                    answer = await self.post(key)
                    status = answer.status_code
                except httpx2.HTTPError:
                    status = 0
                self.answers.append((status, time.monotonic() - began))
                if status in ANSWERED:
                    self.acknowledged[key] = answer.json()["id"]
                    self.unknown.discard(key)
                else:
                    await asyncio.sleep(pause)


@asynccontextmanager
async def writers(server: Server, prefix: str = "w", each: int = 2) -> AsyncIterator[list[Writer]]:
    """Open writers, `each` of them for every account."""
    async with AsyncExitStack() as stack:
        made = []
        for place, email in enumerate(WRITERS * each):
            http = await stack.enter_async_context(httpx2.AsyncClient(base_url=server.url, timeout=15))
            answer = await http.post("/api/v1/tokens", json={"email": email, "password": server.password})
            http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            made.append(Writer(f"{prefix}{place}", http))
        yield made


async def until_written(made: list[Writer], number: int = 30) -> None:
    """Wait until so many comments are acknowledged; all writers are then in the middle of the next."""
    async with asyncio.timeout(60):
        while sum(len(writer.acknowledged) for writer in made) < number:  # noqa: ASYNC110 - six writers, one look
            await asyncio.sleep(0.005)


async def check_all_there(server: Server, made: list[Writer]) -> None:
    """Fail unless each acknowledged comment is there once, and each key, tried again, answers one comment and always the same."""

    async def check(writer: Writer) -> None:
        for key, comment_id in writer.acknowledged.items():
            again = await writer.post(key)
            assert (again.status_code, again.json().get("id")) == (200, comment_id), key
        for key in writer.unknown:
            first, second = await writer.post(key), await writer.post(key)
            assert first.status_code in ANSWERED, (key, first.text)
            assert (second.status_code, second.json()["id"]) == (200, first.json()["id"]), key
        for key in list(writer.acknowledged)[:1]:
            other = await writer.post(key, "Another text under the same key.")
            assert other.status_code == 422, key

    await asyncio.gather(*map(check, made))
    found = server.rows("SELECT source, COUNT(*) FROM revisions WHERE source LIKE 'Comment %' GROUP BY source")
    keys = dict(server.rows("SELECT key, COUNT(*) FROM post_keys WHERE key LIKE '%-%' GROUP BY key"))
    expected = {writer.body(key): 1 for writer in made for key in {*writer.acknowledged, *writer.unknown}}
    assert dict(found) == expected
    assert keys == {key: 1 for writer in made for key in {*writer.acknowledged, *writer.unknown}}


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database of a server beside it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
        yield database


def check_whole(server: Server) -> None:
    """Fail unless the file of the database, where it is one, and the chain of every log are whole."""
    if server.database.exists():
        assert server.rows("PRAGMA integrity_check") == [("ok",)]
        assert server.rows("PRAGMA foreign_key_check") == []
    said = server.run("-m", "forum", "verify")
    assert said.strip()
    assert all(line.endswith("whole") for line in said.strip().splitlines()), said
