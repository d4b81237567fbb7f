"""Restrictions: who may post less often, is read before publication, or takes no part, in a space or in the whole forum, and until when.

The forum knows that there is a restriction, not why: reasons and appeals are moderation's. Whoever is suspended from the whole forum has
a closed account (`accounts.suspend`). Restrictions end by themselves: every reading compares their end with the one clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from forum.db.reading import keyed, moment, rows
from forum.db.work import Work
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.errors import Forbidden
from forum.kernel.events import FORUM_LOG, Fact
from forum.people.models import Restriction, RestrictionKind

EVERYWHERE = ""
"""In place of a space's id: the whole forum."""

_ACTIVE = (
    "SELECT space_id, kind, every, until FROM restrictions"
    " WHERE person_id = ? AND lifted_at IS NULL AND space_id IN (?, '') ORDER BY kind, space_id"
)


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restriction that lasts: `every` in seconds, `until` None when it lasts until it is lifted."""

    space_id: str
    kind: RestrictionKind
    every: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is set for whom: one of a kind for each person and space."""

    person_id: str
    space_id: str
    kind: RestrictionKind
    every: int = 0
    until: datetime | None = None


async def active(person_id: str | None, space_id: str, using: BaseDBAsyncClient | None = None) -> list[Restricted]:
    """Return what restricts a person in a space now, with what restricts them in the whole forum; one look-up by key."""
    params = [person_id, space_id]
    found = await keyed(_ACTIVE, params) if using is None else await rows(_ACTIVE, params, using)
    ends = [moment(one["until"]) for one in found]
    now = clock.now()
    return [
        Restricted(one["space_id"], RestrictionKind(one["kind"]), int(one["every"]), until)
        for one, until in zip(found, ends, strict=True)
        if until is None or until > now
    ]


def of_kind(found: Sequence[Restricted], kind: RestrictionKind) -> list[Restricted]:
    """Return those of one kind."""
    return [one for one in found if one.kind is kind]


def require_free(found: Sequence[Restricted]) -> None:
    """Raise Forbidden, saying until when and how to appeal, if somebody is suspended."""
    for one in of_kind(found, RestrictionKind.SUSPENDED):
        raise Forbidden("restricted.until" if one.until else "restricted.open", until=one.until)


async def require_not_barred(actor: Actor, space_id: str) -> None:
    """Raise Forbidden, saying until when and how to appeal, if `actor` is suspended from the space; others cost no question."""
    if space_id in actor.barred:
        require_free(await active(actor.person_id, space_id))


async def restrict(work: Work, terms: Terms, by: Actor, capacity: Capacity) -> None:
    """Set a restriction, in a unit of work that holds the lock of the space's log; an older one of its kind gives way."""
    now = clock.now()
    await _standing(work, terms).update(lifted_at=now)
    await Restriction.create(
        using_db=work.connection,
        person_id=terms.person_id,
        space_id=terms.space_id,
        kind=terms.kind.value,
        every=terms.every,
        until=terms.until,
        set_at=now,
    )
    await _tell(work, "person.restricted", terms, by, capacity)


async def unrestrict(work: Work, terms: Terms, by: Actor, capacity: Capacity) -> None:
    """Lift a restriction at once, in a unit of work that holds the lock of the space's log; one that is not there changes nothing."""
    if await _standing(work, terms).update(lifted_at=clock.now()):
        await _tell(work, "person.unrestricted", terms, by, capacity)


def _standing(work: Work, terms: Terms) -> QuerySet[Restriction]:
    same = Restriction.filter(person_id=terms.person_id, space_id=terms.space_id, kind=terms.kind.value, lifted_at=None)
    return same.using_db(work.connection)


async def _tell(work: Work, kind: str, terms: Terms, by: Actor, capacity: Capacity) -> None:
    fact = Fact(
        kind=kind,
        log=terms.space_id or FORUM_LOG,
        at=clock.now(),
        capacity=capacity,
        actor_id=by.person_id,
        subject=terms.person_id,
        data={"kind": terms.kind.value},
    )
    await work.tell(fact)
