"""Roles: who holds which, told once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.kernel.actors import Actor, Role
from forum.kernel.errors import NotFound, Refusal
from forum.kernel.events import FORUM_LOG, Fact
from forum.people import roles
from forum.people.models import Person
from forum.record.chain import verify
from tests.support import world

HALL, YARD = "1" * 32, "2" * 32
SYSTEM = Actor()


@pytest.fixture(autouse=True)
async def told(tmp_path: Path) -> AsyncIterator[list[Fact]]:
    async with world.database(tmp_path) as facts:
        yield facts


async def test_granting_twice_and_taking_what_is_not_held_are_told_once_and_never(told: list[Fact]) -> None:
    mona = await world.person("Mona")
    for _ in range(2):
        await roles.grant(mona.id, HALL, Role.MODERATOR, SYSTEM)
    await roles.revoke(mona.id, YARD, Role.MODERATOR, SYSTEM)
    await roles.revoke(mona.id, HALL, Role.MEMBER, SYSTEM)
    for _ in range(2):
        await roles.revoke(mona.id, HALL, Role.MODERATOR, SYSTEM)
    assert [(fact.kind, fact.data["role"], fact.data["space"]) for fact in told] == [
        ("role.granted", "moderator", HALL),
        ("role.revoked", "moderator", HALL),
    ]
    assert {fact.log for fact in told} == {FORUM_LOG}
    assert (await verify(FORUM_LOG)).entries == 2


async def test_the_secretariat_is_appointed_once(told: list[Fact]) -> None:
    mona = await world.person("Mona")
    for member in (True, True, False, False):
        await roles.set_secretariat(mona.id, member, SYSTEM)
    assert [fact.kind for fact in told] == ["role.granted", "role.revoked"]
    assert not (await Person.get()).is_secretariat


async def test_nobody_gets_no_role() -> None:
    with pytest.raises(NotFound):
        await roles.grant("0" * 32, HALL, Role.MEMBER, SYSTEM)
    with pytest.raises(NotFound):
        await roles.set_secretariat("0" * 32, True, SYSTEM)


async def test_the_team_is_listed_by_role_then_name() -> None:
    for name, role in (("Zoe", Role.MODERATOR), ("Amir", Role.MEMBER), ("Bo", Role.MODERATOR), ("Amir Two", Role.FACILITATOR)):
        await roles.grant((await world.person(name)).id, HALL, role, SYSTEM)
    await roles.grant((await world.person("Elsewhere")).id, YARD, Role.MODERATOR, SYSTEM)
    assert [one.name for one in await roles.holders(HALL)] == ["Bo", "Zoe", "Amir Two", "Amir"]


async def test_somebody_is_found_by_address_however_it_is_written() -> None:
    mona = await world.person("Mona")
    assert (await roles.by_email(" MONA@Example.org ")).id == mona.id
    with pytest.raises(Refusal) as refused:
        await roles.by_email("nobody@example.org")
    assert refused.value.fields["email"].key == "people.unknown"
