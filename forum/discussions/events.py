"""Facts about spaces and comments, told to the space's log. The kinds in PUBLIC reach every follower."""

from dataclasses import dataclass

from forum.db.work import Work
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.canonical import Json
from forum.kernel.events import Fact

PUBLIC = frozenset(
    {
        "comment.published",
        "comment.edited",
        "comment.removed",
        "comment.withdrawn",
        "space.opened",
        "space.extended",
        "space.closed",
        "summary.published",
    }
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, and in which capacity."""

    actor: Actor
    capacity: Capacity


SYSTEM = Act(Actor(), Capacity.SYSTEM)
A_MEMBER = Act(Actor(), Capacity.MEMBER)
"""Somebody who takes part and is named nowhere but where it is asked."""


def as_member(actor: Actor) -> Act:
    """Return the act of somebody who takes part."""
    return Act(actor, Capacity.MEMBER)


def as_secretariat(actor: Actor) -> Act:
    """Return the act of the secretariat."""
    return Act(actor, Capacity.SECRETARIAT)


async def tell(work: Work, kind: str, space_id: str, act: Act, subject: str | None = None, /, **data: Json) -> Fact:
    """Tell what happened in a space; whether followers see it is decided by its kind."""
    fact = Fact(
        kind=kind,
        log=space_id,
        at=clock.now(),
        capacity=act.capacity,
        actor_id=act.actor.person_id,
        subject=subject,
        public=kind in PUBLIC,
        data=data,
    )
    return await work.tell(fact)
