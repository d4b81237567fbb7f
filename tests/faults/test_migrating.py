"""F23: kill -9 in the middle of a migration; the next one completes it."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from tests.faults.seen import Seen
from tests.faults.sizes import size
from tests.house.sources import ROOT
from tests.support.postgres import shared
from tests.support.server import Server

pytestmark = [pytest.mark.server, pytest.mark.faults]
KILLS = size(1, 8)
MIGRATE = [sys.executable, "-m", "forum", "migrate"]


def kill_while_migrating(env: dict[str, str], watch: Path | None, seconds: float) -> bool:
    """Start a migration and kill it `seconds` after it has begun; whether it was still at work."""
    process = subprocess.Popen(MIGRATE, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while watch is not None and not watch.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(seconds)
    process.kill()
    return process.wait() != 0


def test_killed_on_sqlite(tmp_path: Path, seen: Seen) -> None:
    interrupted = 0
    for number in range(KILLS):
        server = Server(tmp_path / f"{number}.sqlite3", {}, "serve")
        lock = server.database.with_name(server.database.name + ".migrating")
        interrupted += kill_while_migrating(server.settings(), lock, 0.05 + 0.5 * number / KILLS)
        assert "up to date" in server.run(*MIGRATE[1:])
        try:
            server.start()
            assert server.api().ask("GET", "/spaces")["items"] == []
        finally:
            server.close()
    assert interrupted >= 1
    seen.note("F23", f"SQLite: {interrupted} migrations killed at work, all completed by the next")


async def _new_empty() -> str:
    name = f"migrated_{os.getpid()}_{time.monotonic_ns()}"
    await shared().execute(f"CREATE DATABASE {name}")
    return shared().url(name)


async def _tables(url: str) -> set[tuple[str, str]]:
    connection = await asyncpg.connect(url)
    try:
        sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        return {(row[0], row[1]) for row in await connection.fetch(sql)}
    finally:
        await connection.close()


def test_killed_on_postgres(tmp_path: Path, seen: Seen) -> None:
    urls = [asyncio.run(_new_empty()) for _ in range(KILLS + 1)]
    interrupted = 0
    for number, url in enumerate(urls):
        server = Server(tmp_path / f"{number}.sqlite3", {"FORUM_DATABASE_URL": url})
        if number:
            interrupted += kill_while_migrating(server.settings(), None, 0.9 + 1.2 * (number - 1) / KILLS)
        assert "up to date" in server.run(*MIGRATE[1:])
    whole, *others = [asyncio.run(_tables(url)) for url in urls]
    assert all(one == whole for one in others)
    seen.note("F23", f"PostgreSQL: {interrupted} migrations killed at work, all completed by the next")
