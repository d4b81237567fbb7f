"""What all commands need: settings, an open database with the listeners wired, a clear way to fail."""

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import typer
from pydantic import ValidationError
from tortoise.exceptions import ConfigurationError, DBConnectionError, OperationalError

from forum import wiring
from forum.db import connect
from forum.db.connect import sqlite_path
from forum.db.reading import row
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.live.memory import MemoryBus
from forum.settings import Settings
from forum.web.catalogue import refusal_text
from forum.web.generations import Generations

OPERATOR = Actor(name="command line", is_secretariat=True, person_id=None)
"""Who acts on the command line: the secretariat, by whoever runs the machine."""


def fail(text: str) -> NoReturn:
    """Say why on standard error and end with status 2."""
    typer.secho(text, err=True, fg=typer.colors.RED)
    raise typer.Exit(2)


def settings_or_fail() -> Settings:
    """Return the settings of the environment, or say which one is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"FORUM_{str(one['loc'][0]).upper()}: {plain(one['msg'])}" for one in error.errors())
        fail(wrong)


def plain(message: str) -> str:
    """Return what a check of a value says, without what its library puts before it."""
    return message.removeprefix("Value error, ")


async def require_schema(settings: Settings) -> None:
    """Fail in words unless the database is there, answers, and has every migration."""
    if settings.uses_sqlite and not sqlite_path(settings.database_url).exists():
        fail("There is no database yet. Make it with `imrf-forum migrate`.")
    try:
        async with database(settings):
            await row("SELECT id FROM record_logs LIMIT 1")
    except (DBConnectionError, OSError) as error:
        fail(f"No database answers at {where(settings.database_url)}: {error}")
    except (OperationalError, ConfigurationError) as error:
        fail(f"The database cannot be used: {error}\nIf it is new, run `imrf-forum migrate` first.")


def where(url: str) -> str:
    """Return the address of a database without what is secret in it."""
    return re.sub(r"//[^/@]*@", "//", url)


def require_port(host: str, port: int) -> None:
    """Fail in words when somebody else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port.")


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[None]:
    """Open the database with the listeners wired. Facts told here reach readers of a running server at its next look."""
    wiring.install(wiring.Parts(MemoryBus(), wiring.Pages(Generations())))
    await connect.connect(settings.database_url, wiring.APPS, settings.database_limits)
    try:
        yield
    except Refusal as refusal:
        fail(said(refusal))
    finally:
        await connect.disconnect()


def said(refusal: Refusal) -> str:
    """Return a refusal in English, with the fields it names."""
    fields = [f"{name}: {refusal_text(problem.key, problem.params)}" for name, problem in refusal.fields.items()]
    return "\n".join([refusal_text(refusal.key, refusal.params), *fields])
