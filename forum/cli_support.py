"""What all commands need: settings, an open database with the listeners wired, a clear way to fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import typer
from pydantic import ValidationError

from forum import wiring
from forum.db import connect
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.live.memory import MemoryBus
from forum.settings import Settings
from forum.web.catalogue import refusal_text
from forum.web.pagecache import Generations

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
        wrong = "; ".join(f"FORUM_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        fail(wrong)


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[None]:
    """Open the database with the listeners wired. Facts told here reach readers of a running server at its next look."""
    wiring.install(wiring.Parts(MemoryBus(), Generations()))
    await connect.connect(settings.database_url, wiring.APPS)
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
