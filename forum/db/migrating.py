"""Bring the schema up to date, one migrator at a time.

On SQLite foreign keys are off meanwhile (altering a table drops and remakes it, which would cascade) and checked afterwards.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.transactions import in_transaction

from forum.db.connect import WRITE, Config, config, sqlite_path

ADVISORY_LOCK = 0x1312F


class BrokenReferences(Exception):
    """After migrating, rows refer to rows that are not there."""


@asynccontextmanager
async def _advisory_lock(url: str) -> AsyncIterator[None]:
    # A connection of its own: going back to the pool would let go of the lock, and so would the library's second init.
    import asyncpg

    credentials = config(url, {}, migrating=True)["connections"][WRITE]["credentials"]
    named = {name: credentials[name] for name in ("host", "port", "user", "password", "database", "ssl") if name in credentials}
    connection = await asyncpg.connect(**named)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        yield
    finally:
        await connection.close()


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[None]:
    if not url.startswith("sqlite://"):
        async with _advisory_lock(url):
            yield
        return
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".migrating").open("w") as handle:
        await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
        yield


async def migrate(url: str, apps: Config) -> None:
    """Run the migrations that are missing; several processes may call it at once.

    Raises BrokenReferences when the migrated SQLite file has dangling foreign keys.
    """
    settings = config(url, apps, migrating=True)
    async with _alone(url):
        await Tortoise.init(settings, _enable_global_fallback=True)
        try:
            # All of it or nothing: by itself the library notes what it has migrated only after the commit, and a process that is
            # killed between the two could never migrate again.
            async with in_transaction(WRITE) as connection:
                executor = MigrationExecutor(connection, apps)
                # There before it is first asked for: PostgreSQL ends a transaction at the first error.
                await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
                await executor.migrate([MigrationTarget(label, "__latest__") for label in apps])
            if url.startswith("sqlite://"):
                broken = await get_connection(WRITE).execute_query_dict("PRAGMA foreign_key_check")
                if broken:
                    raise BrokenReferences(str(broken[:5]))
        finally:
            await Tortoise.close_connections()
