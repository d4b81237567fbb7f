"""The command line: `imrf-forum`."""

import asyncio
import logging
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from forum import serving, wiring
from forum.cli_moving import move
from forum.cli_people import people
from forum.cli_spaces import spaces
from forum.cli_support import database, fail, require_port, require_schema, settings_or_fail, where
from forum.db import migrating
from forum.db.connect import sqlite_path
from forum.demo.cast import ACCOUNTS
from forum.demo.loading import load
from forum.discussions.indexing import reindex as reindex_all
from forum.discussions.models import Space
from forum.discussions.rerendering import rerender as rerender_all
from forum.kernel.events import FORUM_LOG
from forum.notices.mail_server import answers
from forum.objectives.entities import known
from forum.people import entities
from forum.record.chain import verify as verify_log
from forum.record.models import Log
from forum.search.engines import index
from forum.settings import Settings, SettingsError, with_demo_secrets
from forum.settings import check as check_settings
from forum.web import logs
from moderation.figures.recounting import recount as recount_figures
from moderation.figures.recounting import uncounted
from moderation.similar.keeping import fill as sign_texts

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Formal, moderated discussion for IMRF round tables.")
app.add_typer(spaces, name="space", help="Found and run discussion spaces.")
app.command()(move)
app.add_typer(people, name="person", help="Accounts, roles and affiliations.")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Workers = Annotated[int, typer.Option(help="Processes; more than one needs PostgreSQL and Valkey.", min=1, max=64)]
T = TypeVar("T")


async def _prepare(settings: Settings) -> None:
    await migrating.migrate(settings.database_url, wiring.APPS)
    async with database(settings):
        await entities.load(known())
        if not await index().whole():
            await reindex_all()
        if await uncounted():
            await recount_figures()
        await sign_texts()


def _with_base(settings: Settings, host: str, port: int) -> Settings:
    shown = f"[{host}]" if ":" in host else host
    return settings if settings.base_url else settings.model_copy(update={"base_url": f"http://{shown}:{port}"})


def _checked(make: Callable[[], Settings], workers: int) -> Settings:
    try:
        settings = make()
        check_settings(settings, workers)
    except SettingsError as error:
        fail(str(error))
    return settings


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Make and load a demonstration database once, and serve it."""
    logs.configure(logging.WARNING)
    settings = _checked(lambda: with_demo_secrets(_with_base(settings_or_fail(), host, port)), workers)
    require_port(host, port)
    out = Console(stderr=False)
    asyncio.run(_load_demo(settings, out))
    out.print(f"\n  [bold]The forum is at {settings.base_url}/[/bold]\n")
    for address, name, _ in ACCOUNTS:
        out.print(f"    {address:<30} {name}", highlight=False)
    out.print(f"\n  The password of all of them: [bold]{settings.demo_password}[/bold]", highlight=False)
    out.print("  Stop with Ctrl+C.\n")
    sys.stdout.flush()
    _run(settings, (host, port), workers, demo=True)


async def _load_demo(settings: Settings, out: Console) -> None:
    """Load the demonstration once. A new SQLite file gets its name when it is complete: stopped before, the next start begins anew."""
    path = sqlite_path(settings.database_url) if settings.uses_sqlite else None
    if path is None or path.exists():
        await _fill(settings, out)
        return
    with TemporaryDirectory(prefix=f"{path.name}.", suffix=".loading", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        await _fill(settings.model_copy(update={"database_url": f"sqlite://{unfinished}"}), out)
        with closing(sqlite3.connect(unfinished)) as whole:
            whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it in the one file that is renamed
        if not path.exists():  # another first start may have been faster
            unfinished.rename(path)


async def _fill(settings: Settings, out: Console) -> None:
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=out, transient=True) as shown:
        task = shown.add_task("Preparing the database", total=None)
        await _prepare(settings)

        def progress(done: int, total: int, what: str) -> None:
            shown.update(task, completed=done, total=total, description=f"Loading the demonstration: {what}")

        async with database(settings):
            loaded = await load(settings.demo_password, progress)
    out.print("  Demonstration loaded." if loaded else "  The demonstration is there already.")


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Serve the forum; migrate first with `imrf-forum migrate`."""
    logs.configure()
    settings = _checked(lambda: _with_base(settings_or_fail(), host, port), workers)
    asyncio.run(require_schema(settings))
    require_port(host, port)
    _run(settings, (host, port), workers, demo=False)


def _run(settings: Settings, at: tuple[str, int], workers: int, *, demo: bool) -> None:
    if workers > 1:
        serving.become_parent(settings, at, workers, demo=demo)
    serving.serve(settings, *at, demo=demo)


@app.command()
def migrate() -> None:
    """Bring the database up to date and load the reference data."""
    asyncio.run(_prepare(settings_or_fail()))
    typer.echo("The database is up to date.")


def _in_database(do: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        async with database(settings_or_fail()):
            return await do()

    return asyncio.run(run())


@app.command()
def rerender() -> None:
    """Make the safe HTML of stored texts anew where an older renderer made it."""
    count = _in_database(rerender_all)
    typer.echo(f"{count} texts rendered anew.")


@app.command()
def reindex() -> None:
    """Make the index of the search anew from the tables, as after a move to another database."""
    count = _in_database(reindex_all)
    typer.echo(f"{count} texts indexed.")


@app.command()
def recount() -> None:
    """Count the figures of moderation anew from the record, and mend those that differ."""
    count = _in_database(recount_figures)
    typer.echo(f"{count} figures differed and are mended." if count else "Every figure is what the record says.")


@app.command()
def verify() -> None:
    """Check the hash chain of every log; ends with status 1 and names the first bad entry of each broken one."""

    async def run() -> int:
        broken = 0
        slugs = {space.id: space.slug for space in await Space.all()}
        logs = {FORUM_LOG, *(log.id for log in await Log.all())}
        for log_id, slug in sorted(((one, slugs.get(one, "")) for one in logs), key=lambda one: (one[1], one[0])):
            verdict = await verify_log(log_id)
            said = f"{verdict.entries} entries, whole" if verdict.ok else f"entry {verdict.bad_seq}: {verdict.why}"
            typer.echo(f"{slug} ({log_id}): {said}" if slug else f"{log_id}: {said}")
            broken += not verdict.ok
        return broken

    if _in_database(run):
        raise typer.Exit(1)


async def _bus_is_well(url: str) -> bool:
    from forum.live.valkey import ValkeyBus

    bus = ValkeyBus(url)
    await bus.start()
    well = bus.health()
    await bus.stop()
    return well


@app.command()
def check() -> None:
    """Check the settings, that the database answers and is up to date, and that the bus and the mail server answer."""
    settings = _checked(lambda: _with_base(settings_or_fail(), "127.0.0.1", 8000), 1)
    asyncio.run(require_schema(settings))
    if settings.uses_valkey and not asyncio.run(_bus_is_well(settings.bus_url)):
        fail(f"The bus at {where(settings.bus_url)} does not answer. The forum would serve without it, each process by itself.")
    mail = settings.mail_server
    if mail and (why := asyncio.run(answers(mail, urlsplit(settings.base_url).hostname or ""))):
        fail(
            f"The mail server at {mail.host} port {mail.port} cannot be used: {why}. The forum would serve; its mail would wait."
        )
    typer.echo(f"Mail is handed over to {mail.host} port {mail.port}." if mail else "No mail is sent: FORUM_MAIL_URL is not set.")
    typer.echo(f"Settings fit; the database answers and is up to date. Readers come to {settings.base_url}.")
