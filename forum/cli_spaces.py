"""`imrf-forum space …`: found and run spaces from the command line, by the same verbs as the secretariat's pages."""

import asyncio
import json
from collections.abc import Awaitable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from forum.cli_support import OPERATOR, database, fail, settings_or_fail
from forum.discussions import founding, opening, queries
from forum.discussions.events import as_secretariat
from forum.discussions.forms import ExtensionForm, QuestionForm, SpaceForm
from forum.discussions.models import Space
from forum.kernel.clock import rfc3339
from forum.people.entities import by_code
from forum.web.catalogue import gettext

spaces = typer.Typer(no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="Address of the space, such as rt4-2030.")]


class Step(StrEnum):
    """The steps of `opening.STEPS`."""

    ANNOUNCE = "announce"
    OPEN = "open"
    CLOSE = "close"
    SUMMARISE = "summarise"
    ARCHIVE = "archive"


def _run(do: Awaitable[None]) -> None:
    async def run() -> None:
        async with database(settings_or_fail()):
            await do

    asyncio.run(run())


async def _space(slug: str) -> Space:
    space = await queries.addressed(slug)
    if space is None:
        fail(f"There is no space at the address {slug}.")
    return space


@spaces.command("list")
def list_spaces() -> None:
    """List all spaces with their state, deadline and what they still lack."""

    async def run() -> None:
        for space in await queries.listed(OPERATOR):
            lacks = ", ".join(gettext(name) for name in await opening.missing(space))
            closes = rfc3339(space.closes_at) if space.closes_at else "no closing time"
            typer.echo(f"{space.slug:<24} {space.state:<11} {closes:<22} {'lacks ' + lacks if lacks else ''}".rstrip())

    _run(run())


@spaces.command()
def write(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON: the fields of a space, and its questions.")],
) -> None:
    """Found a space in draft, or rewrite the one with the same address, from a JSON file.

    Fields: slug, title, note, policy (by language), edition, round_table, objectives, languages, entities (codes), premoderation,
    visibility, zone, opens_at, closes_at; questions: a list of texts by language.
    """

    async def run() -> None:
        raw = json.loads(file.read_text(encoding="utf-8"))
        questions = raw.pop("questions", [])
        codes = raw.pop("entities", [])
        found = [await by_code(code) for code in codes]
        if None in found:
            fail(f"Unknown entity among {', '.join(codes)}.")
        form = SpaceForm(**raw, entities=[one.id for one in found if one])
        known = await queries.addressed(form.slug)
        space = await (founding.rewrite(OPERATOR, known.id, form) if known else founding.found(OPERATOR, form))
        for number, text in enumerate(questions, start=1):
            await founding.set_question(OPERATOR, space.id, QuestionForm(number=number, text=text))
        typer.echo(f"{space.slug} is written; state {space.state}.")

    try:
        _run(run())
    except (ValidationError, json.JSONDecodeError, AttributeError) as error:
        fail(f"{file}: {error}")


@spaces.command()
def step(slug: Slug, name: Step) -> None:
    """Take a space one step on: announce, open, close, summarise or archive it."""

    async def run() -> None:
        space = await opening.step((await _space(slug)).id, name.value, as_secretariat(OPERATOR))
        typer.echo(f"{slug} is now {space.state}.")

    _run(run())


@spaces.command()
def extend(
    slug: Slug,
    until: Annotated[str, typer.Argument(help="New closing time, such as 2030-01-31T23:59, in the zone of the space.")],
    reason: Annotated[str, typer.Option(prompt=True, help="Why; everybody sees it.")],
    lang: Annotated[str, typer.Option(help="Language of the reason.")] = "en",
) -> None:
    """Move the deadline of a space later; the old one stays on record."""

    async def run() -> None:
        before = (await _space(slug)).closes_at
        form = ExtensionForm(closes_at=until, reason=reason, reason_lang=lang)
        space = await opening.extend((await _space(slug)).id, form, as_secretariat(OPERATOR))
        old = rfc3339(before) if before else "none"
        new = rfc3339(space.closes_at) if space.closes_at else "none"
        typer.echo(f"{slug}: {old} -> {new}")

    _run(run())
