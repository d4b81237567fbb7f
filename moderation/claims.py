"""Claim a case: a lease that tells the other moderators who is working on it. It forbids nothing: decisions compare versions."""

from datetime import timedelta

from forum.db.work import begin
from forum.discussions.events import Act, tell
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity
from forum.kernel.errors import Conflict
from forum.people.models import Person
from forum.record.appending import lock
from moderation.cases import load
from moderation.decisions import stale
from moderation.models import Case, CaseState

LEASE = timedelta(minutes=15)


async def claim(actor: Actor, case_id: str) -> Case:
    """Take or renew the lease of a case and return it. Raises NotFound, Conflict when it is decided or another's."""
    found = await load(actor, case_id)
    async with begin() as work:
        await lock(work, found.space_id)
        case = await Case.get(id=case_id)
        if case.state != CaseState.OPEN.value:
            raise await stale(case)
        now = clock.now()
        held = case.claimed_until is not None and case.claimed_until > now
        if held and case.claimed_by_id != actor.person_id:
            holder = await Person.get_or_none(id=case.claimed_by_id)
            name = holder.name if holder else ""
            raise Conflict("case.claimed", {"id": case.id, "version": case.version, "claimed_by": name}, name=name)
        renewed = held
        case.claimed_by_id, case.claimed_until = actor.person_id, now + LEASE
        await case.save(update_fields=["claimed_by_id", "claimed_until"])
        if not renewed:
            await tell(work, "case.claimed", case.space_id, Act(actor, Capacity.MODERATOR), case.comment_id, case=case.id)
        return case


async def release(actor: Actor, case_id: str) -> Case:
    """Give a case back and return it; giving back what one does not hold changes nothing. Raises NotFound."""
    found = await load(actor, case_id)
    async with begin() as work:
        await lock(work, found.space_id)
        case = await Case.get(id=case_id)
        if case.claimed_by_id == actor.person_id:
            case.claimed_by_id = case.claimed_until = None
            await case.save(update_fields=["claimed_by_id", "claimed_until"])
            await tell(work, "case.released", case.space_id, Act(actor, Capacity.MODERATOR), case.comment_id, case=case.id)
        return case
