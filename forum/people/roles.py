"""Roles: who moderates, facilitates or belongs to a space, and who is of the secretariat."""

from dataclasses import dataclass

from forum.db.reading import rows
from forum.db.work import Work
from forum.kernel import clock
from forum.kernel.actors import MODERATING, Actor, Role
from forum.kernel.errors import NotFound, Problem, invalid
from forum.people.events import change, tell
from forum.people.forms import fold_email
from forum.people.models import Person, Session, SessionKind, SpaceRole
from forum.people.sessions import ABSOLUTE


async def _person(person_id: str) -> Person:
    person = await Person.get_or_none(id=person_id)
    if person is None:
        raise NotFound
    return person


async def _renew_sessions(work: Work, person_id: str, *, staff: bool = False) -> None:
    # A change of rights changes the secret that carries them: the next request gets a new cookie. A token of the API stays, as
    # nothing could hand its bearer another.
    await Session.filter(person_id=person_id, kind=SessionKind.WEB.value).using_db(work.connection).update(rotate=True)
    if staff:
        # Whoever becomes staff gets the shorter life of staff for the sessions that are open already.
        latest = clock.now() + ABSOLUTE[True]
        await Session.filter(person_id=person_id, expires_at__gt=latest).using_db(work.connection).update(expires_at=latest)


async def grant(person_id: str, space_id: str, role: Role, by: Actor) -> None:
    """Give a person a role in a space; giving it twice changes nothing. Raises NotFound."""
    await _person(person_id)
    async with change() as work:
        _, made = await SpaceRole.get_or_create(
            person_id=person_id, space_id=space_id, role=role.value, defaults={"given_at": clock.now()}
        )
        if made:
            await _renew_sessions(work, person_id, staff=role in MODERATING)
            await tell(work, "role.granted", by, person_id, space=space_id, role=role.value)


async def revoke(person_id: str, space_id: str, role: Role, by: Actor) -> None:
    """Take a role back; taking one that is not held changes nothing."""
    async with change() as work:
        if await SpaceRole.filter(person_id=person_id, space_id=space_id, role=role.value).delete():
            await _renew_sessions(work, person_id)
            await tell(work, "role.revoked", by, person_id, space=space_id, role=role.value)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role in a space, for the secretariat alone: it knows people by their address."""

    person_id: str
    name: str
    email: str
    role: str


async def holders(space_id: str) -> list[Holder]:
    """Return who holds which role in a space: moderators, then facilitators, then members, each by name."""
    sql = (
        "SELECT p.id AS person_id, p.name, p.email, r.role FROM space_roles r JOIN persons p ON p.id = r.person_id"
        " WHERE r.space_id = ? ORDER BY p.name, p.id"
    )
    found = [Holder(**dict(one)) for one in await rows(sql, [space_id])]
    order = [role.value for role in Role]
    return sorted(found, key=lambda one: order.index(one.role))


async def by_email(email: str) -> Person:
    """Return whose address this is; raises Refusal naming the field `email` when nobody has it."""
    person = await Person.get_or_none(email=fold_email(email))
    if person is None:
        raise invalid(email=Problem("people.unknown"))
    return person


async def set_secretariat(person_id: str, member: bool, by: Actor) -> None:
    """Make a person a member of the secretariat, or no longer. Raises NotFound."""
    person = await _person(person_id)
    if person.is_secretariat == member:
        return
    async with change() as work:
        await Person.filter(id=person_id).update(is_secretariat=member)
        await _renew_sessions(work, person_id, staff=member)
        await tell(work, "role.granted" if member else "role.revoked", by, person_id, role="secretariat")
