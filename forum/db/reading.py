"""Hot reads: SQL with `?` for parameters on either database, rows as mappings."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from forum.db.connect import reader
from forum.db.sqlite_immediate import Client

Row = Mapping[str, Any]


@lru_cache(maxsize=512)
def _numbered(sql: str) -> str:
    """Return `sql` with `?` turned into `$1`, `$2` …; our SQL holds no question mark in a literal."""
    counter = iter(range(1, 1000))
    return re.sub(r"\?", lambda _: f"${next(counter)}", sql)


def dialect(connection: BaseDBAsyncClient) -> str:
    """Return "sqlite" or "postgres"."""
    return str(connection.capabilities.dialect)


async def rows(sql: str, params: Sequence[object] = (), using: BaseDBAsyncClient | None = None) -> list[Row]:
    """Return all rows of `sql` as mappings, from the reading connection unless another is given."""
    connection = using or reader()
    statement = sql if dialect(connection) == "sqlite" else _numbered(sql)
    return list(await connection.execute_query_dict(statement, list(params)))


async def keyed(sql: str, params: Sequence[object]) -> list[Row]:
    """Return the rows of a statement that finds them by key and is asked with every request: on SQLite without a thread."""
    connection = reader()
    if isinstance(connection, Client):
        try:
            return list(connection.look_up(sql, params))
        except sqlite3.OperationalError:
            pass  # busy, or not there: the usual way waits, and says what is wrong
    return await rows(sql, params)


async def row(sql: str, params: Sequence[object] = (), using: BaseDBAsyncClient | None = None) -> Row | None:
    """Return the first row of `sql`, or None."""
    found = await rows(sql, params, using)
    return found[0] if found else None


async def execute(sql: str, params: Sequence[object], using: BaseDBAsyncClient) -> int:
    """Run a writing statement in the given transaction and return how many rows it touched."""
    statement = sql if dialect(using) == "sqlite" else _numbered(sql)
    count, _ = await using.execute_query(statement, list(params))
    return int(count)


def escaped(text: str) -> str:
    """Return `text` for a pattern of LIKE with ESCAPE '\\': its own % and _ are letters like others."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def moment(value: object) -> Any:
    """Return a time column of a raw row as an aware datetime: SQLite hands out text, PostgreSQL datetimes."""
    from datetime import UTC, datetime

    if value is None:
        return None
    parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(parsed, datetime)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
