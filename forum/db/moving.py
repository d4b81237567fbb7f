"""Move a forum from a SQLite file into an empty PostgreSQL database: every row or none, and each is read back before it counts.

The file is locked against everybody else for as long as it takes, and the new database is one transaction away from being empty again
until all is compared.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tortoise import Tortoise
from tortoise.exceptions import DBConnectionError, FieldError, OperationalError
from tortoise.transactions import in_transaction

from forum.db.connect import WRITE, Config, config
from forum.db.tables import LEDGER, OddTables, Row, Table, check, ordered

BATCH: Final = 2000
"""Rows that are in memory at once."""
LONG: Final = 3600.0
"""Seconds for one statement: nobody else waits for it."""
WAIT_MS: Final = 5000

Progress = Callable[[str, int, int], None]
"""Hears what is being done, and how many rows of how many are done."""


class MoveError(Exception):
    """Nothing was moved; the message says why and what to do."""


class Source:
    """The SQLite file, held alone: opening it raises MoveError while anybody else has it open."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise MoveError(f"There is no file {path}.")
        self._file = sqlite3.connect(path, timeout=WAIT_MS / 1000, isolation_level=None)
        try:
            # Alone, not only as the one writer: a server that still runs would write to the old file again once it is let go.
            self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._file.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._file.close()
            raise MoveError(f"{path} is in use: stop the server first. ({error})") from error

    def close(self) -> None:
        self._file.close()

    def tables(self) -> list[str]:
        return [
            name for (name,) in self._file.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if name[:7] != "sqlite_"
        ]

    def migrations(self) -> set[Row]:
        return set(self._file.execute(f"SELECT app, name FROM {LEDGER}"))

    def columns(self, table: str) -> set[str]:
        return {name for (name,) in self._file.execute("SELECT name FROM pragma_table_info(?)", (table,))}

    def count(self, table: str) -> int:
        return int(self._file.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])

    def select(self, table: str, *columns: str) -> set[Row]:
        """Return these columns of all rows of a table, for tables that are known to be small."""
        return set(self._file.execute(f'SELECT {", ".join(columns)} FROM "{table}"'))

    def batches(self, table: Table) -> Iterator[list[Row]]:
        """Yield all rows as PostgreSQL takes them, in lists of at most BATCH."""
        cursor = self._file.execute(f'SELECT {table.listed} FROM "{table.name}"')
        while rows := cursor.fetchmany(BATCH):
            try:
                changed = [table.changed(row) for row in rows]
            except (ValueError, TypeError, FieldError) as error:
                raise MoveError(f"{table.name}: a row cannot be read: {error}") from error
            yield changed


class Move:
    """The work inside the one transaction. `connection` is asyncpg's; `reference` are tables that migrating fills by itself."""

    def __init__(self, source: Source, connection: Any, reference: Collection[str], progress: Progress) -> None:
        self.source = source
        self.connection = connection
        self.reference = reference
        self.progress = progress
        self.tables = ordered(model for models in Tortoise.apps.values() for model in models.values())

    async def run(self) -> dict[str, int]:
        """Check both sides, copy and compare; return the number of rows of each table."""
        await self._fit()
        await self._clear()
        counts = {table.name: self.source.count(table.name) for table in self.tables}
        done, total = 0, 2 * sum(counts.values())
        for table in self.tables:
            sent = await self._copy(table, done, total)
            done += counts[table.name]
            kept = await self._read_back(table, done, total)
            done += counts[table.name]
            if sent[0] != counts[table.name] or kept != sent:
                raise MoveError(f"{table.name}: {sent[0]} rows were sent, {kept[0]} read back, and they are not the same.")
        return counts

    async def _fit(self) -> None:
        """Raise MoveError unless both sides have the tables of this version, and nobody writes to the new one meanwhile."""
        found = await self.connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        present = [row["tablename"] for row in found]
        if LEDGER not in present:
            raise MoveError(
                "The new database has no tables yet: run `imrf-forum migrate` with its address in FORUM_DATABASE_URL."
            )
        check("The SQLite file", self.source.tables(), self.tables)
        check("The new database", present, self.tables)
        theirs = {tuple(row) for row in await self.connection.fetch(f"SELECT app, name FROM {LEDGER}")}
        if self.source.migrations() != theirs:
            raise MoveError("The two databases are not of the same version: run `imrf-forum migrate` on both first.")
        for table in self.tables:
            if odd := self.source.columns(table.name) ^ set(table.columns):
                raise MoveError(f"{table.name} has other columns than this version knows: {', '.join(sorted(odd))}.")
        names = ", ".join(f'"{table.name}"' for table in self.tables)
        await self.connection.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE", timeout=LONG)

    async def _clear(self) -> None:
        """Raise MoveError unless the new database is empty; what migrating put there gives way to the same of the old one."""
        full = []
        for table in self.tables:
            if not await self.connection.fetchval(f'SELECT EXISTS (SELECT 1 FROM "{table.name}")', timeout=LONG):
                continue
            if table.name not in self.reference or not await self._known(table):
                full.append(table.name)
        if full:
            raise MoveError(f"The new database is not empty: there are rows in {', '.join(full)}.")
        for name in self.reference:
            await self.connection.execute(f'DELETE FROM "{name}"', timeout=LONG)

    async def _known(self, table: Table) -> bool:
        """Whether every row that is there already is in the old database too, by its key: then none is lost."""
        found = await self.connection.fetch(f'SELECT {", ".join(table.key)} FROM "{table.name}"')
        return {tuple(row) for row in found} <= self.source.select(table.name, *table.key)

    async def _copy(self, table: Table, done: int, total: int) -> tuple[int, int]:
        count = marks = 0
        for rows in self.source.batches(table):
            self.progress(table.name, done + count, total)
            await self.connection.copy_records_to_table(table.name, records=rows, columns=table.columns, timeout=LONG)
            count += len(rows)
            marks = (marks + sum(map(table.mark, rows))) % 2**128
        if table.numbered:
            await self.connection.execute(
                f"SELECT setval(pg_get_serial_sequence($1, $2), COALESCE(MAX({table.numbered}), 1), COUNT(*) > 0) "
                f'FROM "{table.name}"',
                f'"{table.name}"',
                table.numbered,
                timeout=LONG,
            )
        await self.connection.execute(f'ANALYZE "{table.name}"', timeout=LONG)
        return count, marks

    async def _read_back(self, table: Table, done: int, total: int) -> tuple[int, int]:
        count = marks = 0
        cursor = await self.connection.cursor(f'SELECT {table.listed} FROM "{table.name}"', timeout=LONG)
        while rows := await cursor.fetch(BATCH, timeout=LONG):
            count += len(rows)
            marks = (marks + sum(map(table.mark, rows))) % 2**128
            self.progress(table.name, done + count, total)
        return count, marks


@dataclass(frozen=True, slots=True)
class Order:
    """What is moved. `apps` are the models, `reference` names tables that migrating fills by itself.

    `whole` is asked at the end, inside the transaction: it raises MoveError when what has arrived must not stay.
    """

    apps: Config
    reference: Collection[str]
    whole: Callable[[Source], Awaitable[None]]
    progress: Progress


async def move(path: Path, url: str, order: Order) -> dict[str, int]:
    """Copy the SQLite file at `path` to the PostgreSQL database at `url`; return the number of rows of each table.

    Raises MoveError, and leaves the database as it was, when anything is not as it should be.
    """
    import asyncpg

    with closing(Source(path)) as source:
        await Tortoise.init(config(url, order.apps, migrating=True), _enable_global_fallback=True)
        try:
            async with in_transaction(WRITE) as transaction:
                connection: Any = transaction._connection
                await connection.execute(
                    f"SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; "
                    f"SET LOCAL lock_timeout = {WAIT_MS}"
                )
                counts = await Move(source, connection, order.reference, order.progress).run()
                await order.whole(source)
                return counts
        except OddTables as error:
            raise MoveError(f"{error}.") from error
        except (OperationalError, DBConnectionError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise MoveError(f"The new database: {error}") from error
        finally:
            await Tortoise.close_connections()
