"""Connect to the database: SQLite for one process, PostgreSQL for several.

Two connections are named: `default` writes, `read` only reads. On SQLite they are two handles of one file, on PostgreSQL two pools:
a page never waits behind the writers of a busy space, and a writer that reads beside its transaction cannot find its own pool used up
by others that do the same.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.models import Model

from forum.db.pulse import Pulse

WRITE, READ = "default", "read"
BUSY_MS = 5000

Config = dict[str, Any]


class ReadsApart:
    """Sends the reads of models to the reading connection, except inside a unit of work, which must see what it wrote.

    `Model.all()` chooses when it is called: begin a change of many rows with `Model.filter()`.
    """

    def db_for_read(self, _model: type[Model]) -> str | None:
        return None if isinstance(writer(), TransactionalDBClient) else READ


def sqlite_path(url: str) -> Path:
    """Return the file that a `sqlite://` URL names; raises ValueError for one that is kept in memory only."""
    path = url.removeprefix("sqlite://")
    if not path or ":memory:" in path:
        raise ValueError("a database file is needed")
    return Path(path).absolute()


def _sqlite(path: Path, **pragmas: object) -> Config:
    credentials = {
        "file_path": str(path),
        "journal_mode": "WAL",
        "synchronous": "FULL",
        "busy_timeout": BUSY_MS,
        **pragmas,
    }
    return {"engine": "forum.db.sqlite_immediate", "credentials": credentials}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may ask of PostgreSQL: `pool` connections at once, and `statement_timeout` seconds for a statement."""

    pool: int = 10
    statement_timeout: float = 1.5

    @property
    def writing(self) -> int:
        """The share of the writers. Those of one space follow each other, so a few are enough, and pages get the rest."""
        return max(1, self.pool * 2 // 5)

    @property
    def reading(self) -> int:
        return max(1, self.pool - self.writing)


def _postgres(url: str) -> Config:
    """Return what asyncpg needs to find the server: arguments of its `connect`. Raises ValueError for a parameter we do not know."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if unknown := sorted(query.keys() - {"host", "sslmode"}):
        # Dropped in silence, a connection would not be as safe as it says. Files of certificates: PGSSLROOTCERT and the like.
        raise ValueError(f"unknown in the address of the database: {', '.join(unknown)}; it may have host and sslmode")
    return {
        **({"ssl": query["sslmode"][0]} if "sslmode" in query else {}),
        "host": query["host"][0] if "host" in query else parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
    }


def _pool(url: str, size: int, limits: Limits, **server_settings: str) -> Config:
    timeout = limits.statement_timeout
    bounds = {
        "application_name": "imrf-forum",
        "statement_timeout": str(int(timeout * 1000)),
        # Waiting for the lock of a space is part of it; said apart so that the server's log tells one from the other.
        "lock_timeout": str(int(timeout * 1000)),
        # A process that stands still inside a transaction must not keep a space locked for all the others.
        "idle_in_transaction_session_timeout": str(int(max(5.0, 2 * timeout) * 1000)),
        # Our statements are short: compiling one costs more than running it.
        "jit": "off",
        # A forum's pages are in memory or on a disk without heads: an index is worth following.
        "random_page_cost": "1.1",
    }
    credentials = _postgres(url) | {
        "minsize": 1,
        "maxsize": size,
        "patience": 2 * timeout,
        "timeout": 5.0,
        # Only for a server that cannot keep its own time-out.
        "command_timeout": timeout + 2,
        "server_settings": bounds | server_settings,
    }
    return {"engine": "forum.db.asyncpg_watched", "credentials": credentials}


def _migrating(url: str) -> Config:
    # Building an index on a large table takes as long as it takes.
    return {"engine": "forum.db.asyncpg_watched", "credentials": _postgres(url) | {"minsize": 1, "maxsize": 2}}


def config(url: str, apps: Config, *, migrating: bool = False, limits: Limits | None = None) -> Config:
    """Return Tortoise's configuration for the database at `url` and the model modules in `apps`.

    `migrating` switches SQLite's foreign keys off (altering a table there drops and remakes it, which would cascade) and lets
    PostgreSQL take its time. Raises ValueError for a URL that is neither sqlite:// nor postgres://.
    """
    if url.startswith("sqlite://"):
        path = sqlite_path(url)
        write = _sqlite(path, foreign_keys="OFF" if migrating else "ON")
        read = _sqlite(path, query_only="ON")
    elif url.startswith(("postgres://", "postgresql://")):
        known = limits or Limits()
        write = _migrating(url) if migrating else _pool(url, known.writing, known)
        read = _pool(url, known.reading, known, default_transaction_read_only="on")
    else:
        raise ValueError("the database URL begins with sqlite:// or postgres://")
    settings: Config = {"apps": apps, "use_tz": True, "timezone": "UTC"}
    if migrating:
        return settings | {"connections": {WRITE: write}}
    return settings | {"connections": {WRITE: write, READ: read}, "routers": [ReadsApart]}


_pulses: list[Pulse] = []


async def connect(url: str, apps: Config, limits: Limits | None = None) -> None:
    """Open the database for the whole process. The schema must be there already (`migrating.migrate`)."""
    # The library keeps the SQL it has made under the connection's name: the last database may have been of the other kind.
    EXECUTOR_CACHE.clear()
    await Tortoise.init(config(url, apps, limits=limits), _enable_global_fallback=True)
    # Opened now, not at first use: an opening that is cancelled (a server stopped as it starts) would leave its thread behind.
    for connection in (writer(), reader()):
        await connection.execute_query("SELECT 1")
    if not url.startswith("sqlite://"):
        pools: list[Any] = [writer(), reader()]
        _pulses.append(Pulse(_postgres(url), pools))
        _pulses[-1].start()


async def disconnect() -> None:
    """Close all connections."""
    while _pulses:
        await _pulses.pop().stop()
    await Tortoise.close_connections()
    # Tortoise keeps statements by the name of the connection, which may be another database's the next time in this process.
    EXECUTOR_CACHE.clear()


def writer() -> BaseDBAsyncClient:
    """Return the connection that writes; inside a unit of work, its transaction."""
    return get_connection(WRITE)


def reader() -> BaseDBAsyncClient:
    """Return the connection for reading committed rows."""
    return get_connection(READ)


def at_hand() -> BaseDBAsyncClient:
    """Return the connection that models are read from now: the transaction one is in, else the reading one."""
    connection = writer()
    return connection if isinstance(connection, TransactionalDBClient) else reader()
