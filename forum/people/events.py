"""Facts about people, told to the forum's own log."""

from forum.db.work import Work
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.canonical import Json
from forum.kernel.events import FORUM_LOG, Fact

SYSTEM = Actor()


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
