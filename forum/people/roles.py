"""Roles: who moderates, facilitates or belongs to a space, and who is of the secretariat."""

from forum.db.work import Work, begin
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.kernel.errors import NotFound
from forum.people.events import tell
from forum.people.models import Person, Session, SessionKind, SpaceRole


async def _person(person_id: str) -> Person:
    person = await Person.get_or_none(id=person_id)
    if person is None:
        raise NotFound
    return person


async def _renew_sessions(work: Work, person_id: str) -> None:
    # A change of rights changes the secret that carries them: the next request gets a new cookie. A token of the API stays, as
    # nothing could hand its bearer another.
    await Session.filter(person_id=person_id, kind=SessionKind.WEB.value).using_db(work.connection).update(rotate=True)


async def grant(person_id: str, space_id: str, role: Role, by: Actor) -> None:
    """Give a person a role in a space; giving it twice changes nothing. Raises NotFound."""
    await _person(person_id)
    async with begin() as work:
        _, made = await SpaceRole.get_or_create(
            person_id=person_id, space_id=space_id, role=role.value, defaults={"given_at": clock.now()}
        )
        if made:
            await _renew_sessions(work, person_id)
            await tell(work, "role.granted", by, person_id, space=space_id, role=role.value)


async def revoke(person_id: str, space_id: str, role: Role, by: Actor) -> None:
    """Take a role back; taking one that is not held changes nothing."""
    async with begin() as work:
        if await SpaceRole.filter(person_id=person_id, space_id=space_id, role=role.value).delete():
            await _renew_sessions(work, person_id)
            await tell(work, "role.revoked", by, person_id, space=space_id, role=role.value)


async def set_secretariat(person_id: str, member: bool, by: Actor) -> None:
    """Make a person a member of the secretariat, or no longer. Raises NotFound."""
    person = await _person(person_id)
    if person.is_secretariat == member:
        return
    async with begin() as work:
        await Person.filter(id=person_id).update(is_secretariat=member)
        await _renew_sessions(work, person_id)
        await tell(work, "role.granted" if member else "role.revoked", by, person_id, role="secretariat")
