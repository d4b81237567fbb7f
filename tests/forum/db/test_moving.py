"""From SQLite to PostgreSQL: everything arrives, the record too, and is served as before; or nothing has happened at all."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from tortoise import Tortoise, fields
from tortoise.models import Model

from forum import wiring
from forum.cli_moving import REFERENCE, record_is_whole
from forum.db import tables
from forum.db.moving import BATCH, MoveError, Order, Source, move
from tests.house.sources import ROOT
from tests.support.postgres import new_database, shared
from tests.support.server import SPACE, Server, demo_database

pytestmark = pytest.mark.server
PAGES = (
    "/en/spaces",
    f"/fr/spaces/{SPACE}",
    f"/en/spaces/{SPACE}/questions/1",
    f"/ar/spaces/{SPACE}/questions/2",
    f"/zh/spaces/{SPACE}/questions/3",
    "/ru/objectives",
)
ANSWERS = ("/spaces", f"/spaces/{SPACE}", f"/spaces/{SPACE}/comments?question=1", f"/spaces/{SPACE}/updates?since=0")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The demonstration in a file that nobody else has open."""
    return demo_database(tmp_path)


def order(progress: Callable[[str, int, int], None] = lambda *_: None) -> Order:
    return Order(wiring.APPS, REFERENCE, record_is_whole, progress)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Any]:
    database, folder = url.split("@/")[1].split("?host=")
    connection = await asyncpg.connect(host=folder, user="postgres", database=database)
    try:
        yield connection
    finally:
        await connection.close()


async def contents(url: str) -> dict[str, int]:
    """The number of rows of every table but the ledger and what is made again from the others."""
    async with opened(url) as connection:
        names = [row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {
            name: await connection.fetchval(f'SELECT COUNT(*) FROM "{name}"')
            for name in names
            if name != tables.LEDGER and not name.startswith("search_")
        }


async def execute(url: str, sql: str) -> None:
    async with opened(url) as connection:
        await connection.execute(sql)


def in_file(path: Path, *statements: str) -> list[Any]:
    """Run statements in the SQLite file; return the rows of the last."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        return [file.execute(statement).fetchall() for statement in statements][-1]


async def empty(url: str) -> bool:
    return not any((await contents(url)).values())


class Shown:
    """What a server shows: the bytes of pages, the answers of the API, and what a moderator sees."""

    def __init__(self, server: Server, token: str) -> None:
        self.pages = {path: httpx2.get(f"{server.url}{path}").raise_for_status().content for path in PAGES}
        staff = server.api()
        staff.http.headers["Authorization"] = token
        self.answers = {path: staff.ask("GET", path) for path in (*ANSWERS, f"/moderation/cases?space={SPACE}")}


@pytest.fixture
def server(source: Path) -> Iterator[Server]:
    made = Server(source, {}, "serve")
    try:
        yield made
    finally:
        made.close()


async def test_moved_and_served_as_before(server: Server) -> None:
    server.start()
    token = str(server.api("moderator@demo.example").http.headers["Authorization"])
    before = Shown(server, token)
    url = await shared().new_database("template0")
    command = [sys.executable, "-m", "forum"]
    target = server.settings() | {"FORUM_DATABASE_URL": url}
    subprocess.run([*command, "migrate"], cwd=ROOT, env=target, check=True, capture_output=True)

    def moving() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, "move", "--to", url], cwd=ROOT, env=server.settings(), check=False, capture_output=True, text=True
        )

    refused = moving()
    assert refused.returncode == 2
    assert "in use: stop the server first" in refused.stderr
    assert server.stop() == 0
    done = moving()
    assert done.returncode == 0, done.stderr
    assert "every log has the head it had and is whole" in done.stdout
    assert url not in done.stdout

    moved = Server(server.database, {"FORUM_DATABASE_URL": url}, "serve")
    moved.port = server.port  # it stands in the pages
    try:
        moved.start()
        after = Shown(moved, token)  # who was signed in still is
        assert after.pages == before.pages
        assert after.answers == before.answers
        said = moved.api("delegate-a@demo.example").comment(1, "Un mot de plus.", lang="fr")
        moved.api("moderator@demo.example").decide(said["id"])
        assert "Un mot de plus." in httpx2.get(f"{moved.url}{PAGES[2]}").text
        assert "whole" in moved.run("-m", "forum", "verify")
    finally:
        moved.close()


async def test_every_row_and_every_head(source: Path) -> None:
    url = await new_database()
    told: list[tuple[int, int]] = []
    counts = await move(source, url, order(lambda _, done, total: told.append((done, total))))
    assert counts == await contents(url)
    names = [name for (name,) in in_file(source, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert counts == {
        name: in_file(source, f'SELECT COUNT(*) FROM "{name}"')[0][0]
        for name in names
        if name != tables.LEDGER and not name.startswith(("sqlite_", "search_"))
    }
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == 2 * sum(counts.values())


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        ("CREATE TABLE notes (id INTEGER)", "does not know: notes"),
        ("DROP TABLE drafts", "The SQLite file lacks drafts"),
        ("ALTER TABLE drafts ADD COLUMN colour TEXT", "drafts has other columns than this version knows: colour"),
        ("DELETE FROM tortoise_migrations WHERE app = 'moderation'", "not of the same version"),
        ("UPDATE record_entries SET data = data || ' ' WHERE seq = 5", "not whole, entry 5: changed"),
        ("DELETE FROM record_entries WHERE seq = 7", "not whole, entry 7: missing"),
        ("DELETE FROM record_entries WHERE seq = (SELECT MAX(seq) FROM record_entries)", "cut off"),
        ("UPDATE questions SET space_id = 'nowhere' WHERE id = (SELECT MAX(id) FROM questions)", "violates foreign key"),
        ("UPDATE comments SET received_at = 'one day'", "comments: a row cannot be read: .*one day"),
    ],
)
async def test_what_is_not_whole_is_not_moved(source: Path, spoiled: str, why: str) -> None:
    url = await new_database()
    in_file(source, "PRAGMA foreign_keys = OFF", spoiled)
    with pytest.raises(MoveError, match=why):
        await move(source, url, order())
    assert await empty(url)
    assert in_file(source, "PRAGMA integrity_check") == [("ok",)]


async def test_what_was_derived_stays_behind(source: Path) -> None:
    in_file(source, "CREATE VIRTUAL TABLE search_texts USING fts5(body)", "INSERT INTO search_texts VALUES ('words')")
    assert sum((await move(source, await new_database(), order())).values()) > 100


async def test_a_full_database_is_left_alone(source: Path) -> None:
    url = await new_database()
    await move(source, url, order())
    before = await contents(url)
    with pytest.raises(MoveError, match=r"not empty: there are rows in .*comments"):
        await move(source, url, order())
    assert await contents(url) == before


async def test_reference_data_gives_way_only_where_the_old_file_has_it_too(source: Path) -> None:
    url = await new_database()
    await move(source, url, order())
    others = [name for name in await contents(url) if name not in REFERENCE]
    await execute(url, f"TRUNCATE {', '.join(others)} CASCADE")
    await execute(url, "DELETE FROM record_logs WHERE id <> 'forum'")
    await execute(url, "UPDATE record_logs SET seq = 0, public_seq = 0, head = repeat('0', 64)")
    await execute(url, "UPDATE entities SET code = 'NEW-ORG' WHERE code = 'KEN'")
    with pytest.raises(MoveError, match="there are rows in entities"):
        await move(source, url, order())
    assert (await contents(url))["entities"] > 100
    await execute(url, "UPDATE entities SET code = 'KEN' WHERE code = 'NEW-ORG'")
    assert await move(source, url, order()) == await contents(url)


async def test_a_database_without_tables_is_refused(source: Path) -> None:
    url = await shared().new_database("template0")
    with pytest.raises(MoveError, match="no tables yet: run `imrf-forum migrate`"):
        await move(source, url, order())


async def test_a_database_that_is_not_there(source: Path, tmp_path: Path) -> None:
    with pytest.raises(MoveError, match="The new database"):
        await move(source, shared().url("nowhere"), order())
    with pytest.raises(MoveError, match="There is no file"):
        await move(tmp_path / "nothing.sqlite3", shared().url("nowhere"), order())


@pytest.mark.parametrize("error", [KeyboardInterrupt, asyncio.CancelledError])
async def test_an_interrupted_move_leaves_nothing(source: Path, error: type[BaseException]) -> None:
    url = await new_database()
    seen: list[str] = []

    def interrupt(what: str, done: int, total: int) -> None:
        seen.append(what)
        if what == "comments" and done > total / 2:
            raise error

    with pytest.raises(error):
        await move(source, url, order(interrupt))
    assert "comments" in seen
    assert await empty(url)
    assert await move(source, url, order())


def test_rows_come_in_bounded_lists(tmp_path: Path) -> None:
    path = tmp_path / "rows.sqlite3"
    rows = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {2 * BATCH + 5}) SELECT i FROM n"
    in_file(path, f"CREATE TABLE many AS {rows}")
    table = tables.Table("many", ("i",), (), (), None, ())
    with closing(Source(path)) as source:
        assert [len(batch) for batch in source.batches(table)] == [BATCH, BATCH, 5]


class Hen(Model):
    """Comes from an egg."""

    egg: Any = fields.ForeignKeyField("ring.Egg")


class Egg(Model):
    """Comes from a hen."""

    hen: Any = fields.ForeignKeyField("ring.Hen")


async def test_tables_that_refer_to_each_other_have_no_order() -> None:
    await Tortoise.init(db_url="sqlite://:memory:", modules={"ring": [__name__]})
    try:
        with pytest.raises(tables.OddTables, match="refer to each other"):
            tables.ordered([Hen, Egg])
    finally:
        await Tortoise.close_connections()
