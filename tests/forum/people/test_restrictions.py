"""Restrictions: one of a kind, over by themselves, and known to the session in the one statement of every request."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError

from forum import wiring
from forum.db.work import begin
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity, Role
from forum.kernel.errors import Forbidden
from forum.kernel.events import FORUM_LOG
from forum.live.bus import REVOKED, Message
from forum.live.memory import MemoryBus
from forum.people import restrictions, roles, sessions
from forum.people.models import Person, Restriction, RestrictionKind, SessionKind
from forum.people.restrictions import EVERYWHERE, Terms
from forum.record.appending import lock
from forum.web.generations import Generations
from tests.forum.live.waiting import until
from tests.support import world
from tests.support.statements import plan, recorded

HALL, ANNEX = "5" * 32, "6" * 32
SYSTEM = Actor()
SUSPENDED = RestrictionKind.SUSPENDED


@pytest.fixture
async def mona(tmp_path: Path) -> AsyncIterator[Person]:
    """A moderator of two spaces."""
    async with world.database(tmp_path):
        made = await world.person("Mona")
        for space in (HALL, ANNEX):
            await roles.grant(made.id, space, Role.MODERATOR, SYSTEM)
        yield made


async def restrict(person: Person, kind: RestrictionKind = SUSPENDED, space: str = HALL, **more: object) -> Terms:
    terms = Terms(person.id, space, kind, **more)  # type: ignore[arg-type]
    async with begin() as work:
        await lock(work, space or FORUM_LOG)
        await restrictions.restrict(work, terms, SYSTEM, Capacity.SYSTEM)
    return terms


async def unrestrict(terms: Terms) -> None:
    async with begin() as work:
        await lock(work, terms.space_id or FORUM_LOG)
        await restrictions.unrestrict(work, terms, SYSTEM, Capacity.SYSTEM)


async def actor_of(secret: str) -> Actor:
    found = await wiring.resolve(secret)
    assert found is not None
    return found.actor


async def test_roles_where_somebody_is_suspended_are_left_out(mona: Person) -> None:
    secret = await sessions.open_session(mona, SessionKind.API)
    terms = await restrict(mona)
    actor = await actor_of(secret)
    assert actor.barred == {HALL}
    assert actor.moderated_spaces == {ANNEX}
    assert not actor.belongs_to(HALL)
    await unrestrict(terms)
    actor = await actor_of(secret)
    assert actor.barred == frozenset()
    assert actor.moderated_spaces == {HALL, ANNEX}


async def test_the_end_comes_by_the_clock(mona: Person) -> None:
    secret = await sessions.open_session(mona, SessionKind.API)
    end = clock.now() + timedelta(hours=1)
    await restrict(mona, until=end)
    with clock.running(lambda: end - timedelta(seconds=1)):
        assert (await actor_of(secret)).barred == {HALL}
        with pytest.raises(Forbidden) as refused:
            await restrictions.require_not_barred(await actor_of(secret), HALL)
        assert (refused.value.key, refused.value.params["until"]) == ("restricted.until", end)
    with clock.running(lambda: end):
        assert (await actor_of(secret)).barred == frozenset()
        assert await restrictions.active(mona.id, HALL) == []


@pytest.mark.parametrize("number", [0, 1, 4])
async def test_one_statement_for_whoever_is_signed_in(mona: Person, number: int) -> None:
    """Found by keys: neither people, roles nor restrictions are looked through."""
    secret = await sessions.open_session(mona, SessionKind.API)
    for space in range(number):
        await restrict(mona, space=str(space) * 32)
    await restrict(mona, RestrictionKind.SLOW)
    with recorded() as made:
        actor = await actor_of(secret)
    assert len(made) == 1
    assert len(actor.barred) == number
    assert actor.moderated_spaces == {HALL, ANNEX}
    found = await plan(made[0])
    assert not {"persons", "sessions"} & set(found.scanned)


async def test_whoever_is_suspended_keeps_the_shorter_life_of_staff(mona: Person) -> None:
    secret = await sessions.open_session(mona, SessionKind.API)
    for space in (HALL, ANNEX):
        await restrict(mona, space=space)
    assert not (await actor_of(secret)).is_moderator
    later = clock.now() + sessions.IDLE[True]
    with clock.running(lambda: later):
        assert await sessions.resolve(secret) is None


async def test_one_of_a_kind_stands(mona: Person) -> None:
    await restrict(mona, until=clock.now() + timedelta(days=1))
    terms = await restrict(mona, until=clock.now() + timedelta(days=2))
    [found] = await restrictions.active(mona.id, HALL)
    assert found.until == terms.until
    assert await Restriction.all().count() == 2
    with pytest.raises(IntegrityError):
        await Restriction.create(person_id=mona.id, space_id=HALL, kind=SUSPENDED.value, set_at=clock.now())


async def test_what_is_set_for_the_whole_forum_counts_in_every_space(mona: Person) -> None:
    await restrict(mona, RestrictionKind.HOLD, EVERYWHERE)
    await restrict(mona, RestrictionKind.SLOW, HALL, every=60)
    assert [one.kind for one in await restrictions.active(mona.id, HALL)] == [RestrictionKind.HOLD, RestrictionKind.SLOW]
    assert [one.kind for one in await restrictions.active(mona.id, ANNEX)] == [RestrictionKind.HOLD]


async def test_the_person_s_rights_are_asked_again_and_nobody_else_s(tmp_path: Path) -> None:
    """Thousands may follow the space: they need not be asked because of one."""
    bus, heard = MemoryBus(), list[tuple[str, Message]]()
    bus.subscribe(lambda topic, message: heard.append((topic, message)))
    await bus.start()
    parts = wiring.Parts(bus, wiring.Pages(Generations()))
    async with world.database(tmp_path, wiring.after(parts)):
        mona = await world.person("Mona")
        terms = await restrict(mona)
        await unrestrict(terms)
        await until(lambda: len(heard) == 2)
        assert heard == [(REVOKED, {"person": mona.id})] * 2
