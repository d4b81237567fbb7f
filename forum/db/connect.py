"""Connect to the database: SQLite for one process, PostgreSQL for several.

Two connections are named: `default` writes, `read` only reads. On SQLite they are two handles of one file, so that a page never waits
for a writer; on PostgreSQL both are the pool.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.models import Model

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


def _postgres(url: str, pool: int) -> Config:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    credentials: Config = {
        "host": query["host"][0] if "host" in query else parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
        "minsize": 1,
        "maxsize": pool,
        "command_timeout": 10,
    }
    return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


def config(url: str, apps: Config, *, migrating: bool = False, pool: int = 10) -> Config:
    """Return Tortoise's configuration for the database at `url` and the model modules in `apps`.

    `migrating` switches SQLite's foreign keys off: altering a table there drops and remakes it, which would cascade.
    Raises ValueError for a URL that is neither sqlite:// nor postgres://.
    """
    if url.startswith("sqlite://"):
        path = sqlite_path(url)
        write = _sqlite(path, foreign_keys="OFF" if migrating else "ON")
        read = _sqlite(path, query_only="ON")
    elif url.startswith(("postgres://", "postgresql://")):
        write = read = _postgres(url, pool)
    else:
        raise ValueError("the database URL begins with sqlite:// or postgres://")
    settings: Config = {"apps": apps, "use_tz": True, "timezone": "UTC"}
    if migrating:
        return settings | {"connections": {WRITE: write}}
    return settings | {"connections": {WRITE: write, READ: read}, "routers": [ReadsApart]}


async def connect(url: str, apps: Config) -> None:
    """Open the database for the whole process. The schema must be there already (`migrating.migrate`)."""
    await Tortoise.init(config(url, apps), _enable_global_fallback=True)
    # Opened now, not at first use: an opening that is cancelled (a server stopped as it starts) would leave its thread behind.
    for connection in (writer(), reader()):
        await connection.execute_query("SELECT 1")


async def disconnect() -> None:
    """Close all connections."""
    await Tortoise.close_connections()
    # Tortoise keeps statements by the name of the connection, which may be another database's the next time in this process.
    EXECUTOR_CACHE.clear()


def writer() -> BaseDBAsyncClient:
    """Return the connection that writes; inside a unit of work, its transaction."""
    return get_connection(WRITE)


def reader() -> BaseDBAsyncClient:
    """Return the connection for reading committed rows."""
    return get_connection(READ)
