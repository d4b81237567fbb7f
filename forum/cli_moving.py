"""The command that moves a forum from SQLite to PostgreSQL."""

import asyncio
import importlib.util
import logging
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from forum import wiring
from forum.cli_support import fail, settings_or_fail
from forum.db.connect import sqlite_path
from forum.db.moving import MoveError, Order, Source
from forum.db.moving import move as move_rows
from forum.people.models import Entity
from forum.record.chain import verify
from forum.record.models import Log
from forum.web import logs

REFERENCE = (Entity._meta.db_table, Log._meta.db_table)
"""What `imrf-forum migrate` puts into a new database, and the old one has too: entities, and heads of logs without an entry."""

NEXT = """
  The old file is as it was: keep it until you have seen that all is well. Now

    1. set FORUM_DATABASE_URL to the new address, and leave FORUM_SECRET_KEY as it is: everybody stays signed in;
    2. imrf-forum check
    3. imrf-forum verify
    4. imrf-forum reindex, so that search finds what has moved;
    5. start the server again; with FORUM_BUS_URL set to a Valkey, `imrf-forum serve --workers 2` serves with two processes.
"""


async def record_is_whole(source: Source) -> None:
    """Raise MoveError unless every log has the head it had, and its chain is whole, in the database that is open now."""
    old = {str(name): str(head) for name, head in source.select(Log._meta.db_table, "id", "head")}
    if {log.id: log.head for log in await Log.all()} != old:
        raise MoveError("The record: the heads of the logs are not those of the old file.")
    for name in sorted(old):
        verdict = await verify(name)
        if not verdict.ok:
            raise MoveError(
                f"The record of {name} is not whole, entry {verdict.bad_seq}: {verdict.why}. See `imrf-forum verify`."
            )


def move(
    to: Annotated[str, typer.Option("--to", help="Address of the new database, such as postgres://forum@db.example.org/forum.")],
) -> None:
    """Move this forum from its SQLite file into an empty PostgreSQL database.

    Stop the server first, and make the new database's tables with `imrf-forum migrate`. All is copied or nothing; every row is read
    back and the record is verified before anything counts. A password need not stand in the address: PGPASSWORD and ~/.pgpass are read.
    """
    logs.configure(logging.WARNING)
    settings = settings_or_fail()
    if not settings.uses_sqlite:
        fail("FORUM_DATABASE_URL names no SQLite file: there is nothing to move.")
    if not to.startswith(("postgres://", "postgresql://")):
        fail("--to: the address of the new database begins with postgres://")
    if importlib.util.find_spec("asyncpg") is None:
        fail("The PostgreSQL client is not installed; `pip install 'imrf-forum[scale]'` adds it.")
    out = Console()
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=out, transient=True) as shown:
        task = shown.add_task("Looking at both databases", total=None)

        def progress(what: str, done: int, total: int) -> None:
            shown.update(task, completed=done, total=total, description=f"Copying and reading back: {what}")

        async def whole(source: Source) -> None:
            shown.update(task, description="Verifying the record")
            await record_is_whole(source)

        try:
            counts = asyncio.run(
                move_rows(sqlite_path(settings.database_url), to, Order(wiring.APPS, REFERENCE, whole, progress))
            )
        except MoveError as error:
            fail(f"{error}\nNothing has been moved.")
    for name, count in counts.items():
        out.print(f"    {name:<20} {count:>10,}", highlight=False)
    out.print(
        f"\n  Moved: {sum(counts.values()):,} rows, each read back; every log has the head it had and is whole.", highlight=False
    )
    out.print(NEXT, highlight=False, markup=False, soft_wrap=True)
