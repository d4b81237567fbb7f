"""Sessions: how long they live, that staff's live shorter, that a change of role changes the secret."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum import wiring
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.people import roles, sessions
from forum.people.models import Person, Session, SessionKind
from tests.support import world

SECOND = timedelta(seconds=1)
HALL = "5" * 32
SYSTEM = Actor()


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def on(self, **passed: float) -> None:
        self.time += timedelta(**passed)


@pytest.fixture
def watch() -> Iterator[Watch]:
    hands = Watch()
    with clock.running(hands):
        yield hands


@pytest.fixture
async def mona(tmp_path: Path, watch: Watch) -> AsyncIterator[Person]:
    async with world.database(tmp_path):
        yield await world.person("Mona", lang="fr")


async def make_staff(person: Person, how: str) -> None:
    if how == "secretariat":
        await roles.set_secretariat(person.id, True, SYSTEM)
    else:
        await roles.grant(person.id, HALL, Role(how), SYSTEM)


async def test_a_session_tells_who_carries_it(mona: Person) -> None:
    await roles.grant(mona.id, HALL, Role.MEMBER, SYSTEM)
    secret = await sessions.open_session(mona, SessionKind.WEB)
    found = await sessions.resolve(secret)
    assert found is not None
    assert not found.rotate
    assert (found.actor.person_id, found.actor.name, found.actor.lang) == (mona.id, "Mona", "fr")
    assert found.actor.roles == {HALL: frozenset({Role.MEMBER})}
    assert found.actor.session_id == found.session_id == sessions.session_id(secret)
    assert await sessions.actor_of_session(found.session_id) == found.actor


async def test_the_secret_itself_is_not_stored(mona: Person) -> None:
    secret = await sessions.open_session(mona, SessionKind.WEB)
    row = await Session.get()
    assert secret not in str(row.__dict__.values())
    assert len(secret) >= 43, "256 bits"
    assert await sessions.resolve(row.id) is None, "a stolen table opens nothing"


@pytest.mark.parametrize("secret", ["", "x", "0" * 64, "' OR 1=1 --"])
async def test_another_secret_opens_nothing(mona: Person, secret: str) -> None:
    await sessions.open_session(mona, SessionKind.WEB)
    assert await sessions.resolve(secret) is None


@pytest.mark.parametrize(
    ("how", "idle", "absolute"),
    [
        ("", timedelta(days=7), timedelta(days=30)),
        ("member", timedelta(days=7), timedelta(days=30)),
        ("moderator", timedelta(hours=4), timedelta(hours=12)),
        ("facilitator", timedelta(hours=4), timedelta(hours=12)),
        ("secretariat", timedelta(hours=4), timedelta(hours=12)),
    ],
)
async def test_how_long_it_lives(mona: Person, watch: Watch, how: str, idle: timedelta, absolute: timedelta) -> None:
    if how:
        await make_staff(mona, how)
        mona = await Person.get(id=mona.id)
    unused = await sessions.open_session(mona, SessionKind.WEB)
    used = await sessions.open_session(mona, SessionKind.WEB)
    watch.time += idle - SECOND
    assert await sessions.resolve(used)
    watch.time += SECOND
    assert await sessions.resolve(unused) is None, "idle"
    while watch.time + idle / 2 < datetime(2026, 5, 6, 12, tzinfo=UTC) + absolute:
        assert await sessions.resolve(used), "in use"
        watch.time += idle / 2
    watch.time = datetime(2026, 5, 6, 12, tzinfo=UTC) + absolute - SECOND
    assert await sessions.resolve(used)
    watch.time += SECOND
    assert await sessions.resolve(used) is None, "absolute"
    assert await Session.all().count() == 0, "what has run out is gone"


@pytest.mark.parametrize("how", ["moderator", "facilitator", "secretariat"])
@pytest.mark.parametrize("kind", SessionKind)
async def test_whoever_becomes_staff_has_the_shorter_life_from_then_on(
    mona: Person, watch: Watch, how: str, kind: SessionKind
) -> None:
    secret = await sessions.open_session(mona, kind)
    watch.on(days=2)
    assert await sessions.resolve(secret), "in use until now"
    await make_staff(mona, how)
    for _ in range(5):
        found = await wiring.resolve(secret)
        assert found is not None
        secret = found.rotate_to or secret
        watch.on(hours=2)
    watch.on(hours=1, minutes=59)
    assert await wiring.resolve(secret)
    watch.on(minutes=2)
    assert await wiring.resolve(secret) is None


async def test_looking_often_does_not_write_often(mona: Person, watch: Watch) -> None:
    secret = await sessions.open_session(mona, SessionKind.WEB)
    start = watch.time
    watch.on(minutes=4)
    assert await sessions.resolve(secret)
    assert (await Session.get()).seen_at == start
    watch.on(minutes=2)
    assert await sessions.resolve(secret)
    assert (await Session.get()).seen_at == watch.time


async def test_a_clock_put_back_signs_nobody_out(mona: Person, watch: Watch) -> None:
    secret = await sessions.open_session(mona, SessionKind.WEB)
    watch.on(hours=-1)
    assert await sessions.resolve(secret)


CHANGES = ["grant", "revoke", "appoint", "dismiss"]


async def change(person: Person, how: str) -> None:
    match how:
        case "grant":
            await roles.grant(person.id, HALL, Role.MEMBER, SYSTEM)
        case "revoke":
            await roles.revoke(person.id, HALL, Role.MODERATOR, SYSTEM)
        case "appoint":
            await roles.set_secretariat(person.id, True, SYSTEM)
        case "dismiss":
            await roles.set_secretariat(person.id, False, SYSTEM)


@pytest.mark.parametrize("how", CHANGES)
async def test_a_change_of_role_gives_the_browser_a_new_secret(mona: Person, how: str) -> None:
    if how == "revoke":
        await roles.grant(mona.id, HALL, Role.MODERATOR, SYSTEM)
    if how == "dismiss":
        await roles.set_secretariat(mona.id, True, SYSTEM)
    mona = await Person.get(id=mona.id)
    old = await sessions.open_session(mona, SessionKind.WEB)
    token = await sessions.open_session(mona, SessionKind.API)
    expires = (await Session.get(id=sessions.session_id(old))).expires_at
    await change(mona, how)
    resolved = await wiring.resolve(old)
    assert resolved is not None
    assert resolved.rotate_to is not None
    assert await wiring.resolve(old) is None, "the old secret is dead"
    renewed = await wiring.resolve(resolved.rotate_to)
    assert renewed is not None
    assert renewed.rotate_to is None, "once is enough"
    assert renewed.actor.session_id == sessions.session_id(resolved.rotate_to)
    assert renewed.actor.is_secretariat is (how == "appoint")
    assert renewed.actor.moderates(HALL) is False
    assert (await Session.get(id=renewed.actor.session_id)).expires_at <= expires, "rotation is no prolongation"
    # Nothing could hand the bearer of a token another one: it stays, with the new rights.
    by_token = await wiring.resolve(token)
    assert by_token is not None
    assert by_token.rotate_to is None
    assert by_token.actor.roles == renewed.actor.roles


async def test_changing_nothing_renews_nothing(mona: Person) -> None:
    await roles.grant(mona.id, HALL, Role.MEMBER, SYSTEM)
    secret = await sessions.open_session(mona, SessionKind.WEB)
    await roles.grant(mona.id, HALL, Role.MEMBER, SYSTEM)
    await roles.revoke(mona.id, HALL, Role.MODERATOR, SYSTEM)
    await roles.set_secretariat(mona.id, False, SYSTEM)
    found = await sessions.resolve(secret)
    assert found is not None
    assert not found.rotate


async def test_of_requests_that_rotate_at_once_one_gets_the_new_secret(mona: Person) -> None:
    secret = await sessions.open_session(mona, SessionKind.WEB)
    await roles.grant(mona.id, HALL, Role.MEMBER, SYSTEM)
    sid = sessions.session_id(secret)
    renewed = [one for one in await asyncio.gather(*(sessions.rotate(sid) for _ in range(10))) if one]
    assert len(renewed) == 1
    assert await Session.all().count() == 1
    assert await sessions.resolve(renewed[0])


async def test_closing_one_leaves_the_others(mona: Person) -> None:
    one, other = [await sessions.open_session(mona, SessionKind.WEB) for _ in range(2)]
    await sessions.close(sessions.session_id(one))
    assert await sessions.resolve(one) is None
    assert await sessions.resolve(other)


async def test_sweeping_takes_what_has_run_out(mona: Person, watch: Watch) -> None:
    for _ in range(3):
        await sessions.open_session(mona, SessionKind.WEB)
    watch.on(days=29)
    await sessions.open_session(mona, SessionKind.API)
    watch.on(days=1)
    assert await sessions.sweep() == 3
    assert await Session.all().count() == 1
