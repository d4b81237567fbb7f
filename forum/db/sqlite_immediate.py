"""SQLite for writers that wait their turn: transactions begin with IMMEDIATE.

A deferred transaction that reads before it writes fails at once with "database is locked" when another process wrote in between,
whatever the busy time-out; taking the write lock at the start makes it wait instead. The module's name holds "sqlite" because
Tortoise picks the migration editor by it.

And a third handle for what every request of somebody signed in asks: rows found by their key. SQLite answers that in ten microseconds;
handing it to a thread and back costs fifteen times as much. So it is done at once, on a handle that waits for nobody: it never writes,
in WAL it needs no lock that a writer holds, and where the file is busy all the same it says so, and the thread is asked.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


class Wrapper(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
            if self._connection.in_transaction:
                await self._connection.commit()
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    async def execute_script(self, query: str) -> None:
        # The driver's own way commits first what the transaction has done so far: a migration that is killed left half of its tables.
        statement = ""
        for part in query.split(";"):
            statement += f"{part};"
            if sqlite3.complete_statement(statement):
                if statement.strip("; \n"):
                    await self.execute_query(statement)
                statement = ""

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Wrapper(self))


class Transaction(SqliteTransactionContext):
    async def __aenter__(self) -> Any:
        # The library's context keeps its lock for ever when BEGIN itself fails (disk full, file locked).
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            self.token = get_connections().set(self.connection_name, self.connection)
            try:
                await self.connection.begin()
            except BaseException:
                get_connections().reset(self.token)
                # Cancelled while BEGIN waits in its thread: it may yet succeed, and would leave the file locked.
                await self.connection._connection.rollback()
                raise
        except BaseException:
            self._trxlock.release()
            raise
        return self.connection


class Client(SqliteClient):
    _at_hand: sqlite3.Connection | None = None

    def look_up(self, sql: str, params: Sequence[object]) -> list[dict[str, Any]]:
        """Return the rows of a statement that finds them by key, without leaving the event loop; raises sqlite3.OperationalError."""
        if self._at_hand is None:
            self._at_hand = sqlite3.connect(self.filename, timeout=0, isolation_level=None, cached_statements=32)
            self._at_hand.row_factory = sqlite3.Row
            self._at_hand.execute("PRAGMA query_only = ON")
        self.log.debug("%s: %s", sql, params)
        return list(map(dict, self._at_hand.execute(sql, params)))

    async def close(self) -> None:
        await super().close()
        if self._at_hand is not None:
            self._at_hand.close()
            self._at_hand = None

    def _in_transaction(self) -> Transaction:
        return Transaction(Wrapper(self), self._lock)


client_class = Client
