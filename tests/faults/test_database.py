"""PostgreSQL is killed, and frozen: whoever asks meanwhile is told to come again, at once and in their language; then all goes on."""

import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import httpx2
import pytest

from forum import wiring
from forum.db.connect import connect, disconnect
from forum.discussions.models import Comment, Premoderation, Space
from forum.people import sessions
from forum.people.models import SessionKind
from forum.record.chain import verify
from tests.support import world
from tests.support.postgres import Postgres, postgres_server
from tests.support.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.server]
BOUND = 2.0
"""Seconds after which nobody waits any more: the client's own time-out, which would fail the test."""
BACK = 5.0
PAGES = ("/fr/spaces/hall/questions/1?x=1", "/fr/spaces/hall?x=1", "/api/v1/spaces/hall/comments", "/readyz")


class Forum:
    """A server process on a PostgreSQL of its own, and somebody who writes."""

    def __init__(self, database: Postgres, server: Server, token: str) -> None:
        self.database = database
        self.server = server
        self.acknowledged: list[str] = []
        self.http = httpx2.Client(base_url=server.url, timeout=BOUND, headers={"accept-language": "fr"})
        self._token = token

    def post(self) -> httpx2.Response:
        form = {"question": 1, "body": "Words.", "lang": "en", "capacity": "personal", "parent": None}
        headers = {"authorization": f"Bearer {self._token}"}
        answer = self.http.post("/api/v1/spaces/hall/comments", json=form, headers=headers)
        if answer.status_code == 201:
            self.acknowledged.append(answer.json()["id"])
        return answer

    def refuses(self, answer: httpx2.Response) -> None:
        """Hold an answer against what a forum without its database says."""
        assert answer.status_code == 503, self.server.output()
        assert int(answer.headers["retry-after"]) >= 1
        assert "Le forum est inaccessible" in answer.text, "in the reader's language"

    def recovers(self) -> None:
        """Wait until comments are taken again, for as long as it may take, without a restart."""
        end = time.monotonic() + BACK
        while self.post().status_code != 201:
            assert time.monotonic() < end, self.server.output()
            time.sleep(0.1)
        assert self.http.get(PAGES[0]).status_code == 200


async def fill(url: str) -> str:
    """Make a space, and somebody who may write in it; return their token."""
    with world.listening():
        await connect(url, wiring.APPS)
        try:
            await world.space("hall", premoderation=Premoderation.NONE)
            return await sessions.open_session(await world.person("Asma"), SessionKind.API)
        finally:
            await disconnect()


@pytest.fixture
async def forum(tmp_path: Path) -> AsyncIterator[Forum]:
    with postgres_server() as database:
        url = await database.new_database()
        token = await fill(url)
        server = Server(tmp_path / "forum.sqlite3", {"FORUM_DATABASE_URL": url, "FORUM_DATABASE_POOL": "6"}, "serve")
        try:
            server.start()
            made = Forum(database, server, token)
            yield made
            made.http.close()
            await nothing_is_lost(url, made)
        finally:
            server.close()


async def nothing_is_lost(url: str, forum: Forum) -> None:
    """Every comment that was acknowledged is there, the record holds, and no connection too many is open."""
    connection = await asyncpg.connect(url)
    opened = await connection.fetchval("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'imrf-forum'")
    await connection.close()
    assert opened <= 6
    await connect(url, wiring.APPS)
    try:
        there = {one.id for one in await Comment.all()}
        assert there >= set(forum.acknowledged)
        assert (await verify((await Space.get(slug="hall")).id)).ok
    finally:
        await disconnect()


def ask_all(forum: Forum) -> list[httpx2.Response]:
    """Ask for every page, and post, forty times at once."""
    asks = [*(lambda path=path: forum.http.get(path) for path in PAGES[:3]), forum.post]
    with ThreadPoolExecutor(40) as pool:
        return [one.result() for one in [pool.submit(asks[number % 4]) for number in range(40)]]


def test_killed(forum: Forum) -> None:
    assert forum.post().status_code == 201
    forum.database.kill()
    for _ in range(3):
        for answer in ask_all(forum):
            forum.refuses(answer)
        assert forum.http.get("/readyz").status_code == 503
        assert forum.http.get("/healthz").status_code == 200, "the process itself is well"
    forum.database.start()
    forum.recovers()


def test_frozen(forum: Forum) -> None:
    assert forum.post().status_code == 201
    forum.database.freeze()
    try:
        for _ in range(3):
            for answer in ask_all(forum):
                forum.refuses(answer)
        assert forum.http.get("/readyz").status_code == 503
        assert forum.http.get("/healthz").status_code == 200
    finally:
        forum.database.thaw()
    forum.recovers()
    assert forum.server.output().count("the database hangs") == 1
