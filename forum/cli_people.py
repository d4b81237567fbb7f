"""`imrf-forum person …`: accounts, roles and affiliations from the command line."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated

import typer
from pydantic import ValidationError

from forum.cli_support import OPERATOR, database, fail, plain, settings_or_fail
from forum.discussions.models import Space
from forum.discussions.queries import addressed
from forum.kernel.actors import Role
from forum.people import accounts, affiliations, roles
from forum.people.forms import NewAccount, fold_email
from forum.people.models import Affiliation, AffiliationStatus, Person

people = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="E-mail address of the account.")]


def _run(do: Awaitable[None]) -> None:
    async def run() -> None:
        async with database(settings_or_fail()):
            await do

    asyncio.run(run())


async def _person(email: str) -> Person:
    person = await Person.get_or_none(email=fold_email(email))
    if person is None:
        fail(f"There is no account with the address {email}.")
    return person


async def _space(slug: str) -> Space:
    space = await addressed(slug)
    if space is None:
        fail(f"There is no space at the address {slug}.")
    return space


@people.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(prompt=True, help="Name as others see it; asked for when it is not given.")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when it is not given.")
    ],
    secretariat: Annotated[bool, typer.Option("--secretariat", help="Make the person a member of the secretariat.")] = False,
) -> None:
    """Make an account; the first member of the secretariat is made here."""
    try:
        form = NewAccount(email=email, name=name, password=password)
    except ValidationError as error:
        fail("; ".join(f"{one['loc'][0]}: {plain(one['msg'])}" for one in error.errors()))

    async def run() -> None:
        if await Person.get_or_none(email=fold_email(email)) is not None:
            fail(f"There is an account with the address {email} already; nothing was changed.")
        await accounts.sign_up(form)
        person = await _person(email)
        if secretariat:
            await roles.set_secretariat(person.id, member=True, by=OPERATOR)
        typer.echo(f"{person.name} can sign in as {person.email}.")

    _run(run())


@people.command()
def role(
    email: Email, space: str, name: Role, take: Annotated[bool, typer.Option("--take", help="Take it back.")] = False
) -> None:
    """Give a person a role in a space: moderator, facilitator or member."""

    async def run() -> None:
        person, place = await _person(email), await _space(space)
        change = roles.revoke if take else roles.grant
        await change(person.id, place.id, name, OPERATOR)
        typer.echo(f"{person.name}: {name.value} of {place.slug}{' no more' if take else ''}.")

    _run(run())


@people.command()
def suspend(email: Email) -> None:
    """Close an account and all its sessions."""

    async def run() -> None:
        await accounts.suspend((await _person(email)).id, OPERATOR)
        typer.echo(f"{email} is suspended.")

    _run(run())


@people.command()
def restore(email: Email) -> None:
    """Open a suspended account again."""

    async def run() -> None:
        await accounts.restore((await _person(email)).id, OPERATOR)
        typer.echo(f"{email} can sign in again.")

    _run(run())


@people.command()
def verify(email: Email, entity_code: Annotated[str, typer.Argument(help="Code of the entity, such as KEN or OHCHR.")]) -> None:
    """Verify the affiliation that a person has declared."""

    async def run() -> None:
        person = await _person(email)
        found = await Affiliation.filter(person_id=person.id, entity__code=entity_code).first()
        if found is None:
            fail(f"{email} has declared no affiliation with {entity_code}.")
        await affiliations.decide(found.id, AffiliationStatus.VERIFIED, OPERATOR)
        typer.echo(f"{person.name} may speak for {entity_code}.")

    _run(run())
