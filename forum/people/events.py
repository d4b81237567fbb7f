"""Facts about people, told to the forum's own log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from forum.db.work import Work, begin
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.canonical import Json
from forum.kernel.events import FORUM_LOG, Fact
from forum.record.appending import lock

SYSTEM = Actor()


@asynccontextmanager
async def change() -> AsyncIterator[Work]:
    """Open a unit of work about people, under the lock of the forum's log: taken first, as `record.appending.lock` says why."""
    async with begin() as work:
        await lock(work, FORUM_LOG)
        yield work


async def tell(work: Work, kind: str, by: Actor, subject: str, **data: Json) -> Fact:
    """Tell that `by` did something about the person or affiliation `subject`; an actor who is nobody is the system."""
    capacity = Capacity.SECRETARIAT if by.is_secretariat else Capacity.MEMBER if by.signed_in else Capacity.SYSTEM
    fact = Fact(
        kind=kind,
        log=FORUM_LOG,
        at=clock.now(),
        capacity=capacity,
        actor_id=by.person_id,
        subject=subject,
        data=data,
    )
    return await work.tell(fact)
