"""Which engine serves: the one of the database that is connected."""

from tortoise.backends.base.client import BaseDBAsyncClient

from forum.db.connect import reader
from forum.db.reading import dialect
from forum.search.index import Index
from forum.search.postgres import PostgresIndex
from forum.search.sqlite import SqliteIndex

_ENGINES: dict[str, Index] = {"sqlite": SqliteIndex(), "postgres": PostgresIndex()}


def index(using: BaseDBAsyncClient | None = None) -> Index:
    """Return the index of the database that `using`, else the reading connection, speaks to."""
    return _ENGINES[dialect(using or reader())]
