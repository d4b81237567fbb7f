"""SQLite for writers that wait their turn: transactions begin with IMMEDIATE.

A deferred transaction that reads before it writes fails at once with "database is locked" when another process wrote in between,
whatever the busy time-out; taking the write lock at the start makes it wait instead. The module's name holds "sqlite" because
Tortoise picks the migration editor by it.
"""

import sqlite3
from typing import Any

from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


class Wrapper(SqliteTransactionWrapper):
    async def begin(self) -> None:
        try:
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
    def _in_transaction(self) -> Transaction:
        return Transaction(Wrapper(self), self._lock)


client_class = Client
