"""The yardstick of writing: one row of so many bytes a commit, durable, by eight writers, through the bare driver.

python -m benchmarks.inserts DATABASE_URL SIZE SECONDS     prints {"rows", "seconds", "cpu"} as JSON
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable

from forum.db.connect import config, sqlite_path

WRITERS = 8
TABLE = "CREATE TABLE IF NOT EXISTS bare_inserts (id {key}, body TEXT NOT NULL)"


async def _until(seconds: float, insert: Callable[[], Awaitable[object]]) -> int:
    """Let the writers insert, each waiting for its own commit, and return how many rows that were."""
    until, rows = time.perf_counter() + seconds, 0

    async def write() -> None:
        nonlocal rows
        while time.perf_counter() < until:
            await insert()
            rows += 1

    await asyncio.gather(*(write() for _ in range(WRITERS)))
    return rows


async def into_sqlite(url: str, body: str, seconds: float) -> int:
    """The writers share a connection, as SQLite has one writer anyway and eight connections would only wait for each other."""
    import aiosqlite

    async with aiosqlite.connect(sqlite_path(url)) as connection:
        await connection.execute("PRAGMA journal_mode=WAL")
        await connection.execute("PRAGMA synchronous=FULL")
        await connection.execute(TABLE.format(key="INTEGER PRIMARY KEY"))
        await connection.commit()
        turn = asyncio.Lock()

        async def insert() -> None:
            async with turn:
                await connection.execute("INSERT INTO bare_inserts (body) VALUES (?)", (body,))
                await connection.commit()

        return await _until(seconds, insert)


async def into_postgres(url: str, body: str, seconds: float) -> int:
    """A connection each: PostgreSQL writes the commits of several to the disk together."""
    import asyncpg

    given = config(url, {})["connections"]["default"]["credentials"]
    named = {name: given[name] for name in ("host", "port", "user", "password", "database")}
    async with asyncpg.create_pool(**named, min_size=WRITERS, max_size=WRITERS) as pool:
        await pool.execute(TABLE.format(key="BIGSERIAL PRIMARY KEY"))
        return await _until(seconds, lambda: pool.execute("INSERT INTO bare_inserts (body) VALUES ($1)", body))


def main() -> None:
    """Insert for a while and print what was measured."""
    url, size, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    into = into_sqlite if url.startswith("sqlite://") else into_postgres
    began, before = time.perf_counter(), os.times()
    rows = asyncio.run(into(url, "x" * size, seconds))
    took, after = time.perf_counter() - began, os.times()
    cpu = after.user + after.system - before.user - before.system
    print(json.dumps({"rows": rows, "seconds": took, "cpu": cpu}))


if __name__ == "__main__":
    main()
