"""PostgreSQL for requests that must not hang: every wait for a connection has an end, and what hangs can be cut.

The library's pool waits for ever when it is used up, keeps the connection of a transaction that could not begin, and leaves a
statement to its time-out when the server stands still. The module's name holds "asyncpg" because Tortoise picks the migration editor
by it.
"""

import asyncio
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import PoolConnectionWrapper, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError


class Transaction(TransactionContextPooled):
    client: Any

    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        pool_of = self.client._parent
        self.client._connection = await pool_of.take()
        self.token = get_connections().set(self.connection_name, self.client)
        try:
            await self.client.begin()
        except BaseException:
            get_connections().reset(self.token)
            await pool_of._pool.release(self.client._connection)
            raise
        return self.client


class Checkout(PoolConnectionWrapper[Any]):
    client: Any

    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        self.connection = await self.client.take()
        return self.connection


class Client(AsyncpgDBClient):
    """A pool of connections; `patience` is how many seconds a request waits for one."""

    def __init__(self, *, patience: float = 5.0, **credentials: Any) -> None:
        super().__init__(**credentials)
        self.patience = patience
        self.away = False
        self._waiting: set[asyncio.Timeout] = set()

    def acquire_connection(self) -> Any:
        return Checkout(self, self._pool_init_lock)

    def _in_transaction(self) -> Transaction:
        return Transaction(TransactionWrapper(self), self._pool_init_lock)

    async def take(self) -> Any:
        """Return a connection of the pool. Raises DBConnectionError when the server is away or hangs, or none gets free in time."""
        if self.away or self._pool is None:
            raise DBConnectionError("the database does not answer")
        try:
            async with asyncio.timeout(self.patience) as limit:
                self._waiting.add(limit)
                try:
                    return await self._pool.acquire()
                finally:
                    self._waiting.discard(limit)
        except OSError as error:
            # Refused, no such socket, no such host, time is up: all of it is the database, which only here can be told for sure.
            raise DBConnectionError(f"no connection to the database: {str(error) or 'all are in use'}") from error

    def fall(self) -> None:
        """Cut every connection and turn away who waits: the server hangs, and so would they."""
        self.away = True
        now = asyncio.get_running_loop().time()
        for limit in self._waiting:
            limit.reschedule(now)
        if self._pool is not None:
            for holder in self._pool._holders:
                holder.terminate()

    def rise(self) -> None:
        """Hand out connections again."""
        self.away = False


client_class = Client
